package vouchers

import (
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// overLimit says which of the terminal's limits a purchase does not fit in, what
// is left of it and when it opens again.
func (s *Service) overLimit(tx *store.Tx, p store.Purchase, v domain.Voucher) error {
	terminal, err := store.Get[domain.Terminal](tx, tx.Actor().TerminalID)
	if err != nil {
		return err
	}
	home, err := store.First[domain.Municipality](tx)
	if err != nil {
		return err
	}
	loc, err := tx.Zone()
	if err != nil {
		return err
	}
	if terminal.State != domain.TerminalActive {
		return access.Unauthenticated()
	}
	before, err := store.All[domain.Redemption](tx, "", store.Is("voucher_id", v.ID), store.Is("terminal_id", terminal.ID))
	if err != nil {
		return err
	}
	var ofVoucher int64
	for _, r := range before {
		ofVoucher += r.Amount
	}
	limit, exceeded := terminal.Limits.Or(home.Limits).Exceeded(terminal.Taken, ofVoucher, p.Span, loc, p.Amount)
	if !exceeded { // somebody raised it this very moment
		return domain.Errorf(domain.Unavailable, "unavailable", "the till's limits were just changed: send the same request again, with the same Idempotency-Key")
	}
	return limitExceeded(limit, v.Currency, loc)
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
	case limit.Cap == domain.CapDay:
		e.Message = "this till may take " + most + " in a day, and " + left + " of that is left: take that or less, or wait until tomorrow"
	}
	e.Limit = &limit
	return e
}
