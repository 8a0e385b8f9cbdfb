package api

import (
	"cmp"
	"encoding/json"
	"image/png"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// others is a value for every filter of every list, by parameter or by
// "operation parameter", that finds nothing of what the example of openapi.yaml
// finds. "" is a value of the caller's own making that nothing here has.
var others = map[string]string{
	"unit_id": example("unt", 2), "citizen_id": example("cit", 2), "plan_id": example("pln", 3), "programme_id": example("prg", 2),
	"enrolment_id": example("enr", 2), "partner_id": example("prt", 2), "voucher_id": example("vch", 4), "award_id": example("awd", 2),
	"session_id": example("ses", 2), "branch_id": example("brn", 2), "terminal_id": example("trm", 2), "entry_id": example("ent", 2), "object_id": example("att", 2),
	"from": "2030-01-01", "to": "2020-01-01", "issued_from": "2030-01-01", "issued_to": "2020-01-01", "first_issued_from": "2030-01-01", "first_issued_to": "2020-01-01", "lapses_from": "2040-01-01", "lapses_to": "2020-01-01", "figure": "lapsed",
	"listSessions outcome": "recorded", "listRedemptions from": "2030-01-01T00:00:00Z", "listRedemptions until": "2020-01-01T00:00:00Z",
	"listAuditEntries from": "2030-01-01T00:00:00Z", "listAuditEntries until": "2020-01-01T00:00:00Z",
	"listVouchers issued_from": "2030-01-01T00:00:00Z", "listVouchers issued_until": "2020-01-01T00:00:00Z",
	"reference": "P-0", "slug": "draft-2026", "serial": "2026-00000-00000", "cvr": "87654338", "person": "finance@eksempel.dk", "role": "finance",
	"action": "createUnit", "object": "unit", "account": "payable", "event": "redeem", "currency": "EUR", "outcome": "no_show",
	"listPlans state": "ended", "listGoals state": "dropped", "listSessions state": "withdrawn", "listVersions state": "draft",
	"listEnrolments state": "ended", "listAwards state": "proposed", "listVouchers state": "blocked", "listPartners state": "suspended", "listTerminals state": "revoked", "listAssignments state": "revoked",
	"year": "2031", "budget_id": example("bdg", 1), "budgeted": "no", "account_id": example("acc", 2), "listAccounts state": "suspended", "listRecoveries state": "withdrawn", "listWithholdings state": "withdrawn",
	"settlement_run_id": example("srn", 2), "settlement_id": example("stl", 2), "listSettlementRuns state": "draft", "listSettlements state": "draft",
	"listSettlementHolds decision": "released", "listSettlementHolds cause": "no_contract",
	"bank_statement_id": example("bst", 2), "listBankEntries state": "set_aside", "listInvoices state": "matched",
}

// changing is another value of a parameter, by "operation parameter", with which
// the answer is another.
var changing = map[string]string{
	"getVersionAmounts start_date": "2027-02-01", "getVersionDiff against": example("ver", 2), "getImmediacy from": "2030-01-01", "getImmediacy to": "2020-01-01",
	"getImmediacy unit_id": example("unt", 2), "getImmediacy programme_id": example("prg", 2),
	"getVoucherFigures group_by": "unit", "getVoucherFigures from": "2030-01-01", "getVoucherFigures to": "2020-01-01", "getVoucherFigures currency": "EUR",
	"getVoucherFigures unit_id": example("unt", 2), "getVoucherFigures programme_id": example("prg", 2),
	"getBudgetFigures at": "2026-01-01", "getBudgetFigures year": "2027", "getBudgetFigures unit_id": example("unt", 2), "getBudgetFigures programme_id": example("prg", 2),
	"getYearEnd year": "2027", "getYearEnd at": "2027-06-30",
	"getApprovalLimits programme_id": example("prg", 4), "getNextVisit at": "2026-11-29T10:00:00Z", "getExplanationsPage lang": "da",
}

// TestEveryParameterCounts walks every query parameter of every operation and
// shows that it reaches the use case. One without a proof fails.
func TestEveryParameterCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.second()
		proved := 0
		for _, c := range examples(t) {
			for name, example := range c.params["query"] {
				t.Run(c.id+" "+name, func(t *testing.T) { w.prove(t, c, name, example) })
				proved++
			}
		}
		require.Greater(t, proved, 110)
	})
}

