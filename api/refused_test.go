package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// anID is an id of any kind, as a whole value.
var anID = regexp.MustCompile(`^([a-z]{3}_)[0-9a-f]{32}$`)

// TestZeroIDs puts an id of nothing but zeroes where any operation takes one, in
// path, query and body. Each is refused by name and changes nothing: it must not
// be taken for an id that was not given.
func TestZeroIDs(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	before, places := w.newest(), 0
	refused := func(c call, field string) {
		answer := w.send(doer(c.id), c.request(w))
		require.Equal(t, 400, answer.Code, "%s %s: %s", c.id, field, answer.Body)
		require.Equal(t, map[string]string{field: "invalid"}, fields(problem(t, answer)), c.id)
		require.Contains(t, answer.Body.String(), "zeroes", "%s %s", c.id, field)
		places++
	}
	for _, c := range examples(t) {
		for place, values := range c.params {
			for name, value := range values {
				if anID.MatchString(value) && place != "header" {
					b := c
					b.params = maps.Clone(c.params)
					b.params[place] = maps.Clone(values)
					b.params[place][name] = zeroes(value)
					refused(b, name)
				}
			}
		}
		if given, is := c.body.(map[string]any); is {
			for name, value := range given {
				if text, is := value.(string); is && anID.MatchString(text) && !c.files {
					refused(c.with(func(m map[string]any) { m[name] = zeroes(text) }), name)
				}
			}
		}
	}
	require.Greater(t, places, 90)
	require.Equal(t, before, w.newest())
}

func zeroes(id string) string { return id[:4] + strings.Repeat("0", 32) }

// TestZeroUnitIsNotEveryUnit: nobody becomes the whole municipality's by an id
// of zeroes, and what the examples leave out is refused as well.
func TestZeroUnitIsNotEveryUnit(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	const nothing = "00000000000000000000000000000000"
	for _, c := range []struct {
		role              domain.Role
		path, body, field string
	}{
		{domain.Administrator, "/tokens", `{"person": "x@y", "role": "team_leader", "unit_id": "unt_` + nothing + `"}`, "unit_id"},
		{domain.Administrator, "/tokens", `{"person": "x@y", "role": "partner", "partner_id": "prt_` + nothing + `"}`, "partner_id"},
		{domain.Caseworker, "/attendances", `{"plan_id": "` + example("pln", 1) + `", "session_id": "ses_` + nothing + `", "occurred_at": "2026-10-20T09:00:00Z", "kind": "group", "outcome": "no_show"}`, "session_id"},
		{domain.Caseworker, "/enrolments", `{"plan_id": "` + example("pln", 3) + `", "programme_id": "` + example("prg", 1) + `", "version_id": "ver_` + nothing + `"}`, "version_id"},
		{domain.Caseworker, "/plans/" + example("pln", 1) + "/goals", `{"wording": "x", "parent_id": "gol_` + nothing + `"}`, "parent_id"},
	} {
		answer := w.do(c.role, "POST", c.path, c.body, "Idempotency-Key", "k")
		require.Equal(t, 400, answer.Code, answer.Body)
		require.Equal(t, map[string]string{c.field: "invalid"}, fields(problem(t, answer)))
	}
	answer := w.do(domain.Caseworker, "PATCH", "/citizens/"+example("cit", 3), `{"unit_id": "unt_`+nothing+`"}`, "If-Match", `"1"`)
	require.Equal(t, map[string]string{"unit_id": "invalid"}, fields(problem(t, answer)))
	answer = w.do(domain.TeamLeader, "GET", "/vouchers?cursor="+strings.Repeat("A", 22), "")
	require.Equal(t, map[string]string{"cursor": "unknown"}, fields(problem(t, answer)), "no page ends before the first row")
}

