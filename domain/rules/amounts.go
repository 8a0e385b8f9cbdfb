package rules

import (
	"strconv"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// AmountRow is one award of a person who meets every opportunity.
type AmountRow struct {
	Number     int         `json:"number"` // of the award
	Phase      string      `json:"phase"`
	Visit      int         `json:"visit"` // the met visits so far
	Date       domain.Date `json:"date"`
	Amount     int64       `json:"amount"` // after caps, minor units; 0 for draws
	Bonus      int64       `json:"bonus,omitempty"`
	Draws      int         `json:"draws,omitempty"`
	Tickets    int         `json:"tickets,omitempty"` // slips with the name in the group's hat
	Tokens     int64       `json:"tokens,omitempty"`  // left after it
	Cumulative int64       `json:"cumulative"`
}

// MaxAmounts bounds the table of amounts.
const MaxAmounts = 400

// Amounts is the table of what the document pays a person who starts on a date
// and meets every opportunity, one visit a day at most, until nothing more can
// be earned or the table is full.
func (d Document) Amounts(start domain.Date) (rows []AmountRow) {
	s, visits, total := Start(d, start), 0, int64(0)
	for day := 0; day < maxPhases*maxDays && len(rows) < MaxAmounts; day++ {
		if _, last := d.Window(start); s.Finished != "" || !last.IsZero() && last.Before(start.AddDays(day)) {
			break
		}
		date := start.AddDays(day)
		o := Opportunity{ID: strconv.Itoa(day), At: date.In(d.Location()).Add(12 * time.Hour), Outcome: domain.Attended}
		phase, used := s.Phase, s.Place.MetCount
		if s.Phase < len(d.Phases) {
			d.Phases[d.phaseOn(&s, date)].Target.meet(&o)
		}
		var awards []Award
		s, awards = Evaluate(d, s, []Opportunity{o})
		if s.Phase != phase || s.Place.MetCount != used {
			visits++
		}
		for _, a := range awards {
			total += a.Amount
			row := AmountRow{Number: len(rows) + 1, Phase: a.Explanation.Phase, Visit: visits, Date: a.Date, Amount: a.Amount, Bonus: a.Explanation.Full - a.Explanation.Base(), Cumulative: total}
			if drawn := a.Explanation.Draws; drawn != nil {
				row.Draws, row.Tickets = drawn.Number, drawn.Tickets
			}
			row.Tokens = s.Tokens
			rows = append(rows, row)
		}
	}
	return rows
}

// phaseOn is the phase of a date, from where s stands.
func (d *Document) phaseOn(s *State, date domain.Date) int {
	i, from := s.Phase, s.first().AddDays(s.Place.Stopped)
	for ; i < len(d.Phases)-1; i++ {
		days, fixed := d.Phases[i].Length()
		if from = from.AddDays(days); !fixed || date.Before(from) {
			break
		}
	}
	return i
}

// meet records in o what makes the target hold.
func (t *Target) meet(o *Opportunity) {
	if o.Kind == "" {
		o.Kind = "visit"
	}
	switch {
	case t.Attend != nil:
		o.Kind = t.Attend[0]
	case t.OnTimeWithin > 0:
		o.Arrived = o.At
	case t.StayAtLeast > 0:
		o.Arrived, o.Left = o.At, o.At.Add(time.Duration(t.StayAtLeast)*time.Minute)
	case t.Test != "":
		o.Test = t.Test
	case t.Goal != nil:
		o.Goal = t.Goal[0]
	case t.Task != nil:
		o.Task = t.Task[0]
	}
	for i := range t.AllOf {
		t.AllOf[i].meet(o)
	}
	if t.AnyOf != nil {
		t.AnyOf[0].meet(o)
	}
	if t.NOf != nil {
		for i := range t.NOf.N {
			t.NOf.Of[i].meet(o)
		}
	}
}
