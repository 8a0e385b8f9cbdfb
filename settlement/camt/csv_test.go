package camt_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/camt"
)

func TestCSVNewestFirst(t *testing.T) {
	t.Parallel()
	statements, err := camt.Read(file(t, "newest-first.csv"), camt.Columns{})
	require.NoError(t, err)
	require.Equal(t, []camt.Statement{{
		Format: camt.CSV, From: date(t, "2026-11-05"), To: date(t, "2026-11-06"), Opening: 25_000_000, Closing: 24_397_450, Entries: []camt.Entry{
			{Line: 3, Amount: -600_000, BookedOn: date(t, "2026-11-05"), Text: "Afregning 2026-0007-01 Brugsen Varde"},
			{Line: 2, Amount: -2550, BookedOn: date(t, "2026-11-06"), Text: "Gebyr betalinger"},
		},
	}}, statements)
}

func TestCSVWithMoreColumns(t *testing.T) {
	t.Parallel()
	statements, err := camt.Read(file(t, "named.csv"), camt.Columns{})
	require.NoError(t, err)
	require.Equal(t, []camt.Statement{{
		Format: camt.CSV, Currency: "DKK", From: date(t, "2026-11-05"), To: date(t, "2026-11-06"), Opening: 25_000_000, Closing: 24_720_050, Entries: []camt.Entry{
			{Line: 5, Amount: -400_000, BookedOn: date(t, "2026-11-05"), EndToEndID: "2026-0007-01", Party: "Brugsen Varde", PartyIBAN: "DK7550512000000018", Text: `Afregning "november"; 1`},
			{Line: 6, Amount: 120_050, BookedOn: date(t, "2026-11-06"), EndToEndID: "2026-0007-02", Party: "Sportshjørnet ApS", Text: "Retur"},
		},
	}}, statements)
}

// A bank whose headings nobody knows is read by naming them.
func TestCSVColumnsNamed(t *testing.T) {
	t.Parallel()
	text := "Tid;Kr;Efter;Hvad;Dato\n05.11.2026;+10,00;10,00;x;y\n"
	_, err := camt.Read([]byte(text), camt.Columns{})
	require.Equal(t, "heading_unknown", domain.CodeOf(err))
	require.Equal(t, "file", domain.FieldsOf(err)[0].Field)
	require.ErrorContains(t, err, "send column_date=…, column_amount=…")
	statements, err := camt.Read([]byte(text), camt.Columns{Date: "TID", Amount: "kr", Balance: "Efter", Text: "hvad"})
	require.NoError(t, err)
	require.Equal(t, []camt.Entry{{Line: 2, Amount: 1000, BookedOn: date(t, "2026-11-05"), Text: "x"}}, statements[0].Entries)
	_, err = camt.Read([]byte(text), camt.Columns{Date: "Tid", Amount: "Kr", Balance: "Saldo", Party: "Hvem"})
	require.ErrorContains(t, err, "column_balance: the file has no column Saldo: its columns are Tid, Kr, Efter, Hvad, Dato")
	require.ErrorContains(t, err, "column_party: the file has no column Hvem")
}

func TestCSVRefuses(t *testing.T) {
	t.Parallel()
	const head = "Dato;Tekst;Beløb;Saldo\n"
	for name, c := range map[string]struct{ file, says string }{
		"empty":                    {" \n ", "the file is empty"},
		"a heading alone":          {head, "no entry"},
		"no heading":               {"05-11-2026;x;-1,00;9,00\n", "is a heading with a date and an amount"},
		"no balance":               {"Dato;Beløb\n05-11-2026;-1,00\n", "column_balance: the file has no column saldo or bogfoert_saldo or saldo_dkk or balance: export it too, or send column_balance=…"},
		"a column twice":           {"Dato;Beløb;Saldo;Saldo\n05-11-2026;-1,00;9,00;9,00\n", "column_balance: line 1 has two columns Saldo"},
		"an entry is missing":      {head + "05-11-2026;x;-1,00;9,00\n06-11-2026;x;-1,00;7,00\n", "line 3: the balance is not the one before it and the amount"},
		"missing, newest first":    {head + "07-11-2026;x;-1,00;6,00\n06-11-2026;x;-1,00;7,00\n05-11-2026;x;-1,00;9,00\n", "line 4: the balance is not"},
		"sorted by something else": {head + "07-11-2026;x;-1,00;9,00\n06-11-2026;x;-1,00;8,00\n", "line 3: the balance is not"},
		"too few fields":           {head + "05-11-2026;x;-1,00\n", "line 2: it has 3 fields, the heading 4"},
		"no date":                  {head + "i går;x;-1,00;9,00\n", `line 2: "i går" is no date: want dd-mm-yyyy`},
		"no such date":             {head + "31-02-2026;x;-1,00;9,00\n", `line 2: "31-02-2026" is no date`},
		"a point for decimals":     {head + "05-11-2026;x;-1.50;9,00\n", `line 2: "-1.50" is no amount: want 1.234,50`},
		"three decimals":           {head + "05-11-2026;x;-1,505;9,00\n", "is no amount"},
		"no decimals behind":       {head + "05-11-2026;x;-1,;9,00\n", "is no amount"},
		"groups of two":            {head + "05-11-2026;x;1.23.456,00;9,00\n", "is no amount"},
		"not booked":               {head + "05-11-2026;x;-1,00;\n", "export only what is booked"},
		"two currencies":           {"Dato;Beløb;Saldo;Valuta\n05-11-2026;1,00;1,00;DKK\n05-11-2026;1,00;2,00;EUR\n", `line 3: the currency is "EUR"`},
		"a strange currency":       {"Dato;Beløb;Saldo;Valuta\n05-11-2026;1,00;1,00;kr\n", "is no currency"},
		"quotation marks":          {head + "05-11-2026;\"x;-1,00;9,00\n", "line 2: its quotation marks do not fit"},
		"a broken letter":          {"Dato;Tekst;Beløb;Saldo\n05-11-2026;\ufffd;-1,00;9,00\n", "Tekst has a letter that cannot be read"},
		"a workbook":               {"PK\x03\x04 and more", "save it as CSV"},
		"UTF-16":                   {"\xff\xfeD\x00a\x00", "save it as CSV in UTF-8"},
		"too big":                  {strings.Repeat(";", camt.MaxBytes+1), "at most 16777216 (16 MiB)"},
		"too many":                 {head + strings.Repeat("05-11-2026;x;0,00;9,00\n", 20_011), "more than 20000 entries"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := camt.Read([]byte(c.file), camt.Columns{})
			require.Equal(t, domain.Invalid, domain.KindOf(err))
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestCSVAmounts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"1,5": 150, "0,05": 5, "1.234,50": 123_450, "1234,50": 123_450, "-1.234.567,00": -123_456_700, "+7": 700, "\u22123,00": -300, "0": 0,
	} {
		statements, err := camt.Read([]byte("Dato;Beløb;Saldo\n5/11/2026;"+text+";0\n"), camt.Columns{})
		require.NoError(t, err, text)
		require.Equal(t, want, statements[0].Entries[0].Amount, text)
		require.Equal(t, -want, statements[0].Opening)
	}
}