// TestInstants: an instant is RFC 3339 to the letter, and the field is named.
func TestInstants(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	for at, code := range map[string]string{
		"2026-10-21T9:00:00Z": "invalid", "2026-10-21T09:00:00,5Z": "invalid", "2026-10-21T09:00:00+24:00": "invalid", "2026-10-21T09:00:00+02:60": "invalid",
		"2026-10-21 09:00:00Z": "invalid", "2026-10-21T09:00Z": "invalid", "2026-10-21T24:00:00Z": "invalid", "2026-02-30T09:00:00Z": "invalid", "": "invalid",
		"1880-01-01T00:00:00+23:59": "out_of_range", "2199-12-31T23:59:59-23:59": "out_of_range",
		"2026-10-21T09:00:00Z": "", "2026-10-22T09:00:00.5Z": "", "2026-10-23T09:00:00+23:59": "", "2026-10-24T09:00:00.123456789012Z": "",
	} {
		want := map[string]string{"occurred_at": code}
		answer := w.do(domain.Caseworker, "POST", "/attendances", `{"plan_id": "`+example("pln", 1)+`", "occurred_at": "`+at+`", "kind": "group", "outcome": "no_show"}`, "Idempotency-Key", "k"+strings.ReplaceAll(at, " ", "_"))
		if code == "" {
			require.Equal(t, 201, answer.Code, "%s: %s", at, answer.Body)
			continue
		}
		require.Equal(t, 400, answer.Code, "%s: %s", at, answer.Body)
		require.Equal(t, want, fields(problem(t, answer)), at)
		answer = w.do(domain.Auditor, "GET", "/audit-entries?from="+strings.NewReplacer("+", "%2B", " ", "%20").Replace(at), "")
		require.Equal(t, map[string]string{"from": code}, fields(problem(t, answer)), at)
	}
}

// TestUnusableVouchersShowNoCode: whatever shows a code refuses one that opens
// nothing.
func TestUnusableVouchersShowNoCode(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	ok(w.service.Void(t.Context(), w.as(domain.TeamLeader), vouchers.Key{}, w.find("vch", 5), "Fejl."))
	ok(w.service.Reissue(t.Context(), w.as(domain.Caseworker), vouchers.Key{}, w.find("vch", 4), "Tabt."))
	refused := func(n int) {
		before := w.newest()
		for _, shown := range []string{"code", "qr.png", "qr.png?size=128", "qr.svg", "card"} {
			answer := w.do(domain.TeamLeader, "GET", fmt.Sprintf("/vouchers/%s/%s", example("vch", n), shown), "")
			require.Equal(t, 409, answer.Code, "%d %s: %s", n, shown, answer.Body)
			require.Equal(t, "wrong_state", problem(t, answer).Code)
		}
		require.Equal(t, before, w.newest())
	}
	for _, n := range []int{3, 4, 5, 7} { // blocked, replaced, void, redeemed
		refused(n)
	}
	w.until(w.now.AddDate(1, 1, 0))
	ok(w.service.Expire(t.Context(), w.home))
	refused(1)
}

// TestReversedByWhom: a shop reads why its own till took a purchase back, and
// never who of the staff did, nor what they wrote.
func TestReversedByWhom(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	byTill := w.do(domain.PartnerRole, "POST", "/redemptions/"+example("rdm", 1)+"/reversal", `{"reason": "Kunden fortrød."}`, "Idempotency-Key", "1")
	require.Equal(t, 201, byTill.Code, byTill.Body)
	byStaff := w.do(domain.Finance, "POST", "/redemptions/"+example("rdm", 2)+"/reversal", `{"reason": "Borgeren ringede."}`, "Idempotency-Key", "2")
	require.Equal(t, 201, byStaff.Code, byStaff.Body)
	reversal := func(answer *httptest.ResponseRecorder) (r map[string]any) {
		var all struct {
			Data     []struct{ Reversal map[string]any }
			Reversal map[string]any
		}
		require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &all))
		if all.Data != nil {
			return all.Data[0].Reversal
		}
		return all.Reversal
	}
	for n, c := range map[int]struct{ reason, by string }{1: {"Kunden fortrød.", "terminal:"}, 2: {"Borgeren ringede.", "finance@eksempel.dk"}} {
		for _, role := range []domain.Role{domain.PartnerRole, domain.Finance} {
			for _, path := range []string{"/redemptions/" + example("rdm", n), "/redemptions?voucher_id=" + example("vch", 6+n)} {
				r := reversal(w.do(role, "GET", path, ""))
				require.EqualValues(t, 20000, r["amount"], path)
				if n == 2 && role == domain.PartnerRole {
					require.NotContains(t, r, "reason")
					require.NotContains(t, r, "reversed_by")
					continue
				}
				require.Equal(t, c.reason, r["reason"])
				require.Contains(t, r["reversed_by"], c.by)
			}
		}
	}
	require.NotContains(t, w.do(domain.PartnerRole, "GET", "/redemptions", "").Body.String(), "eksempel.dk")
	by, _ := reversal(w.do(domain.Finance, "GET", "/redemptions/"+example("rdm", 1), ""))["reversed_by"].(string)
	require.Equal(t, "terminal:"+w.here(example("trm", 1)), by)
	require.NotEmpty(t, w.page(t, "listAuditEntries", "/audit-entries?action=reverseRedemption&person="+by).Data, "the audit log knows the till by the same name")
}
