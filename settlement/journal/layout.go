// Package journal writes the books as a municipality's ledger wants them: CSV whose
// columns, account strings, signs and encoding are configuration. It is pure: rows in,
// bytes out.
package journal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

// BudgetMark stands in an account string for the budget's own account string.
const BudgetMark = "{budget}"

// Column is one column of the file.
type Column struct {
	Heading string `json:"heading"`
	Source  string `json:"source"`         // one of Sources
	Text    string `json:"text,omitempty"` // what it says in every row, of the source text
}

// Layout is how the journal is written.
type Layout struct {
	Encoding       string            `json:"encoding"`        // one of Encodings
	Separator      string            `json:"separator"`       // ; or , or tab
	Decimal        string            `json:"decimal"`         // , or .
	Dates          string            `json:"dates"`           // one of Dates
	Headings       bool              `json:"headings"`        // the first row names the columns
	Foot           bool              `json:"foot"`            // the last row adds debit and credit up
	Summed         bool              `json:"summed"`          // rows of a day that differ in nothing but the amount are one
	Events         []string          `json:"events"`          // which entries; none: all of them
	Columns        []Column          `json:"columns"`         // at least one
	AccountStrings map[string]string `json:"account_strings"` // by account of the books; may hold BudgetMark
	WithoutBudget  string            `json:"without_budget"`  // for BudgetMark where a posting has no budget; "": not said
}

// Encodings are those of the file.
var Encodings = []string{"utf-8", "utf-8-bom", "iso-8859-1"}

// Dates are the ways to write a day, and what each is to package time.
var Dates = map[string]string{"yyyy-mm-dd": "2006-01-02", "dd-mm-yyyy": "02-01-2006", "dd.mm.yyyy": "02.01.2006", "yyyymmdd": "20060102"}

// First is how the journal is written until finance says otherwise. Its account
// strings are empty, but that of the budget.
func First() Layout {
	return Layout{
		Encoding: "utf-8-bom", Separator: ";", Decimal: ",", Dates: "dd-mm-yyyy", Headings: true, Foot: true,
		Columns: []Column{
			{Heading: "Dato", Source: "booked_on"}, {Heading: "Bilag", Source: "document"}, {Heading: "Tekst", Source: "text_of_event"}, {Heading: "Kontostreng", Source: "account_string"},
			{Heading: "Debet", Source: "debit"}, {Heading: "Kredit", Source: "credit"}, {Heading: "Valuta", Source: "currency"}, {Heading: "Ordning", Source: "programme"},
			{Heading: "Enhed", Source: "unit"}, {Heading: "CVR", Source: "partner_cvr"}, {Heading: "Budgetår", Source: "budget_year"}, {Heading: "Postering", Source: "entry"},
		},
		AccountStrings: map[string]string{string(ledger.Budget): BudgetMark},
	}
}

// Check names what is wrong with the layout.
func (l Layout) Check() error {
	var f domain.Fields
	f.Check(slices.Contains(Encodings, l.Encoding), "encoding", "unknown", "must be one of %s", strings.Join(Encodings, ", "))
	f.Check(slices.Contains([]string{";", ",", "tab"}, l.Separator), "separator", "unknown", "must be ; or , or tab")
	f.Check(l.Decimal == "," || l.Decimal == ".", "decimal", "unknown", "must be , or .")
	f.Check(Dates[l.Dates] != "", "dates", "unknown", "must be one of yyyy-mm-dd, dd-mm-yyyy, dd.mm.yyyy, yyyymmdd")
	for i, event := range l.Events {
		f.Check(slices.Contains(ledger.Events, ledger.Event(event)), fmt.Sprintf("events[%d]", i), "unknown", "must be one of %v", ledger.Events)
	}
	l.checkColumns(&f)
	for account, text := range l.AccountStrings {
		field := "account_strings." + account
		f.Check(slices.Contains(ledger.Accounts, ledger.Account(account)), field, "unknown", "must be one of %v", ledger.Accounts)
		checkAccount(&f, field, text)
	}
	checkAccount(&f, "without_budget", l.WithoutBudget)
	f.Check(!strings.Contains(l.WithoutBudget, BudgetMark), "without_budget", "invalid", "must not hold %s: it is what stands for it", BudgetMark)
	return f.Err()
}

const mostColumns = 40

func (l Layout) checkColumns(f *domain.Fields) {
	f.Check(len(l.Columns) > 0 && len(l.Columns) <= mostColumns, "columns", "out_of_range", "must be 1 to %d", mostColumns)
	amounts := map[string]bool{}
	for i, c := range l.Columns {
		field := fmt.Sprintf("columns[%d].", i)
		f.Clean(field+"heading", c.Heading, 100, true)
		f.Check(domain.SafeCell(c.Heading) == c.Heading, field+"heading", "formula", "must not begin with = + - or @, which a spreadsheet takes for a formula")
		_, known := sources[c.Source]
		f.Check(known, field+"source", "unknown", "must be one of %s", strings.Join(Sources(), ", "))
		f.Check(!l.Summed || !perPosting[c.Source], field+"source", "summed", "is of one posting, and rows are summed: leave it out, or summed false")
		f.Clean(field+"text", c.Text, 200, true)
		f.Check(domain.SafeCell(c.Text) == c.Text, field+"text", "formula", "must not begin with = + - or @, which a spreadsheet takes for a formula")
		f.Check((c.Source == "text") == (c.Text != ""), field+"text", "invalid", "must be said of the source text, and of no other")
		amounts[c.Source] = true
	}
	f.Check(len(l.Columns) == 0 || amounts["amount"] || amounts["debit"] && amounts["credit"], "columns", "no_amount", "must hold amount, or debit and credit")
}

// checkAccount checks an account string: what a ledger reads, and a spreadsheet does
// not take for a formula.
func checkAccount(f *domain.Fields, field, text string) {
	f.Clean(field, text, 100, true)
	f.Check(domain.SafeCell(text) == text, field, "formula", "must not begin with = + - or @, which a spreadsheet takes for a formula")
}

// Wants reports whether an event's entries are in the file.
func (l Layout) Wants(event ledger.Event) bool {
	return len(l.Events) == 0 || slices.Contains(l.Events, string(event))
}

// AccountString gives what a posting on an account is booked as; budget is its
// budget's own account string, nil when it has no budget. "" when something is
// missing: Missing says what.
func (l Layout) AccountString(account ledger.Account, budget *string) string {
	text := l.AccountStrings[string(account)]
	if !strings.Contains(text, BudgetMark) {
		return text
	}
	own := l.WithoutBudget
	if budget != nil {
		own = *budget
	}
	if own == "" {
		return ""
	}
	return strings.ReplaceAll(text, BudgetMark, own)
}

// Missing notes why an account string is missing, under the field where it is
// entered; what names the budget for people.
func (l Layout) Missing(f *domain.Fields, account ledger.Account, budget *string, what string) {
	switch {
	case l.AccountStrings[string(account)] == "":
		f.Add("account_strings."+string(account), "required", "the account %s has no account string: enter it in the journal's format", account)
	case budget == nil:
		f.Add("without_budget", "required", "some postings have no budget: enter their account string in the journal's format")
	default:
		f.Add("budgets["+what+"].account_string", "required", "the budget has no account string: enter it with the budget")
	}
}
