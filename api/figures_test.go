package api

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// figured says which parameters of reports and balances TestFigures proves.
var figured = map[string]bool{
	"getBalances at": true, "getReport at": true, "getReport from": true, "getReport group_by": true, "getReport currency": true,
	"getReport unit_id": true, "getReport programme_id": true, "getReport partner_id": true,
}

// TestFigures asks for figures that are known, at dates before, between and
// after what was booked.
func TestFigures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		w.history()
		for query, want := range map[string]int64{
			"spend?at=2026-11-20": 0, "spend?at=2026-11-21": 40000, "spend?at=2026-12-04": 40000, "spend?at=2026-12-05": 52500, "spend": 52500,
			"spend?from=2026-11-21&at=2026-11-21": 40000, "spend?from=2026-11-22": 12500, "spend?from=2026-12-06": 0,
			"outstanding?at=2026-11-20": 0, "outstanding?at=2026-11-21": 180000, "outstanding?at=2026-12-05": 167500, "outstanding": 0,
			"lapsed?at=2026-12-31": 0, "lapsed": 167500, "lapsed?from=2028-01-02": 0,
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
			"?at=2026-11-21": {"budget": 270000, "reserved": -50000, "outstanding": -180000, "payable": -40000},
			"?at=2026-12-05": {"budget": 270000, "reserved": -50000, "outstanding": -167500, "payable": -52500},
			"":               {"budget": 270000, "reserved": -50000, "outstanding": 0, "payable": -52500, "lapsed": -167500},
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
	w.until(time.Date(2028, 1, 1, 9, 0, 0, 0, time.UTC))
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
