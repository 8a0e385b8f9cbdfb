package api

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// A shop reads its own redemptions, and from the approval on its settlement, the lines
// and statement behind it, and how far its payment is; nobody else's.
func TestPartnersReadTheirOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		ctx, finance, first := t.Context(), w.as(domain.Finance), w.tokens[domain.PartnerRole]
		in := ok(w.access.CreateTerminal(ctx, w.as(domain.Administrator), w.find("prt", 2), access.TerminalInput{Label: "Kasse 1"}))
		second := ok(w.access.EnrolTerminal(ctx, access.Device{}, in.Code)).Key
		w.tokens[domain.PartnerRole] = second
		bought := w.do(domain.PartnerRole, "POST", "/redemptions", `{"code": "`+w.code(1)+`", "amount": 100, "client_redemption_id": "bon-1"}`, "Idempotency-Key", "bon-1")
		require.Equal(t, 201, bought.Code, bought.Body)
		var redemption struct{ ID string }
		require.NoError(t, json.Unmarshal(bought.Body.Bytes(), &redemption))
		w.own(t, first, second, "/redemptions", "/"+redemption.ID)
		w.own(t, second, first, "/redemptions", "/"+example("rdm", 1))

		maker, today := finance, domain.Date{Year: 2026, Month: 11, Day: 21}
		maker.Person = "finance2@eksempel.dk"
		run := ok(w.settlement.DraftRun(ctx, maker, vouchers.Key{}, settlement.Period{From: today, To: today})).Value
		row := ok(w.settlement.Settlements(ctx, finance, store.Page{Limit: 1}, settlement.Filter{RunID: run.ID, PartnerID: w.find("prt", 2)})).Rows[0]
		id := show("stl", row.ID)
		for _, path := range []string{"", "/lines", "/statement", "/statement?format=csv"} {
			require.Equal(t, 404, w.reads(second, "/settlements/"+id+path).Code, "a draft is finance's: %s", path)
		}
		require.NotContains(t, w.reads(second, "/settlements?limit=100").Body.String(), id)

		ok(w.settlement.ApproveRun(ctx, finance, vouchers.Key{}, run.ID, 0))
		w.own(t, first, second, "/settlements", "/"+id, "/"+id+"/lines", "/"+id+"/statement", "/"+id+"/statement?format=csv")
		w.own(t, second, first, "/settlements", "/"+example("stl", 1), "/"+example("stl", 1)+"/lines", "/"+example("stl", 1)+"/statement", "/"+example("stl", 1)+"/statement?format=csv")
		require.Contains(t, w.reads(second, "/settlements/"+id+"/lines").Body.String(), redemption.ID)
		require.Contains(t, w.reads(second, "/settlements/"+id+"/statement?format=csv").Body.String(), ";bon-1;")
		require.Equal(t, "%PDF-", w.reads(second, "/settlements/"+id+"/statement").Body.String()[:5])
		require.Contains(t, w.reads(second, "/settlements/"+id).Body.String(), `"state":"due"`)

		ok(w.settlement.TakeInvoice(ctx, maker, document("Invoice", row.Number, "87654338", row.Number, "", row.Total)))
		ok(w.settlement.PayRun(ctx, maker, vouchers.Key{}, run.ID, settlement.Paid{On: today, Settlements: []domain.ID{row.ID}}))
		paid := w.reads(second, "/settlements/"+id).Body.String()
		require.Contains(t, paid, `"state":"paid"`)
		require.Contains(t, paid, `"paid_on":"2026-11-21"`)
	})
}

// reads is what a shop, by its till's key, is answered.
func (w *world) reads(token, path string) *httptest.ResponseRecorder {
	w.tokens[domain.PartnerRole] = token
	return w.do(domain.PartnerRole, "GET", path, "")
}

// own asserts that of two shops only the owner reads some things, the first of which
// is in its list, and in nobody else's however that is asked for.
func (w *world) own(t *testing.T, other, owner, list string, paths ...string) {
	t.Helper()
	for _, path := range paths {
		require.Equal(t, 200, w.reads(owner, list+path).Code, path)
		answer := w.reads(other, list+path)
		require.Equal(t, 404, answer.Code, path)
		require.NotEmpty(t, problem(t, answer).Code)
	}
	id := w.here(paths[0][1:])
	for _, query := range []string{"?limit=100", "?limit=100&partner_id=" + example("prt", 1), "?limit=100&partner_id=" + example("prt", 2)} {
		require.NotContains(t, w.reads(other, list+query).Body.String(), id, query)
	}
	require.Contains(t, w.reads(owner, list+"?limit=100").Body.String(), id)
}
