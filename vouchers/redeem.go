package vouchers

import (
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Redeem is a purchase that a terminal wants to have paid with a voucher.
type Redeem struct {
	Code               string // typed or scanned
	Amount             int64  // minor units, > 0; 0: all that is left
	ClientRedemptionID string // the terminal's own number for it, 1–100 letters, never used again
}

// Redeem pays a purchase with a voucher, exactly once: the same terminal's same
// number again gives the first redemption. A code that we did not make is
// refused before any query. Errors have the codes of refusal; to a caller that
// is no enrolled terminal every code is simply unknown. What is paid counts
// against the terminal's limits, and goes on counting when it is taken back:
// they bound what passes through a till, so that a stolen one cannot spend, take
// back and spend again what is on voucher after voucher. The caps of the partner's
// contract bound what it is owed instead: what is taken back does not count, in the
// month in which it was paid, for it is on the voucher again and nobody owes it.
// To pay and take back over and over gains nothing there, and the till's limits end it.
func (s *Service) Redeem(ctx context.Context, actor domain.Actor, key Key, in Redeem) (Answer[domain.Redemption], error) {
	if err := actor.May("redeemVoucher"); err != nil {
		return Answer[domain.Redemption]{}, err
	}
	hash, err := s.readCode(ctx, actor, in.Code)
	if err != nil {
		return Answer[domain.Redemption]{}, err
	}
	if actor.TerminalID == (domain.ID{}) {
		return Answer[domain.Redemption]{}, s.wrongCode(ctx, actor)
	}
	var f domain.Fields
	f.Check(in.Amount >= 0, "amount", "invalid", "must be above 0, or left out for all that is left")
	in.ClientRedemptionID = f.Clean("client_redemption_id", in.ClientRedemptionID, 100, false)
	if err := f.Err(); err != nil {
		return Answer[domain.Redemption]{}, err
	}
	answer, err := once(ctx, s, actor, "redeemVoucher", key, func(tx *store.Tx) (domain.Redemption, error) {
		return s.redeem(tx, hash, in)
	})
	if err == nil || domain.CodeOf(err) == "idempotency_key_reused" {
		return answer, err
	}
	if earlier, found := s.sameRedemption(ctx, actor, hash, in); found && earlier.Reversal == nil {
		return Answer[domain.Redemption]{Value: earlier.Redemption, Replayed: true}, nil
	} else if found {
		return answer, domain.Errorf(domain.Conflict, "reversed", "this purchase was paid and then taken back: ring it up again under a new client_redemption_id")
	}
	return answer, err
}

func (s *Service) redeem(tx *store.Tx, hash []byte, in Redeem) (domain.Redemption, error) {
	actor, now := tx.Actor(), s.now()
	if in.Amount == 0 {
		there, err := store.First[domain.Voucher](tx, store.Is("lookup_hash", hash))
		if err != nil {
			return domain.Redemption{}, refuseUnknown(err)
		}
		in.Amount = max(there.Balance, 1) // an empty voucher is refused below
	}
	loc, err := tx.Zone()
	if err != nil {
		return domain.Redemption{}, err
	}
	book, err := tx.Book(now)
	if err != nil {
		return domain.Redemption{}, err
	}
	purchase := store.Purchase{Hash: hash, Amount: in.Amount, At: now, Span: domain.SpanOf(now, loc)}
	v, err := tx.Claim(purchase)
	if err != nil {
		return domain.Redemption{}, s.refusal(tx, purchase, v, err)
	}
	if !accepts(actor.Partner, v) {
		return domain.Redemption{}, wrongPartner()
	}
	r := domain.Redemption{
		MunicipalityID: v.MunicipalityID, ID: store.NewID(), VoucherID: v.ID, PartnerID: actor.Partner.ID, TerminalID: actor.TerminalID,
		ClientRedemptionID: in.ClientRedemptionID, Amount: in.Amount, Currency: v.Currency, BalanceAfter: v.Balance, CreatedAt: now,
	}
	if err := tx.Append(&r); err != nil {
		return r, err
	}
	if err := tx.Post(book.Redeem(v, r)); err != nil {
		return r, err
	}
	tx.After(func() {
		s.figures.redeemed.Add(1)
		s.figures.paid.Add(r.Amount)
	})
	return r, tx.Audit("redeemVoucher", "redemption", r.ID, now, domain.Detail(map[string]any{"voucher": v.ID, "amount": r.Amount}))
}

// sameRedemption finds what this terminal's number has already paid for, if it
// was the same purchase.
func (s *Service) sameRedemption(ctx context.Context, actor domain.Actor, hash []byte, in Redeem) (record RedemptionRecord, found bool) {
	err := s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) (err error) {
		r, err := store.First[domain.Redemption](tx, store.Is("terminal_id", actor.TerminalID), store.Is("client_redemption_id", in.ClientRedemptionID))
		if err != nil {
			return err
		}
		v, err := store.Get[domain.Voucher](tx, r.VoucherID)
		if err != nil {
			return err
		}
		records, err := withReversals(tx, []domain.Redemption{r})
		record = records[0]
		found = err == nil && slices.Equal(v.LookupHash, hash) && (in.Amount == 0 || in.Amount == r.Amount)
		return err
	})
	return record, found && err == nil
}

// accepts reports whether the partner sells something the voucher is for.
func accepts(p domain.Partner, v domain.Voucher) bool {
	return p.State == "active" && slices.ContainsFunc(v.Categories, func(c string) bool { return slices.Contains(p.Categories, c) })
}
