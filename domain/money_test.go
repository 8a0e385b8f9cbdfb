package domain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

func TestParseMoney(t *testing.T) {
	t.Parallel()
	for text, minor := range map[string]int64{
		"200": 20000, "200,5": 20050, "200,50": 20050, "1.234,50": 123450, "1234": 123400, "12.345.678,90": 1234567890, "0": 0, "0,01": 1, "007": 700, "99999999999,99": 9999999999999,
	} {
		got, ok := domain.ParseMoney(text)
		require.True(t, ok, text)
		require.Equal(t, minor, got, text)
	}
	for _, text := range []string{"", ",50", "200,", "200,555", "1.23", "12.34,50", ".234", "1.2345", "1,234.50", "-1", "+1", "1 000", "200 kr.", "1e3", "٢", "100000000000", "1,2,3", "0x1"} {
		_, ok := domain.ParseMoney(text)
		require.False(t, ok, text)
	}
}

// What is written is read as it was, and nothing else is read at all.
func FuzzParseMoney(f *testing.F) {
	for _, text := range []string{"1.234,50", "0", "99999999999,99", "1.2345", ",,", "200,5"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		minor, ok := domain.ParseMoney(text)
		if !ok {
			return
		}
		require.GreaterOrEqual(t, minor, int64(0))
		again, ok := domain.ParseMoney(strings.TrimSuffix(domain.FormatMoney(minor, "DKK"), " kr."))
		require.True(t, ok)
		require.Equal(t, minor, again)
	})
}
