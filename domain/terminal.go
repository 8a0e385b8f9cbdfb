package domain

import "time"

// The states of a terminal.
const (
	TerminalWaiting = "waiting" // for its device to be enrolled with a code
	TerminalActive  = "active"
	TerminalRevoked = "revoked" // for good
)

// Terminal is a till of a partner: a place, whose device of the day has a key.
type Terminal struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	PartnerID      ID
	BranchID       ID // where it stands, a branch of the partner's
	Label          string
	State          string     // one of the above
	EnrolledAt     *time.Time // when its device was let in; nil while none has been
	Limits                    // its own; 0: the municipality's
	Taken                     // what counts against them
	Version        int64      // counts changes, for ETag and If-Match; what is redeemed is none
	CreatedAt      time.Time
}

// TerminalCode is the code that lets in a terminal's device, once.
type TerminalCode struct {
	MunicipalityID ID        `gorm:"primaryKey"`
	TerminalID     ID        `gorm:"primaryKey"`
	Hash           []byte    // SHA-256 of the code; nil: it is used up
	CreatedBy      string    // who had it made
	CreatedAt      time.Time // of the newest code
	ExpiresAt      time.Time // from then on it lets nobody in
}

// Limits bound what a terminal takes, in minor units of whatever currency.
type Limits struct {
	MostPerVoucher int64 // of one voucher, however often
	MostPerHour    int64 // in a clock hour at the site
	MostPerDay     int64 // on a calendar day at the site
}

// Or gives the limits, with those of the municipality where there are none.
func (l Limits) Or(all Limits) Limits {
	or := func(own, all int64) int64 {
		if own == 0 {
			return all
		}
		return own
	}
	return Limits{or(l.MostPerVoucher, all.MostPerVoucher), or(l.MostPerHour, all.MostPerHour), or(l.MostPerDay, all.MostPerDay)}
}

// Taken is what a terminal has taken, in minor units. What is taken back is not
// taken off.
type Taken struct {
	CountedHour *time.Time // when the hour began that HourSpent is of; nil: nothing was ever taken
	HourSpent   int64
	CountedDay  Date // the day that DaySpent is of; zero: nothing was ever taken
	DaySpent    int64
}

// Span is the clock hour and the day at the site in which something is taken.
type Span struct {
	Hour time.Time // when it began: twice a year an hour of the clock comes twice, or not at all
	Day  Date
}

// SpanOf gives the span that at lies in at a site.
func SpanOf(at time.Time, site *time.Location) Span {
	local := at.In(site)
	into := time.Duration(local.Minute())*time.Minute + time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	return Span{at.Add(-into).UTC(), DateOf(at, site)}
}

// In gives what counts in a span: what was counted in it, or in a later one, for
// a clock that is behind opens nothing anew.
func (t Taken) In(span Span) Taken {
	if t.CountedHour == nil || t.CountedHour.Before(span.Hour) {
		t.CountedHour, t.HourSpent = &span.Hour, 0
	}
	if t.CountedDay.Before(span.Day) {
		t.CountedDay, t.DaySpent = span.Day, 0
	}
	return t
}

// The caps that a Limit can be of.
const (
	CapVoucher = "voucher"
	CapHour    = "hour"
	CapDay     = "day"

	CapPartnerVoucher = "partner_voucher" // of a partner's contract, as the next
	CapPartnerMonth   = "partner_month"
)

// Limit is a limit that something did not fit in.
type Limit struct {
	Cap     string    // one of the above
	Most    int64     // minor units
	Left    int64     // what would still fit, 0 … Most
	OpensAt time.Time // when all of it can be taken again; zero for what is taken of a voucher
}

// Exceeded gives the limit that amount does not fit in, the one with the least
// left where there are several, and false when it fits in all of them. OfVoucher
// is what the terminal took of the same voucher before, in minor units.
func (l Limits) Exceeded(taken Taken, ofVoucher int64, span Span, site *time.Location, amount int64) (worst Limit, exceeded bool) {
	taken = taken.In(span)
	return Tightest(amount,
		Limit{Cap: CapDay, Most: l.MostPerDay, Left: max(l.MostPerDay-taken.DaySpent, 0), OpensAt: taken.CountedDay.AddDays(1).In(site).UTC()},
		Limit{Cap: CapHour, Most: l.MostPerHour, Left: max(l.MostPerHour-taken.HourSpent, 0), OpensAt: taken.CountedHour.Add(time.Hour)},
		Limit{Cap: CapVoucher, Most: l.MostPerVoucher, Left: max(l.MostPerVoucher-ofVoucher, 0)},
	)
}

// Tightest gives the one with the least left of those limits that amount does not
// fit in, and false when it fits in all of them.
func Tightest(amount int64, limits ...Limit) (worst Limit, exceeded bool) {
	for _, limit := range limits {
		if amount > limit.Left && (!exceeded || limit.Left < worst.Left) {
			worst, exceeded = limit, true
		}
	}
	return worst, exceeded
}
