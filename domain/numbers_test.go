package domain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

func TestIBAN(t *testing.T) {
	for text, want := range map[string]string{
		"DK5000400440116243":     "DK5000400440116243",
		"dk50 0040 0440 1162 43": "DK5000400440116243",
		"DE89370400440532013000": "DE89370400440532013000",
		"NO9386011117947":        "NO9386011117947",
		"DK5100400440116243":     "", // a check digit is wrong
		"DK500040044011624":      "", // too short
		"DK50 0040 0440 1162 4O": "", // a letter for a digit
		"5000400440116243":       "",
		"DK50-0040-0440-1162-43": "",
		"ＤＫ5000400440116243":     "", // letters that only look like it
	} {
		iban, ok := domain.CleanIBAN(text)
		require.Equal(t, want != "", ok, text)
		if ok {
			require.Equal(t, want, iban)
		}
	}
	require.Equal(t, "DK50 0040 0440 1162 43", domain.FormatIBAN("DK5000400440116243"))
	require.Empty(t, domain.FormatIBAN(""))
}

func TestFieldsOfAPayer(t *testing.T) {
	var f domain.Fields
	require.Equal(t, "DK5000400440116243", f.IBAN("iban", " dk50 0040 0440 1162 43", false))
	require.Equal(t, "DABADKKK", f.BIC("bic", "dabadkkk ", false))
	require.Equal(t, "5798000000001", f.GLN("gln", "5798000 000001", true))
	require.Empty(t, f.IBAN("iban", "", true)+f.BIC("bic", " ", true)+f.GLN("gln", "", true))
	require.NoError(t, f.Err())

	f.IBAN("a", "DK5000400440116244", true)
	f.IBAN("b", " ", false)
	f.BIC("c", "DABADKK", true)
	f.BIC("d", "", false)
	f.GLN("e", "5798000000002", true)
	f.GLN("f", "579800000000", true)
	f.GLN("g", "", false)
	var codes []string
	for _, field := range domain.FieldsOf(f.Err()) {
		codes = append(codes, field.Field+" "+field.Code)
	}
	require.Equal(t, []string{"a not_an_iban", "b required", "c not_a_bic", "d required", "e not_a_gln", "f not_a_gln", "g required"}, codes)
}

func TestValidCVR(t *testing.T) {
	for cvr, want := range map[string]bool{
		"12345674": true, "87654397": true, "12345678": false, "00000000": false, "1234567": false, "123456740": false, "1234567a": false, "": false,
	} {
		require.Equal(t, want, domain.ValidCVR(cvr), cvr)
	}
}
