package api

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// treatment are words that would tell a shop whom a voucher belongs to, or why
// they have it: of our API, of Danish, of English, and of the examples' world.
var treatment = regexp.MustCompile(`(?i)citizen|borger|"unit|enhed|enrolment|indskriv|attend|fremmøde|session|aftale|treatment|behandl|misbrug|rusmid|drug|addict|award|milestone|"plan|pln_|cit_|att_|enr_|awd_|unt_|prg_|ver_|move-2026|B-100\d|P-10\d\d|@eksempel\.dk|birth|foedt|cpr`)

// TestShopsLearnNothing sends everything that a shop may ask, rightly and with
// wrong codes, and finds no word of who the voucher is for in any answer.
func TestShopsLearnNothing(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	require.Regexp(t, treatment, w.do(domain.TeamLeader, "GET", "/vouchers/"+example("vch", 1), "").Body.String(), "the search finds what staff are shown")
	silent := func(what string, answer *httptest.ResponseRecorder) {
		t.Helper()
		number := answer.Header().Get("X-Request-Id") // random letters may be a word
		for name, values := range answer.Header() {
			require.NotRegexp(t, treatment, strings.ReplaceAll(fmt.Sprint(name, values), number, ""), what)
		}
		body := strings.ReplaceAll(answer.Body.String(), number, "")
		require.NotRegexp(t, treatment, body, what)
		require.Empty(t, leaks.Find(body), what)
	}
	asked := 0
	for _, c := range examples(t) {
		if c.public || !slices.Contains(domain.Permissions[domain.Action(c.id)], domain.PartnerRole) || c.id == "getRulesSchema" {
			continue
		}
		asked++
		answer := w.send(domain.PartnerRole, c.request(w))
		require.Less(t, answer.Code, 500, c.id)
		silent(c.id, answer)
		if !slices.Contains([]string{"checkVoucher", "redeemVoucher", "getRedemption", "listRedemptions", "reverseRedemption"}, c.id) {
			continue
		}
		for name, broken := range breakages(c) {
			r := broken.request(w)
			answer := w.send(domain.PartnerRole, r)
			answer.Body = bytes.NewBufferString(strings.ReplaceAll(answer.Body.String(), r.URL.Path, "")) // what it asked for itself
			silent(c.id+" "+name, answer)
		}
	}
	require.Greater(t, asked, 4)
	for n := range 8 {
		id := example("vch", n+1)
		silent(id, w.do(domain.PartnerRole, "GET", "/vouchers/"+id, ""))
	}
}
