package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// Figures is what the pages called outstanding and spend show: one figure of the
// books, grouped.
type Figures struct {
	Path          string
	Kinds, By     []Tab
	From, At      string // as fields have them
	Balance       bool   // it stands at a date, and begins nowhere
	Programmes    []Option
	Units         []Option
	Programme     string
	Unit          string
	Total         Cell
	Says          string // how many vouchers are behind it
	Bars          []Bar
	Grid          Grid
	Averages      *Grid
	Hidden        []Option // what the form keeps of the address
	AveragesTitle string
}

// Tab is one of the ways to look at the same.
type Tab struct {
	Text, Link string
	Current    bool
}

// FiguresAsked is how a figure is asked for.
type FiguresAsked struct {
	Path    string // of the page
	Query   url.Values
	Figures []string // those that the page has
	By      []string // what it is grouped by
}

// with is the page's address with another value.
func (a FiguresAsked) with(name, value string) string {
	return Asking(a.Path, a.Query, name, value)
}

// Files are where a part of the page is as a file; of none, the first.
func (a FiguresAsked) Files(part ...string) *Files {
	return FilesAt(a.Path+"/file", a.Query, part...)
}

// NewFigures makes the page of a report.
func NewFigures(b Books, a FiguresAsked, r vouchers.Report) Figures {
	f := Figures{
		Path: a.Path, At: r.At.String(), From: r.ReportQuery.From.String(), Balance: r.Figure == "outstanding" || r.Figure == "payable",
		Programmes: b.options("prg", "books.all_programmes", b.titles()), Units: b.options("unt", "books.all_units", b.Names.Units), Programme: a.Query.Get("programme"), Unit: a.Query.Get("unit"),
		Total: amount(r.Total, r.Currency, b.behind(r.Behind(vouchers.ReportRow{}))), Says: Text(b.Lang, "figures.vouchers_behind", strconv.FormatInt(r.Vouchers, 10)),
		Hidden: []Option{{"figure", r.Figure}, {"by", r.GroupBy}}, Grid: b.report(r),
	}
	f.Grid.Files = a.Files()
	for _, figure := range a.Figures {
		f.Kinds = append(f.Kinds, Tab{Text(b.Lang, "figures."+figure), a.with("figure", figure), figure == r.Figure})
	}
	for _, by := range a.By {
		f.By = append(f.By, Tab{Text(b.Lang, "figures.by_"+by), a.with("by", by), by == r.GroupBy})
	}
	widest := int64(1)
	for _, row := range r.Rows {
		widest = max(widest, row.Amount)
	}
	for i, row := range r.Rows {
		name := b.group(r.GroupBy, row)
		money := domain.FormatMoney(row.Amount, r.Currency)
		f.Bars = append(f.Bars, Bar{ID: fmt.Sprintf("bar-%d", i), Name: name, Of: money, Says: name + ": " + money, Segments: []Segment{{Kind: "issued", Width: seen(row.Amount, widest)}}})
	}
	return f
}

// report is the table of a report.
func (b Books) report(r vouchers.Report) Grid {
	g := Grid{Name: Text(b.Lang, "figures."+r.Figure), Heads: b.heads("figures.by_"+r.GroupBy, "#books.amount", "#figures.vouchers")}
	for _, row := range r.Rows {
		g.Rows = append(g.Rows, []Cell{word(b.group(r.GroupBy, row)), amount(row.Amount, r.Currency, b.behind(r.Behind(row))), count(row.Vouchers)})
	}
	g.Foot = [][]Cell{{word(Text(b.Lang, "books.total")), amount(r.Total, r.Currency, b.behind(r.Behind(vouchers.ReportRow{}))), count(r.Vouchers)}}
	return g
}

// group is what a group of a report is called.
func (b Books) group(by string, row vouchers.ReportRow) string {
	return b.groupOf(by, row.Key, row.Label)
}

func (b Books) groupOf(by, key, label string) string {
	switch {
	case key == "":
		return Text(b.Lang, "figures.none")
	case by == "programme":
		for id, title := range b.Names.Programmes {
			if id.String() == key {
				return b.In(title)
			}
		}
	case by == "month" || by == "lapse":
		if day, err := domain.ParseDate(key + "-01"); err == nil {
			return Text(b.Lang, fmt.Sprintf("books.month_%d", day.Month), strconv.Itoa(day.Year))
		}
	case by == "age":
		from, to, _ := strings.Cut(key, "-")
		from, to = plainNumber(from), plainNumber(to)
		if to == "" {
			return Text(b.Lang, "figures.age_over", from)
		}
		return Text(b.Lang, "figures.age", from, to)
	}
	return label
}

// plainNumber is a number without zeros before it; "" for what is none.
func plainNumber(text string) string {
	n, err := strconv.Atoi(text)
	if err != nil {
		return ""
	}
	return strconv.Itoa(n)
}

// Averages is the table of what vouchers were worth, how long they took, and what
// lapsed of them.
func Averages(b Books, by, currency string, rows []vouchers.VoucherFigures) Grid {
	g := Grid{Name: Text(b.Lang, "figures.averages"), Heads: b.heads("figures.by_"+by, "#figures.vouchers", "#figures.issued_for", "#figures.average", "#figures.to_voucher", "#figures.to_use", "#figures.lapsed_vouchers",
		"#figures.lapsed_amount", "#figures.lapse_rate")}
	for _, f := range rows {
		g.Rows = append(g.Rows, []Cell{
			word(b.groupOf(by, f.Key, f.Label)), count(f.Vouchers), amount(f.Amount, currency, b.behind(f.Postings)), amount(f.AverageAmount, currency, ""),
			b.took(f.AwardToIssue, f), b.took(f.IssueToUse, f), count(f.Lapsed), amount(f.LapsedAmount, currency, b.behind(f.Lapsing)), b.share(f.LapsedMoney),
		})
	}
	return g
}

// took says how long something took on average.
func (b Books) took(seconds *int64, f vouchers.VoucherFigures) Cell {
	c := Cell{Number: true, Text: Text(b.Lang, "figures.no_time")}
	switch {
	case seconds == nil && f.Suppressed:
		c.Text = Text(b.Lang, "figures.too_few", strconv.Itoa(vouchers.FewestPeople))
	case seconds != nil:
		c.Text = b.duration(*seconds)
	}
	c.Value = c.Text
	return c
}

// duration writes a time as people say it.
func (v View) duration(seconds int64) string {
	const minute, hour, day = 60, 60 * 60, 24 * 60 * 60
	switch {
	case seconds < minute:
		return Text(v.Lang, "books.under_a_minute")
	case seconds < 2*hour:
		return Text(v.Lang, "books.minutes", strconv.FormatInt((seconds+minute/2)/minute, 10))
	case seconds < 2*day:
		return Text(v.Lang, "books.hours", strconv.FormatInt((seconds+hour/2)/hour, 10))
	}
	return Text(v.Lang, "books.days", strconv.FormatInt((seconds+day/2)/day, 10))
}

// share writes parts of ten thousand as percent.
func (v View) share(parts int64) Cell {
	text := fmt.Sprintf("%d,%d %%", parts/100, parts%100/10)
	if v.Lang == English {
		text = fmt.Sprintf("%d.%d%%", parts/100, parts%100/10)
	}
	return Cell{Text: text, Number: true, Value: text}
}
