package api

import (
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// spent lets happen what the examples lack: a payment comes back and is carried on,
// a claim is rejected, a grant is issued, what was spent is taken back, and the
// rest lapses.
func (w *world) spent() {
	ctx, finance, worker := w.t.Context(), w.as(domain.Finance), w.as(domain.Caseworker)
	for _, c := range ok(w.service.Citizens(ctx, worker, store.Page{Limit: 100}, vouchers.CitizenFilter{})).Rows {
		ok(w.service.UpdateCitizen(ctx, worker, c.ID, c.Version, vouchers.CitizenChange{Name: new("Zitronella Quistorff")}))
	}
	ok(w.settlement.RejectHold(ctx, finance, vouchers.Key{}, w.find("hld", 1), "bonen er falsk"))
	ok(w.service.Reject(ctx, w.as(domain.TeamLeader), vouchers.Key{}, w.find("awd", 2), "fortrudt"))
	leader := w.as(domain.TeamLeader)
	leader.Person = "anden.leder@eksempel.dk"
	ok(w.service.Approve(ctx, leader, vouchers.Key{}, w.find("awd", 4), 0))
	day, till := domain.Date{Year: 2026, Month: 11, Day: 21}, w.as(domain.PartnerRole)
	ok(w.settlement.PayRun(ctx, finance, vouchers.Key{}, w.find("srn", 8), settlement.Paid{On: day}))
	first := ok(w.settlement.Settlements(ctx, finance, store.Page{Limit: 10}, settlement.Filter{RunID: w.find("srn", 8)})).Rows[0]
	ok(w.settlement.Bounce(ctx, finance, vouchers.Key{}, first.ID, settlement.Bounced{Reason: "konto lukket"}))
	w.now = time.Date(2026, 12, 5, 9, 0, 0, 0, time.UTC)
	bought := ok(w.service.Redeem(ctx, till, vouchers.Key{}, vouchers.Redeem{Code: w.code(1), Amount: 12500, ClientRedemptionID: "december"}))
	ok(w.service.Redeem(ctx, till, vouchers.Key{}, vouchers.Redeem{Code: w.code(6), ClientRedemptionID: "all"}))
	w.paidBy(domain.ByBank, "DK5000400440116243")
	for n, to := range []domain.Date{day.AddDays(14), day.AddDays(60)} {
		run := ok(w.settlement.DraftRun(ctx, finance, vouchers.Key{}, settlement.Period{From: day.AddDays(-30), To: to})).Value.ID
		approver := finance
		approver.Person = "finance2@eksempel.dk"
		ok(w.settlement.ApproveRun(ctx, approver, vouchers.Key{}, run, 0))
		if n == 0 {
			ok(w.settlement.FileRun(ctx, finance, vouchers.Key{}, run, domain.BankDayFrom(to)))
			ok(w.settlement.PayRun(ctx, finance, vouchers.Key{}, run, settlement.Paid{On: day.AddDays(14)}))
			ok(w.service.Reverse(ctx, till, vouchers.Key{}, bought.Value.ID, "fortrudt")) // when it was paid already
			w.now = time.Date(2027, 1, 20, 9, 0, 0, 0, time.UTC)
			ok(w.settlement.Unbounce(ctx, finance, vouchers.Key{}, first.ID, "det var en anden"))
			ok(w.service.Redeem(ctx, till, vouchers.Key{}, vouchers.Redeem{Code: w.code(1), Amount: 100, ClientRedemptionID: "january"}))
		}
	}
	w.until(time.Date(2028, 3, 1, 9, 0, 0, 0, time.UTC))
	ok(w.service.Expire(ctx, w.home))
	w.is("cls", 9, ok(w.settlement.Close(ctx, finance, vouchers.Key{}, domain.Date{Year: 2027, Month: 6, Day: 30})).Value.ID)
}

// figured are the addresses of every report, at several dates.
func (w *world) figured() (addresses []string) {
	for _, at := range []string{"2026-11-20", "2026-11-21", "2026-12-05", "2027-01-20", "2028-03-01"} {
		addresses = append(addresses, "/balances?at="+at, "/budget-figures?year=2026&at="+at, "/budget-figures?year=2026&unit_id="+example("unt", 1)+"&programme_id="+example("prg", 1)+"&at="+at)
		for _, figure := range []string{"spend", "payable", "settled", "outstanding", "lapsed"} {
			groups := []string{"programme", "unit", "partner", "month"}
			if figure == "outstanding" {
				groups = append(groups, "age", "lapse")
			}
			for _, group := range groups {
				for _, more := range []string{"", "&currency=EUR", "&unit_id=" + example("unt", 1) + "&programme_id=" + example("prg", 1)} {
					addresses = append(addresses, fmt.Sprintf("/reports/%s?group_by=%s&at=%s%s", figure, group, at, more))
				}
				if figure == "spend" || figure == "lapsed" {
					addresses = append(addresses, fmt.Sprintf("/reports/%s?group_by=%s&from=2026-11-22&at=%s", figure, group, max(at, "2026-11-22")))
				}
			}
		}
	}
	for _, group := range []string{"programme", "unit", "month"} {
		addresses = append(addresses, "/reports/vouchers?group_by="+group, "/reports/vouchers?from=2026-11-01&to=2026-11-30&group_by="+group, "/reports/vouchers?currency=EUR&group_by="+group)
	}
	return append(addresses, "/balances", "/budget-figures", "/reports/year-end?year=2026", "/reports/year-end?year=2026&at=2027-01-20", "/closings/"+example("cls", 9))
}
