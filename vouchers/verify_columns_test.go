package vouchers

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	partners "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/settlement/journal"
	"github.com/fasthold/fasthold/store"
)

// ofMoney are the tables that say who is paid what, by whose word.
var ofMoney = []string{
	"approval_demands", "approval_limits", "bank_entries", "bank_statements", "branches", "budget_changes", "budget_slices", "budgets", "closing_totals", "closings", "invoices", "journal_formats",
	"partner_months", "partners", "payment_files", "payment_settings", "settlement_corrections", "settlement_holds", "settlement_lines", "settlement_runs", "settlements", "terminals", "withholdings",
}

// notHere are the other tables, which move no money by themselves, or whose rows
// TestVerifyNotices and those beside it alter one by one.
var notHere = strings.Fields(`accesses accounts approvals attempt_windows attendance_events attendances audit_entries award_adjustments awards budget_alerts citizen_links citizen_pins citizens
	data_keys deputies draw_seeds emergency_accesses enrolment_moves enrolments export_chunks exports goals hat_entries hats idempotency_keys identities import_refusals imports invitations ledger_postings
	municipalities notices outbox passkeys pauses plans programme_versions programmes recoveries redemptions reversals role_assignments sessions spent terminal_codes tokens units vouchers`)

// noMatter are the columns that nobody need notice, and why.
var noMatter = map[string]string{
	"settlements.reconciled_at":    "when the bank's entry was matched: that one is, is derived, and the entry has its own time",
	"budget_slices.id":             "only tells the parts of a budget apart",
	"terminals.counted_hour":       "counted anew in the next hour",
	"terminals.hour_spent":         "counted anew in the next hour",
	"terminals.counted_day":        "counted anew on the next day",
	"terminals.day_spent":          "counted anew on the next day",
	"withholdings.reason":          "a sealed text, which another row's key does not open, and which erasing takes away",
	"withholdings.comment":         "as the reason",
	"approval_demands.reason":      "as a withholding's",
	"settlement_lines.terminal_id": "of a line that takes back: the redemption has it",
	"settlement_lines.branch_id":   "what a partner reads beside the line",
}

// moneyed is busy with all that finance can do done once.
func moneyed(t *testing.T, s *store.Store, raw *sql.DB) busy {
	t.Helper()
	b := newBusy(t, s, raw)
	done := func(err error) { t.Helper(); require.NoError(t, err) }
	maker, checker := b.as(domain.Finance), b.as(domain.Finance)
	checker.Person, checker.TokenID = "checker@varde.dk", store.NewID()
	most := int64(10_000_000)
	done(second(b.UpdateApprovalLimits(t.Context(), maker, 1, ApprovalLimitsInput{Steps: leaders(100000), AutomaticMost: &most, LeaderMost: &most, CaseworkerGrant: 100})))
	budget := b.budget(t, b.variant(t, "funded", "valid_days: 365", "valid_days: 30").ID, 100_000)
	b.appropriates(t, budget, 5_000)
	_, e := b.join(t, "P-demand", b.move)
	done(second(b.DemandApproval(t.Context(), b.leader(1), e.ID, DemandInput{Required: true, Reason: "x", Until: date("2027-01-01")})))
	held, _ := b.earn(t, "P-held", b.move)
	w, err := b.ProposeWithholding(t.Context(), b.leader(1), Key{}, WithholdingInput{AwardID: held.AwardID, Reason: "x", Evidence: "y"})
	done(err)
	done(second(b.ApproveWithholding(t.Context(), b.leader(2), Key{}, w.Value.ID)))
	limit := int64(900_000)
	till, err := b.Terminal(t.Context(), b.as(domain.Administrator), b.shop.TerminalID)
	done(err)
	done(second(b.UpdateTerminal(t.Context(), b.as(domain.Administrator), till.ID, till.Version, access.TerminalChange{MostPerDay: &limit})))

	b.settles(t, s, maker, checker)
	return b
}