// second makes two of what a world has one of.
func (w *world) second() {
	ok(w.service.ChangeBudget(w.t.Context(), w.as(domain.Finance), vouchers.Key{}, w.find("bdg", 1), 100, "mere"))
	more := []byte("Dato;Tekst;Beløb;Saldo\n21-11-2026;Gebyr;-10,00;-19,00\n")
	w.is("bst", 2, ok(w.settlement.TakeStatement(w.t.Context(), w.as(domain.Finance), vouchers.Key{}, settlement.BankFile{Currency: "DKK", Data: more})).Value.Statements[0].ID)
	ok(w.settlement.MatchEntry(w.t.Context(), w.as(domain.Finance), vouchers.Key{}, w.find("ben", 1), w.find("stl", 31)))
	_ = ok(w.service.Found(w.t.Context(), "Nordby Kommune", ""))
	ok(w.service.StartImport(w.t.Context(), w.as(domain.TeamLeader), vouchers.Key{}, vouchers.Export{ProgrammeID: w.find("prg", 1), Plans: []byte("plan;borger;foedt;enhed;startdato;ordning\n")}))
	ok(w.service.Redeem(w.t.Context(), w.as(domain.PartnerRole), vouchers.Key{}, vouchers.Redeem{Code: w.code(1), Amount: 5000, ClientRedemptionID: "1st"}))
	for n := 1; n < 3; n++ { // at the other terminal and the other shop
		in := ok(w.access.CreateTerminal(w.t.Context(), w.as(domain.Administrator), w.find("prt", n), access.TerminalInput{Label: "Kasse 10"}))
		w.is("trm", n+10, in.ID)
	}
	ok(w.service.CreateBranch(w.t.Context(), w.as(domain.Administrator), w.find("prt", 1), vouchers.BranchInput{Name: "Filialen"}))
	require.Equal(w.t, 200, w.do(domain.Auditor, "GET", "/citizens/"+example("cit", 1)+"/accesses", "").Code) // a request of its own in the log
}

func (w *world) prove(t *testing.T, c call, name, example string) {
	at := func(value string) string {
		address := c.path
		for in, v := range c.params["path"] {
			address = strings.ReplaceAll(address, "{"+in+"}", v)
		}
		address += "?" + name + "=" + url.QueryEscape(w.here(value))
		if c.id == "getYearEnd" && name != "year" {
			address += "&year=2026" // it is required
		}
		return address
	}
	other, listed := others[c.id+" "+name]
	if !listed {
		other, listed = others[name]
	}
	switch {
	case strings.HasPrefix(c.id, "list") && name == "limit":
		page := w.page(t, c.id, at("1"))
		require.Len(t, page.Data, 1)
		require.NotEmpty(t, page.Next)
	case strings.HasPrefix(c.id, "list") && name == "cursor":
		first := w.page(t, c.id, strings.Replace(at("1"), "cursor", "limit", 1))
		second := w.page(t, c.id, at(first.Next)+"&limit=1")
		require.Len(t, second.Data, 1)
		require.NotEqual(t, first.Data[0].which(), second.Data[0].which())
	case c.id == "exportJournal": // TestJournalExport
	case name == "carried_into_id": // TestDrill
	case c.id == "getSettlementStatement": // TestStatements
	case name == "format":
		for format, kind := range map[string]string{"json": "application/json", "csv": "text/csv; charset=utf-8"} {
			require.Equal(t, kind, w.do(reader(c.id), "GET", at(format), "").Header().Get("Content-Type"))
		}
	case c.id == "getVoucherQRPNG" && name == "size":
		for text, size := range map[string]int{"128": 128, "999": 999} {
			picture := ok(png.Decode(w.do(reader(c.id), "GET", at(text), "").Body))
			require.Equal(t, size, picture.Bounds().Dx())
		}
	case c.method == "GET" && changing[c.id+" "+name] != "":
		one, other := w.do(reader(c.id), "GET", at(example), ""), w.do(reader(c.id), "GET", at(changing[c.id+" "+name]), "")
		require.Equal(t, []int{200, 200}, []int{one.Code, other.Code}, "%s %s", one.Body, other.Body)
		require.NotEqual(t, one.Body.String(), other.Body.String())
	case c.id == "checkRules": // TestCheckRules
	case name == "although_reversed":
		run, _ := parse("srn", w.here(c.params["path"]["settlement_run_id"]))
		ok(w.settlement.ReverseRun(w.t.Context(), w.as(domain.Finance), vouchers.Key{}, run, "Forkert periode."))
		address, _, _ := strings.Cut(at(example), "?")
		require.Equal(t, 409, w.do(reader(c.id), "GET", address, "").Code)
		require.Equal(t, 200, w.do(reader(c.id), "GET", at(example), "").Code)
	case c.id == "listNotices" && name == "state":
		seen := show("ntc", w.find("ntc", 1))
		require.Equal(t, 200, w.do(reader(c.id), "POST", "/notices/"+seen+"/seen", "").Code)
		for state, there := range map[string]bool{"unseen": false, "all": true} {
			require.Equal(t, there, w.lists(t, c.id, at(state)+"&limit=100", seen), state)
		}
	case c.id == "deleteApprovalLimits": // TestExamples: only programme 4 has limits of its own
	case strings.HasPrefix(c.id, "list"):
		require.True(t, listed, "nothing here shows that %s of %s counts", name, c.id)
		found := map[string]bool{}
		for _, row := range w.page(t, c.id, at(example)+"&limit=100").Data {
			found[row.ID] = true
		}
		require.NotEmpty(t, found, "the example of openapi.yaml finds nothing")
		for _, row := range w.page(t, c.id, at(other)+"&limit=100").Data {
			require.False(t, found[row.ID], "%s is %s and %s", row.ID, example, other)
		}
	case c.id == "getReport" || c.id == "getBalances":
		require.True(t, figured[c.id+" "+name], "TestFigures does not show that %s of %s counts", name, c.id)
	default:
		t.Fatalf("nothing here shows that %s of %s counts", name, c.id)
	}
}

