package web

import (
	"strconv"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/vouchers"
)

// BudgetNew is what the page shows on which a budget is made.
type BudgetNew struct {
	Form              Input
	Programmes, Units []Option
}

// NewBudgetNew makes it.
func NewBudgetNew(b Books, in Input) BudgetNew {
	return BudgetNew{Form: in, Programmes: b.options("prg", "", b.titles()), Units: b.options("unt", "books.all_units", b.Names.Units)}
}

// Budget is what the page of a budget shows.
type Budget struct {
	Form    Input
	ID      string
	Facts   []Fact
	Now     []Fact
	Missing string // what awards wait for; "": nothing
	Changes Grid
	Ways    []Option
	May     bool // it can be changed
	Account Input
}

// NewBudgetPage makes it, of a budget's row in the table of figures.
func NewBudgetPage(b Books, budget domain.Budget, t vouchers.BudgetTable, changes []domain.BudgetChange, in Input, may bool) Budget {
	shown := Budget{
		Form: in.For("change"), Account: in.For("account").Or(budget.Version, "account", budget.AccountString), ID: b.ID("bdg", budget.ID), May: may,
		Facts: b.facts("budget.programme", word(b.programme(budget.ProgrammeID)), "budget.unit", word(b.unit(budget.UnitID)), "budget.year", word(strconv.Itoa(budget.Year)), "budget.account", word(budget.AccountString)),
		Ways:  []Option{{"raise", Text(b.Lang, "budget.raise")}, {"lower", Text(b.Lang, "budget.lower")}},
	}
	for _, r := range t.Rows {
		if r.Budget == nil || r.Budget.ID != budget.ID {
			continue
		}
		for _, f := range t.Figures(r) {
			shown.Now = append(shown.Now, Fact{Text(b.Lang, "year."+f.Name), amount(f.Amount, r.Currency, b.behind(f.Postings))})
		}
		if r.Missing != nil && r.Missing.Short > 0 {
			shown.Missing = Text(b.Lang, "budget.missing", domain.FormatMoney(r.Missing.Short, r.Currency))
		}
	}
	shown.Changes = ChangeGrid(b, budget, changes)
	return shown
}

// ChangeGrid is what a budget was changed by.
func ChangeGrid(b Books, budget domain.Budget, changes []domain.BudgetChange) Grid {
	g := Grid{Name: Text(b.Lang, "budget.changes"), Heads: b.heads("budget.number", "books.booked_on", "#books.amount", "budget.reason", "budget.by")}
	for _, c := range changes {
		g.Rows = append(g.Rows, []Cell{word(strconv.Itoa(c.Number)), b.day(c.BookedOn, ""), amount(c.Amount, budget.Currency, ""), word(c.Reason), word(c.ChangedBy)})
	}
	return g
}

// BudgetName is what a budget is called.
func BudgetName(b Books, budget domain.Budget) string {
	name := b.programme(budget.ProgrammeID)
	if budget.UnitID != nil {
		name += ", " + b.unit(budget.UnitID)
	}
	return Text(b.Lang, "budget.heading", name, strconv.Itoa(budget.Year))
}

// Closings is what the page of closed periods shows.
type Closings struct {
	Form Input
	Grid Grid
	May  bool // the books can be closed
	Next string
}

// NewClosings makes it.
func NewClosings(b Books, rows []domain.Closing, in Input, may bool) Closings {
	g := Grid{Name: Text(b.Lang, "closings.title"), Heads: b.heads("books.to", "closings.number", "closings.closed_at", "closings.closed_by", "#closings.postings")}
	for _, c := range rows {
		g.Rows = append(g.Rows, []Cell{b.day(c.Through, "/closings/"+b.ID("cls", c.ID)), word(strconv.Itoa(c.Number)), b.moment(c.CreatedAt, ""), word(c.ClosedBy), count(c.Postings)})
	}
	return Closings{Form: in, Grid: g, May: may}
}

