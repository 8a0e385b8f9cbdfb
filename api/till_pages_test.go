package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// tills asks for a page below the till's as a browser without script does.
func (w *world) tills(method, path string, form url.Values, cookie *http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(w.t.Context(), method, tillPath+path, strings.NewReader(form.Encode()))
	r.Header.Set("Accept", "text/html")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if cookie != nil {
		r.AddCookie(cookie)
	}
	return w.send("", r)
}

// Without script a form does the same: what is refused says why beside it, what was
// typed is kept, and what is sent twice pays once.
func TestTillPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		till := w.newTill("Kasse ved døren")
		pay := func(key, amount string) *httptest.ResponseRecorder {
			return w.tills("POST", "/redemptions", url.Values{"key": {key}, "code": {w.code(6)}, "amount": {amount}}, till)
		}
		for amount, wrong := range map[string]string{"": "fault.field.no_amount", "0": "fault.field.out_of_range", "12,345": "fault.field.no_amount", "1.2.3": "fault.field.no_amount", "200,01": "till.why_insufficient_balance"} {
			refused := pay("k-"+amount, amount)
			require.GreaterOrEqual(t, refused.Code, 409, amount)
			require.Contains(t, refused.Body.String(), danish(wrong), amount)
			require.Contains(t, refused.Body.String(), `value="`+amount+`"`, "what was typed is kept")
			silent(t, refused.Body.String())
		}
		require.Empty(t, w.paidWith(6))
		first, second := pay("k-1", "25.00"), pay("k-1", "25.00") // a phone in English has no comma to press
		require.Equal(t, []any{303, first.Header().Get("Location")}, []any{second.Code, second.Header().Get("Location")})
		require.Len(t, w.paidWith(6), 1)
		page := strings.TrimPrefix(first.Header().Get("Location"), tillPath)
		paid := w.tills("GET", page, nil, till)
		require.Contains(t, inLine(paid.Body.String()), "175,00 kr. tilbage på gavekortet")
		silent(t, paid.Body.String())
		require.Equal(t, first.Header().Get("Location"), w.tills("POST", "/asked", url.Values{"key": {"k-1"}}, till).Header().Get("Location"))
		never := w.tills("POST", "/asked", url.Values{"key": {"k-2"}}, till)
		require.Equal(t, 200, never.Code)
		require.Contains(t, never.Body.String(), danish("till.nothing_taken"))

		other := w.newTill("Kasse 13")
		require.Equal(t, 404, w.tills("GET", page, nil, other).Code, "another till's")
		require.Contains(t, w.tills("POST", "/asked", url.Values{"key": {"k-1"}}, other).Body.String(), danish("till.nothing_taken"))
		require.Equal(t, 404, w.tills("POST", page+"/undo", url.Values{"key": {"u"}}, other).Code)
		for range 2 {
			require.Equal(t, first.Header().Get("Location"), w.tills("POST", page+"/undo", url.Values{"key": {"u-1"}}, till).Header().Get("Location"))
		}
		require.Equal(t, 303, w.tills("POST", page+"/undo", url.Values{"key": {"u-2"}}, till).Code, "it is undone already")
		require.Contains(t, w.tills("GET", page, nil, till).Body.String(), danish("till.undone_what"))
		require.Equal(t, 303, pay("k-1", "25.00").Code, "and shows that it was")
		require.Len(t, w.paidWith(6), 1)
		for _, wrong := range []string{"/redemptions/x", "/redemptions/" + show("rdm", store.NewID()), "/nothing"} {
			answer := w.tills("GET", wrong, nil, till)
			require.Equal(t, 404, answer.Code, wrong)
			require.Contains(t, answer.Body.String(), `href="/till"`)
			silent(t, answer.Body.String())
		}
		require.Equal(t, 404, w.tills("POST", "/redemptions/"+show("rdm", store.NewID())+"/undo", url.Values{"key": {"u-3"}}, till).Code, "what never was")
		gone, leave := context.WithCancel(t.Context())
		leave()
		late := httptest.NewRequestWithContext(gone, "POST", tillPath+page+"/undo", strings.NewReader("key=u-4"))
		late.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		late.AddCookie(till)
		require.Equal(t, 503, w.send("", late).Code, "what could not be done")
		verified(t, w)
	})
}

// Why a voucher cannot be used is said in the shop's words, of each reason.
func TestTillRefusals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		till := w.newTill("Kasse ved døren")
		check := func(code, says string) {
			t.Helper()
			answer := w.tills("POST", "/checks", url.Values{"code": {code}}, till)
			require.GreaterOrEqual(t, answer.Code, 400, says)
			require.Contains(t, answer.Body.String(), says)
			require.Contains(t, answer.Body.String(), danish("till.refused"))
			silent(t, answer.Body.String())
			require.NotContains(t, answer.Header().Get("Permissions-Policy"), "camera=()")
		}
		check("7AAA <b>", danish("till.why_invalid"))
		lost := w.code(4)
		ok(w.service.Block(t.Context(), w.as(domain.Caseworker), w.find("vch", 4), "Tabt."))
		check(lost, danish("till.why_blocked"))
		shop := ok(w.service.Partner(t.Context(), w.as(domain.Administrator), w.find("prt", 1)))
		change := func(c vouchers.PartnerChange) {
			shop = ok(w.service.UpdatePartner(t.Context(), w.as(domain.Administrator), shop.ID, shop.Version, c))
			w.now = w.now.Add(2e9) // who a till is, is remembered for a second
		}
		change(vouchers.PartnerChange{Categories: &[]string{"books"}})
		check(w.code(6), danish("till.why_wrong_partner"))
		most := int64(5000)
		change(vouchers.PartnerChange{Categories: &[]string{"groceries"}, MostPerVoucher: &most})
		shown := w.tills("POST", "/checks", url.Values{"code": {w.code(6)}}, till).Body.String()
		require.Contains(t, inLine(shown), "Op til 50,00 kr.")
		refused := w.tills("POST", "/redemptions", url.Values{"key": {"k"}, "code": {w.code(6)}, "amount": {"60"}}, till)
		require.Contains(t, inLine(refused.Body.String()), "Her kan højst tages 50,00 kr. af ét gavekort i denne butik. Der er 50,00 kr. tilbage af det.")
		require.Equal(t, 303, w.tills("POST", "/redemptions", url.Values{"key": {"k"}, "code": {w.code(6)}, "amount": {"50"}}, till).Code)
		check(w.code(6), "Der kan ikke tages mere her lige nu. Grænsen af ét gavekort i denne butik er nået.")
		old := w.code(5)
		w.now = w.now.AddDate(1, 0, 1)
		check(old, danish("till.why_expired"))
		for range 20 {
			w.tills("POST", "/checks", url.Values{"code": {"x"}}, till)
		}
		check("x", danish("till.why_rate_limited"))
		verified(t, w)
	})
}

// Only a till is let in: another device is led to where it becomes one.
func TestTillOnly(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	staff := auth.Cookie(auth.StaffCookie, w.signedIn(domain.Finance), noTime)
	for _, ask := range [][2]string{{"GET", "/device"}, {"POST", "/checks"}, {"POST", "/redemptions"}, {"GET", "/redemptions/x"}, {"POST", "/redemptions/x/undo"}, {"POST", "/asked"}} {
		for _, cookie := range []*http.Cookie{nil, staff, tillCookie("fhk_x")} {
			answer := w.tills(ask[0], ask[1], url.Values{}, cookie)
			require.Equal(t, []any{303, tillPath}, []any{answer.Code, answer.Header().Get("Location")}, ask)
		}
	}
}
