package web

import (
	"cmp"
	"strconv"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// Settings is what the page called settings shows.
type Settings struct {
	Municipality, Payer, Kept Input
	Zone                      string
	NoPayer                   bool   // nobody pays shops yet
	Months                    string // after which people are erased; "": not by themselves
	Next                      *ErasureNext
	Things                    []string // whose time is not set here, by the name of their words
}

// ErasureNext is a shorter time that is to come.
type ErasureNext struct {
	Months, From string
	People       string // who are erased the first time; "": fewer than five
	Back         string // the months that take it back
	Version      int64
}

// NewSettings makes the page; ahead is how many people the time that is to come erases
// the first time, 0 for fewer than five.
func NewSettings(v View, m domain.Municipality, payer domain.PaymentSettings, ahead int, in Input) Settings {
	s := Settings{
		Municipality: in.For("municipality").Or(m.Version, "name", m.Name, "reversal_minutes", strconv.Itoa(m.ReversalMinutes), "finance_email", m.FinanceEmail,
			"most_per_voucher", amountField(m.MostPerVoucher), "most_per_hour", amountField(m.MostPerHour), "most_per_day", amountField(m.MostPerDay)),
		Payer:  in.For("payer").Or(int64(payer.Number), "name", payer.Name, "iban", payer.IBAN, "bic", payer.BIC, "cvr", payer.CVR, "gln", payer.GLN, "agreement", payer.Agreement),
		Kept:   in.For("kept").Or(m.Version, "erase_after_months", months(cmp.Or(m.EraseNextMonths, m.EraseAfterMonths))),
		Things: []string{"course", "money", "log", "sign_ins", "mail", "imports", "exports"},
		Months: months(m.EraseAfterMonths), Zone: v.In(rules.SaidZone(m.TimeZone)), NoPayer: payer.Number == 0,
	}
	if m.EraseNextMonths != 0 {
		s.Next = &ErasureNext{Months: months(m.EraseNextMonths), From: v.Date(m.EraseNextFrom), Back: months(m.EraseAfterMonths), Version: m.Version}
		if ahead > 0 {
			s.Next.People = strconv.Itoa(ahead)
		}
	}
	return s
}

// months is a number of months as a field has it; "" for none.
func months(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
