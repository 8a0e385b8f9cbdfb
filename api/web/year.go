package web

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// Year is what the page called year shows.
type Year struct {
	Year, At   string // as fields have them
	Day        string // At, as it is read
	Years      []Option
	Now        bool // it is as things stand today
	Waits      []Due
	MoreWaits  bool
	Missing    []Due // awards that wait for money
	Bars       []Bar
	Legend     []Segment
	Grid       Grid
	MayBudget  bool // new ones can be made
	YearEnd    string
	NewBudget  string
	WaitsForMe bool // somebody whom something can wait for
}

// Due is something to be done, with where.
type Due struct{ Text, Link, Since string }

// Bar is a budget as a chart has it.
type Bar struct {
	ID       string // of its parts
	Name     string
	Says     string // all that it shows, in words
	Of       string // how much is used of what
	Segments []Segment
	Lapsed   *Segment // shown apart: it is free again
}

// Segment is a part of a bar, of a thousand.
type Segment struct {
	Kind, Name string
	X, Width   int64
}

// parts are the figures of a budget that a bar is made of, in the order in which money
// goes, the last first.
var parts = []string{"settled", "redeemed", "issued", "reserved", "left"}

// whole is how wide a bar is.
const whole = 1000

// NewYear makes the page of how budgets stand. The actor may make budgets, or not.
func NewYear(b Books, t vouchers.BudgetTable, q vouchers.Queue, finance bool) Year {
	y := Year{
		Year: strconv.Itoa(t.Year), At: t.At.String(), Day: b.Date(t.At), Now: t.At == b.Names.Today, Waits: b.dues(q.Items), MoreWaits: q.More, MayBudget: finance, WaitsForMe: finance,
		YearEnd: fmt.Sprintf("/year-end?year=%d", t.Year), NewBudget: fmt.Sprintf("/budgets/new?year=%d", t.Year),
	}
	for year := b.Names.Today.Year + 1; year > b.Names.Today.Year-5; year-- {
		y.Years = append(y.Years, Option{strconv.Itoa(year), strconv.Itoa(year)})
	}
	for _, kind := range append(parts, "lapsed") {
		y.Legend = append(y.Legend, Segment{Kind: kind, Name: Text(b.Lang, "year."+kind)})
	}
	y.Grid = b.budgets(t)
	for i, r := range t.Rows {
		y.Bars = append(y.Bars, b.bar(fmt.Sprintf("bar-%d", i), r))
		if r.Missing != nil && r.Missing.Awards > 0 {
			y.Missing = append(y.Missing, b.missing(t, r, finance))
		}
	}
	return y
}

// called is what a budget is called, or what is outside any.
func (b Books) called(r vouchers.BudgetFigures) string {
	name := b.programme(r.ProgrammeID)
	switch {
	case r.Budget == nil:
		return Text(b.Lang, "year.outside", name)
	case r.Budget.UnitID != nil:
		return name + ", " + b.unit(r.Budget.UnitID)
	}
	return name
}

// budgets is the table of figures.
func (b Books) budgets(t vouchers.BudgetTable) Grid {
	g := Grid{Name: Text(b.Lang, "year.table", strconv.Itoa(t.Year)), Heads: b.heads("year.programme", "year.unit")}
	for _, f := range t.Figures(vouchers.BudgetFigures{}) {
		g.Heads = append(g.Heads, Head{Text(b.Lang, "year."+f.Name), true})
	}
	waiting := slices.ContainsFunc(t.Rows, func(r vouchers.BudgetFigures) bool { return r.Missing != nil })
	if waiting {
		g.Heads = append(g.Heads, b.heads("#year.waiting", "#year.missing")...)
	}
	totals := map[string][]int64{}
	for _, r := range t.Rows {
		row := []Cell{linked(b.programme(r.ProgrammeID), b.budgetAt(r)), word(b.ofUnit(r))}
		sums := totals[r.Currency]
		if sums == nil {
			sums = make([]int64, len(g.Heads)-2)
			totals[r.Currency] = sums
		}
		for i, f := range t.Figures(r) {
			link := b.behind(f.Postings)
			if f.Name == "appropriated" {
				link = b.budgetAt(r)
			}
			row, sums[i] = append(row, amount(f.Amount, r.Currency, link)), sums[i]+f.Amount
		}
		if waiting {
			row = append(row, count(r.Missing.Awards), amount(r.Missing.Short, r.Currency, b.budgetAt(r)))
			sums[len(sums)-2] += r.Missing.Awards
			sums[len(sums)-1] += r.Missing.Short
		}
		g.Rows = append(g.Rows, row)
	}
	g.Foot = b.totals(totals, waiting)
	return g
}

