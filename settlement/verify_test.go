package settlement

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Whatever is altered of what was settled, Verify names it.
func TestVerifyNotices(t *testing.T) {
	for _, dialect := range storetest.Dialects {
		t.Run(dialect.Name, func(t *testing.T) {
			t.Parallel()
			address := dialect.URL(t)
			o := newOffice(t, storetest.Open(t, address))
			raw := unguarded(t, address, dialect.Name)
			a, b := o.redeemed(0, 2, 5000), o.redeemed(1, 3, 700)
			rejected, released := o.held(o.redeemed(0, 4, 40)), o.held(o.redeemed(0, 5, 50))
			_, err := o.RejectHold(t.Context(), o.checker, store.Key{}, rejected.ID, "nej")
			require.NoError(t, err)
			_, err = o.ReleaseHold(t.Context(), o.checker, store.Key{}, released.ID, "ja")
			require.NoError(t, err)
			first := o.paid(o.approved())
			row, other := o.of(first, 0), o.of(first, 1)
			_, err = o.Bounce(t.Context(), o.maker, store.Key{}, row.ID, Bounced{Reason: "retur"})
			require.NoError(t, err)
			back := o.takenBack(b, 6)
			second := o.paid(o.approved())
			require.Empty(t, o.faults())
			next := o.of(second, 0)

			for name, c := range map[string]struct{ statement, names string }{
				"a line's amount":                {"UPDATE settlement_lines SET amount = 6000 WHERE id = '%s'" + a.ID.String(), a.ID.String()},
				"a line's partner":               {"UPDATE settlement_lines SET partner_id = '" + o.shops[1].ID.String() + "' WHERE id = '%s'" + a.ID.String(), a.ID.String()},
				"a line's time":                  {"UPDATE settlement_lines SET happened_at = '2026-11-01 00:00:00+00:00' WHERE id = '%s'" + a.ID.String(), a.ID.String()},
				"a line's voucher":               {"UPDATE settlement_lines SET serial = 'x' WHERE id = '%s'" + a.ID.String(), a.ID.String()},
				"a line is gone":                 {"DELETE FROM settlement_lines WHERE id = '%s'" + a.ID.String(), row.ID.String()},
				"the reversal's line":            {"UPDATE settlement_lines SET amount = -1 WHERE id = '%s'" + back.ID.String(), back.ID.String()},
				"what it takes back is gone":     {"DELETE FROM settlement_lines WHERE id = '%s'" + b.ID.String(), back.ID.String()},
				"a settlement's sum":             {"UPDATE settlements SET amount = amount + 1, total = total + 1 WHERE id = '%s'" + row.ID.String(), row.ID.String()},
				"what was carried in":            {"UPDATE settlements SET carried_in = 1, total = amount + 1 WHERE id = '%s'" + next.ID.String(), next.ID.String()},
				"it is carried nowhere":          {"UPDATE settlements SET carried_into_id = NULL WHERE id = '%s'" + row.ID.String(), next.ID.String()},
				"it is carried in a circle":      {"UPDATE settlements SET state = 'bounced', carried_into_id = '" + row.ID.String() + "' WHERE id = '%s'" + next.ID.String(), next.ID.String()},
				"it is due in a paid run":        {"UPDATE settlements SET state = 'due', paid_on = NULL WHERE id = '%s'" + other.ID.String(), other.ID.String()},
				"it is bounced in the rows only": {"UPDATE settlements SET state = 'bounced' WHERE id = '%s'" + other.ID.String(), other.ID.String()},
				"a payment is booked to another": {"UPDATE ledger_postings SET partner_id = '" + o.shops[1].ID.String() + "' WHERE settlement_id = '%s'" + next.ID.String(), next.ID.String()},
				"a payment is not booked":        {"DELETE FROM ledger_postings WHERE settlement_id = '%s'" + next.ID.String(), next.ID.String()},
				"another approver":               {"UPDATE settlement_runs SET approved_by = 'x@varde.dk' WHERE id = '%s'" + first.ID.String(), first.ID.String()},
				"another maker":                  {"UPDATE settlement_runs SET made_by = 'x@varde.dk' WHERE id = '%s'" + first.ID.String(), first.ID.String()},
				"a maker who issued a voucher":   {"UPDATE settlement_runs SET made_by = 'cw@varde.dk' WHERE id = '%s'" + second.ID.String(), second.ID.String() + ": is made or approved by who issued"},
				"a hold's amount":                {"UPDATE settlement_holds SET amount = 41 WHERE id = '%s'" + rejected.ID.String(), rejected.ID.String()},
				"a hold's decider":               {"UPDATE settlement_holds SET decided_by = 'x@varde.dk' WHERE id = '%s'" + rejected.ID.String(), rejected.ID.String()},
				"a hold that was released":       {"UPDATE settlement_holds SET decision = 'rejected' WHERE id = '%s'" + released.ID.String(), released.RedemptionID.String()},
				"an audit entry is gone":         {"DELETE FROM audit_entries WHERE object_id = '%s'" + rejected.ID.String(), rejected.ID.String()},
			} {
				before, after, _ := strings.Cut(c.statement, "'%s'")
				tried(t, o, raw, name, fmt.Sprintf("%s'%s'", before, after), c.names)
			}
			require.Empty(t, o.faults(), "all of it was put back")
		})
	}
}

