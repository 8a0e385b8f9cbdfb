// Package statement writes what a partner is paid and for what, as a PDF to read and
// as CSV to work with. It is pure: a statement and its lines in, bytes out, and the
// same statement always gives the same bytes.
//
// A statement names the municipality, the shop, and each purchase by its time, till,
// receipt and voucher number. It has no field for a citizen, a programme or a unit.
package statement

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// The languages.
const (
	Danish  = "da"
	English = "en"
)

// Statement is what one partner is paid in a run. Amounts in minor units.
type Statement struct {
	Language     string // Danish or English
	Number       string // 2026-0007-01; also the payment's reference
	Draft        bool   // it is not approved yet, and may still change
	Municipality string
	Contact      string // whom to write to about it; "": not said
	Payer        Payer
	Partner      string
	CVR          string // the partner's, 8 digits
	From, To     domain.Date
	MadeOn       domain.Date
	Method       string // domain.ByBank or domain.ByInvoice
	IBAN         string // to which it is paid; "" unless by bank
	Payment      Payment
	Zone         *time.Location // of the times of the lines
	Currency     string
	Redemptions  Part
	Reversals    Part
	CarriedIn    int64 // what earlier statements left
	Total        int64 // of the lines, and what is carried in
}

// Payer is who pays, as the payment settings say; empty where they are not entered.
type Payer struct {
	Name string
	CVR  string // 8 digits
	GLN  string // to which invoices are sent; "": not said
}

// Payment is what is known of when a statement is paid; the first that is set is
// said.
type Payment struct {
	PaidOn    domain.Date
	ExecuteOn domain.Date // asked of the bank
	Forward   bool        // nothing is paid: the total goes into the next statement
	Returned  bool        // it was paid, and came back
	Reversed  bool        // the run was reversed: it goes into the next statement
}

// Part is one kind of lines.
type Part struct {
	Lines  int64
	Amount int64 // below 0 for reversals
}

// Line is one redemption or one reversal.
type Line struct {
	At      time.Time
	Kind    string // domain.LineRedemption or domain.LineReversal
	Branch  string // "": in none
	Till    string
	Receipt string // the till's own number of the redemption
	Serial  string // the voucher's
	Amount  int64  // below 0 for a reversal
}

// Lines hands the lines to yield, oldest first, and gives its error.
type Lines func(yield func(Line) error) error

// checked hands the lines on, and gives an error unless they are what the statement
// says: a statement whose lines do not add up to it is a fault of ours.
func (s Statement) checked(lines Lines, yield func(Line) error) error {
	var redeemed, reversed Part
	err := lines(func(l Line) error {
		part := &redeemed
		if l.Kind == domain.LineReversal {
			part = &reversed
		}
		part.Lines++
		part.Amount += l.Amount
		return yield(l)
	})
	if err != nil {
		return err
	}
	if redeemed != s.Redemptions || reversed != s.Reversals || redeemed.Amount+reversed.Amount+s.CarriedIn != s.Total {
		return fmt.Errorf("statement %s: its lines, %+v and %+v, are not what it says, %+v and %+v, carried in %d, total %d",
			s.Number, redeemed, reversed, s.Redemptions, s.Reversals, s.CarriedIn, s.Total)
	}
	return nil
}

// number writes minor units for people: 1.234,50 in Danish, 1,234.50 in English.
func (s Statement) number(minor int64) string {
	text := strings.TrimSuffix(domain.FormatMoney(minor, ""), " ")
	if s.Language == Danish {
		return text
	}
	return strings.NewReplacer(".", ",", ",", ".").Replace(text)
}

// money writes an amount with its currency.
func (s Statement) money(minor int64) string {
	if s.Language == Danish {
		return domain.FormatMoney(minor, s.Currency)
	}
	return s.Currency + " " + s.number(minor)
}

// date writes a day for people; "" for none.
func (s Statement) date(d domain.Date) string {
	switch {
	case d.IsZero():
		return ""
	case s.Language == Danish:
		return d.Danish()
	default:
		return d.English()
	}
}

// count writes how many, with the word for them.
func (s Statement) count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strings.TrimSuffix(s.number(n*100), s.number(0)[1:]) + " " + many
}

// decimal writes minor units for a spreadsheet: 1234,50 in Danish, 1234.50 in
// English, and a minus where it is due.
func (s Statement) decimal(minor int64) string {
	sign, point := "", "."
	if minor < 0 {
		sign, minor = "-", -minor
	}
	if s.Language == Danish {
		point = ","
	}
	return sign + strconv.FormatInt(minor/100, 10) + point + fmt.Sprintf("%02d", minor%100)
}

// nothing reports whether nothing is paid by this statement: what it comes to goes
// into the next one.
func (s Statement) nothing() bool {
	return s.Total <= 0 || s.Payment.Forward || s.Payment.Returned || s.Payment.Reversed
}

// sum names what the statement comes to.
func (s Statement) sum(w words) string {
	if s.nothing() {
		return w.owed
	}
	return w.total
}

// when says how and when it is paid.
func (s Statement) when(w words) string {
	p := s.Payment
	switch {
	case s.Draft:
		return w.draft
	case p.Reversed:
		return w.reversed
	case p.Returned:
		return w.returned
	case p.Forward:
		return w.forward
	case !p.PaidOn.IsZero():
		return fmt.Sprintf(w.paid, s.date(p.PaidOn))
	case !p.ExecuteOn.IsZero():
		return fmt.Sprintf(w.executes, s.date(p.ExecuteOn))
	case s.Method == domain.ByInvoice:
		return w.invoice
	default:
		return w.waits
	}
}