// settles pays what was bought: shop by the bank, other by invoice.
func (b busy) settles(t *testing.T, s *store.Store, maker, checker domain.Actor) {
	t.Helper()
	done := func(err error) { t.Helper(); require.NoError(t, err) }
	office := partners.New(s, b.time.now)
	p, err := b.Partner(t.Context(), maker, b.shop.Partner.ID)
	done(err)
	done(second(b.SetPartnerPayment(t.Context(), maker, p.ID, p.Version, PaymentInput{Method: domain.ByBank, RegistrationNumber: "0040", AccountNumber: "1234567890"})))
	done(second(office.UpdatePaymentSettings(t.Context(), maker, 0, partners.PayerInput{Name: "Varde Kommune", IBAN: "DK5000400440116243", BIC: "DABADKKK", CVR: "12345674", GLN: "5790000000005", Agreement: "1"})))
	done(second(office.UpdateJournalFormat(t.Context(), maker, 0, journal.First())))
	var bought []domain.Redemption
	require.NoError(t, s.Read(t.Context(), b.home.MunicipalityID, func(tx *store.Tx) (err error) {
		bought, err = store.All[domain.Redemption](tx, "id", store.Is("partner_id", b.other.Partner.ID))
		return err
	}))
	h, err := office.Hold(t.Context(), maker, store.Key{}, bought[len(bought)-1].ID, "x")
	done(err)
	done(second(office.ReleaseHold(t.Context(), checker, store.Key{}, h.Value.ID, "y")))

	now := domain.DateOf(b.time.now(), time.UTC)
	run, err := office.DraftRun(t.Context(), maker, store.Key{}, partners.Period{From: now.AddDays(-40), To: now})
	done(err)
	done(second(office.ApproveRun(t.Context(), checker, store.Key{}, run.Value.ID, 0)))
	done(second(office.FileRun(t.Context(), maker, store.Key{}, run.Value.ID, domain.BankDayFrom(now))))
	rows, err := office.Settlements(t.Context(), maker, store.Page{Limit: 9}, partners.Filter{RunID: run.Value.ID})
	done(err)
	bank := &strings.Builder{}
	fmt.Fprintf(bank, "Dato;Beløb;Saldo;End-to-end-ID;Tekst\n")
	day, balance := fmt.Sprintf("%02d-%02d-%04d", now.Day, now.Month, now.Year), int64(0)
	for _, row := range rows.Rows {
		if row.Method == domain.ByInvoice {
			in, err := office.TakeInvoice(t.Context(), maker, paper("Invoice", "F-1", row.Number, "", row.Total+1))
			done(err)
			done(second(office.AcceptInvoice(t.Context(), checker, in.ID, "øreafrunding")))
			continue
		}
		balance -= row.Total
		fmt.Fprintf(bank, "%s;%s;%s;%s;x\n", day, kroner(-row.Total), kroner(balance), row.Number)
	}
	done(second(office.PayRun(t.Context(), maker, store.Key{}, run.Value.ID, partners.Paid{On: now})))
	fmt.Fprintf(bank, "%s;%s;%s;;Gebyr\n", day, kroner(-2500), kroner(balance-2500))
	done(second(office.TakeStatement(t.Context(), maker, store.Key{}, partners.BankFile{Data: []byte(bank.String()), Currency: "DKK"})))
	waiting, err := office.Entries(t.Context(), maker, store.Page{Limit: 9}, partners.EntryFilter{State: domain.EntryUnmatched})
	done(err)
	require.Len(t, waiting.Rows, 1)
	done(second(office.SetAside(t.Context(), maker, waiting.Rows[0].ID, "gebyr")))
	for _, row := range rows.Rows {
		if row.Method == domain.ByInvoice {
			done(second(office.Bounce(t.Context(), maker, store.Key{}, row.ID, partners.Bounced{Reason: "retur"})))
			done(second(office.Unbounce(t.Context(), maker, store.Key{}, row.ID, "alligevel ikke")))
		}
	}
	b.time.add(5 * 24 * time.Hour)
	done(second(office.Close(t.Context(), maker, store.Key{}, now)))
}

