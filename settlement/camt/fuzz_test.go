package camt_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/camt"
)

// Whatever the bytes: no panic; a file is refused with a reason for the sender, or
// every statement of it closes with its opening balance and its entries, and says
// nothing that a database could not hold.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"statement02.xml", "statement08.xml", "newest-first.csv", "named.csv"} {
		f.Add(file(f, name), "")
	}
	f.Add([]byte(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>1</Id></Stmt></BkToCstmrStmt></Document>`), "")
	f.Add([]byte("<!DOCTYPE a [<!ENTITY b '&b;'>]><a>&b;</a>"), "x")
	f.Add([]byte("Dag;Beløb;Saldo\n1-1-2026;1,00;1,00\n"), "Dag")
	f.Add([]byte("Dato;Bel\xf8b;Saldo\r\"\"\n1-1-2026;-,0;\"1\"\"\",;"), "")
	f.Fuzz(func(t *testing.T, data []byte, dateColumn string) {
		statements, err := camt.Read(data, camt.Columns{Date: dateColumn})
		if err != nil {
			require.Equal(t, domain.Invalid, domain.KindOf(err), err)
			require.True(t, utf8.ValidString(err.Error()))
			require.Less(t, len(err.Error()), 10_000)
			return
		}
		require.NotEmpty(t, statements)
		for _, s := range statements {
			sum := s.Opening
			for _, e := range s.Entries {
				sum += e.Amount
				require.Positive(t, e.Line)
				require.False(t, e.BookedOn.Before(s.From) || s.To.Before(e.BookedOn))
				for _, text := range []string{e.EndToEndID, e.Reason, e.Party, e.PartyIBAN, e.Text, e.Reference, s.IBAN, s.Reference, s.Currency} {
					require.True(t, utf8.ValidString(text) && !strings.ContainsRune(text, 0))
				}
			}
			require.Equal(t, s.Closing, sum)
		}
	})
}
