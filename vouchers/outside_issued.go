package vouchers

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// issued adds the vouchers, where the episode's rules count them.
func (g *gathering) issued(awards []domain.Award) error {
	counts, err := g.anyVersion(g.tx, g.ep, rules.Document.CountsIssued)
	if err != nil || !counts {
		return err
	}
	ids := make([]domain.ID, len(awards))
	for i, a := range awards {
		ids[i] = a.ID
	}
	vouchers, err := store.All[domain.Voucher](g.tx, "id", store.In("award_id", ids))
	if err != nil {
		return err
	}
	lost, err := voided(g.tx, vouchers)
	if err != nil {
		return err
	}
	loc, err := g.tx.Zone()
	if err != nil {
		return err
	}
	for _, a := range awards {
		if a.ByHand() && g.own(a) {
			err = g.given(a, vouchers, lost, loc)
		} else {
			err = g.paid(a, vouchers, lost, loc)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// paid adds the vouchers of an award, and that of the episode's own was decided on
// without one.
func (g *gathering) paid(a domain.Award, vouchers []domain.Voucher, lost map[domain.ID]int64, loc *time.Location) error {
	own, first, total := g.own(a), 1, int64(0)
	for _, v := range vouchers {
		net := v.Amount - lost[v.ID]
		if v.AwardID != a.ID || v.ReplacesID != nil || net == 0 || !own && g.later(v.ID) || own && a.Granted == 0 {
			continue
		}
		c := rules.Claim{Date: domain.DateOf(v.CreatedAt, loc), Count: first, Amount: net, Issued: true}
		if own {
			c.Milestone = a.Milestone
		}
		if err := g.claim(a, c); err != nil {
			return err
		}
		first, total = 0, total+net
	}
	if !own || total > 0 || a.State == domain.AwardProposed {
		return nil
	}
	// Withheld for good, by a person; or denied, by a cap.
	return g.claim(a, rules.Claim{Milestone: a.Milestone, Date: domain.DateOf(a.CreatedAt, loc), Issued: true, Denied: a.Granted == 0 && a.State != domain.AwardRejected && a.State != domain.AwardWithheld})
}

// given adds the voucher of an award by hand, or what is kept for it while it
// waits.
func (g *gathering) given(a domain.Award, vouchers []domain.Voucher, lost map[domain.ID]int64, loc *time.Location) error {
	if g.later(a.ID) {
		return nil
	}
	c := rules.Claim{Date: g.mark.on, Count: 1, Amount: g.worth(a), Issued: true, Given: true}
	for _, v := range vouchers {
		if v.AwardID == a.ID && v.ReplacesID == nil && !g.later(v.ID) {
			c.Date, c.Amount = domain.DateOf(v.CreatedAt, loc), v.Amount-lost[v.ID]
		}
	}
	if c.Amount == 0 {
		return nil
	}
	return g.claim(a, c)
}

// voided adds up what was voided of each voucher and of those that replaced it,
// under the ID of the first.
func voided(tx *store.Tx, vouchers []domain.Voucher) (map[domain.ID]int64, error) {
	first, ids := map[domain.ID]domain.ID{}, []domain.ID{}
	for _, v := range vouchers { // in the order in which they were made
		first[v.ID] = v.ID
		if v.ReplacesID != nil {
			first[v.ID] = first[*v.ReplacesID]
		}
		if v.State == domain.Void {
			ids = append(ids, v.ID)
		}
	}
	lost := map[domain.ID]int64{}
	if len(ids) == 0 {
		return lost, nil
	}
	postings, err := store.All[ledger.Posting](tx, "", store.In("voucher_id", ids), store.Is("event", ledger.Voiding), store.Is("account", ledger.Outstanding))
	for _, p := range postings {
		lost[first[*p.VoucherID]] += p.Amount
	}
	return lost, err
}
