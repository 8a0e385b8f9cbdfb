package rules

import (
	"slices"
	"sort"

	"github.com/fasthold/fasthold/domain"
)

// Outside is what counts towards an enrolment's caps beside what its own visits
// earn: what the person has under other enrolments, and the vouchers issued.
type Outside struct {
	Claims  []Claim     // sorted by date
	IssueOn domain.Date // the date on which vouchers that have no claim yet are issued; zero: that of their visit
}

// Claim is what was earned under another enrolment, or a voucher. A voucher of
// the enrolment itself names the milestone or, with Milestone 0, the visit that
// it was issued for; one that has neither is another enrolment's. The claim of
// an award whose voucher is withheld for good has neither count nor amount. What
// a cap has cut or denied once stays judged by its date too, so that a later
// period never pays it.
type Claim struct {
	Visit     string
	Milestone int
	Date      domain.Date // Issued: of issue; Earned: of the visit
	Count     int         // 1; 0 for a voucher that tops up an earlier one
	Amount    int64       // minor units, in the document's currency
	Scope     string      // of another enrolment's: Programme, or Funder for another programme of the same funder
	Issued    bool        // counts towards caps with basis issued
	Earned    bool        // counts towards caps with basis earned, when it is another enrolment's
	Given     bool        // to the enrolment itself, by hand: counts towards each of its caps
	Denied    bool        // of an award of the enrolment itself: nothing was issued for it on that date, for the caps left nothing
}

// own reports whether it is a voucher of the enrolment itself.
func (c *Claim) own() bool { return c.Visit != "" || c.Milestone > 0 }

// claimed is what was issued for one award.
type claimed struct {
	count    int
	amount   int64
	withheld bool        // nothing was, nor will be
	judged   domain.Date // on which the caps were first asked; zero: never
}

// account holds the claims that count towards one cap, to be summed by date.
type account struct {
	days []int   // in order
	sums []Tally // sums[i]: of the claims before i; one more than days
}

// outside is an Outside made ready for the caps of a document. Of a nil one
// nothing counts.
type outside struct {
	accounts   []account // one for each cap
	visits     map[string]claimed
	milestones map[int]claimed
	issueOn    domain.Date
}

// outside makes o ready; nil when nothing of it counts under d.
func (d *Document) outside(o Outside) *outside {
	if len(o.Claims) == 0 && (o.IssueOn.IsZero() || !d.CountsIssued()) {
		return nil
	}
	out := &outside{accounts: make([]account, len(d.Caps)), issueOn: o.IssueOn}
	for i := range d.Caps {
		out.accounts[i] = d.Caps[i].account(o.Claims)
	}
	if d.CountsIssued() {
		out.own(o.Claims)
	}
	return out
}

// own notes what was issued for each award of the enrolment.
func (out *outside) own(claims []Claim) {
	out.visits, out.milestones = map[string]claimed{}, map[int]claimed{}
	for i := range claims {
		switch c := &claims[i]; {
		case !c.own() || !c.Issued:
		case c.Milestone > 0:
			out.milestones[c.Milestone] = out.milestones[c.Milestone].and(c)
		default:
			out.visits[c.Visit] = out.visits[c.Visit].and(c)
		}
	}
}

func (k claimed) and(c *Claim) claimed {
	k.count, k.amount = k.count+c.Count, k.amount+c.Amount
	k.withheld = k.count == 0 && k.amount == 0 && !c.Denied
	if k.judged.IsZero() {
		k.judged = c.Date
	}
	return k
}

// of is what was issued for an award.
func (out *outside) of(milestone int, visit string) claimed {
	if out == nil {
		return claimed{}
	}
	if k, ok := out.milestones[milestone]; ok {
		return k
	}
	return out.visits[visit]
}

