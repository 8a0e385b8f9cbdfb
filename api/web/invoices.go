package web

import (
	"cmp"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

// Invoices is what the page of partners' invoices shows.
type Invoices struct {
	Form     Input
	Detail   string // what was wrong with a file, in English: it says the line
	MayTake  bool
	Open     []InvoiceRow
	OpenMore bool
	Rows     []InvoiceRow
	Next     string
	Files    *Files
}

// InvoiceRow is an invoice or credit note in a list.
type InvoiceRow struct {
	Address, Name, Partner, Amount, Day string
	Badge                               Badge
}

var invoiceTones = map[string]string{domain.InvoiceMatched: "good", domain.InvoiceAccepted: "good", domain.InvoiceDiffers: "warn", domain.InvoiceRejected: "bad"}

// NewInvoices makes the page.
func NewInvoices(v View, l settlement.InvoiceList, form Input, mayTake bool) Invoices {
	x := Invoices{Form: form, MayTake: mayTake, OpenMore: l.OpenMore}
	for _, i := range l.Open {
		x.Open = append(x.Open, v.invoiceRow(i, l.Desk))
	}
	for _, i := range l.Rows {
		x.Rows = append(x.Rows, v.invoiceRow(i, l.Desk))
	}
	return x
}

func (v View) invoiceRow(i domain.Invoice, desk settlement.Desk) InvoiceRow {
	return InvoiceRow{
		Address: "/invoices/" + v.ID("inv", i.ID), Name: InvoiceName(v.Lang, i), Partner: supplier(i, desk), Amount: domain.FormatMoney(i.Amount, i.Currency),
		Day: v.Date(i.IssuedOn), Badge: invoiceBadge(i),
	}
}

// InvoiceName is what an invoice, or a credit note, is called.
func InvoiceName(lang Lang, i domain.Invoice) string {
	return Text(lang, "invoices."+i.Kind, i.Number)
}

// supplier is the partner that sent an invoice, or else its CVR number.
func supplier(i domain.Invoice, desk settlement.Desk) string {
	if i.PartnerID != nil {
		return desk.Partner(*i.PartnerID)
	}
	return "CVR " + i.CVR
}

func invoiceBadge(i domain.Invoice) Badge {
	return Badge{"invoices.state." + i.State, invoiceTones[i.State]}
}

// InvoicePage is what the page of one invoice or credit note shows.
type InvoicePage struct {
	Form                                  Input
	At, Amount, Partner, CVR, Day, Period string
	Badge                                 Badge
	Settlement, About                     *Choice
	Pays                                  string // what is paid when it counts; "": nothing
	IBAN, GLN                             string
	Differs                               Grid
	By, Why, When                         string // who decided, why and when
	MayAccept, MayReject                  bool
	NoAccept                              string // why it cannot be accepted; "": it can, or is not to be
}

// NewInvoice makes the page.
func NewInvoice(v View, x settlement.InvoiceStory, form Input, may func(domain.Action) bool) InvoicePage {
	p := InvoicePage{
		Form: form, At: "/invoices/" + v.ID("inv", x.ID), Amount: domain.FormatMoney(x.Amount, x.Currency), Partner: supplier(x.Invoice, x.Desk), CVR: x.CVR, Day: v.Date(x.IssuedOn),
		Badge: invoiceBadge(x.Invoice), IBAN: x.IBAN, GLN: x.GLN, By: x.DecidedBy, Why: x.Comment,
		MayAccept: x.NoAccept == nil && may("acceptInvoice"), MayReject: x.NoReject == nil && may("rejectInvoice"),
	}
	if !x.PeriodFrom.IsZero() {
		p.Period = v.period(x.PeriodFrom, x.PeriodTo)
	}
	if x.DecidedAt != nil {
		p.When = v.Moment(*x.DecidedAt)
	}
	if x.Settlement != nil {
		p.Settlement = &Choice{x.Settlement.Number, "/runs/settlements/" + v.ID("stl", x.Settlement.ID)}
		p.Pays = domain.FormatMoney(x.Settlement.Total, x.Settlement.Currency)
	}
	if x.About != nil {
		p.About = &Choice{InvoiceName(v.Lang, *x.About), "/invoices/" + v.ID("inv", x.About.ID)}
	}
	if x.State == domain.InvoiceDiffers && x.NoAccept != nil {
		p.NoAccept = Fault(v.Lang, domain.CodeOf(x.NoAccept), x.NoAccept.Error())
	}
	p.Differs = DifferenceGrid(v, x)
	p.Differs.Files = FilesAt(p.At+"/file", nil)
	return p
}

// DifferenceGrid is what an invoice says otherwise than was expected.
func DifferenceGrid(v View, x settlement.InvoiceStory) Grid {
	g := Grid{Name: Text(v.Lang, "invoices.differs"), Heads: v.heads("invoices.thing", "invoices.says", "invoices.expected")}
	for _, d := range x.Differs {
		says, expected := v.difference(d)
		g.Rows = append(g.Rows, []Cell{word(Text(v.Lang, "invoices.field."+d.Field)), word(cmp.Or(says, "–")), word(expected)})
	}
	return g
}

// worded are the fields of which it is told in words, not by a value, what was
// expected: each with how the use case's own sentence begins.
var worded = []struct{ field, begins, key string }{
	{"settlement", "several", "settlement_several"}, {"settlement", "it is another", "settlement_other"}, {"settlement", "nothing", "settlement_none"},
	{"method", "", "method"}, {"state", "", "state"}, {"cvr", "", "cvr"}, {"duplicate", "", "duplicate"},
	{"invoice", "a credit note", "invoice_several"}, {"invoice", "no invoice", "invoice_none"}, {"invoice", "somebody", "invoice_decided"},
}

// difference tells what an invoice says, and what was expected. The use cases' sentences
// are in English.
func (v View) difference(d domain.Difference) (says, expected string) {
	if d.Field == "period" {
		return v.periodOf(d.Invoice), v.periodOf(d.Expected)
	}
	if v.Lang == English {
		return d.Invoice, d.Expected
	}
	for _, w := range worded {
		if w.field == d.Field && strings.HasPrefix(d.Expected, w.begins) {
			return d.Invoice, Text(v.Lang, "invoices.expected."+w.key)
		}
	}
	return d.Invoice, strings.Replace(d.Expected, "at most ", "højst ", 1)
}

// periodOf writes a period as the reader does; as it stands where it is none.
func (v View) periodOf(text string) string {
	from, to, _ := strings.Cut(text, " – ")
	first, err := domain.ParseDate(from)
	last, wrong := domain.ParseDate(to)
	if err != nil || wrong != nil {
		return text
	}
	return v.period(first, last)
}
