package rules_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// world is one citizen with several enrolments in programmes of one funder, all
// under the same document.
type world struct {
	doc        rules.Document
	enrolments []*enrolled
	today      domain.Date
}

// enrolled is what an enrolment has earned and had issued so far.
type enrolled struct {
	programme int
	state     rules.State
	visits    []rules.Opportunity
	awards    []rules.Award
	vouchers  []rules.Claim // own, by visit
}

// worlds checks a law over citizens with two or three enrolments whose visits are
// recorded, corrected and withdrawn in any order, each evaluated in turn with
// what the others have.
func worlds(t *testing.T, law func(t *rapid.T, w *world)) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{doc: programme(t, false)}
		w.today = somewhen.Draw(t, "start")
		for i := range rapid.IntRange(2, 3).Draw(t, "enrolments") {
			start := w.today.AddDays(rapid.IntRange(-20, 20).Draw(t, "later"))
			w.enrolments = append(w.enrolments, &enrolled{programme: i % 2, state: rules.Start(w.doc, start)})
		}
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			w.today = w.today.AddDays(rapid.IntRange(0, 40).Draw(t, "days"))
			w.step(t, rapid.IntRange(0, len(w.enrolments)-1).Draw(t, "which"))
			law(t, w)
		}
	})
}

// step changes one enrolment's visits, evaluates them all and settles.
func (w *world) step(t *rapid.T, i int) {
	e := w.enrolments[i]
	if len(e.visits) > 0 && rapid.Bool().Draw(t, "correct") {
		at := rapid.IntRange(0, len(e.visits)-1).Draw(t, "visit")
		e.visits[at].Outcome = rapid.SampledFrom(domain.Outcomes).Draw(t, "outcome")
		if rapid.Bool().Draw(t, "withdraw") {
			e.visits = slices.Delete(e.visits, at, at+1)
		}
	}
	for _, v := range visitsFrom(t, w.doc, e.state.Start) {
		v.ID = fmt.Sprintf("%d-%s", i, v.ID)
		if !slices.ContainsFunc(e.visits, func(o rules.Opportunity) bool { return o.ID == v.ID }) {
			e.visits = append(e.visits, v)
		}
	}
	_, e.awards = rules.EvaluateWith(w.doc, rules.Start(w.doc, e.state.Start), rules.Outside{Claims: w.claims(i), IssueOn: w.today}, e.visits)
	e.settle(t, w.today)
}

// claims are an enrolment's vouchers and what the others have.
func (w *world) claims(i int) (claims []rules.Claim) {
	for j, e := range w.enrolments {
		if i == j {
			claims = append(claims, e.vouchers...)
			continue
		}
		scope := rules.Programme
		if e.programme != w.enrolments[i].programme {
			scope = rules.Funder
		}
		for _, v := range e.vouchers {
			v.Visit, v.Scope = "", scope
			claims = append(claims, v)
		}
		for _, a := range e.awards {
			if a.Amount > 0 {
				claims = append(claims, rules.Claim{Date: a.Date, Count: 1, Amount: a.Amount, Scope: scope, Earned: true})
			}
		}
	}
	slices.SortStableFunc(claims, func(a, b rules.Claim) int { return -a.Date.Days(b.Date) })
	return claims
}

// settle issues what is missing on a day, or withholds it; what was issued too
// much stays.
func (e *enrolled) settle(t *rapid.T, today domain.Date) {
	for _, a := range e.awards {
		visit := a.Explanation.Opportunities[len(a.Explanation.Opportunities)-1]
		issued, count, withheld := int64(0), 0, false
		for _, v := range e.vouchers {
			if v.Visit == visit {
				issued, count, withheld = issued+v.Amount, count+v.Count, v.Amount == 0
			}
		}
		v := rules.Claim{Visit: visit, Date: a.Date, Issued: true}
		if v.Date.Before(today) {
			v.Date = today
		}
		switch missing := a.Amount - issued; {
		case missing <= 0 || withheld:
			continue
		case count == 0 && rapid.IntRange(0, 5).Draw(t, "withhold") == 0:
		case count == 0:
			v.Count, v.Amount = 1, missing
		default:
			v.Amount = missing
		}
		e.vouchers = append(e.vouchers, v)
	}
}

// counted is what a cap of the enrolment i looks at, by its own dates.
func (w *world) counted(c rules.Cap, i int) (out []rules.Claim) {
	across := c.Across
	if across == "" && c.Period == rules.Lifetime {
		across = rules.Programme
	}
	for j, e := range w.enrolments {
		if j != i && (across == "" || across == rules.Programme && e.programme != w.enrolments[i].programme) {
			continue
		}
		if c.Basis == rules.Issued {
			out = append(out, e.vouchers...)
			continue
		}
		for _, a := range e.awards {
			if a.Amount > 0 {
				out = append(out, rules.Claim{Date: a.Date, Count: 1, Amount: a.Amount})
			}
		}
	}
	return out
}

// No cap is passed in any of its periods, whichever day the period ends on,
// across two or three enrolments evaluated in turn, through late entries,
// corrections and withdrawals, by what is earned and by what is issued.
func TestLaw_noCapIsExceededAcrossEnrolments(t *testing.T) {
	worlds(t, func(t *rapid.T, w *world) {
		for _, c := range w.doc.Caps {
			if c.Period == rules.PerAward {
				continue
			}
			for i := range w.enrolments {
				all := w.counted(c, i)
				for _, end := range all {
					count, amount := 0, int64(0)
					for _, x := range all {
						if samePeriod(c.Period, x.Date, end.Date, false) && (c.Period != rules.RollingYear || !end.Date.Before(x.Date)) {
							count, amount = count+x.Count, amount+x.Amount
						}
					}
					require.True(t, c.Count == 0 || count <= c.Count, "%+v: %d", c, count)
					require.True(t, c.Amount == 0 || amount <= c.Amount, "%+v: %d", c, amount)
				}
			}
		}
	})
}

// Claims of nothing change nothing: what looks outside and what does not are one.
func TestLaw_nothingOutsideIsLikeEvaluate(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		state, awards := rules.Evaluate(d, s, visits)
		same, again := rules.EvaluateWith(d, s, rules.Outside{Claims: []rules.Claim{}}, visits)
		require.Equal(t, state, same)
		requireSameBytes(t, awards, again)
		far := rules.Outside{Claims: []rules.Claim{{Date: domain.Date{Year: 1900, Month: 1, Day: 1}, Scope: rules.Programme, Earned: true, Issued: true}}}
		_, again = rules.EvaluateWith(d, s, far, visits)
		requireSameBytes(t, awards, again)
	})
}
