package web

import (
	"html/template"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// CorrectVisit is what the page called correct shows.
type CorrectVisit struct {
	Form     Input
	ID       string
	Citizen  string // ID
	Name     string
	Kind, At string
	Outcomes []Option
	Events   []Event
	Earned   []Reward
}

// Withdrawn is what the form has in the place of an outcome for a visit that was
// recorded by mistake.
const Withdrawn = "withdrawn"

// Event is something that happened, as a history has it.
type Event struct {
	At, What, By, Note string
}

// NewCorrectVisit makes what the page called correct shows. In is the form.
func NewCorrectVisit(v vouchers.VisitStory, form Input, lang Lang, id IDs) CorrectVisit {
	a := v.Appointment
	shown := CorrectVisit{
		Form: form, ID: id("att", a.Visit.AttendanceID), Citizen: id("cit", a.Citizen.ID), Name: nameOf(a.Citizen), Kind: View{Lang: lang}.Kind(a.Visit.Kind),
		At: moment(a.Visit.OccurredAt, v.Site, lang),
	}
	shown.Outcomes = []Option{{"", Text(lang, "correct.choose")}}
	for _, outcome := range domain.Outcomes {
		shown.Outcomes = append(shown.Outcomes, Option{outcome, Outcome(outcome, lang)})
	}
	if !a.Visit.Withdrawn {
		shown.Outcomes = append(shown.Outcomes, Option{Withdrawn, Text(lang, "correct.withdraw")})
	}
	for _, e := range v.Events {
		what := Outcome(e.Outcome, lang)
		if e.Withdrawn {
			what = Text(lang, "correct.withdrawn")
		}
		shown.Events = append(shown.Events, Event{moment(e.CreatedAt, v.Site, lang), what, e.RecordedBy, e.Reason.Reveal()})
	}
	for _, r := range a.Earned {
		shown.Earned = append(shown.Earned, newReward(r, lang, id))
	}
	return shown
}

// moment writes a date and a time of day as the readers do.
func moment(at time.Time, site *time.Location, lang Lang) string {
	return dateText(domain.DateOf(at, site), lang) + " " + clock(at, site, lang)
}

// HeldVoucher is what the page called voucher shows.
type HeldVoucher struct {
	Form              Input
	ID, Serial        string
	Citizen, Name     string // the ID, and what they are called
	Balance, Amount   string // Amount is "" while all of it is left
	State, Until, Why string
	Live, Blocked     bool
	Left              bool // something is on it, to be moved to another
	MayVoid           bool
	For, NotFor       string
	Events            []Event
	Replaces, Next    *Choice
}

// NewHeldVoucher makes what the page called voucher shows.
func NewHeldVoucher(v vouchers.VoucherStory, form Input, mayVoid bool, lang Lang, id IDs) HeldVoucher {
	x := v.Voucher
	shown := HeldVoucher{
		Form: form, ID: id("vch", x.ID), Serial: x.Serial, Citizen: id("cit", v.Citizen.ID), Name: nameOf(v.Citizen), Balance: domain.FormatMoney(x.Balance, x.Currency),
		State: Text(lang, "voucher.state_"+string(x.State)), Until: dateText(lastDay(x.ValidTo, v.Site), lang), Why: in(lang, v.Why),
		Live: x.Spendable(), Blocked: x.State == domain.Blocked, Left: x.Balance > 0, MayVoid: mayVoid && x.Balance > 0,
		For: danish(x.Categories), NotFor: danish(x.Excluded),
	}
	if lang == English {
		shown.For, shown.NotFor = english(x.Categories), english(x.Excluded)
	}
	if x.Balance != x.Amount {
		shown.Amount = domain.FormatMoney(x.Amount, x.Currency)
	}
	if v.Replaces != nil {
		shown.Replaces = &Choice{v.Replaces.Serial, "/vouchers/" + id("vch", v.Replaces.ID)}
	}
	if v.ReplacedBy != nil {
		shown.Next = &Choice{v.ReplacedBy.Serial, "/vouchers/" + id("vch", v.ReplacedBy.ID)}
	}
	shown.Events = voucherEvents(v, lang)
	return shown
}

// voucherEvents is what became of a voucher, oldest first.
func voucherEvents(v vouchers.VoucherStory, lang Lang) []Event {
	x := v.Voucher
	events := []Event{{moment(x.CreatedAt, v.Site, lang), Text(lang, "voucher.issued", domain.FormatMoney(x.Amount, x.Currency)), x.IssuedBy, ""}}
	for _, r := range v.Redemptions {
		used := Event{At: moment(r.CreatedAt, v.Site, lang), What: Text(lang, "voucher.used", domain.FormatMoney(r.Amount, r.Currency)), By: v.Partners[r.PartnerID]}
		if r.Reversal != nil {
			used.Note = Text(lang, "voucher.taken_back", moment(r.Reversal.CreatedAt, v.Site, lang))
		}
		events = append(events, used)
	}
	if reason := x.Reason.Reveal(); reason != "" {
		events = append(events, Event{What: Text(lang, "voucher.state_"+string(x.State)), Note: reason})
	}
	return events
}

// VoucherCode is what the page called voucher_code shows.
type VoucherCode struct {
	ID, Serial, Balance string
	QR                  template.HTML
	Code                string
}

// LinkOffer is what the page called voucher_link shows.
type LinkOffer struct{ Citizen, Name string }

// NewLinkOffer makes it, of a voucher's citizen.
func NewLinkOffer(v vouchers.VoucherStory, id IDs) LinkOffer {
	return LinkOffer{id("cit", v.Citizen.ID), nameOf(v.Citizen)}
}
