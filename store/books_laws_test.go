package store_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// copied is a statement that adds the rows of a table again, with other values in
// some columns: one not named keeps its own.
func copied(table string, columns []string, changed map[string]string) string {
	values := make([]string, len(columns))
	for i, column := range columns {
		values[i] = column
		if value, ok := changed[column]; ok {
			values[i] = value
		}
	}
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") SELECT " + strings.Join(values, ", ") + " FROM " + table
}

// What the books are made of is there once, and only as it can be, at the SQL
// prompt too: a posting for each event and account, a redemption for each number of
// a till, one reversal of it, one budget for a programme, unit and year.
func TestBooksOnce(t *testing.T) {
	storetest.EachAs(t, storetest.Superuser, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		id := func() string { return "'" + store.NewID().String() + "'" }
		for table, wrong := range map[string][]map[string]string{
			"redemptions":   {{"id": id()}, {"amount": "0", "client_redemption_id": "'bon 2'"}, {"balance_after": "-1", "client_redemption_id": "'bon 2'"}, {"voucher_id": id(), "client_redemption_id": "'bon 2'"}},
			"reversals":     {{"id": id()}, {"redemption_id": id()}, {"amount": "0"}},
			"budgets":       {{"id": id()}, {"year": "2027", "amount": "-1"}, {"year": "2027", "programme_id": id()}},
			"budget_slices": {{"free": "-1"}, {"budget_id": id()}},
			"closings":      {{"number": "2"}, {"through": "'2026-12-31'"}, {"postings": "-1", "number": "2", "through": "'2026-12-31'"}},
		} {
			columns := columnsOf(t, s, table)
			for _, changed := range wrong {
				if _, named := changed["id"]; !named {
					changed["id"] = id()
				}
				require.Error(t, undone(t, s, copied(table, columns, changed)+" WHERE municipality_id = '"+w.id().String()+"' LIMIT 1"), "%s %v", table, changed)
			}
		}
	})
}

// A posting is on an account that there is, of an event that there is, about one
// thing that there is, of a partner where it is about a partner's money, and there
// once; a settlement is paid once, and comes back once.
func TestPostingsOnce(t *testing.T) {
	storetest.EachAs(t, storetest.Superuser, func(t *testing.T, s *store.Store) {
		w, day := settled(t, s), domain.Date{Year: 2026, Month: 3, Day: 2}
		nobody := store.NewID()
		for what, spoil := range map[string]func(p *ledger.Posting){
			"an account": func(p *ledger.Posting) { p.Account = "cash" }, "an event": func(p *ledger.Posting) { p.Event = "give" }, "nothing": func(p *ledger.Posting) { p.Amount = 0 },
			"no partner": func(p *ledger.Posting) { p.Account = ledger.Payable }, "a partner": func(p *ledger.Posting) { p.PartnerID = &w.partner.ID },
			"no settlement": func(p *ledger.Posting) { p.Event = ledger.Paying }, "no award": func(p *ledger.Posting) { p.Event = ledger.Reserving },
			"nothing to be about": func(p *ledger.Posting) { p.VoucherID = nil }, "two things": func(p *ledger.Posting) { p.AwardID = &w.award.ID }, "no such voucher": func(p *ledger.Posting) { p.VoucherID = &nobody },
		} {
			e := w.issues(day)
			spoil(&e[0])
			spoil(&e[1])
			require.Error(t, w.tries(t, s, func(tx *store.Tx) error { return tx.Append(&e) }), what)
		}
		book := ledger.Book{At: noon, On: day, NewID: store.NewID}
		paid := ledger.Payment{MunicipalityID: w.id(), SettlementID: w.payment.ID, PartnerID: w.partner.ID, Reference: w.payment.ID, Currency: "DKK",
			Shares: []ledger.Share{{ProgrammeID: w.programme.ID, UnitID: w.unit.ID, Amount: 50}, {ProgrammeID: w.programme.ID, UnitID: w.unit.ID, BudgetID: &w.budget.ID, Amount: 7}}}
		gone := store.NewID()
		for what, entry := range map[string]func() ledger.Entry{
			"a voucher's event": func() ledger.Entry { return book.Void(w.voucher, gone, 5) },
			"a payment":         func() ledger.Entry { return book.Pay(paid) }, "its return": func() ledger.Entry { return book.Bounce(paid) },
		} {
			once, again := entry(), entry()
			w.writes(t, s, func(tx *store.Tx) error { return tx.Append(&once) })
			require.Equal(t, "already_exists", domain.CodeOf(w.tries(t, s, func(tx *store.Tx) error { return tx.Append(&again) })), what)
			half := entry()[:1]
			half[0].ReferenceID = store.NewID()
			require.ErrorContains(t, w.tries(t, s, func(tx *store.Tx) error { return tx.Post(half) }), "two postings", "before any database is asked")
		}
	})
}

// columnsOf lists a table's columns.
func columnsOf(t *testing.T, s *store.Store, table string) []string {
	t.Helper()
	rows, err := s.SQL().QueryContext(t.Context(), "SELECT * FROM "+table+" WHERE 1 = 0")
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	require.NoError(t, rows.Err())
	columns, err := rows.Columns()
	require.NoError(t, err)
	return columns
}

// undone tries a statement in a transaction that is rolled back.
func undone(t *testing.T, s *store.Store, statement string) error {
	t.Helper()
	conn, err := s.SQL().Conn(t.Context())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = conn.ExecContext(t.Context(), "BEGIN")
	require.NoError(t, err)
	defer func() { _, _ = conn.ExecContext(context.WithoutCancel(t.Context()), "ROLLBACK") }()
	_, err = conn.ExecContext(t.Context(), statement)
	return err
}
