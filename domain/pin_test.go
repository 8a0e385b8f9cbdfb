package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

func TestCheckPIN(t *testing.T) {
	t.Parallel()
	born := domain.Date{Year: 1995, Month: time.June, Day: 1}
	for pin, code := range map[string]string{
		"2580": "", "1357": "", "83914067": "", "0102": "", "1001": "", "0106195": "",
		"": "invalid", "123": "invalid", "123456789": "invalid", "12a4": "invalid", "12 4": "invalid", "١٢٣٤": "invalid", "1234\n": "invalid",
		"0000": "too_easy", "1234": "too_easy", "4321": "too_easy", "7890": "too_easy", "55555555": "too_easy", "23456789": "too_easy",
		"0106": "too_easy", "0601": "too_easy", "1995": "too_easy", "0695": "too_easy", "010695": "too_easy", "950601": "too_easy", "01061995": "too_easy", "19950601": "too_easy",
	} {
		var f domain.Fields
		domain.CheckPIN(&f, "pin", pin, born)
		err := f.Err()
		if code == "" {
			require.NoError(t, err, pin)
			continue
		}
		require.Len(t, domain.FieldsOf(err), 1, pin)
		require.Equal(t, code, domain.FieldsOf(err)[0].Code, pin)
		if len(pin) > 3 {
			require.NotContains(t, err.Error(), pin+" ", "the sentence does not repeat what was typed")
		}
	}
}

func TestLinkState(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	link := domain.CitizenLink{CreatedAt: now.Add(-time.Hour), ExpiresAt: now.Add(time.Second)}
	require.Equal(t, domain.LinkOpen, link.State(now))
	require.Equal(t, domain.LinkExpired, link.State(now.Add(time.Second)))
	link.RevokedAt = &now
	require.Equal(t, domain.LinkRevoked, link.State(now))
	link.RevokedAt, link.UsedAt = nil, &now
	require.Equal(t, domain.LinkUsed, link.State(now.Add(time.Hour)))
}
