package web

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/vouchers"
)

// Journal is what the page called journal shows: lines of the books.
type Journal struct {
	Form     Input
	Accounts []Option
	Events   []Option
	Serial   string
	Kept     []Option // what narrows it and is in no field
	Narrowed []string // the same in words
	Grid     Grid
	Sum      string // of the lines, credit less debit; "": there are more than the page has
	Next     string // where older lines are; "": there are none
	None     bool   // no voucher has that number
	Queued   string // where all the lines are asked for as a file that is made while one waits; "": they are not to be had so
}

// JournalAsked is how lines are asked for.
type JournalAsked struct {
	Filter vouchers.PostingFilter
	Serial string
	None   bool       // no voucher has that number
	Query  url.Values // of the address
	Older  string     // where older lines are; "": there are none
}

// journalFields are those that the form has.
var journalFields = []string{"account", "event", "serial", "from", "to"}

// NewJournal makes the page.
func NewJournal(b Books, a JournalAsked, book vouchers.Book) Journal {
	j := Journal{Form: Input{Values: a.Query}, Serial: a.Serial, Accounts: b.accounts(), Events: b.events(), Narrowed: b.narrowed(a.Filter), Next: a.Older, None: a.None}
	for _, name := range sortedKeys(a.Query) {
		if !slices.Contains(append(journalFields, "lang", "cursor"), name) {
			j.Kept = append(j.Kept, Option{name, a.Query.Get(name)})
		}
	}
	j.Grid = PostingGrid(b, book)
	j.Grid.Files = FilesAt("/postings/file", a.Query)
	if j.Next == "" && a.Query.Get("cursor") == "" && len(book.Rows) > 0 {
		sum := int64(0)
		for _, p := range book.Rows {
			sum -= p.Amount
		}
		j.Sum = domain.FormatMoney(sum, book.Rows[0].Currency)
	}
	return j
}

// Only says in words what lines are narrowed to.
func (a JournalAsked) Only(b Books) (words []string) {
	if a.Filter.Account != "" {
		words = append(words, b.account(a.Filter.Account))
	}
	if a.Filter.Event != "" {
		words = append(words, b.event(a.Filter.Event))
	}
	if a.Serial != "" {
		words = append(words, a.Serial)
	}
	return append(words, b.narrowed(a.Filter)...)
}

// account is what an account is called.
func (v View) account(a ledger.Account) string { return v.word("books.account_", string(a)) }

// event is what kind of entry it is.
func (v View) event(e ledger.Event) string { return v.word("books.event_", string(e)) }

func (b Books) accounts() []Option {
	options := []Option{{"", Text(b.Lang, "journal.any_account")}}
	for _, a := range ledger.Accounts {
		options = append(options, Option{string(a), b.account(a)})
	}
	return options
}

func (b Books) events() []Option {
	options := []Option{{"", Text(b.Lang, "journal.any_event")}}
	for _, e := range ledger.Events {
		options = append(options, Option{string(e), b.event(e)})
	}
	return options
}

// narrowed says in words what lines are narrowed to beside what the form shows.
func (b Books) narrowed(f vouchers.PostingFilter) (words []string) {
	say := func(key, value string) {
		if value != "" {
			words = append(words, Text(b.Lang, key, value))
		}
	}
	figure := ""
	if f.Figure != "" {
		figure = Text(b.Lang, "figures."+f.Figure)
	}
	say("journal.of_figure", figure)
	if f.ProgrammeID != (domain.ID{}) {
		say("journal.of_programme", b.programme(f.ProgrammeID))
	}
	if f.UnitID != (domain.ID{}) {
		say("journal.of_unit", b.unit(&f.UnitID))
	}
	if f.PartnerID != (domain.ID{}) {
		say("journal.of_partner", b.partner(&f.PartnerID))
	}
	if f.BudgetID != (domain.ID{}) {
		words = append(words, Text(b.Lang, "journal.of_budget"))
	}
	if f.Budgeted == "no" {
		words = append(words, Text(b.Lang, "journal.outside"))
	}
	for key, days := range map[string][2]domain.Date{
		"journal.issued": {f.IssuedFrom, f.IssuedTo}, "journal.first_issued": {f.FirstFrom, f.FirstTo}, "journal.lapsing": {f.LapsesFrom, f.LapsesTo},
	} {
		say(key, b.days(days[0], days[1]))
	}
	slices.Sort(words)
	return words
}