// NewClosing is what stood on each account when the books were closed.
func NewClosing(b Books, c settlement.Closed, behind func(domain.ClosingTotal) vouchers.PostingFilter) Grid {
	g := Grid{Name: Text(b.Lang, "closing.totals"), Heads: b.heads("books.account", "year.programme", "year.unit", "books.budget", "#books.debit", "#books.credit")}
	for _, t := range c.Totals {
		debit, credit, link := word(""), word(""), b.behind(behind(t))
		if t.Amount > 0 {
			debit = amount(t.Amount, t.Currency, link)
		} else {
			credit = amount(-t.Amount, t.Currency, link)
		}
		budget := word(Text(b.Lang, "year.no_budget"))
		if t.BudgetID != nil {
			budget = linked(Text(b.Lang, "budget.open"), "/budgets/"+b.ID("bdg", *t.BudgetID))
		}
		g.Rows = append(g.Rows, []Cell{word(b.word("books.account_", t.Account)), word(b.programme(t.ProgrammeID)), word(b.unit(&t.UnitID)), budget, debit, credit})
	}
	return g
}

// YearEnd is what the page of a year's end shows.
type YearEnd struct {
	Year          string
	Years         []Option
	At            string
	NotOver, Open string // what is to be known of the figures; "": they stand
	Closed        string // that they do
	Closing       string // where that is told
	ThenTitle     string
	LaterTitle    string
	Then, Later   Grid
}

// thenFigures is where the figures begin of what happened after the year.
const thenFigures = 8

// NewYearEnd makes it.
func NewYearEnd(b Books, y vouchers.YearEnd) YearEnd {
	year := strconv.Itoa(y.Year)
	shown := YearEnd{Year: year, At: y.At.String(), ThenTitle: Text(b.Lang, "yearend.then"), LaterTitle: Text(b.Lang, "yearend.later", b.Date(y.At))}
	for n := b.Names.Today.Year; n > b.Names.Today.Year-6; n-- {
		shown.Years = append(shown.Years, Option{strconv.Itoa(n), strconv.Itoa(n)})
	}
	switch {
	case !y.Over:
		shown.NotOver, shown.ThenTitle, shown.At = Text(b.Lang, "yearend.not_over", year), Text(b.Lang, "yearend.then_now"), ""
	case y.Closing == nil:
		shown.Open = Text(b.Lang, "yearend.open", year)
	default:
		shown.Closed, shown.Closing = Text(b.Lang, "yearend.closed", year), "/closings/"+b.ID("cls", y.Closing.ID)
	}
	shown.Then, shown.Later = b.yearEnd(y, 0, thenFigures), b.yearEnd(y, thenFigures, len(y.Figures(vouchers.YearEndRow{})))
	shown.Then.Name, shown.Later.Name = shown.ThenTitle, shown.LaterTitle
	return shown
}

// yearEnd is a table of some of the figures.
func (b Books) yearEnd(y vouchers.YearEnd, first, last int) Grid {
	g := Grid{Heads: b.heads("year.programme", "year.unit")}
	for _, f := range y.Figures(vouchers.YearEndRow{})[first:last] {
		key := "yearend." + f.Name
		if !Has(key) {
			key = "year." + f.Name
		}
		g.Heads = append(g.Heads, Head{Text(b.Lang, key), true})
	}
	for _, r := range y.Rows {
		row := []Cell{linked(b.programme(r.ProgrammeID), b.budgetAt(r.BudgetFigures)), word(b.ofUnit(r.BudgetFigures))}
		for _, f := range y.Figures(r)[first:last] {
			link := b.behind(f.Postings)
			if f.Name == "appropriated" {
				link = b.budgetAt(r.BudgetFigures)
			}
			row = append(row, amount(f.Amount, r.Currency, link))
		}
		g.Rows = append(g.Rows, row)
	}
	for _, r := range y.Totals {
		row := []Cell{word(Text(b.Lang, "books.total")), word("")}
		for _, f := range y.Figures(r)[first:last] {
			row = append(row, amount(f.Amount, r.Currency, ""))
		}
		g.Foot = append(g.Foot, row)
	}
	return g
}