// Every column of every table of money, and every row of it, is altered once behind
// the program's back: Verify notices, or the column is one that does not matter.
func TestVerifyNoticesEveryColumn(t *testing.T) {
	eachBehind(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		b := moneyed(t, s, raw)
		b.verified(t)
		unchecked(t, raw, s.Dialect())
		columns := "SELECT m.name || '.' || p.name || '.' || p.type FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version'"
		if s.Dialect() == "postgres" {
			columns = "SELECT table_name || '.' || column_name || '.' || data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'goose_db_version'"
		}
		deleted := map[string]bool{}
		var silent []string
		for _, found := range texts(t, raw, columns) {
			at := strings.SplitN(found, ".", 3)
			table, column, kind := at[0], at[1], at[2]
			if !slices.Contains(ofMoney, table) {
				require.Contains(t, notHere, table, "say in which list the table belongs")
				continue
			}
			if column == "municipality_id" || column == "version" || noMatter[table+"."+column] != "" {
				continue
			}
			if !deleted[table] {
				deleted[table] = true
				silent = append(silent, b.unnoticed(t, table+" deleted", "DELETE FROM "+table+" WHERE "+aRow(t, raw, s.Dialect(), table, ""))...)
			}
			where := aRow(t, raw, s.Dialect(), table, column)
			silent = append(silent, b.unnoticed(t, table+"."+column, fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s", table, column, another(t, raw, table, column, kind, where), where))...)
		}
		require.Empty(t, silent, "nobody would notice if these were altered")
		b.verified(t)
	})
}

// unnoticed gives the name back unless Verify notices what a statement alters.
func (b busy) unnoticed(t *testing.T, name, statement string) (silent []string) {
	t.Helper()
	b.alter(t, statement, func() {
		v, err := b.Verify(t.Context(), b.home.MunicipalityID)
		if err == nil && len(v.Differences) == 0 {
			silent = []string{name}
		}
	})
	return silent
}

// unchecked takes away what else the database itself would refuse.
func unchecked(t *testing.T, raw *sql.DB, dialect string) {
	t.Helper()
	drops := []string{"PRAGMA ignore_check_constraints = ON"}
	if raw.SetMaxOpenConns(1); dialect == "postgres" {
		drops = texts(t, raw, `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0`)
	}
	for _, drop := range drops {
		_, err := raw.ExecContext(t.Context(), drop)
		require.NoError(t, err)
	}
}

// aRow names one row of a table, with something in the column if any has.
func aRow(t *testing.T, raw *sql.DB, dialect, table, column string) string {
	t.Helper()
	key, order := "rowid", "1"
	if dialect == "postgres" {
		key = "ctid"
	}
	if column != "" {
		order = column + " IS NULL, CAST(" + column + " AS TEXT) IN ('', '0', 'false', '[]')"
	}
	rows := texts(t, raw, fmt.Sprintf("SELECT CAST(%s AS TEXT) FROM %s ORDER BY %s LIMIT 1", key, table, order))
	require.NotEmpty(t, rows, "%s is empty: moneyed does too little", table)
	return key + " = '" + rows[0] + "'"
}

var isDate = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

// another is a value that a column does not have yet.
func another(t *testing.T, raw *sql.DB, table, column, kind, where string) string {
	t.Helper()
	if kind == "bytea" {
		return `'\x7878'`
	}
	now := texts(t, raw, fmt.Sprintf("SELECT COALESCE(CAST(%s AS TEXT), '') FROM %s WHERE %s", column, table, where))[0]
	switch kind := strings.ToLower(kind); {
	case kind == "blob":
		return "x'7878'"
	case strings.HasPrefix(kind, "int") || strings.HasPrefix(kind, "bigint") || kind == "smallint":
		return "COALESCE(" + column + ", 0) + 1000"
	case kind == "boolean":
		return "NOT " + column
	case kind == "uuid" || column == "id" || strings.HasSuffix(column, "_id") && kind == "text" && (now == "" || len(now) == 36):
		return "'" + store.NewID().String() + "'"
	case kind == "datetime" || strings.HasPrefix(kind, "timestamp"):
		return "'2026-01-05 10:00:00+00:00'"
	case kind == "date" || isDate.MatchString(now) || strings.HasSuffix(column, "_to") || strings.HasSuffix(column, "_from") || strings.HasSuffix(column, "_on") || column == "until":
		return "'2026-01-05'"
	case strings.HasPrefix(now, "["):
		return "'[\"x\"]'"
	case strings.HasPrefix(now, "{"):
		return "'{}'"
	}
	return column + " || 'x'"
}
