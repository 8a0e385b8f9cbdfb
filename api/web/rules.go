package web

import (
	"fmt"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

// Rules is what a document says, as people read it.
type Rules struct {
	Parts    []RulePart
	Amounts  AmountTable
	Chart    *Steps // nil: nothing adds up
	Costs    []CostRow
	Changes  []RuleChange
	Compared string // the number of the version that Changes are from; "": there is none to compare with
}

// RulePart is a part of the document, in sentences.
type RulePart struct {
	Heading string
	Lines   []string
}

// AmountTable is what someone gets who meets every opportunity.
type AmountTable struct {
	Rows                                []AmountRow
	Phases, Bonuses, Draws, Tokens, Cut bool // which columns say something; and that there are more rows
}

// AmountRow is one reward.
type AmountRow struct {
	Number, Week, Visit, Draws          int
	Tokens                              int64
	Phase, Amount, Bonus, Total, Ticket string
}

// CostRow is what one person can come to cost under a version.
type CostRow struct {
	Of             string
	Expected, Most string
}

// RuleChange is a sentence that is another one, is new or goes.
type RuleChange struct {
	Part    string
	Was, Is []Piece // none: it is new, or it goes
}

// newRules writes out what a document says beside the version in force. Of is what
// its own version is called.
func (v View) newRules(said vouchers.Said, inForce *domain.ProgrammeVersion, of string) Rules {
	doc := said.Document
	r := Rules{Amounts: v.amounts(said)}
	for _, s := range doc.Sentences() {
		heading := v.partOf(s.Path, doc)
		if n := len(r.Parts); n == 0 || r.Parts[n-1].Heading != heading {
			r.Parts = append(r.Parts, RulePart{Heading: heading})
		}
		part := &r.Parts[len(r.Parts)-1]
		part.Lines = append(part.Lines, v.In(s.Text))
	}
	r.Chart = v.chart(said)
	if said.Cost != nil {
		r.Costs = v.costs(said, inForce, of)
	}
	if said.Compared {
		r.Compared = fmt.Sprint(inForce.Number)
	}
	for _, c := range said.Changes {
		r.Changes = append(r.Changes, v.change(c, doc))
	}
	return r
}

// Numbered is what a version is called.
func (v View) Numbered(x domain.ProgrammeVersion) string {
	return Text(v.Lang, "rules.version", fmt.Sprint(x.Number))
}

// partOf is the heading that a path of the document stands under.
func (v View) partOf(path string, doc rules.Document) string {
	first, _, _ := strings.Cut(path, ".")
	name, _, indexed := strings.Cut(first, "[")
	switch {
	case name == "phases" && indexed:
		var i int
		if _, err := fmt.Sscanf(first, "phases[%d]", &i); err == nil && i < len(doc.Phases) && len(doc.Phases) > 1 {
			return Text(v.Lang, "rules.phase", fmt.Sprint(i+1), v.phase(doc.Phases[i].Name))
		}
		return Text(v.Lang, "rules.part.phases")
	case Has("rules.part." + name):
		return Text(v.Lang, "rules.part."+name)
	}
	return Text(v.Lang, "rules.part.head")
}

// phase is the word for a phase of the presets, or else the programme's own.
func (v View) phase(name string) string { return v.word("rules.phase.", name) }

func (v View) amounts(said vouchers.Said) (t AmountTable) {
	doc := said.Document
	for _, a := range said.Amounts {
		row := AmountRow{
			Number: a.Number, Week: said.Week(a), Visit: a.Visit, Draws: a.Draws + a.Tickets, Tokens: a.Tokens, Phase: v.phase(a.Phase),
			Amount: domain.FormatMoneyShort(a.Amount, doc.Currency), Total: domain.FormatMoneyShort(a.Cumulative, doc.Currency),
		}
		if a.Bonus > 0 {
			row.Bonus = domain.FormatMoneyShort(a.Bonus, doc.Currency)
		}
		t.Bonuses, t.Draws, t.Tokens = t.Bonuses || a.Bonus > 0, t.Draws || row.Draws > 0, t.Tokens || a.Tokens > 0
		t.Rows = append(t.Rows, row)
	}
	t.Phases = len(doc.Phases) > 1
	t.Cut = len(t.Rows) == rules.MaxAmounts
	return t
}

// chart draws what adds up: money, or else draws.
func (v View) chart(said vouchers.Said) *Steps {
	var money, draws []step
	drawn := int64(0)
	for _, a := range said.Amounts {
		drawn += int64(a.Draws + a.Tickets)
		money, draws = append(money, step{a.Visit, a.Cumulative}), append(draws, step{a.Visit, drawn})
	}
	switch {
	case len(money) == 0:
		return nil
	case money[len(money)-1].total > 0:
		chart := steps(v, money, func(n int64) string { return domain.FormatMoneyShort(n, said.Document.Currency) })
		return &chart
	case drawn > 0:
		chart := steps(v, draws, func(n int64) string { return Text(v.Lang, "rules.draws", fmt.Sprint(n)) })
		return &chart
	}
	return nil
}

// costs compares a version with the one in force.
func (v View) costs(said vouchers.Said, inForce *domain.ProgrammeVersion, of string) (rows []CostRow) {
	row := func(of string, c rules.Cost) CostRow {
		return CostRow{of, domain.FormatMoneyShort(c.Expected, said.Document.Currency), domain.FormatMoneyShort(c.Worst, said.Document.Currency)}
	}
	if said.Now != nil && inForce != nil {
		rows = append(rows, row(Text(v.Lang, "rules.now", fmt.Sprint(inForce.Number)), *said.Now))
	}
	return append(rows, row(of, *said.Cost))
}

func (v View) change(c rules.Change, doc rules.Document) RuleChange {
	shown := RuleChange{Part: v.partOf(c.Path, doc)}
	switch {
	case c.Before == nil:
		shown.Is = []Piece{{Text: v.In(*c.After)}}
	case c.After == nil:
		shown.Was = []Piece{{Text: v.In(*c.Before)}}
	default:
		shown.Was, shown.Is = apart(v.In(*c.Before), v.In(*c.After))
	}
	return shown
}