// totals are the sums of the rows, by currency.
func (b Books) totals(sums map[string][]int64, waiting bool) (rows [][]Cell) {
	for _, currency := range sortedKeys(sums) {
		row := []Cell{word(Text(b.Lang, "books.total")), word("")}
		for i, sum := range sums[currency] {
			if waiting && i == len(sums[currency])-2 {
				row = append(row, count(sum))
				continue
			}
			row = append(row, amount(sum, currency, ""))
		}
		rows = append(rows, row)
	}
	return rows
}

// ofUnit says whose a row is.
func (b Books) ofUnit(r vouchers.BudgetFigures) string {
	if r.Budget == nil {
		return Text(b.Lang, "year.no_budget")
	}
	return b.unit(r.Budget.UnitID)
}

// budgetAt is the page of a row's budget; "": it has none.
func (b Books) budgetAt(r vouchers.BudgetFigures) string {
	if r.Budget == nil {
		return ""
	}
	return "/budgets/" + b.ID("bdg", r.Budget.ID)
}

// missing says how much money awards wait for, and leads finance to where it is given.
func (b Books) missing(t vouchers.BudgetTable, r vouchers.BudgetFigures, finance bool) Due {
	key := "year.waits_many"
	if r.Missing.Awards == 1 {
		key = "year.waits_one"
	}
	d := Due{Text: Text(b.Lang, key, b.called(r), strconv.FormatInt(r.Missing.Awards, 10), domain.FormatMoney(r.Missing.Amount, r.Currency), domain.FormatMoney(r.Missing.Short, r.Currency))}
	switch {
	case !finance:
	case r.Budget != nil:
		d.Link = b.budgetAt(r)
	default:
		d.Link = fmt.Sprintf("/budgets/new?year=%d&programme=%s", t.Year, b.ID("prg", r.ProgrammeID))
	}
	return d
}

// bar draws a row: all of the bar is what was appropriated.
func (b Books) bar(id string, r vouchers.BudgetFigures) Bar {
	amounts := map[string]int64{"settled": r.Settled, "redeemed": r.Redeemed, "issued": r.Issued, "reserved": r.Reserved, "left": max(r.Left, 0)}
	used := r.Settled + r.Redeemed + r.Issued + r.Reserved
	bar := Bar{ID: id, Name: b.called(r), Of: Text(b.Lang, "year.used_of", domain.FormatMoney(used, r.Currency), domain.FormatMoney(r.Appropriated, r.Currency))}
	if r.Budget == nil {
		bar.Of = Text(b.Lang, "year.used", domain.FormatMoney(used, r.Currency))
	}
	bar.Says = bar.Name + ": "
	all, at := max(used+amounts["left"], r.Lapsed, 1), int64(0)
	for _, kind := range parts {
		width := seen(amounts[kind], all)
		if kind == "left" && width > 0 {
			width = max(whole-at, 0)
		}
		bar.Segments = append(bar.Segments, Segment{Kind: kind, X: at, Width: width})
		bar.Says += Text(b.Lang, "year."+kind) + " " + domain.FormatMoney(amounts[kind], r.Currency) + ", "
		at += width
	}
	bar.Says += Text(b.Lang, "year.lapsed") + " " + domain.FormatMoney(r.Lapsed, r.Currency) + "."
	if r.Lapsed > 0 {
		bar.Lapsed = &Segment{Kind: "lapsed", Width: seen(r.Lapsed, all)}
	}
	return bar
}

// seen is how wide a part of a bar is: what is there is always seen.
func seen(part, all int64) int64 {
	if part <= 0 {
		return 0
	}
	return max(part*whole/all, 4)
}

// dueAt says where what waits is done, by kind: the path, and the prefix of the ID that
// follows it; "": all of the kind are there.
var dueAt = map[string][2]string{
	vouchers.WaitingRun: {"/runs/", "srn"}, vouchers.WaitingHold: {"/runs/held", ""}, vouchers.WaitingEntry: {"/bank/entries/", "ben"}, vouchers.WaitingInvoice: {"/invoices/", "inv"},
}

// dues tell what waits for somebody.
func (b Books) dues(items []vouchers.Waiting) (list []Due) {
	for _, w := range items {
		at, says := dueAt[w.Kind], []any{domain.FormatMoney(w.Amount, cmp.Or(w.Currency, "DKK"))}
		key := "year.due_" + w.Kind
		if w.Kind == vouchers.WaitingRun {
			key, says = "year.due_run_"+w.Next, append([]any{strconv.FormatInt(w.Run, 10)}, says...)
		}
		text, link := Text(b.Lang, key, says...), at[0]
		if at[1] != "" {
			link += b.ID(at[1], w.ID)
		}
		since := Text(b.Lang, "year.since_days", strconv.Itoa(w.Days))
		switch w.Days {
		case 0:
			since = Text(b.Lang, "year.since_today")
		case 1:
			since = Text(b.Lang, "year.since_day")
		}
		list = append(list, Due{text, link, since})
	}
	return list
}
