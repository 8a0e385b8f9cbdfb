package store_test

import (
	"database/sql"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm/schema"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// nouns are the domain's structs that are rows.
var nouns = []any{
	&domain.Municipality{}, &domain.Unit{}, &domain.Citizen{}, &domain.Plan{}, &domain.Goal{}, &domain.Pause{}, &domain.Session{}, &domain.Programme{}, &domain.ProgrammeVersion{},
	&domain.Approval{}, &domain.ApprovalLimits{}, &domain.ApprovalDemand{}, &domain.Deputy{}, &domain.Withholding{},
	&domain.Budget{}, &domain.BudgetChange{}, &domain.BudgetSlice{}, &domain.BudgetAlert{},
	&domain.Enrolment{}, &domain.EnrolmentMove{}, &domain.AttendanceEvent{}, &domain.Attendance{}, &domain.Award{}, &domain.AwardAdjustment{}, &domain.DrawSeed{}, &domain.Hat{}, &domain.HatEntry{}, &domain.Partner{}, &domain.Branch{}, &domain.PartnerMonth{}, &domain.Terminal{},
	&domain.Voucher{}, &domain.Redemption{}, &domain.Reversal{}, &ledger.Posting{}, &domain.Token{}, &domain.AuditEntry{}, &domain.Idempotency{}, &domain.Import{}, &domain.ImportRefusal{}, &domain.DataKey{}, &domain.Account{}, &domain.Invitation{}, &domain.Passkey{}, &domain.Recovery{}, &domain.Spent{}, &domain.Assignment{}, &domain.AttemptWindow{}, &domain.Identity{},
	&domain.TerminalCode{},
	&domain.SettlementRun{}, &domain.Settlement{}, &domain.SettlementLine{}, &domain.SettlementCorrection{}, &domain.SettlementHold{},
	&domain.Export{}, &domain.ExportChunk{}, &domain.Closing{}, &domain.ClosingTotal{},
	&domain.PaymentSettings{}, &domain.PaymentFile{}, &domain.JournalFormat{},
	&domain.BankStatement{}, &domain.BankEntry{}, &domain.Invoice{},
	&domain.CitizenLink{}, &domain.CitizenPIN{},
	&domain.Access{}, &domain.EmergencyAccess{}, &domain.Notice{}, &domain.Mail{},
}

// strings of the first column of a query.
func column(t testing.TB, s *store.Store, query string, args ...any) (list []string) {
	t.Helper()
	rows, err := s.SQL().QueryContext(t.Context(), query, args...)
	require.NoError(t, err, query)
	defer rows.Close()
	for rows.Next() {
		var text sql.NullString
		require.NoError(t, rows.Scan(&text))
		list = append(list, text.String)
	}
	require.NoError(t, rows.Err())
	return list
}

// tables lists the tables and views but those of the migrations' own.
func tables(t testing.TB, s *store.Store) []string {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version' ORDER BY 1`
	if s.Dialect() == "postgres" {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> 'goose_db_version' ORDER BY 1`
	}
	return column(t, s, query)
}

// Every primary key, unique index and foreign key of every table begins with
// the municipality, so that the tables can be partitioned by it (decision 7).
func TestKeysBeginWithTheMunicipality(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		queries := map[string]string{
			"primary key": `SELECT m.name || '.' || p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND p.pk = 1`,
			"index":       `SELECT m.name || '.' || COALESCE(c.name, '?') FROM sqlite_master m JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c WHERE m.type = 'table' AND c.seqno = 0`,
			"foreign key": `SELECT m.name || '.' || f."from" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.seq = 0`,
		}
		if s.Dialect() == "postgres" {
			constraint := `SELECT r.relname || '.' || a.attname FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = c.conkey[1]
				WHERE c.connamespace = 'public'::regnamespace AND c.contype = `
			queries = map[string]string{
				"primary key": constraint + "'p'", "foreign key": constraint + "'f'",
				"index": `SELECT r.relname || '.' || COALESCE(a.attname, '?') FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid
					LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = i.indkey[0] WHERE r.relnamespace = 'public'::regnamespace`,
			}
		}
		for what, query := range queries {
			found := map[string]bool{}
			for _, key := range column(t, s, query) {
				name, first, _ := strings.Cut(key, ".")
				if name == "goose_db_version" || strings.HasPrefix(name, "sqlite_") {
					continue
				}
				found[name] = true
				require.Equal(t, "municipality_id", first, "%s of %s", what, name)
			}
			if what == "primary key" {
				require.Len(t, found, len(tables(t, s))-1, "every table has one, the view attendances has none")
			}
			require.Greater(t, len(found), 15, what)
		}
	})
}

// Every struct of the domain that is a row has exactly the migrated columns.
func TestNoDrift(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var met []string
		for _, noun := range nouns {
			parsed, err := schema.Parse(noun, &sync.Map{}, schema.NamingStrategy{})
			require.NoError(t, err)
			met = append(met, parsed.Table)
			query := `SELECT name FROM pragma_table_info(?)`
			if s.Dialect() == "postgres" {
				query = `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1`
			}
			require.ElementsMatch(t, column(t, s, query, parsed.Table), parsed.DBNames, parsed.Table)
			require.Empty(t, parsed.Relationships.Relations, "%s: a relation is not a column", parsed.Table)
			require.Equal(t, "municipality_id", parsed.DBNames[0], parsed.Table)
		}
		require.ElementsMatch(t, tables(t, s), met)
	})
}

// The list of nouns is complete: no struct with a primary key is left out.
func TestNounsAreAll(t *testing.T) {
	var want, got []string
	for _, noun := range nouns {
		parsed, err := schema.Parse(noun, &sync.Map{}, schema.NamingStrategy{})
		require.NoError(t, err)
		want = append(want, parsed.Name)
	}
	for _, pattern := range []string{"../domain/*.go", "../domain/ledger/*.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			require.NoError(t, err)
			ast.Inspect(file, func(n ast.Node) bool {
				if spec, ok := n.(*ast.TypeSpec); ok && isRow(spec) {
					got = append(got, spec.Name.Name)
				}
				return true
			})
		}
	}
	got = append(got, "Attendance") // the view: an AttendanceEvent by another name
	require.ElementsMatch(t, want, got)
}

// isRow reports whether the type's first field is the municipality, as a key.
func isRow(spec *ast.TypeSpec) bool {
	fields, ok := spec.Type.(*ast.StructType)
	return ok && slices.ContainsFunc(fields.Fields.List, func(f *ast.Field) bool {
		return f.Tag != nil && strings.Contains(f.Tag.Value, "primaryKey") && len(f.Names) == 1 && f.Names[0].Name == "MunicipalityID"
	})
}

// notPersonal are the columns of text that hold nothing written about a person:
// names of things and staff, numbers of cases, words out of a list, documents of
// ours. A column that is new is either here or among store.PersonalColumns.
var notPersonal = map[string]string{
	"":                   "id municipality_id reference kind state slug currency key serial outcome test role action object",
	"municipalities":     "name time_zone finance_email erase_next_from",
	"budgets":            "account_string",
	"budget_changes":     "reason booked_on changed_by", // why so much was appropriated
	"units":              "notify_email organisation name",
	"citizens":           "birth_date closed_on kept_until kept_by", // stays readable: ages are checked without a key
	"plans":              "assessment_date assessment_reference start_date end_date end_reason ended_by caseworker",
	"goals":              "reached_on reached_by",
	"pauses":             "reason first_day last_day", // one of a list
	"sessions":           "local_date",
	"programmes":         "title_da title_en",
	"programme_versions": "document adopted_by adopted_on in_force_from in_force_to recorded_by written_by",
	"enrolments":         "start_date ended_on rule_state moved_on counted_to counted_on approval_until",
	"enrolment_moves":    "moved_on phase moved_by",
	"attendance_events":  "local_date task absence_reason recorded_by source_recorded_by makes_up",
	"attendances":        "local_date task absence_reason recorded_by source_recorded_by makes_up reason",
	"awards":             "reached_on explanation recorded_by decided_by evidence waits_because", // evidence: a reference in the case system
	"approvals":          "step person on_behalf_of",
	"approval_limits":    "changed_by steps",
	"approval_demands":   "until set_by",
	"deputies":           "person deputy first_day last_day withdrawn_by",
	"withholdings":       "evidence proposed_by decided_by on_behalf_of",
	"award_adjustments":  "cause",
	"partners":           "name cvr categories contract_from contract_to method iban", // a shop's account
	"branches":           "name p_number address",                                     // of a shop, not of a person
	"partner_months":     "month",
	"terminals":          "label counted_day",
	"terminal_codes":     "created_by",
	"vouchers":           "categories excluded issued_by",
	"redemptions":        "client_redemption_id",
	"reversals":          "reason reversed_by", // the shop's, about a purchase: it does not know the person
	"ledger_postings":    "event account booked_on",
	"settlement_runs":    "period_from period_to made_by approved_by filed_by message_id execute_on paid_by paid_on reversed_by reversed_because",
	"settlements":        "number method iban paid_on bounced_by bounced_because", // a shop's account
	"settlement_holds":   "cause reason held_by decision decided_by comment",      // finance's, about a purchase: it does not know the person
	"payment_settings":   "name iban bic cvr gln agreement changed_by",            // the municipality as its bank knows it
	"payment_files":      "message_id document made_by",                           // transfers to shops
	"journal_formats":    "document changed_by",
	"exports":            "what format filters failure person",
	"closings":           "through closed_by",
	"closing_totals":     "account",
	"bank_statements":    "format iban period_from period_to uploaded_by",
	"bank_entries":       "booked_on end_to_end_id return_reason party party_iban text decided_by comment", // kept only where it names a partner or a settlement
	"invoices":           "cvr number issued_on gln period_from period_to iban order_references corrects differences received_by decided_by comment",
	"tokens":             "person scopes method acr provider_subject provider_session", // a citizen's says citizen: and the ID
	"role_assignments":   "person source created_by revoked_by",
	"citizen_links":      "created_by",
	"citizen_pins":       "hash changed_by",
	"audit_entries":      "person detail request_id",
	"accesses":           "person act purpose request_id",
	"emergency_accesses": "person day revoked_by reviewed_by",
	"notices":            "person seen_by",
	"outbox":             "address",       // of a unit, not of a person
	"idempotency_keys":   "caller result", // private texts in it are sealed
	"imports":            "actor failure",
	"import_refusals":    "file column reason",
	"data_keys":          "purpose",
	"accounts":           "person password_hash created_by",
	"invitations":        "created_by",
	"passkeys":           "name credential",                         // the person's own word for a device, and its public key
	"recoveries":         "reason started_by confirmed_by ended_by", // the administrators', about a member of the staff
	"identities":         "issuer subject person released_by",       // a provider's name for a member of the staff
	"draw_seeds":         "seed commitment",
	"hats":               "title seed commitment created_by drawn_by",
	"hat_entries":        "created_by",

	"settlement_corrections": "cause happened_on reason made_by", // finance's, about a payment to a shop
}

// Whoever adds a column of text says whether it is personal.
func TestEveryTextIsSealedOrNotPersonal(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	for _, table := range tables(t, s) {
		known := strings.Fields(notPersonal[""] + " " + notPersonal[table])
		for _, name := range column(t, s, `SELECT name FROM pragma_table_info(?) WHERE type = 'TEXT'`, table) {
			sealed := slices.Contains(store.PersonalColumns, table+"."+name)
			plain := slices.Contains(known, name) || strings.HasSuffix(name, "_id")
			require.True(t, sealed != plain, "%s.%s: is it written about a person? Then it is a domain.Private and one of store.PersonalColumns; otherwise name it in this test", table, name)
		}
	}
}
