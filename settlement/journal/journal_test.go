package journal_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/settlement/journal"
)

func day(d int) domain.Date { return domain.Date{Year: 2026, Month: 7, Day: d} }

// pair is an entry: a debit on one account, a credit on another.
func pair(d int, event ledger.Event, debit, credit ledger.Account, amount int64) []journal.Row {
	r := journal.Row{
		BookedOn: day(d), Entry: fmt.Sprint("ent_", d), Posting: "pst_1", Event: event, Currency: "DKK", Programme: "=MOVE", Unit: "Enhed Ø", Partner: "Købmand", CVR: "12345674", BudgetYear: 2026,
	}
	one, two := r, r
	one.Account, one.Amount, one.AccountString = debit, amount, "5.38.45."+string(debit)
	two.Account, two.Amount, two.AccountString = credit, -amount, "9.52.59."+string(credit)
	return []journal.Row{one, two}
}

func july() (rows []journal.Row) {
	rows = append(rows, pair(1, ledger.Redeeming, ledger.Outstanding, ledger.Payable, 12_345)...)
	rows = append(rows, pair(1, ledger.Redeeming, ledger.Outstanding, ledger.Payable, 55)...)
	rows = append(rows, pair(1, ledger.Reversing, ledger.Payable, ledger.Outstanding, 55)...)
	paid := pair(2, ledger.Paying, ledger.Payable, ledger.Settled, 12_345)
	paid[0].Settlement, paid[1].Settlement = "2026-0007-01", "2026-0007-01"
	return append(rows, paid...)
}

func written(t *testing.T, l journal.Layout, rows []journal.Row) string {
	t.Helper()
	require.NoError(t, l.Check())
	var out bytes.Buffer
	w, err := journal.New(&out, l)
	require.NoError(t, err)
	for _, row := range rows {
		require.NoError(t, w.Row(row))
	}
	require.NoError(t, w.Close())
	return out.String()
}

func TestEachPosting(t *testing.T) {
	lines := strings.Split(written(t, journal.First(), july()), "\r\n")
	require.Equal(t, "\ufeffDato;Bilag;Tekst;Kontostreng;Debet;Kredit;Valuta;Ordning;Enhed;CVR;Budgetår;Postering", lines[0])
	require.Equal(t, "01-07-2026;20260701;Gavekort indløst;5.38.45.outstanding;123,45;;DKK;'=MOVE;Enhed Ø;12345674;2026;ent_1", lines[1])
	require.Equal(t, "01-07-2026;20260701;Gavekort indløst;9.52.59.payable;;123,45;DKK;'=MOVE;Enhed Ø;12345674;2026;ent_1", lines[2])
	require.Equal(t, "02-07-2026;2026-0007-01;Udbetalt til butik;5.38.45.payable;123,45;;DKK;'=MOVE;Enhed Ø;12345674;2026;ent_2", lines[7])
	require.Equal(t, "I alt;;;;248,00;248,00;;;;;;", lines[9])
	require.Len(t, lines, 11)
}

// What a day comes to by account string and event; what comes to nothing is not there.
func TestSummed(t *testing.T) {
	l := journal.First()
	l.Summed, l.Headings, l.Encoding, l.Dates, l.Separator, l.Decimal = true, false, "utf-8", "yyyymmdd", ",", "."
	l.Columns = []journal.Column{{Heading: "d", Source: "booked_on"}, {Heading: "k", Source: "account_string"}, {Heading: "b", Source: "amount"}, {Heading: "art", Source: "text", Text: "FH"}}
	rows := july()
	same := pair(1, ledger.Redeeming, ledger.Outstanding, ledger.Outstanding, 7)
	same[1].AccountString = same[0].AccountString
	require.Equal(t, strings.Join([]string{
		"20260701,5.38.45.outstanding,124.00,FH", "20260701,9.52.59.payable,-124.00,FH", "20260701,5.38.45.payable,0.55,FH", "20260701,9.52.59.outstanding,-0.55,FH",
		"20260702,5.38.45.payable,123.45,FH", "20260702,9.52.59.settled,-123.45,FH", "I alt,,0.00,", "",
	}, "\r\n"), written(t, l, append(same, rows...)))
}

