package vouchers

import (
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// recordPostings is how many postings a Record has at most.
const recordPostings = 100

// Record is what the books have of an award and what it was issued for, for those
// who check them: nobody is named.
type Record struct {
	Award       domain.Award
	Why         rules.Text // the sentence of the rules; empty: it was given by hand
	Version     int        // of the programme
	Approvals   []domain.Approval
	Vouchers    []domain.Voucher   // oldest first; of these the rest
	Redemptions []RedemptionRecord // oldest first, with where their payment is
	Postings    []ledger.Posting   // newest first
	More        bool               // there are older ones
}

// AwardRecord gives the record of an award.
func (s *Service) AwardRecord(ctx context.Context, actor domain.Actor, award domain.ID) (r Record, err error) {
	err = s.read(ctx, actor, "getAward", func(tx *store.Tx) error {
		r, err = record(tx, actor, award)
		return err
	})
	return r, err
}

// VoucherRecord gives the record of the award that a voucher was issued for, and the
// voucher.
func (s *Service) VoucherRecord(ctx context.Context, actor domain.Actor, voucher domain.ID) (r Record, v domain.Voucher, err error) {
	err = s.read(ctx, actor, "getVoucher", func(tx *store.Tx) error {
		if v, err = store.Get[domain.Voucher](tx, voucher); err != nil {
			return err
		}
		r, err = record(tx, actor, v.AwardID)
		return err
	})
	return r, v, err
}

// record reads what the books have of an award.
func record(tx *store.Tx, actor domain.Actor, award domain.ID) (r Record, err error) {
	if err := actor.May("listPostings"); err != nil {
		return r, err
	}
	if r.Award, err = store.Get[domain.Award](tx, award); err != nil {
		return r, err
	}
	if !r.Award.ByHand() {
		if r.Why, _, err = earnedWith(r.Award); err != nil {
			return r, err
		}
	}
	version, err := store.Get[domain.ProgrammeVersion](tx, r.Award.VersionID)
	if err != nil {
		return r, err
	}
	r.Version = version.Number
	if r.Approvals, err = store.All[domain.Approval](tx, "id", store.Is("award_id", award)); err != nil {
		return r, err
	}
	if err := r.spent(tx); err != nil {
		return r, err
	}
	r.Postings, r.More, err = store.List[ledger.Posting](tx, store.Page{Limit: recordPostings}, store.OfAward(actor.MunicipalityID, award))
	return r, err
}

// spent reads the vouchers, and what they were used for.
func (r *Record) spent(tx *store.Tx) (err error) {
	if r.Vouchers, err = store.All[domain.Voucher](tx, "", store.Is("award_id", r.Award.ID)); err != nil {
		return err
	}
	slices.SortFunc(r.Vouchers, func(a, b domain.Voucher) int { return slices.Compare(a.ID[:], b.ID[:]) })
	bought, err := among[domain.Redemption](tx, "voucher_id", ids(r.Vouchers, func(v domain.Voucher) domain.ID { return v.ID }))
	if err != nil {
		return err
	}
	slices.SortFunc(bought, func(a, b domain.Redemption) int { return slices.Compare(a.ID[:], b.ID[:]) })
	if len(bought) > 0 {
		r.Redemptions, err = withPayments(tx, bought)
	}
	return err
}

// Book is one page of the journal, with what its lines are of.
type Book struct {
	Listed[ledger.Posting]
	Serials map[domain.ID]string // of the vouchers
	Numbers map[domain.ID]string // of the settlements
}

// Book gives a page of the journal, newest first.
func (s *Service) Book(ctx context.Context, actor domain.Actor, page store.Page, f PostingFilter) (b Book, err error) {
	f.home = actor.MunicipalityID
	err = s.read(ctx, actor, "listPostings", func(tx *store.Tx) error {
		if b.Rows, b.More, err = store.List[ledger.Posting](tx, page, f.conds()...); err != nil {
			return err
		}
		return b.names(tx)
	})
	return b, err
}

// names reads what vouchers and settlements are called that the lines are of.
func (b *Book) names(tx *store.Tx) error {
	var vouchers, settled []domain.ID
	for _, p := range b.Rows {
		if p.VoucherID != nil {
			vouchers = append(vouchers, *p.VoucherID)
		}
		if p.SettlementID != nil {
			settled = append(settled, *p.SettlementID)
		}
	}
	b.Serials, b.Numbers = map[domain.ID]string{}, map[domain.ID]string{}
	rows, err := among[domain.Voucher](tx, "id", vouchers)
	for _, v := range rows {
		b.Serials[v.ID] = v.Serial
	}
	if err != nil {
		return err
	}
	paid, err := among[domain.Settlement](tx, "id", settled)
	for _, x := range paid {
		b.Numbers[x.ID] = x.Number
	}
	return err
}

// BookLine gives one line of the journal, with what it is of and the other lines of
// its entry.
func (s *Service) BookLine(ctx context.Context, actor domain.Actor, id domain.ID) (p ledger.Posting, b Book, err error) {
	err = s.read(ctx, actor, "getPosting", func(tx *store.Tx) error {
		if p, err = store.Get[ledger.Posting](tx, id); err != nil {
			return err
		}
		if b.Rows, err = store.All[ledger.Posting](tx, "", store.Is("entry_id", p.EntryID)); err != nil {
			return err
		}
		slices.SortFunc(b.Rows, func(a, b ledger.Posting) int { return slices.Compare(a.ID[:], b.ID[:]) })
		return b.names(tx)
	})
	return p, b, err
}
