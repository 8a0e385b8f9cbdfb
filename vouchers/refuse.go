package vouchers

import (
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Period is a span of time: from From, before Until; zero: open on that side.
type Period struct{ From, Until time.Time }

// unknownCode is the answer to a code that is no voucher's.
func unknownCode() error {
	return domain.Errorf(domain.NotFound, "invalid", "no voucher has this code: scan it again, or type it again with care")
}

func refuseUnknown(err error) error {
	if domain.KindOf(err) == domain.NotFound {
		return unknownCode()
	}
	return err
}

func wrongPartner() error {
	return domain.Errorf(domain.Forbidden, "wrong_partner", "the voucher cannot be used in this shop: it is for other goods")
}

// closed gives the reason why a partner takes no vouchers at all on a day, or nil.
func closed(p domain.Partner, on domain.Date) error {
	const turn = "turn to the municipality"
	switch {
	case p.State != partnerActive:
		return wrongPartner()
	case p.InForce(on):
		return nil
	case p.ContractFrom.IsZero():
		return domain.Errorf(domain.Forbidden, "no_contract", "this shop has no contract with the municipality: "+turn)
	case on.Before(p.ContractFrom):
		return domain.Errorf(domain.Forbidden, "no_contract", "this shop's contract with the municipality begins on %s: wait until then, or "+turn, p.ContractFrom.Danish())
	}
	return domain.Errorf(domain.Forbidden, "no_contract", "this shop's contract with the municipality ended on %s: "+turn, p.ContractTo.Danish())
}

// refusal says precisely why a purchase could not be paid; claimed is the voucher
// where that could be spent.
func (s *Service) refusal(tx *store.Tx, p store.Purchase, claimed domain.Voucher, err error) error {
	if domain.CodeOf(err) == "limit_exceeded" {
		return s.overLimit(tx, p, claimed, err)
	}
	if domain.KindOf(err) != domain.NotFound {
		return err
	}
	v, err := store.First[domain.Voucher](tx, store.Is("lookup_hash", p.Hash))
	if err != nil {
		return refuseUnknown(err)
	}
	loc, err := tx.Zone()
	if err != nil {
		return err
	}
	if err := unspendable(v, p.At, loc); err != nil {
		return err
	}
	token, err := store.Get[domain.Token](tx, tx.Actor().TokenID)
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return err
	}
	if err != nil || token.RevokedAt != nil || token.PartnerID == nil {
		return access.Unauthenticated()
	}
	shop, err := store.Get[domain.Partner](tx, *token.PartnerID)
	if err != nil {
		return err
	}
	if err := closed(shop, p.Span.Day); err != nil {
		return err
	}
	balance := domain.FormatMoney(v.Balance, v.Currency)
	if p.Amount <= v.Balance {
		return domain.Errorf(domain.Conflict, "insufficient_balance", "the voucher must be used in one purchase: redeem all of %s", balance)
	}
	return domain.Errorf(domain.Conflict, "insufficient_balance", "only %s is left: redeem that or less", balance)
}

// unspendable gives the reason why a voucher cannot be spent at all, or nil.
func unspendable(v domain.Voucher, now time.Time, site *time.Location) error {
	switch {
	case v.State == domain.Redeemed:
		return domain.Errorf(domain.Conflict, "already_redeemed", "the voucher is used up")
	case v.State == domain.Blocked, v.State == domain.Replaced, v.State == domain.Void:
		return domain.Errorf(domain.Conflict, "blocked", "the voucher is blocked: ask the holder to turn to the municipality")
	case v.State == domain.Expired, !now.Before(v.ValidTo):
		return domain.Errorf(domain.Conflict, "expired", "the voucher was valid until %s", domain.DateOf(v.ValidTo.Add(-time.Second), site).Danish())
	case now.Before(v.ValidFrom):
		return domain.Errorf(domain.Conflict, "not_yet_valid", "the voucher is not valid yet")
	}
	return nil
}