// reader is the role that sees most of what an operation reads.
func reader(id string) domain.Role {
	if role, ok := doers[id]; ok {
		return role
	}
	if id == "listAccesses" {
		return domain.Auditor // is told who it was
	}
	for _, role := range domain.Permissions[domain.Action(id)] {
		if role != domain.Caseworker && role != domain.PartnerRole {
			return role
		}
	}
	return doer(id)
}

// rows is what every list answers.
type rows struct {
	Data []row  `json:"data"`
	Next string `json:"next_cursor"`
}

type row struct {
	ID        string      `json:"id"`
	CreatedAt time.Time   `json:"created_at"`
	BookedOn  domain.Date `json:"booked_on"`
	LocalDate domain.Date `json:"local_date"`
	text      string
}

// UnmarshalJSON keeps the row's text, too.
func (r *row) UnmarshalJSON(b []byte) error {
	type plain row
	r.text = string(b)
	return json.Unmarshal(b, (*plain)(r))
}

// which tells a row from others: by its id, or by all that it says when it has
// none.
func (r row) which() string { return cmp.Or(r.ID, r.text) }

func (w *world) page(t *testing.T, id, address string) (page rows) {
	t.Helper()
	answer := w.do(reader(id), "GET", address, "")
	require.Equal(t, 200, answer.Code, "%s: %s", address, answer.Body)
	require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &page))
	return page
}

// TestPeriods: a filter of dates includes both its days, one of instants its
// first and not its last.
func TestPeriods(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for id, address := range map[string]string{"listAttendances": "/attendances", "listSessions": "/sessions", "listPostings": "/postings"} {
			row := w.page(t, id, address+"?limit=1").Data[0]
			day := row.BookedOn
			if day.IsZero() {
				day = row.LocalDate
			}
			for query, there := range map[string]bool{
				"from=" + day.String() + "&to=" + day.String(): true, "from=" + day.AddDays(1).String(): false, "to=" + day.AddDays(-1).String(): false,
			} {
				require.Equal(t, there, w.lists(t, id, address+"?limit=100&"+query, row.ID), "%s?%s", address, query)
			}
		}
		for id, address := range map[string]string{"listVouchers": "/vouchers", "listRedemptions": "/redemptions", "listAuditEntries": "/audit-entries"} {
			row := w.page(t, id, address+"?limit=1").Data[0]
			from, until, at := "from=", "until=", row.CreatedAt.Format(time.RFC3339Nano)
			if id == "listVouchers" {
				from, until = "issued_from=", "issued_until="
			}
			for query, there := range map[string]bool{
				from + at: true, until + at: false, until + row.CreatedAt.Add(time.Microsecond).Format(time.RFC3339Nano): true, from + row.CreatedAt.Add(time.Second).Format(time.RFC3339Nano): false,
			} {
				require.Equal(t, there, w.lists(t, id, address+"?limit=100&"+query, row.ID), "%s?%s", address, query)
			}
		}
	})
}

func (w *world) lists(t *testing.T, id, address, row string) bool {
	t.Helper()
	for _, r := range w.page(t, id, address).Data {
		if r.ID == row {
			return true
		}
	}
	return false
}