// account picks the claims that count towards the cap.
func (c *Cap) account(claims []Claim) (a account) {
	a.sums = append(a.sums, Tally{})
	for i := range claims {
		if cl := &claims[i]; c.takes(cl) {
			last := a.sums[len(a.sums)-1]
			a.days = append(a.days, dayOf(cl.Date))
			a.sums = append(a.sums, Tally{Count: last.Count + cl.Count, Amount: last.Amount + cl.Amount})
		}
	}
	return a
}

// takes reports whether a claim counts towards the cap.
func (c *Cap) takes(cl *Claim) bool {
	across := c.scope()
	elsewhere := !cl.own() && (across == Funder || across == Programme && cl.Scope == Programme)
	if c.Basis == Issued {
		return cl.Issued && (cl.own() || cl.Given || elsewhere)
	}
	return cl.Earned && (cl.Given || elsewhere)
}

// between sums the claims of a span of days, both included.
func (a *account) between(first, last int) Tally {
	from, to := sort.SearchInts(a.days, first), sort.SearchInts(a.days, last+1)
	return Tally{Count: a.sums[to].Count - a.sums[from].Count, Amount: a.sums[to].Amount - a.sums[from].Amount}
}

// during sums the claims on cap i in its period of a date.
func (out *outside) during(i int, c *Cap, date domain.Date) Tally {
	a := &out.accounts[i]
	first := domain.Date{Year: date.Year, Month: date.Month, Day: 1}
	switch c.Period {
	case Month:
		return a.between(dayOf(first), dayOf(first.AddMonths(1))-1)
	case CalendarYear:
		first.Month = 1
		return a.between(dayOf(first), dayOf(first.AddMonths(12))-1)
	default:
		return a.sums[len(a.sums)-1]
	}
}

// yearly is what counts towards cap i by rolling year.
func (out *outside) yearly(i int, earned []Day, date domain.Date) Tally {
	if out == nil {
		return yearUp(earned, date.AddMonths(-12)) // that date itself is a year ago and counts no more
	}
	return out.accounts[i].yearly(earned, date)
}

// yearly is the most that any year holds which contains the date, by days
// earned and claims together: the year up to it, and those up to each later
// claim. The largest count and the largest amount may be of different years.
func (a *account) yearly(earned []Day, date domain.Date) (most Tally) {
	ends := []domain.Date{date}
	for _, day := range a.days[sort.SearchInts(a.days, dayOf(date)+1):] {
		if end := dateOf(day); end.AddMonths(-12).Before(date) {
			ends = append(ends, end)
		}
	}
	for _, end := range slices.Compact(ends) {
		since := end.AddMonths(-12)
		u := a.between(dayOf(since)+1, dayOf(end))
		own := yearUp(earned, since)
		most.Count, most.Amount = max(most.Count, u.Count+own.Count), max(most.Amount, u.Amount+own.Amount)
	}
	return most
}

// yearUp sums the days after a date.
func yearUp(earned []Day, since domain.Date) (u Tally) {
	for _, r := range earned {
		if since.Before(r.Date) {
			u.Count, u.Amount = u.Count+r.Count, u.Amount+r.Amount
		}
	}
	return u
}

// scope is across what the cap counts: Programme, Funder, or "" for the
// enrolment alone.
func (c *Cap) scope() string {
	if c.Across == "" && c.Period == Lifetime {
		return Programme
	}
	return c.Across
}

// CountsElsewhere reports whether caps count what the person has under other
// enrolments: in the same programme, and in others of the same funder.
func (d Document) CountsElsewhere() (programme, funder bool) {
	for i := range d.Caps {
		programme = programme || d.Caps[i].scope() != ""
		funder = funder || d.Caps[i].scope() == Funder
	}
	return programme, funder
}

// CountsIssued reports whether caps count vouchers by their date of issue. Then
// every evaluation has to be a replay with the vouchers as claims.
func (d Document) CountsIssued() bool {
	return slices.ContainsFunc(d.Caps, func(c Cap) bool { return c.Basis == Issued })
}
