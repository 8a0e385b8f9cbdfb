package vouchers

import "sync/atomic"

// Figures are what this process has done since it began, for those who watch
// over it. They are of all municipalities together and name nobody.
type Figures struct {
	Issued     int64 // vouchers that awards were paid with
	Redeemed   int64 // redemptions
	Paid       int64 // by those redemptions, in minor units
	WrongCodes int64 // codes that no voucher has
}

// figures count as it happens.
type figures struct{ issued, redeemed, paid atomic.Int64 }

// Figures gives the counts of this moment.
func (s *Service) Figures() Figures {
	return Figures{s.figures.issued.Load(), s.figures.redeemed.Load(), s.figures.paid.Load(), s.guesses.Count()}
}
