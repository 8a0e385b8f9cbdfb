package api

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Finance reads who may approve how much in words, changes it, and gives a programme's
// own limits up; a team leader names a deputy, and ends that.
func TestLimitsInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		run(w.enters(domain.Finance, address), chromedp.Navigate(address+"/year"), browsertest.Press("Beløbsgrænser for godkendelse"), browsertest.Heading("Beløbsgrænser for godkendelse"), sees("Over 1.000 kr. skal også en teamleder mere godkende."))
		looks("finance-limits")
		run(browsertest.Fill("above_2", "2.000"), browsertest.Fill("leader_most", "mange"), browsertest.Press("Gem grænserne"), chromedp.WaitVisible("#leader_most-wrong", chromedp.ByQuery))
		looks("finance-limits-refused")
		run(browsertest.Fill("leader_most", "5.000"), browsertest.Press("Gem grænserne"), sees("Grænserne er gemt"), sees("Over 2.000 kr. skal også en teamleder mere godkende."), sees("En teamleder kan ikke godkende mere end 5.000 kr."))
		l := ok(w.service.ApprovalLimits(t.Context(), w.as(domain.Finance), domain.ID{}))
		require.EqualValues(t, []int64{200_000, 500_000, 0}, []int64{l.Steps[1].Above, *l.LeaderMost, l.OwnCaseload})
		run(chromedp.Navigate(address+"/limits?programme="+show("prg", w.find("prg", 4))), browsertest.Press("Brug de fælles grænser igen"), sees("Ordningen har ikke sine egne grænser."))

		run(w.enters(domain.TeamLeader, address), chromedp.Navigate(address+"/approvals"), browsertest.Press("Stedfortræder"), browsertest.Heading("Stedfortræder"), browsertest.Fill("deputy", "anden.leder@eksempel.dk"), browsertest.Fill("first_day", "2026-12-24"), browsertest.Fill("last_day", "2026-12-23"), browsertest.Press("Gør dem til stedfortræder"), chromedp.WaitVisible("#last_day-wrong", chromedp.ByQuery))
		looks("leader-deputies-refused")
		run(browsertest.Fill("last_day", "2026-12-31"), browsertest.Press("Gør dem til stedfortræder"), sees("Stedfortræderen er valgt"))
		looks("leader-deputies")
		verified(t, w)
	})
}

// A deputy is named once however often that is sent, and ended once; whoever may not
// does not see the page; and a run is drafted in another currency where there is one.
func TestDeputiesAndCurrencies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for _, typed := range []string{"number=1&leader_most=mange", "do=give_up&programme=" + show("prg", w.find("prg", 4))} {
			require.Equal(t, 403, w.pressed(domain.TeamLeader, "/limits", typed).Code, typed)
		}
		before := len(ok(w.service.Deputies(t.Context(), w.as(domain.TeamLeader), store.Page{Limit: 50})).Rows)
		form := url.Values{"deputy": {"anden.leder@eksempel.dk"}, "first_day": {"2026-12-24"}, "last_day": {"2026-12-31"}, "key": {"deputy-1"}}
		for range 2 {
			require.Equal(t, 303, w.pressed(domain.TeamLeader, "/deputies", form.Encode()).Code)
		}
		named := ok(w.service.Deputies(t.Context(), w.as(domain.TeamLeader), store.Page{Limit: 50})).Rows
		require.Len(t, named, before+1)
		form.Set("key", "deputy-2")
		again := w.pressed(domain.TeamLeader, "/deputies", form.Encode())
		require.Equal(t, 422, again.Code)
		require.Contains(t, again.Body.String(), danish("fault.field.already_named"))
		for range 2 {
			require.Equal(t, 303, w.pressed(domain.TeamLeader, "/deputies", "do=withdraw&id="+show("dep", named[0].ID)).Code)
		}
		require.Equal(t, 403, w.opened(domain.Finance, "/deputies").Code)
		require.Equal(t, 200, w.opened(domain.TeamLeader, "/limits").Code)
		require.NotContains(t, w.opened(domain.TeamLeader, "/limits").Body.String(), `method="post"`)
		require.Equal(t, 403, w.pressed(domain.TeamLeader, "/limits", "number=1&role_1=team_leader&remind_days=7&key=limits-1").Code)

		l := ok(w.settlement.RunList(t.Context(), w.as(domain.Finance), store.Page{Limit: 9}))
		require.Equal(t, "DKK", l.Currencies[0])
		require.Contains(t, l.Currencies, "SEK")
		page := w.opened(domain.Finance, "/runs").Body.String()
		require.Contains(t, page, `name="currency"`)
		form = url.Values{"period_from": {"2026-11-01"}, "period_to": {"2026-11-20"}, "currency": {"SEK"}, "key": {"run-sek-1"}}
		sek := w.pressed(domain.Finance, "/runs", form.Encode())
		_, err := w.settlement.DraftRun(t.Context(), w.as(domain.Finance), store.Key{}, settlement.Period{From: domain.Date{Year: 2026, Month: 11, Day: 1}, To: domain.Date{Year: 2026, Month: 11, Day: 20}, Currency: "SEK"})
		require.Error(t, err, "nothing was bought in it")
		require.Equal(t, 409, sek.Code)
		require.Contains(t, sek.Body.String(), web.Fault(web.Danish, domain.CodeOf(err), err.Error()))
		verified(t, w)
	})
}
