package web

import (
	"bytes"
	"html/template"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// OwnEntry is what the pages me_enter and me_locked show.
type OwnEntry struct {
	Problem string // key of what went wrong; "": nothing
	Code    string // what was typed as the code of a letter
}

// Own is what the page called me shows, in one language.
type Own struct {
	Municipality string
	Problem      string      // key of what went wrong; "": nothing
	PINProblem   string      // the same, with the PIN
	Usable       []ownUsable // vouchers that can be used
	Blocked      []ownVoucher
	More         string // the address of more vouchers; "": there are none
	Courses      []explained
	Total        string // of what was had
	Had          []ownHad
	Older        string // the address of all that was had; "": there is no more of it
	PIN          bool
}

// OwnHistory is what the page called me_history shows, in one language.
type OwnHistory struct {
	Municipality string
	Total        string
	Had          []ownHad
	Next         string // the address of the next page; "": there is none
	PIN          bool
}

// ownUsable is a voucher that can be used.
type ownUsable struct {
	ID, Serial  string
	Balance     string
	Amount      string // what it was issued for; "" while all of it is left
	Until       string
	QR          template.HTML
	Code        string
	Shops       []string
	For, NotFor string
	Partial     bool
	Used        string // in all
	Uses        []ownUse
}

// ownUse is one purchase with a voucher.
type ownUse struct {
	When, Shop string
	Amount     string
	Left       string // on the voucher afterwards; "" when it was put back
	Returned   bool
}

// ownHad is an award, with the vouchers that came of it.
type ownHad struct {
	award
	Vouchers []ownVoucher
}

// ownVoucher is a voucher of which only what became of it is told.
type ownVoucher struct {
	Serial, Amount string
	State          string // key
	Used           string // in all
	Uses           []ownUse
}

// NewOwn makes what the page called me shows. It leaves out the programmes'
// titles and versions, and every word of what the visits are for.
func NewOwn(page vouchers.OwnPage, lang Lang, id func(domain.ID) string) (Own, error) {
	own := Own{Municipality: page.Municipality, PIN: page.PIN, Total: total(page.Received), Had: hadOf(page.Had.Rows, page.Site, lang)}
	for _, v := range page.Vouchers.Rows {
		if !v.Usable {
			own.Blocked = append(own.Blocked, became(v, v.Balance, page.Site, lang))
			continue
		}
		shown, err := usable(v, page, lang)
		if err != nil {
			return Own{}, err
		}
		uses, sum := usesOf(v, page.Site, lang)
		shown.ID, shown.Uses, shown.Used = id(v.ID), uses, domain.FormatMoney(sum, v.Currency)
		own.Usable = append(own.Usable, shown)
	}
	for _, x := range page.Courses {
		own.Courses = append(own.Courses, course(x, lang))
	}
	return own, nil
}

// NewOwnHistory makes what the page called me_history shows.
func NewOwnHistory(h vouchers.OwnHistory, lang Lang) OwnHistory {
	return OwnHistory{Municipality: h.Municipality, Total: total(h.Received), Had: hadOf(h.Rows, h.Site, lang), PIN: h.PIN}
}

// total writes sums of money, by currency.
func total(sums map[string]int64) string {
	var parts []string
	for _, currency := range slices.Sorted(maps.Keys(sums)) {
		parts = append(parts, domain.FormatMoneyShort(sums[currency], currency))
	}
	return strings.Join(parts, " + ")
}

// hadOf tells of awards, and what became of their vouchers.
func hadOf(rows []vouchers.Had, site *time.Location, lang Lang) (list []ownHad) {
	for _, t := range rows {
		p := explained{english: lang == English, currency: t.Award.Currency, site: site}
		shown := ownHad{award: p.award(t.Told)}
		shown.Level, shown.Rules = "", "" // they may tell what it was
		for _, v := range t.Vouchers {
			shown.Vouchers = append(shown.Vouchers, became(v, v.Amount, site, lang))
		}
		list = append(list, shown)
	}
	return list
}

// became tells what became of a voucher.
func became(v vouchers.OwnVoucher, amount int64, site *time.Location, lang Lang) ownVoucher {
	state := string(v.State)
	if v.Usable {
		state = "usable"
	}
	uses, sum := usesOf(v, site, lang)
	return ownVoucher{v.Serial, domain.FormatMoney(amount, v.Currency), "me.state." + state, domain.FormatMoney(sum, v.Currency), uses}
}

// usesOf are the purchases with a voucher, and what they come to.
func usesOf(v vouchers.OwnVoucher, site *time.Location, lang Lang) (list []ownUse, sum int64) {
	for _, u := range v.Uses {
		shown := ownUse{When: moment(u.At, site, lang), Shop: u.Shop, Amount: domain.FormatMoney(u.Amount, v.Currency), Returned: u.Returned}
		if !u.Returned {
			sum += u.Amount
			shown.Left = domain.FormatMoney(u.Left, v.Currency)
		}
		list = append(list, shown)
	}
	return list, sum
}

func usable(v vouchers.OwnVoucher, page vouchers.OwnPage, lang Lang) (ownUsable, error) {
	var svg []byte
	if v.Code != "" {
		var err error
		if svg, err = v.Code.SVG(); err != nil {
			return ownUsable{}, err
		}
	}
	until := lastDay(v.ValidTo, page.Site)
	shown := ownUsable{
		Serial: v.Serial, Balance: domain.FormatMoney(v.Balance, v.Currency), Until: until.Danish(), Code: v.Code.Reveal(), Shops: v.Shops,
		QR:  template.HTML(bytes.TrimSpace(svg)), //nolint:gosec // drawn by vouchers/code from squares: nobody typed anything in it
		For: danish(v.Categories), NotFor: danish(v.Excluded), Partial: v.Partial,
	}
	if v.Balance != v.Amount {
		shown.Amount = domain.FormatMoney(v.Amount, v.Currency)
	}
	if lang == English {
		shown.Until, shown.For, shown.NotFor = until.English(), english(v.Categories), english(v.Excluded)
	}
	return shown, nil
}

// english lists kinds of goods as a sentence does: "groceries, clothing and books".
func english(kinds []string) string {
	list := make([]string, len(kinds))
	for i, kind := range kinds {
		list[i] = strings.ReplaceAll(kind, "_", " ")
	}
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// course is what comes next in an enrolment; why it is over is the key of its words.
func course(x vouchers.Explanations, lang Lang) explained {
	p := explained{english: lang == English, currency: x.Standing.Currency, site: x.Site, Words: pageWords[lang == English]}
	p.next(x)
	if p.Next == nil {
		p.Over = "me.ask"
		if x.Standing.Progress.Finished || paysNothing(x.Standing.Progress) {
			p.Over = "me.over" // why it is over may tell what it was
		}
	}
	return p
}
