package vouchers

import (
	"errors"
	"slices"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// overLimit says which limit of the terminal's or of its partner's contract a
// purchase does not fit in, what is left of it and when it opens again. It reads
// only what the refused claim has not counted already.
func (s *Service) overLimit(tx *store.Tx, p store.Purchase, v domain.Voucher, refused error) error {
	loc, err := tx.Zone()
	if err != nil {
		return err
	}
	shop, err := store.Get[domain.Partner](tx, tx.Actor().Partner.ID)
	if err != nil {
		return err
	}
	limits, err := caps(tx, shop, v.ID, p.Span.Day, loc)
	if err != nil {
		return err
	}
	over, _ := errors.AsType[store.OverLimit](refused)
	if !over.Month {
		limits = slices.DeleteFunc(limits, func(l domain.Limit) bool { return l.Cap == domain.CapPartnerMonth })
	}
	if over.Till {
		ofTill, exceeded, err := tillLimit(tx, p, v, loc)
		if err != nil {
			return err
		}
		if exceeded {
			limits = append(limits, ofTill)
		}
	}
	limit, exceeded := domain.Tightest(p.Amount, limits...)
	if !exceeded { // somebody raised it this very moment
		return domain.Errorf(domain.Unavailable, "unavailable", "the till's limits were just changed: send the same request again, with the same Idempotency-Key")
	}
	return limitExceeded(limit, v.Currency, loc)
}

// tillLimit gives the limit of the terminal's own that a purchase does not fit in.
func tillLimit(tx *store.Tx, p store.Purchase, v domain.Voucher, loc *time.Location) (limit domain.Limit, exceeded bool, err error) {
	terminal, err := store.Get[domain.Terminal](tx, tx.Actor().TerminalID)
	if err != nil {
		return limit, false, err
	}
	home, err := store.First[domain.Municipality](tx)
	if err != nil {
		return limit, false, err
	}
	if terminal.State != domain.TerminalActive {
		return limit, false, access.Unauthenticated()
	}
	before, err := store.All[domain.Redemption](tx, "", store.Is("voucher_id", v.ID), store.Is("terminal_id", terminal.ID))
	if err != nil {
		return limit, false, err
	}
	var ofVoucher int64
	for _, r := range before {
		ofVoucher += r.Amount
	}
	limit, exceeded = terminal.Limits.Or(home.Limits).Exceeded(terminal.Taken, ofVoucher, p.Span, loc, p.Amount)
	return limit, exceeded, nil
}

// caps gives what a partner's contract leaves of a voucher and in a day's month.
func caps(tx *store.Tx, shop domain.Partner, voucher domain.ID, on domain.Date, loc *time.Location) ([]domain.Limit, error) {
	var ofVoucher int64
	if shop.MostPerVoucher > 0 {
		before, err := store.All[domain.Redemption](tx, "", store.Is("voucher_id", voucher), store.Is("partner_id", shop.ID))
		if err != nil {
			return nil, err
		}
		records, err := withReversals(tx, before)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			if r.Reversal == nil {
				ofVoucher += r.Amount
			}
		}
	}
	var month domain.PartnerMonth
	if shop.MostPerMonth > 0 {
		var err error
		month, err = store.First[domain.PartnerMonth](tx, store.Is("partner_id", shop.ID), store.Is("month", on.FirstOfMonth()))
		if err != nil && domain.KindOf(err) != domain.NotFound {
			return nil, err
		}
	}
	return shop.Left(ofVoucher, month.Spent, on, loc), nil
}

// limitExceeded tells a shop what it can do about a limit.
func limitExceeded(limit domain.Limit, currency string, site *time.Location) error {
	most, left := domain.FormatMoney(limit.Most, currency), domain.FormatMoney(limit.Left, currency)
	opens := limit.OpensAt.In(site)
	e := domain.Errorf(domain.Conflict, "limit_exceeded", "this till takes at most %s of a voucher: take that or less", most)
	switch {
	case limit.Cap == domain.CapVoucher && limit.Left == 0:
		e.Message = "this till has taken the " + most + " that it may take of a voucher: another till can take the rest"
	case limit.Cap == domain.CapVoucher && limit.Left < limit.Most:
		e.Message = "this till may take " + most + " of a voucher, and " + left + " of that is left: take that or less"
	case limit.Cap == domain.CapHour && limit.Left == 0:
		e.Message = "this till has taken the " + most + " that it may take in an hour: it can take more from " + opens.Format("15:04") + " on"
	case limit.Cap == domain.CapHour:
		e.Message = "this till may take " + most + " in an hour, and " + left + " of that is left: take that or less, or wait until " + opens.Format("15:04")
	case limit.Cap == domain.CapDay && limit.Left == 0:
		e.Message = "this till has taken the " + most + " that it may take in a day: it can take more tomorrow"
	case limit.Cap == domain.CapPartnerVoucher && limit.Left == 0:
		e.Message = "this shop has taken the " + most + " that its contract allows of a voucher: another shop can take the rest"
	case limit.Cap == domain.CapPartnerVoucher:
		e.Message = "this shop may take " + most + " of a voucher by its contract, and " + left + " of that is left: take that or less"
	case limit.Cap == domain.CapPartnerMonth && limit.Left == 0:
		e.Message = "this shop has taken the " + most + " that its contract allows in a month: it can take more from " + domain.DateOf(opens, site).Danish() + " on"
	case limit.Cap == domain.CapPartnerMonth:
		e.Message = "this shop may take " + most + " in a month by its contract, and " + left + " of that is left: take that or less, or wait until " + domain.DateOf(opens, site).Danish()
	case limit.Cap == domain.CapDay:
		e.Message = "this till may take " + most + " in a day, and " + left + " of that is left: take that or less, or wait until tomorrow"
	}
	e.Limit = &limit
	return e
}
