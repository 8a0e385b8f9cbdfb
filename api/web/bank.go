package web

import (
	"slices"
	"strconv"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

// Bank is what the page of the bank's statements shows.
type Bank struct {
	Form     Input
	Detail   string // what was wrong with a file, in English: it says the line
	MayTake  bool
	Columns  bool // the columns of a CSV file are asked for
	Open     []EntryRow
	OpenMore bool
	Rows     []StatementRow
	Next     string

	OpenFiles, Files *Files
}

// StatementRow is a statement in a list.
type StatementRow struct {
	Address, Period, Account, Entries string
	Open                              string // how many of them wait; "": none
}

// EntryRow is an entry in a list.
type EntryRow struct {
	Address, Amount, Day, About string // About is who and what, as the bank says
	In                          bool   // it came in
	Badge                       Badge
	Settlement                  *Choice
	Guess                       string // what it may be about; "": nothing is known
}

var entryTones = map[string]string{domain.EntryMatched: "good", domain.EntryUnmatched: "warn"}

// NewBank makes the page.
func NewBank(v View, b settlement.BankDesk, form Input, mayTake bool) Bank {
	x := Bank{Form: form, MayTake: mayTake, OpenMore: b.OpenMore}
	for name := range form.wrong {
		x.Columns = x.Columns || name != "file" && name != "currency"
	}
	for _, e := range b.Open {
		x.Open = append(x.Open, v.entryRow(e, nil, b.Desk))
	}
	for _, s := range b.Statements {
		x.Rows = append(x.Rows, v.statementRow(s))
	}
	return x
}

func (v View) statementRow(s settlement.StatementSum) StatementRow {
	row := StatementRow{Address: "/bank/" + v.ID("bst", s.ID), Period: v.period(s.PeriodFrom, s.PeriodTo), Account: s.IBAN, Entries: strconv.FormatInt(s.Entries, 10)}
	if s.Unmatched > 0 {
		row.Open = strconv.FormatInt(s.Unmatched, 10)
	}
	return row
}

func (v View) entryRow(e settlement.Entry, numbers map[domain.ID]string, desk settlement.Desk) EntryRow {
	row := EntryRow{
		Address: "/bank/entries/" + v.ID("ben", e.ID), Amount: domain.FormatMoney(e.Amount, e.Currency), Day: v.Date(e.BookedOn), About: joined(e.Party, e.Text, e.EndToEndID), In: e.Amount > 0,
		Badge: Badge{"bank.state." + e.State, entryTones[e.State]},
	}
	if e.SettlementID != nil {
		row.About = joined(e.Party, e.Text)
		row.Settlement = &Choice{numbers[*e.SettlementID], "/runs/settlements/" + v.ID("stl", *e.SettlementID)}
	}
	if len(e.Suggestions) > 0 {
		first := e.Suggestions[0]
		row.Guess = Text(v.Lang, "bank.guess", first.Number, desk.Partner(first.PartnerID))
	}
	return row
}

// joined puts what is said behind each other, each once.
func joined(texts ...string) (all string) {
	var said []string
	for _, text := range texts {
		if text == "" || slices.Contains(said, text) {
			continue
		}
		if said = append(said, text); all != "" {
			all += " · "
		}
		all += text
	}
	return all
}

// StatementPage is what the page of one statement shows.
type StatementPage struct {
	At, Period, Account, Opening, Closing, By string
	Counts                                    []StatementCount
	Rows                                      []EntryRow
	Next                                      string
	Files                                     *Files
}

// StatementCount is how many entries of a statement are in one state.
type StatementCount struct {
	Words, Count, Address string
	Current               bool
}

// NewStatement makes the page, which shows the entries of one state, or all.
func NewStatement(v View, x settlement.StatementStory, state string) StatementPage {
	p := StatementPage{
		At: "/bank/" + v.ID("bst", x.ID), Period: v.period(x.PeriodFrom, x.PeriodTo), Account: x.IBAN, Opening: domain.FormatMoney(x.Opening, x.Currency),
		Closing: domain.FormatMoney(x.Closing, x.Currency), By: x.UploadedBy,
	}
	for _, count := range []struct {
		state string
		n     int64
	}{{"", x.Entries}, {domain.EntryMatched, x.Matched}, {domain.EntryUnmatched, x.Unmatched}, {domain.EntrySetAside, x.SetAside}} {
		c := StatementCount{"bank.all", strconv.FormatInt(count.n, 10), p.At, count.state == state}
		if count.state != "" {
			c.Words, c.Address = "bank.state."+count.state, p.At+"?state="+count.state
		}
		p.Counts = append(p.Counts, c)
	}
	for _, e := range x.Rows {
		p.Rows = append(p.Rows, v.entryRow(e, x.Numbers, x.Desk))
	}
	return p
}

// EntryPage is what the page of one entry shows.
type EntryPage struct {
	Form                                 Input
	At, Amount, Day                      string
	In                                   bool
	Badge                                Badge
	Party, Account, Text, EndToEnd, Line string
	Returned                             string // why, as the bank says; "": it did not come back
	Statement                            Choice
	Settlement                           *Choice
	By, Why                              string // who decided, and why they set it aside
	Suggestions                          []SuggestionRow
	Alike                                []Choice
	MayDecide, MayUndo                   bool
}

// SuggestionRow is a settlement that an entry may be about.
type SuggestionRow struct {
	ID, Number, Address, Partner, Total string
	Badge                               Badge
	For, Against                        []string // reasons
	Into                                string   // the settlement that took its total over; "": none
	Same                                bool     // the amount is the same: it can be matched
}

// NewEntry makes the page.
func NewEntry(v View, x settlement.EntryStory, form Input, may func(domain.Action) bool) EntryPage {
	open := x.State == domain.EntryUnmatched
	p := EntryPage{
		Form: form, At: "/bank/entries/" + v.ID("ben", x.ID), Amount: domain.FormatMoney(x.Amount, x.Currency), Day: v.Date(x.BookedOn), In: x.Amount > 0, Badge: Badge{"bank.state." + x.State, entryTones[x.State]},
		Party: x.Party, Account: x.PartyIBAN, Text: x.Text, EndToEnd: x.EndToEndID, Line: strconv.Itoa(x.Line), By: x.DecidedBy, Why: x.Comment,
		Statement: Choice{v.period(x.Statement.PeriodFrom, x.Statement.PeriodTo), "/bank/" + v.ID("bst", x.StatementID)},
		MayDecide: open && may("matchBankEntry"), MayUndo: !open && may("unmatchBankEntry"),
	}
	if x.Returned {
		p.Returned = joined(Text(v.Lang, "bank.returned"), x.ReturnReason)
	}
	if x.Settlement != nil {
		p.Settlement = &Choice{x.Settlement.Number + " · " + x.Partner(x.Settlement.PartnerID), "/runs/settlements/" + v.ID("stl", x.Settlement.ID)}
	}
	for i, id := range x.Alike {
		p.Alike = append(p.Alike, Choice{Text(v.Lang, "bank.alike_one", strconv.Itoa(i+1)), "/bank/entries/" + v.ID("ben", id)})
	}
	for _, s := range x.Suggestions {
		p.Suggestions = append(p.Suggestions, v.suggestion(s, x))
	}
	return p
}

func (v View) suggestion(s settlement.Suggestion, x settlement.EntryStory) SuggestionRow {
	id := v.ID("stl", s.SettlementID)
	row := SuggestionRow{
		ID: id, Number: s.Number, Address: "/runs/settlements/" + id, Partner: x.Partner(s.PartnerID), Total: domain.FormatMoney(s.Total, x.Currency), Into: s.CarriedInto,
		Badge: settlementBadge(domain.Settlement{State: s.State}), Same: s.Total == max(x.Amount, -x.Amount),
	}
	for _, reason := range s.Reasons {
		if reason == settlement.OtherAccount {
			row.Against = append(row.Against, Text(v.Lang, "bank.reason."+reason))
		} else {
			row.For = append(row.For, Text(v.Lang, "bank.reason."+reason))
		}
	}
	if !row.Same {
		row.Against = append(row.Against, Text(v.Lang, "bank.reason.not_amount"))
	}
	return row
}
