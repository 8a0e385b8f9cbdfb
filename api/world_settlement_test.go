package api

import (
	"fmt"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// purse makes a voucher of a currency's own programme to be spent bit by bit, and
// gives what redeems some of it at the partner's till.
func (w *world) purse(plan int, currency string) func() domain.ID {
	ctx, version := w.t.Context(), 1
	if currency != "DKK" {
		text, slug := string(ok(rules.Preset("move-2026"))), "move-"+strings.ToLower(currency)
		programme := ok(w.service.CreateProgramme(ctx, w.as(domain.TeamLeader), vouchers.ProgrammeInput{Slug: slug, Title: rules.Text{DA: slug, EN: slug}}))
		draft := ok(w.service.DraftVersion(ctx, w.as(domain.Administrator), programme.ID, []byte(strings.NewReplacer("move-2026", slug, "DKK", currency).Replace(text))))
		ok(w.service.AdoptVersion(ctx, w.as(domain.TeamLeader), draft.ID, 0, vouchers.Adoption{
			AdoptedBy: "Byrådet", AdoptedOn: domain.Date{Year: 2025, Month: 12, Day: 10}, InForceFrom: domain.Date{Year: 2026, Month: 1, Day: 1},
		}))
		version = 100 + plan
		w.is("ver", version, draft.ID)
	}
	made, _ := w.plan(plan, version)
	voucher := w.visits(made, 2)[1].Vouchers[0]
	_, secret, err := w.service.Reveal(ctx, w.as(domain.Caseworker), "getVoucherCode", voucher.ID)
	ok(secret, err)
	n := 0
	return func() domain.ID {
		n++
		return ok(w.service.Redeem(ctx, w.as(domain.PartnerRole), vouchers.Key{}, vouchers.Redeem{Code: secret.Reveal(), Amount: 100, ClientRedemptionID: fmt.Sprint(currency, n)})).Value.ID
	}
}

// settlements makes runs 1 and 2 paid, 3 and 4 approved, 5 and 6 drafts in other
// currencies, three holds, and redemptions that no run has taken; files makes runs 7 and 8. Who made the
// drafts and the holds is another in finance than who sends the examples.
func (w *world) settlements() {
	ctx, approver := w.t.Context(), w.as(domain.Finance)
	maker := approver
	maker.Person = "finance2@eksempel.dk"
	today := domain.Date{Year: 2026, Month: 11, Day: 21}
	draft := func(n int, currency string) domain.ID {
		run := ok(w.settlement.DraftRun(ctx, maker, vouchers.Key{}, settlement.Period{From: today, To: today, Currency: currency})).Value
		w.is("srn", n, run.ID)
		return run.ID
	}
	buy := w.purse(61, "DKK")
	for n := range 4 {
		buy()
		buy()
		run := ok(w.settlement.ApproveRun(ctx, approver, vouchers.Key{}, draft(n+1, "DKK"), 0)).Value
		rows := ok(w.settlement.Settlements(ctx, approver, store.Page{Limit: 10}, settlement.Filter{RunID: run.ID})).Rows
		w.is("stl", n+1, rows[0].ID)
		if n < 3 { // its partner sends an invoice
			ok(w.settlement.TakeInvoice(ctx, maker, document("Invoice", rows[0].Number, "12345674", rows[0].Number, "", rows[0].Total)))
		}
		if n < 2 {
			ok(w.settlement.PayRun(ctx, maker, vouchers.Key{}, run.ID, settlement.Paid{On: today}))
		}
	}
	w.files(buy, draft)
	buy()
	run := ok(w.settlement.ApproveRun(ctx, approver, vouchers.Key{}, draft(9, "DKK"), 0)).Value
	row := ok(w.settlement.Settlements(ctx, approver, store.Page{Limit: 10}, settlement.Filter{RunID: run.ID, PartnerID: w.find("prt", 1)})).Rows[0]
	w.is("stl", 5, row.ID)
	ok(w.settlement.TakeInvoice(ctx, maker, document("Invoice", row.Number, "12345674", row.Number, "", row.Total)))
	ok(w.settlement.PayRun(ctx, maker, vouchers.Key{}, run.ID, settlement.Paid{On: today, Settlements: []domain.ID{row.ID}}))
	ok(w.settlement.Bounce(ctx, maker, vouchers.Key{}, row.ID, settlement.Bounced{Reason: "Kontoen er lukket."}))
	for n, currency := range []string{"EUR", "SEK"} {
		w.purse(62+n, currency)()
		draft(5+n, currency)
	}
	w.is("rdm", 3, buy())
	w.is("rdm", 4, buy())
	for n := range 3 {
		w.is("hld", n+1, ok(w.settlement.Hold(ctx, maker, vouchers.Key{}, buy(), "Samme bon to gange.")).Value.ID)
	}
}
