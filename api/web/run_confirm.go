package web

import (
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

// RunConfirm is the page that says what would be done with a run, and asks for it.
type RunConfirm struct {
	Form     Input
	At, Back string
	Act      string
	Amount   string // that it is about; "": none
	What     []string
	Button   string
	From, To string // of a draft that is made again
	On       string // the day that is offered
}

// NewRunConfirm makes the page for one of RunActs.
func NewRunConfirm(v View, r settlement.RunStory, act string, form Input) RunConfirm {
	x := RunConfirm{
		Form: form.At(r.Version), Back: "/runs/" + v.ID("srn", r.ID), Act: act, From: r.PeriodFrom.String(), To: r.PeriodTo.String(), On: r.Today.String(),
	}
	x.At = x.Back + "/" + act
	amount, partners := v.meant(r, act)
	x.Amount = domain.FormatMoney(amount, r.Currency)
	x.Button = Text(v.Lang, "runs.press."+act, x.Amount)
	x.What = []string{Text(v.Lang, "runs.what."+act, x.Amount, v.partners(partners))}
	switch act {
	case "file":
		x.On = domain.BankDayFrom(r.Today.AddDays(1)).String()
		if closed := v.closed(form); closed != "" && form.wrong["execute_on"] != "" {
			form.wrong["execute_on"] = closed
		}
	case "pay":
		if n := r.Due.Partners - partners; n > 0 {
			x.What = append(x.What, Text(v.Lang, "runs.what.pay_rest", v.partners(n)))
		}
	case "reverse":
		if r.FiledBy != "" {
			x.What = append(x.What, Text(v.Lang, "runs.what.reverse_file"))
		}
	}
	return x
}

// meant is how much a step is about, and how many partners.
func (v View) meant(r settlement.RunStory, act string) (amount, partners int64) {
	switch act {
	case "file":
		for _, row := range r.Settlements {
			if row.State == domain.SettlementDue && row.Method == domain.ByBank {
				amount, partners = amount+row.Total, partners+1
			}
		}
		return amount, partners
	case "pay":
		for _, row := range r.Payable {
			amount, partners = amount+row.Total, partners+1
		}
		return amount, partners
	}
	return r.Due.Amount, r.Due.Partners
}

// closed says that banks are closed on the day that was typed, and which is the next
// on which they are not; "" when they are open, or it is no day.
func (v View) closed(form Input) string {
	day, err := domain.ParseDate(form.Values.Get("execute_on"))
	if err != nil || domain.BankDay(day) {
		return ""
	}
	return Text(v.Lang, "runs.closed", v.weekday(day), v.weekday(domain.BankDayFrom(day)))
}

// weekday writes a day with what day of the week it is.
func (v View) weekday(d domain.Date) string {
	day := d.In(time.UTC).Weekday()
	if v.Lang == English {
		return day.String() + " " + v.Date(d)
	}
	return strings.ToLower(danishDays[day]) + " " + v.Date(d)
}
