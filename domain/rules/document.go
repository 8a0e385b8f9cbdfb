package rules

import (
	"encoding/json"
	"time"
	_ "time/tzdata" // money depends on the site's dates: never on what zones the machine happens to have

	"github.com/fasthold/fasthold/domain"
)

// Document is one programme version that Parse found valid. Its JSON is
// canonical: equal documents give equal bytes.
type Document struct {
	Programme  string  `json:"programme"` // the programme's slug
	Title      Text    `json:"title"`
	LegalBasis string  `json:"legal_basis"`
	Age        Age     `json:"age"`
	Currency   string  `json:"currency"`         // ISO 4217, with two decimals
	TimeZone   string  `json:"time_zone"`        // the site's, by its IANA name: decides a visit's date
	Mode       string  `json:"mode"`             // Automatic or Proposes
	Phases     []Phase `json:"phases"`           // one after the other
	Funder     string  `json:"funder,omitempty"` // who pays: a slug; "" where no cap counts across what a funder pays
	Caps       []Cap   `json:"caps,omitempty"`
	ClawBack   string  `json:"claw_back,omitempty"` // ClawBackNever or ClawBackUnspent; "": never
	Voucher    Voucher `json:"voucher"`

	Excused     *Excuses     `json:"excused,omitempty"`     // nil: every excused visit is taken as excused
	Pauses      []Pause      `json:"pauses,omitempty"`      // by reason; a pause of another has no effect
	Readmission *Readmission `json:"readmission,omitempty"` // nil: a new enrolment is always a new episode

	location *time.Location // TimeZone, looked up once
}

// The modes: who decides that an award becomes a voucher.
const (
	Automatic = "automatic" // nobody: it is issued at once
	Proposes  = "proposes"  // a caseworker approves it
)

// What happens to a voucher when a correction shows that too much was issued.
const (
	ClawBackNever   = "never"   // the citizen keeps it
	ClawBackUnspent = "unspent" // what of it is not spent is taken back, with a reason
)

// TakesBack reports whether an unspent voucher that was issued too much is taken
// back.
func (d Document) TakesBack() bool { return d.ClawBack == ClawBackUnspent }

// Text is a sentence or name in Danish and in English.
type Text struct {
	DA string `json:"da"`
	EN string `json:"en"`
}

// Age is the span of ages, in whole years and both included, that may enrol.
type Age struct {
	From int `json:"from"`
	To   int `json:"to,omitempty"` // 0: no upper limit
}

// Includes reports whether a person of that many whole years may enrol.
func (a Age) Includes(years int) bool {
	return years >= a.From && (a.To == 0 || years <= a.To)
}

// Voucher says what the vouchers of a programme are good for.
type Voucher struct {
	ValidDays  int      `json:"valid_days"` // counted from the day of issue
	Partial    bool     `json:"partial"`    // may be spent in parts
	Categories []string `json:"categories"` // what it buys
	Excluded   []string `json:"excluded"`   // what it never buys
}

// Cap is a limit that awards never pass. Either Count or Amount is set.
type Cap struct {
	Count   int    `json:"count,omitempty"`  // rewards above zero
	Amount  int64  `json:"amount,omitempty"` // minor units
	Period  string `json:"period"`           // PerAward, Month, CalendarYear, RollingYear, Episode or Lifetime
	Across  string `json:"across,omitempty"` // Programme or Funder; "": Lifetime counts across the programme, every other period the enrolment
	Basis   string `json:"basis,omitempty"`  // Earned or Issued; "", of a count: Earned
	AtLimit string `json:"at_limit"`         // PayRest, Deny, Stop or Truncate
}

// The words of a cap.
const (
	PerAward     = "award"         // each award by itself
	Month        = "month"         // a calendar month, by the visit's date at the site
	CalendarYear = "calendar_year" // from 1 January, by the visit's date at the site
	RollingYear  = "rolling_year"  // the year up to the visit: the same date a year before counts no more
	Episode      = "episode"       // one enrolment, from start to end
	Lifetime     = "lifetime"      // all that the person ever has, in any enrolment
	Programme    = "programme"     // across: all enrolments of the person in the programme
	Funder       = "funder"        // across: and in others of the same funder
	Earned       = "earned"        // counts when the visit earns it
	Issued       = "issued"        // counts when its voucher is issued
	PayRest      = "pay_rest"      // the award shrinks to what is left
	Deny         = "deny"          // the milestone is reached and pays nothing
	Stop         = "stop"          // the enrolment is finished; under a month or calendar year, nothing more is paid in it
	Truncate     = "truncate"      // of draws: the first that would pass the limit, and all after it, pay nothing
)

// Location is the site's time zone.
func (d Document) Location() *time.Location {
	if d.location == nil { // the zero Document, which has no visits to date
		return time.UTC
	}
	return d.location
}

// Window gives the first and the last date on which a visit counts for an
// enrolment that starts on start; last is zero when a phase ends by
// opportunities, not by the calendar.
func (d Document) Window(start domain.Date) (first, last domain.Date) {
	return start, d.lastDay(0, start)
}

// lastDay is the last day of the last phase, when phase i begins on from; zero
// when the calendar alone does not say.
func (d *Document) lastDay(i int, from domain.Date) domain.Date {
	total := 0
	for ; i < len(d.Phases); i++ {
		days, fixed := d.Phases[i].Length()
		if !fixed {
			return domain.Date{}
		}
		total += days
	}
	return from.AddDays(total - 1)
}

// JSON writes the document in its canonical form; Parse gives it back.
func (d Document) JSON() []byte {
	type plain Document
	b, err := json.Marshal(plain(d))
	if err != nil { // strings, numbers and lists of them always marshal
		panic("rules: " + err.Error())
	}
	return b
}

// MarshalJSON is JSON.
func (d Document) MarshalJSON() ([]byte, error) { return d.JSON(), nil }

// UnmarshalJSON is Parse: a Document that is not valid never comes to be.
func (d *Document) UnmarshalJSON(b []byte) (err error) {
	*d, err = Parse(b)
	return err
}
