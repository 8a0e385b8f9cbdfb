package web

import (
	"bytes"
	"html/template"
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
	Blocked      []ownOther  // vouchers that are blocked
	Others       []ownOther  // vouchers that cannot be used for another reason
	Courses      []explained
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

// ownOther is a voucher that cannot be used.
type ownOther struct {
	Serial, Amount string
	State          string // key; "" for one that is blocked
	Uses           []ownUse
}

// NewOwn makes what the page called me shows. It leaves out the programmes'
// titles and versions, and every word of what the visits are for.
func NewOwn(page vouchers.OwnPage, lang Lang, id func(domain.ID) string) (Own, error) {
	own := Own{Municipality: page.Municipality, PIN: page.PIN}
	for _, v := range page.Vouchers {
		uses, sum := usesOf(v, page.Site, lang)
		if v.State == domain.Blocked {
			own.Blocked = append(own.Blocked, ownOther{v.Serial, domain.FormatMoney(v.Balance, v.Currency), "", uses})
			continue
		}
		if !v.Usable {
			own.Others = append(own.Others, ownOther{v.Serial, domain.FormatMoney(v.Amount, v.Currency), "me.state." + string(v.State), uses})
			continue
		}
		shown, err := usable(v, page, lang)
		if err != nil {
			return Own{}, err
		}
		shown.ID, shown.Uses, shown.Used = id(v.ID), uses, domain.FormatMoney(sum, v.Currency)
		own.Usable = append(own.Usable, shown)
	}
	for _, x := range page.Courses {
		own.Courses = append(own.Courses, course(x, lang))
	}
	return own, nil
}

// usesOf are the purchases with a voucher, and what they come to.
func usesOf(v vouchers.OwnVoucher, site *time.Location, lang Lang) (list []ownUse, sum int64) {
	for _, u := range v.Uses {
		shown := ownUse{When: strings.ReplaceAll(moment(u.At, site, lang), "-", unbroken), Shop: u.Shop, Amount: domain.FormatMoney(u.Amount, v.Currency), Returned: u.Returned}
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
		Serial: v.Serial, Balance: domain.FormatMoney(v.Balance, v.Currency), Until: strings.ReplaceAll(until.Danish(), "-", unbroken), Code: v.Code.Reveal(), Shops: v.Shops,
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

// unbroken is a hyphen at which no line ends.
const unbroken = "\u2011"

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

// course is an enrolment's part of the page. Over is a key here.
func course(x vouchers.Explanations, lang Lang) explained {
	p := explained{english: lang == English, currency: x.Standing.Currency, site: x.Site, Words: pageWords[lang == English]}
	p.next(x)
	if p.Next == nil {
		p.Over = "me.ask"
		if x.Standing.Progress.Finished || paysNothing(x.Standing.Progress) {
			p.Over = "me.over" // why it is over may tell what it was
		}
	}
	p.Total = domain.FormatMoneyShort(x.Received, p.currency)
	for i := len(x.Awards) - 1; i >= 0; i-- {
		p.Awards = append(p.Awards, p.award(x.Awards[i]))
	}
	return p
}
