package api

import (
	"encoding/json"
	"image/png"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
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
	"session_id": example("ses", 2), "terminal_id": example("trm", 2), "entry_id": example("ent", 2), "object_id": example("att", 2),
	"from": "2030-01-01", "to": "2020-01-01", "issued_from": "2030-01-01", "issued_to": "2020-01-01",
	"listSessions outcome": "recorded", "listRedemptions from": "2030-01-01T00:00:00Z", "listRedemptions until": "2020-01-01T00:00:00Z",
	"listAuditEntries from": "2030-01-01T00:00:00Z", "listAuditEntries until": "2020-01-01T00:00:00Z",
	"listVouchers issued_from": "2030-01-01T00:00:00Z", "listVouchers issued_until": "2020-01-01T00:00:00Z",
	"reference": "P-0", "slug": "draft-2026", "serial": "2026-00000-00000", "cvr": "87654338", "person": "finance@eksempel.dk", "role": "finance",
	"action": "createUnit", "object": "unit", "account": "payable", "event": "redeem", "currency": "EUR", "outcome": "no_show",
	"listPlans state": "ended", "listGoals state": "dropped", "listSessions state": "withdrawn", "listVersions state": "draft",
	"listEnrolments state": "ended", "listAwards state": "proposed", "listVouchers state": "blocked", "listPartners state": "suspended", "listTerminals state": "revoked", "listAssignments state": "revoked",
	"account_id": example("acc", 2), "listAccounts state": "suspended", "listRecoveries state": "withdrawn",
}

// changing is another value of a parameter, by "operation parameter", with which
// the answer is another.
var changing = map[string]string{
	"getVersionAmounts start_date": "2027-02-01", "getVersionDiff against": example("ver", 2), "getImmediacy from": "2030-01-01", "getImmediacy to": "2020-01-01",
	"getImmediacy unit_id": example("unt", 2), "getImmediacy programme_id": example("prg", 2),
	"getNextVisit at": "2026-11-29T10:00:00Z", "getExplanationsPage lang": "da",
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
	_ = ok(w.service.Found(w.t.Context(), "Nordby Kommune", ""))
	ok(w.service.StartImport(w.t.Context(), w.as(domain.TeamLeader), vouchers.Key{}, vouchers.Export{ProgrammeID: w.find("prg", 1), Plans: []byte("plan;borger;foedt;enhed;startdato;ordning\n")}))
	ok(w.service.Redeem(w.t.Context(), w.as(domain.PartnerRole), vouchers.Key{}, vouchers.Redeem{Code: w.code(1), Amount: 5000, ClientRedemptionID: "1st"}))
	for n := 1; n < 3; n++ { // at the other terminal and the other shop
		in := ok(w.access.CreateTerminal(w.t.Context(), w.as(domain.Administrator), w.find("prt", n), "Kasse 10"))
		w.is("trm", n+10, in.ID)
	}
}

