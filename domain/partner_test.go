package domain

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestDanishIBAN(t *testing.T) {
	for in, want := range map[[2]string]string{
		{"0040", "0440116243"}: "DK5000400440116243", {"0040", "440116243"}: "DK5000400440116243", {"40", "440116243"}: "", {"0040", ""}: "", {"0040", "12345678901"}: "", {"0040", "44011624x"}: "", {"", ""}: "",
	} {
		got, ok := DanishIBAN(in[0], in[1])
		require.Equal(t, []any{want, want != ""}, []any{got, ok}, in)
	}
}

// Every Danish account has an IBAN, and one wrong digit is found, or two that
// changed places.
func TestIBANFindsSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		iban, ok := DanishIBAN(fmt.Sprintf("%04d", rapid.IntRange(0, 9999).Draw(t, "bank")), fmt.Sprint(rapid.IntRange(0, 9_999_999_999).Draw(t, "account")))
		require.True(t, ok)
		read, ok := CleanIBAN(iban)
		require.True(t, ok, iban)
		require.Equal(t, iban, read)
		at := rapid.IntRange(2, len(iban)-2).Draw(t, "at")
		wrong, swapped := []byte(iban), []byte(iban)
		wrong[at] = '0' + (wrong[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		_, ok = CleanIBAN(string(wrong))
		require.False(t, ok, string(wrong))
		swapped[at], swapped[at+1] = swapped[at+1], swapped[at]
		_, ok = CleanIBAN(string(swapped))
		require.Equal(t, iban[at] == iban[at+1], ok, string(swapped))
	})
}

func TestMaskIBAN(t *testing.T) {
	for iban, want := range map[string]string{"DK5000400440116243": "**************6243", "": "", "123": "123"} {
		require.Equal(t, want, MaskIBAN(iban))
	}
}

func TestContractInForce(t *testing.T) {
	day := func(n int) Date { return Date{2026, 3, n} }
	for _, c := range []struct {
		from, to Date
		want     string // on the 1st to the 4th
	}{
		{Date{}, Date{}, "...."}, {day(2), Date{}, ".xxx"}, {day(2), day(3), ".xx."}, {day(3), day(3), "..x."}, {Date{2025, 1, 1}, day(1), "x..."},
	} {
		got := ""
		for n := 1; n <= 4; n++ {
			got += map[bool]string{true: "x", false: "."}[Contract{ContractFrom: c.from, ContractTo: c.to}.InForce(day(n))]
		}
		require.Equal(t, c.want, got, "%+v", c)
	}
}
