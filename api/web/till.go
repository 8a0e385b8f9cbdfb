package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// TillEntry is what the form for a voucher's code shows, on whichever of a till's
// pages it is.
type TillEntry struct {
	Code string // what was typed and is to be put right; "" for none
}

// TillDay is what the page called till_day shows.
type TillDay struct {
	Entry       TillEntry
	Label, Shop string
	Taken       []TillTaken // none: nothing today
	Latest      []TillLine
}

// TillTaken is what was taken in a day, in one currency.
type TillTaken struct{ Payments, Amount string }

// TillLine is one payment of the day.
type TillLine struct {
	ID, At, Amount string
	Undone         bool
}

// NewTillDay makes what the page called till_day shows.
func NewTillDay(d vouchers.TillDay, label, shop string, lang Lang, id IDs) TillDay {
	shown := TillDay{Label: label, Shop: shop}
	for _, sum := range d.Taken {
		payments := Text(lang, "till.one")
		if sum.Payments > 1 {
			payments = Text(lang, "till.payments", strconv.FormatInt(sum.Payments, 10))
		}
		shown.Taken = append(shown.Taken, TillTaken{payments, domain.FormatMoney(sum.Amount, sum.Currency)})
	}
	for _, r := range d.Latest {
		shown.Latest = append(shown.Latest, TillLine{id("rdm", r.ID), clock(r.CreatedAt, d.Site, lang), domain.FormatMoney(r.Amount, r.Currency), r.Reversal != nil})
	}
	return shown
}

// TillCheck is what the page called till_check shows: a voucher that can be spent.
type TillCheck struct {
	Form        Input
	Code        string
	Most        string // what can be taken now
	Amount      string // the same, as it is typed
	Whole       bool   // it must be spent at once
	Until       string
	For, NotFor string // kinds of goods; NotFor is "" for none
}

// NewTillCheck makes what the page called till_check shows. Code is what was typed.
func NewTillCheck(v vouchers.Checked, code string, form Input, lang Lang) TillCheck {
	most := domain.FormatMoney(v.Most, v.Currency)
	amount, _, _ := strings.Cut(most, " ")
	shown := TillCheck{
		Form: form, Code: code, Most: most, Amount: amount, Whole: !v.Partial, Until: dateText(lastDay(v.ValidTo, v.Site), lang), For: danish(v.Categories), NotFor: danish(v.Excluded),
	}
	if lang == English {
		shown.For, shown.NotFor = english(v.Categories), english(v.Excluded)
	}
	return shown
}

// TillRefusal is what the page called till_refused shows.
type TillRefusal struct {
	Title string // key
	Entry TillEntry
	Why   string
}

// TillFault gives the words for why a till was refused something, with what its
// limit leaves in a currency; "": nothing is left of it.
func TillFault(lang Lang, e *domain.Error, currency string) string {
	if lang == English {
		return Fault(lang, e.Code, e.Message)
	}
	if e.Limit != nil {
		span := Text(lang, "till.limit_"+e.Limit.Cap)
		if currency == "" || e.Limit.Left == 0 {
			return Text(lang, "till.limit_reached", span)
		}
		return Text(lang, "till.limit_left", domain.FormatMoney(e.Limit.Most, currency), span, domain.FormatMoney(e.Limit.Left, currency))
	}
	if key := "till.why_" + e.Code; Has(key) {
		return Text(lang, key)
	}
	return Fault(lang, e.Code, e.Message)
}

// TillPayment is what the page called till_payment shows.
type TillPayment struct {
	Form           Input
	ID, At, Amount string
	Shop, When     string // for a receipt
	Left           string // on the voucher, when it was paid
	Undone         bool
	Seconds        int // in which it can be taken back; 0: no longer
	UndoUntil      string
}

// NewTillPayment makes what the page called till_payment shows.
func NewTillPayment(p vouchers.TillPayment, shop string, form Input, lang Lang, id IDs) TillPayment {
	undoUntil := clock(p.UndoUntil, p.Site, lang)
	if domain.DateOf(p.UndoUntil, p.Site) != domain.DateOf(p.CreatedAt, p.Site) {
		undoUntil = moment(p.UndoUntil, p.Site, lang)
	}
	return TillPayment{
		Form: form, ID: id("rdm", p.ID), At: clock(p.CreatedAt, p.Site, lang), Amount: domain.FormatMoney(p.Amount, p.Currency), Shop: shop, When: moment(p.CreatedAt, p.Site, lang),
		Left: domain.FormatMoney(p.BalanceAfter, p.Currency), Undone: p.Reversal != nil,
		Seconds: max(int(p.UndoFor/time.Second), 0), UndoUntil: undoUntil,
	}
}

// TillApp is a till's page as a phone installs it (W3C, Web Application Manifest).
type TillApp struct {
	Name       string        `json:"name"`
	ShortName  string        `json:"short_name"`
	Lang       Lang          `json:"lang"`
	Start      string        `json:"start_url"`
	Scope      string        `json:"scope"`
	ID         string        `json:"id"`
	Display    string        `json:"display"`
	Background string        `json:"background_color"`
	Theme      string        `json:"theme_color"`
	Icons      []TillAppIcon `json:"icons"`
}

// TillAppIcon is one of its icons.
type TillAppIcon struct {
	Source  string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// NewTillApp makes it for the pages below an address.
func NewTillApp(lang Lang, at string) TillApp {
	icon := func(name, size, purpose string) TillAppIcon {
		return TillAppIcon{"/static/" + name, size, "image/png", purpose}
	}
	return TillApp{
		Name: Text(lang, "till.title"), ShortName: Text(lang, "till.title"), Lang: lang, Start: at, Scope: at, ID: at,
		Display: "standalone", Background: "#f3f6f5", Theme: "#0b5552",
		Icons: []TillAppIcon{icon("icon-192.png", "192x192", "any"), icon("icon-512.png", "512x512", "any"), icon("icon-mask.png", "512x512", "maskable")},
	}
}