// days writes days from one to another; "" for no bounds.
func (v View) days(first, last domain.Date) string {
	switch {
	case first.IsZero() && last.IsZero():
		return ""
	case first.IsZero():
		return Text(v.Lang, "books.until", v.Date(last))
	case last.IsZero():
		return Text(v.Lang, "books.since", v.Date(first))
	}
	return Text(v.Lang, "books.between", v.Date(first), v.Date(last))
}

// PostingGrid is the table of lines of the books.
func PostingGrid(b Books, book vouchers.Book) Grid {
	g := Grid{Name: Text(b.Lang, "journal.title"), Heads: b.heads("books.booked_on", "books.event", "books.account", "#books.debit", "#books.credit", "journal.about", "year.programme", "year.unit", "books.partner")}
	for _, p := range book.Rows {
		debit, credit := word(""), word("")
		if p.Amount > 0 {
			debit = amount(p.Amount, p.Currency, "")
		} else {
			credit = amount(-p.Amount, p.Currency, "")
		}
		g.Rows = append(g.Rows, []Cell{
			b.day(p.BookedOn, "/postings/"+b.ID("pst", p.ID)), word(b.event(p.Event)), word(b.account(p.Account)), debit, credit, b.about(p, book),
			word(b.programme(p.ProgrammeID)), word(b.unit(&p.UnitID)), word(b.partner(p.PartnerID)),
		})
	}
	return g
}

// about leads to what a line is about: a voucher, an award, or a payment to a partner.
func (b Books) about(p ledger.Posting, book vouchers.Book) Cell {
	switch {
	case p.VoucherID != nil:
		return linked(book.Serials[*p.VoucherID], "/records/vouchers/"+b.ID("vch", *p.VoucherID))
	case p.AwardID != nil:
		return linked(Text(b.Lang, "record.award"), "/records/awards/"+b.ID("awd", *p.AwardID))
	case p.SettlementID != nil:
		return linked(book.Numbers[*p.SettlementID], "/runs/settlements/"+b.ID("stl", *p.SettlementID))
	}
	return word("")
}

// JournalLine is what the page called posting shows: a line, and the whole entry.
type JournalLine struct {
	Facts []Fact
	Grid  Grid
}

// Fact is something that is so.
type Fact struct {
	Name  string
	Value Cell
}

// NewJournalLine makes the page.
func NewJournalLine(b Books, p ledger.Posting, book vouchers.Book) JournalLine {
	money := amount(-p.Amount, p.Currency, "")
	side := "books.credit"
	if p.Amount > 0 {
		money, side = amount(p.Amount, p.Currency, ""), "books.debit"
	}
	facts := b.facts("books.booked_on", b.day(p.BookedOn, ""), "books.event", word(b.event(p.Event)), "books.account", word(b.account(p.Account)), side, money, "journal.about", b.about(p, book),
		"year.programme", word(b.programme(p.ProgrammeID)), "year.unit", word(b.unit(&p.UnitID)), "books.partner", word(b.partner(p.PartnerID)), "books.recorded_at", b.moment(p.CreatedAt, ""))
	if p.BudgetID != nil {
		facts = append(facts, Fact{Text(b.Lang, "books.budget"), linked(Text(b.Lang, "budget.open"), "/budgets/"+b.ID("bdg", *p.BudgetID))})
	}
	shown := JournalLine{Facts: facts, Grid: PostingGrid(b, book)}
	shown.Grid.Files = FilesAt("/postings/"+b.ID("pst", p.ID)+"/file", nil)
	return shown
}

// facts makes a list of keys and values, without those that are empty.
func (v View) facts(pairs ...any) (list []Fact) {
	for pair := range slices.Chunk(pairs, 2) {
		if cell, is := pair[1].(Cell); is && cell.Text != "" {
			list = append(list, Fact{Text(v.Lang, fmt.Sprint(pair[0])), cell})
		}
	}
	return list
}