// A payment file pays each settlement what was approved, to the account that was,
// out of the municipality's own.
func TestVerifyFiles(t *testing.T) {
	for _, dialect := range storetest.Dialects {
		t.Run(dialect.Name, func(t *testing.T) {
			t.Parallel()
			address := dialect.URL(t)
			o := newOffice(t, storetest.Open(t, address))
			run := o.paid(o.filedRun())
			o.set(o.now().Add(time.Minute))
			must(o.UpdatePaymentSettings(t.Context(), o.maker, 1, PayerInput{Name: "Varde Kommune", IBAN: "DK9520000123456789", BIC: "DABADKKK", CVR: "12345674"}))
			require.Empty(t, o.faults(), "the account was changed after it")
			raw, row := unguarded(t, address, dialect.Name), o.of(run, 0)
			replaced := func(old, new string) string {
				return "UPDATE payment_files SET document = REPLACE(document, '" + old + "', '" + new + "')"
			}
			for name, c := range map[string]struct{ statement, names string }{
				"another account":       {replaced(shopAccount, "DK9520000123456789"), `pays 5000 to "DK9520000123456789" for ` + row.Number},
				"another payer":         {replaced("DK5000400440116243", "DK9520000123456789"), "pays out of"},
				"another amount":        {replaced(">50.00<", ">51.00<"), "has 1 payments of 5100, 1 of 5000 are noted"},
				"another amount inside": {replaced(`"DKK">50.00<`, `"DKK">51.00<`), "it says 1 payments of 50.00"},
				"another settlement":    {replaced("<EndToEndId>"+row.Number, "<EndToEndId>2026-0099-01"), "settlement " + row.Number + " is not in it"},
				"another day":           {replaced("<Dt>2026-12-01", "<Dt>2026-12-24"), "is not the one that the run says"},
				"another sum is noted":  {"UPDATE payment_files SET amount = 1", "1 of 1 are noted"},
				"another account's row": {"UPDATE settlements SET iban = 'DK9520000123456789' WHERE method = 'bank'", `approved is 5000 to "DK9520000123456789"`},
				"it is gone":            {"DELETE FROM payment_files", "settlement run " + run.ID.String() + ": its payment file is gone"},
			} {
				tried(t, o, raw, name, c.statement, c.names)
			}
			require.Empty(t, o.faults())
		})
	}
}

// unguarded opens a database behind the program's back, and takes its guards away.
func unguarded(t *testing.T, address, dialect string) *sql.DB {
	t.Helper()
	driver, source := "sqlite", strings.TrimPrefix(address, "sqlite://")+"?_busy_timeout=10000"
	if dialect == "postgres" {
		driver, source = "pgx", storetest.Superuser(t, address)
	}
	raw, err := sql.Open(driver, source)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, raw.Close()) })
	unguard(t, raw, dialect)
	return raw
}

// tried alters something, wants it named, and puts it back.
func tried(t *testing.T, o office, raw *sql.DB, name, statement, names string) {
	t.Helper()
	tables := []string{"settlement_lines", "settlements", "settlement_runs", "settlement_holds", "settlement_corrections", "ledger_postings", "audit_entries", "payment_files"}
	for _, table := range tables {
		must(raw.ExecContext(t.Context(), "CREATE TABLE kept_"+table+" AS SELECT * FROM "+table))
	}
	_, err := raw.ExecContext(t.Context(), statement)
	require.NoError(t, err, name)
	found := o.faults()
	require.NotEmpty(t, found, name)
	require.Contains(t, strings.Join(found, "\n"), names, name)
	for _, table := range tables {
		must(raw.ExecContext(t.Context(), "DELETE FROM "+table))
		must(raw.ExecContext(t.Context(), "INSERT INTO "+table+" SELECT * FROM kept_"+table))
		must(raw.ExecContext(t.Context(), "DROP TABLE kept_"+table))
	}
}

// unguard takes the database's guards away.
func unguard(t *testing.T, raw *sql.DB, dialect string) {
	t.Helper()
	guards := `SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'`
	if dialect == "postgres" {
		guards = `SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal
			UNION ALL SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint WHERE contype = 'f'`
	}
	drops := statements(t, raw, guards)
	if dialect == "sqlite" {
		raw.SetMaxOpenConns(1)
		drops = append(drops, "PRAGMA foreign_keys = OFF")
	}
	for _, drop := range drops {
		must(raw.ExecContext(t.Context(), drop))
	}
}

// statements gives the statements that a query makes.
func statements(t *testing.T, raw *sql.DB, query string) (list []string) {
	t.Helper()
	rows, err := raw.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var statement string
		require.NoError(t, rows.Scan(&statement))
		list = append(list, statement)
	}
	require.NoError(t, rows.Err())
	return list
}