func (w *world) prove(t *testing.T, c call, name, example string) {
	at := func(value string) string {
		address := c.path
		for in, v := range c.params["path"] {
			address = strings.ReplaceAll(address, "{"+in+"}", v)
		}
		return address + "?" + name + "=" + url.QueryEscape(w.here(value))
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
		require.NotEqual(t, first.Data[0].ID, second.Data[0].ID)
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
	for _, role := range domain.Permissions[domain.Action(id)] {
		if role != domain.Caseworker && role != domain.PartnerRole {
			return role
		}
	}
	return doer(id)
}

// rows is what every list answers.
type rows struct {
	Data []struct {
		ID        string      `json:"id"`
		CreatedAt time.Time   `json:"created_at"`
		BookedOn  domain.Date `json:"booked_on"`
		LocalDate domain.Date `json:"local_date"`
	} `json:"data"`
	Next string `json:"next_cursor"`
}

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

// figured says which parameters of reports and balances TestFigures proves.
var figured = map[string]bool{
	"getBalances at": true, "getReport at": true, "getReport from": true, "getReport group_by": true, "getReport currency": true,
	"getReport unit_id": true, "getReport programme_id": true, "getReport partner_id": true,
}

// TestFigures asks for figures that are known, at dates before, between and
// after what was booked.
func TestFigures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.history()
		for query, want := range map[string]int64{
			"spend?at=2026-11-20": 0, "spend?at=2026-11-21": 40000, "spend?at=2026-12-04": 40000, "spend?at=2026-12-05": 52500, "spend": 52500,
			"spend?from=2026-11-21&at=2026-11-21": 40000, "spend?from=2026-11-22": 12500, "spend?from=2026-12-06": 0,
			"outstanding?at=2026-11-20": 0, "outstanding?at=2026-11-21": 140000, "outstanding?at=2026-12-05": 127500, "outstanding": 0,
			"lapsed?at=2026-12-31": 0, "lapsed": 127500, "lapsed?from=2028-01-02": 0,
			"spend?unit_id=unt_01920000000070008000000000000001": 52500, "spend?unit_id=unt_01920000000070008000000000000002": 0,
			"spend?programme_id=prg_01920000000070008000000000000001": 52500, "spend?programme_id=prg_01920000000070008000000000000002": 0,
			"spend?partner_id=prt_01920000000070008000000000000001": 52500, "spend?partner_id=prt_01920000000070008000000000000002": 0,
			"spend?currency=DKK": 52500, "spend?currency=EUR": 0,
		} {
			require.Equal(t, want, w.report(t, query).Total, query)
		}
		for group, keys := range map[string][]string{
			"": {example("prg", 1)}, "programme": {example("prg", 1)}, "unit": {example("unt", 1)}, "partner": {example("prt", 1)}, "month": {"2026-11", "2026-12", "2027-11"},
		} {
			report := w.report(t, strings.TrimSuffix("spend?group_by="+group, "?group_by="))
			require.Equal(t, keys, each(report.Rows, func(r ReportRow) string { return strings.NewReplacer(w.back()...).Replace(r.Key) }), group)
		}
		for at, want := range map[string]map[string]int64{
			"?at=2026-11-20": {},
			"?at=2026-11-21": {"budget": 180000, "outstanding": -140000, "payable": -40000},
			"?at=2026-12-05": {"budget": 180000, "outstanding": -127500, "payable": -52500},
			"":               {"budget": 180000, "outstanding": 0, "payable": -52500, "lapsed": -127500},
		} {
			var balances Balances
			read(t, w, base+"/balances"+at, &balances)
			got := map[string]int64{}
			for _, b := range balances.Accounts {
				got[b.Account] = b.Amount
			}
			require.Equal(t, want, got, at)
		}
	})
}

// history lets time pass: on 5 December 2026 a voucher is voided, one is earned
// and one is spent in part; a year on, vouchers expire, and a purchase on the
// last day is taken back after it; on 1 January 2028 the rest has expired.
func (w *world) history() {
	ctx, till := w.t.Context(), w.as(domain.PartnerRole)
	w.now = time.Date(2026, 12, 5, 9, 0, 0, 0, time.UTC)
	ok(w.service.Void(ctx, w.as(domain.TeamLeader), vouchers.Key{}, w.find("vch", 5), "Fejl."))
	earned := ok(w.service.Attend(ctx, w.as(domain.Caseworker), vouchers.Key{}, vouchers.Visit{PlanID: w.find("pln", 1), SessionID: w.find("ses", 2), Outcome: domain.Attended}))
	require.Len(w.t, earned.Value.Vouchers, 1)
	ok(w.service.Redeem(ctx, till, vouchers.Key{}, vouchers.Redeem{Code: w.code(1), Amount: 12500, ClientRedemptionID: "december"}))
	end := ok(w.service.Voucher(ctx, w.as(domain.TeamLeader), w.find("vch", 2))).ValidTo
	w.now = end.Add(-time.Hour)
	last := ok(w.service.Redeem(ctx, till, vouchers.Key{}, vouchers.Redeem{Code: w.code(2), Amount: 5000, ClientRedemptionID: "last"}))
	w.now = end.Add(time.Hour)
	ok(w.service.Expire(ctx, w.home))
	ok(w.service.Reverse(ctx, till, vouchers.Key{}, last.Value.ID, "Fortrudt."))
	w.now = time.Date(2028, 1, 1, 9, 0, 0, 0, time.UTC)
	ok(w.service.Expire(ctx, w.home))
}

// back is names the other way round.
func (w *world) back() []string {
	list := make([]string, 0, len(w.names))
	for i := 0; i < len(w.names); i += 2 {
		list = append(list, w.names[i+1], w.names[i])
	}
	return list
}

func (w *world) report(t *testing.T, query string) (report Report) {
	t.Helper()
	read(t, w, base+"/reports/"+w.here(query), &report)
	return report
}