// ISO 8859-1 keeps Danish letters, also where a buffer ends within one.
func TestLatin(t *testing.T) {
	l := journal.First()
	l.Encoding, l.Foot = "iso-8859-1", false
	var rows []journal.Row
	for range 500 {
		rows = append(rows, pair(3, ledger.Redeeming, ledger.Outstanding, ledger.Payable, 1)...)
	}
	for i := range rows {
		rows[i].Unit = strings.Repeat("æøå", i%7+1) + "ł"
	}
	text := written(t, l, rows)
	require.Contains(t, text, "Budget\xe5r")
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	all, err := r.ReadAll()
	require.NoError(t, err)
	require.Len(t, all, 1001)
	for i, cells := range all[1:] {
		require.Equal(t, strings.Repeat("\xe6\xf8\xe5", i%7+1)+"?", cells[8])
	}
}

func TestHalfAnEntry(t *testing.T) {
	w, err := journal.New(&bytes.Buffer{}, journal.First())
	require.NoError(t, err)
	require.NoError(t, w.Row(july()[0]))
	require.ErrorContains(t, w.Close(), "debit is 12345 and credit 0")
	bare := july()[0]
	bare.AccountString = ""
	require.ErrorContains(t, w.Row(bare), "no account string")
}

func TestCheck(t *testing.T) {
	for want, change := range map[string]func(*journal.Layout){
		"encoding unknown":               func(l *journal.Layout) { l.Encoding = "utf-16" },
		"separator unknown":              func(l *journal.Layout) { l.Separator = "|" },
		"decimal unknown":                func(l *journal.Layout) { l.Decimal = "" },
		"dates unknown":                  func(l *journal.Layout) { l.Dates = "mm/dd" },
		"events[0] unknown":              func(l *journal.Layout) { l.Events = []string{"spend"} },
		"columns out_of_range":           func(l *journal.Layout) { l.Columns = nil },
		"columns no_amount":              func(l *journal.Layout) { l.Columns = []journal.Column{{Source: "debit"}} },
		"columns[0].source unknown":      func(l *journal.Layout) { l.Columns[0].Source = "name" },
		"columns[11].source summed":      func(l *journal.Layout) { l.Summed = true },
		"columns[0].heading formula":     func(l *journal.Layout) { l.Columns[0].Heading = "=x" },
		"columns[0].text invalid":        func(l *journal.Layout) { l.Columns[0].Text = "x" },
		"columns[0].text formula":        func(l *journal.Layout) { l.Columns[0] = journal.Column{Source: "text", Text: "+x"} },
		"account_strings.cash unknown":   func(l *journal.Layout) { l.AccountStrings = map[string]string{"cash": "1"} },
		"account_strings.lapsed formula": func(l *journal.Layout) { l.AccountStrings = map[string]string{"lapsed": "-1"} },
		"without_budget invalid":         func(l *journal.Layout) { l.WithoutBudget = journal.BudgetMark },
	} {
		t.Run(want, func(t *testing.T) {
			l := journal.First()
			change(&l)
			fields := domain.FieldsOf(l.Check())
			require.Len(t, fields, 1)
			require.Equal(t, want, fields[0].Field+" "+fields[0].Code)
		})
	}
	require.NoError(t, journal.First().Check())
}

func TestAccountString(t *testing.T) {
	l := journal.First()
	l.AccountStrings["outstanding"], l.AccountStrings["payable"] = "{budget}.1", "9.52.59"
	own, none := "5.38.45", ""
	require.Equal(t, "5.38.45.1", l.AccountString(ledger.Outstanding, &own))
	require.Equal(t, "9.52.59", l.AccountString(ledger.Payable, nil))
	missing := func(account ledger.Account, budget *string) []domain.FieldError {
		require.Empty(t, l.AccountString(account, budget))
		var f domain.Fields
		l.Missing(&f, account, budget, "MOVE 2026")
		return domain.FieldsOf(f.Err())
	}
	require.Equal(t, "without_budget", missing(ledger.Budget, nil)[0].Field)
	require.Equal(t, "budgets[MOVE 2026].account_string", missing(ledger.Budget, &none)[0].Field)
	require.Equal(t, "account_strings.lapsed", missing(ledger.Lapsed, &own)[0].Field)
	l.WithoutBudget = "5.38.00"
	require.Equal(t, "5.38.00", l.AccountString(ledger.Budget, nil))
	l.Events = []string{"pay"}
	require.True(t, l.Wants(ledger.Paying))
	require.False(t, l.Wants(ledger.Issuing))
}
