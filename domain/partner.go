package domain

import "time"

// Partner is a shop that takes vouchers, under a contract with the municipality.
type Partner struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	Name           string
	CVR            string  `gorm:"column:cvr"` // 8 digits
	Categories     Strings // what it sells, in the words of the programmes
	State          string  // active, suspended
	Contract
	Payment
	Version   int64
	CreatedAt time.Time
}

// Contract is what a partner and the municipality have agreed. Without one in
// force the partner takes no vouchers.
type Contract struct {
	ContractFrom   Date  // its first day; zero: there is none
	ContractTo     Date  // its last day; zero: no end is agreed
	MostPerMonth   int64 // what the partner may take in a calendar month at the site, in minor units; 0: no cap
	MostPerVoucher int64 // what it may take of one voucher, at all its tills together; 0: no cap
}

// InForce reports whether the contract holds on a date of the municipality's.
func (c Contract) InForce(on Date) bool {
	return !c.ContractFrom.IsZero() && !on.Before(c.ContractFrom) && (c.ContractTo.IsZero() || !c.ContractTo.Before(on))
}

// Left gives what the contract's caps leave of a voucher, and in the month of a day
// at the site, when the partner took so much of the one and in the other. A cap that
// was not agreed is none of them.
func (c Contract) Left(ofVoucher, ofMonth int64, on Date, site *time.Location) (limits []Limit) {
	if c.MostPerVoucher > 0 {
		limits = append(limits, Limit{Cap: CapPartnerVoucher, Most: c.MostPerVoucher, Left: max(c.MostPerVoucher-ofVoucher, 0)})
	}
	if c.MostPerMonth > 0 {
		next := on.FirstOfMonth().AddMonths(1)
		limits = append(limits, Limit{Cap: CapPartnerMonth, Most: c.MostPerMonth, Left: max(c.MostPerMonth-ofMonth, 0), OpensAt: next.In(site).UTC()})
	}
	return limits
}

// Payment is how a partner gets its money: by invoice until finance has entered
// its account.
type Payment struct {
	Method string // ByBank or ByInvoice
	IBAN   string `gorm:"column:iban"` // with ByBank, as CleanIBAN gives it; else ""
}

// Branch is a place of a partner's that has tills. The CVR register knows it by
// its production-unit number.
type Branch struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	PartnerID      ID
	Name           string // unique at the partner
	PNumber        string // 10 digits, of one branch only; "": not known
	Address        string // "": not known
	Version        int64
	CreatedAt      time.Time
}

// PartnerMonth counts what a partner with a cap per month has taken in one, so
// that a redemption need not add up those before it. A partner without a cap has
// none.
type PartnerMonth struct {
	MunicipalityID ID    `gorm:"primaryKey"`
	PartnerID      ID    `gorm:"primaryKey"`
	Month          Date  `gorm:"primaryKey"` // its first day, at the site
	Spent          int64 // minor units redeemed in the month, less what of it was taken back
}
