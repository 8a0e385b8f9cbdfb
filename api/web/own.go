package web

import (
	"bytes"
	"html/template"
	"strings"

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
}

// ownOther is a voucher that cannot be used.
type ownOther struct {
	Serial, Amount string
	State          string // key; "" for one that is blocked
}

// NewOwn makes what the page called me shows. It leaves out the programmes'
// titles and versions, and every word of what the visits are for.
func NewOwn(page vouchers.OwnPage, lang Lang, id func(domain.ID) string) (Own, error) {
	own := Own{Municipality: page.Municipality, PIN: page.PIN}
	for _, v := range page.Vouchers {
		if v.State == domain.Blocked {
			own.Blocked = append(own.Blocked, ownOther{v.Serial, domain.FormatMoney(v.Balance, v.Currency), ""})
			continue
		}
		if !v.Usable {
			own.Others = append(own.Others, ownOther{v.Serial, domain.FormatMoney(v.Amount, v.Currency), "me.state." + string(v.State)})
			continue
		}
		shown, err := usable(v, page, lang)
		if err != nil {
			return Own{}, err
		}
		shown.ID = id(v.ID)
		own.Usable = append(own.Usable, shown)
	}
	for _, x := range page.Courses {
		own.Courses = append(own.Courses, course(x, lang))
	}
	return own, nil
}

func usable(v vouchers.OwnVoucher, page vouchers.OwnPage, lang Lang) (ownUsable, error) {
	svg, err := v.Code.SVG()
	if err != nil {
		return ownUsable{}, err
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
