package domain_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// What is private shows itself nowhere but where it is asked for.
func TestPrivateIsRedacted(t *testing.T) {
	t.Parallel()
	cpr, err := domain.ParseCPR("070761-4285")
	require.NoError(t, err)
	phone, err := domain.ParsePhone("20304050")
	require.NoError(t, err)
	name := domain.NewPrivate("Anna 070761-4285")
	name.Seal("YWJj")
	for _, v := range []any{cpr, &cpr, phone, &phone, name, &name, domain.Citizen{Name: name}, []domain.CPR{cpr}, map[string]any{"phone": phone}} {
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&log, verb+"\n", v)
		}
		encoded, err := json.Marshal(v)
		require.NoError(t, err)
		log.Write(encoded)
		for _, secret := range []string{"Anna", "070761", "4285", "20304050", "30373037"} {
			require.NotContains(t, log.String(), secret, "%T", v)
		}
	}
}

func TestPrivate(t *testing.T) {
	t.Parallel()
	p := domain.NewPrivate("Anna")
	require.True(t, p.Unsealed())
	_, err := p.Value()
	require.ErrorContains(t, err, "not sealed")
	_, err = json.Marshal(p)
	require.ErrorContains(t, err, "not sealed")

	p.Seal("YWJj")
	stored, err := p.Value()
	require.NoError(t, err)
	require.Equal(t, domain.SealedPrefix+"YWJj", stored)
	var read domain.Private
	require.NoError(t, read.Scan(stored))
	require.Equal(t, "YWJj", read.Unopened())
	require.Empty(t, read.Reveal())
	read.Open("Anna")
	require.Equal(t, p, read)
	require.Empty(t, read.Unopened())

	encoded, err := json.Marshal(p)
	require.NoError(t, err)
	var decoded domain.Private
	require.NoError(t, json.Unmarshal(encoded, &decoded))
	require.Equal(t, "YWJj", decoded.Unopened())
	decoded.Erase()
	require.True(t, decoded.Erased())
	require.Empty(t, decoded.Unopened())

	var before domain.Private // a text of the time before they were sealed
	require.NoError(t, before.Scan("Bo"))
	require.Equal(t, "Bo", before.Reveal())
	require.True(t, before.Unsealed())
	var none domain.Private
	require.NoError(t, none.Scan(""))
	require.True(t, none.IsZero())
	stored, err = none.Value()
	require.NoError(t, err)
	require.Empty(t, stored)
	require.Error(t, none.Scan(7))
}
