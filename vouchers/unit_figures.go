package vouchers

import (
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// FiguresAsked says which figures are wanted.
type FiguresAsked struct {
	Year                int       // 0: this one
	UnitID, ProgrammeID domain.ID // zero: all
}

// followedWeeks is how long courses are followed in figures.
const followedWeeks = 52

// UnitFigures is how treatment goes in a year, for whoever leads it. Groups of fewer
// than FewestPeople are hidden, and as many others as it takes that nobody can work
// them out from other figures of that year.
type UnitFigures struct {
	Year       int
	Today      domain.Date
	Units      []domain.Unit      // between which the actor can choose; nil: there is nothing to choose
	Programmes []domain.Programme // likewise
	Courses    CourseFigures
	Visits     VisitFigures
	Vouchers   HandoutFigures
	Groups     []GroupFigures // the visits by unit or, in one unit, by programme
}

// CourseFigures are of the courses of treatment that began in the year.
type CourseFigures struct {
	Hidden    bool
	Began     int
	Left      int // before their time: dropped out, or for another reason
	Through   int // who came through, or moved away
	Remaining []domain.Remaining
}

// VisitFigures are of the visits in the year.
type VisitFigures struct {
	Hidden   bool
	Outcomes map[string]int64 // visits by outcome
}

// GroupFigures are the visits of one group.
type GroupFigures struct {
	Name string // of a unit or a programme; "": of no programme
	VisitFigures
}

// HandoutFigures are of the vouchers issued in the year.
type HandoutFigures struct {
	Hidden       bool
	Vouchers     int64
	Lapsed       int64 // of which something lapsed
	LapsedAmount int64 // minor units, in DKK
	Earned       int64 // not given by hand
	Days         int   // median from the visit's date to that of issue
	SameDay      int64 // issued on the date of the visit
}

// Came counts the visits for which people came, and all that somebody could have come
// for.
func (v VisitFigures) Came() (came, of int64) {
	for outcome, n := range v.Outcomes {
		switch outcome {
		case domain.Attended, domain.Late, domain.LeftEarly, domain.NoValidSample:
			came, of = came+n, of+n
		case domain.NoShow, domain.Excused:
			of += n
		}
	}
	return came, of
}

// UnitFigures gives the figures of a calendar year for who may read the visits behind them.
func (s *Service) UnitFigures(ctx context.Context, actor domain.Actor, q FiguresAsked) (f UnitFigures, err error) {
	err = s.read(ctx, actor, "listAttendances", func(tx *store.Tx) error {
		site, err := tx.Zone()
		if err != nil {
			return err
		}
		f = UnitFigures{Year: q.Year, Today: domain.DateOf(s.now(), site)}
		if f.Year == 0 {
			f.Year = f.Today.Year
		}
		if f.Year < oldestFigures || f.Year > f.Today.Year {
			return domain.InvalidField("year", "out_of_range", "must be %d to %d", oldestFigures, f.Today.Year)
		}
		w, err := f.choices(tx, q)
		if err != nil {
			return err
		}
		if err := w.read(tx, f.Year, f.Today); err != nil {
			return err
		}
		f.courses(w)
		f.visits(w)
		return f.handouts(tx, w)
	})
	return f, err
}

// oldestFigures is the first year of which figures can be asked for.
const oldestFigures = 2000

// choices reads what can be chosen, and finds what was.
func (f *UnitFigures) choices(tx *store.Tx, q FiguresAsked) (*figuring, error) {
	units, err := store.All[domain.Unit](tx, "name", store.Eq("id", tx.Actor().UnitID))
	if err != nil {
		return nil, err
	}
	programmes, err := store.All[domain.Programme](tx, "slug")
	if err != nil {
		return nil, err
	}
	if len(units) > 1 {
		f.Units = units
	}
	if len(programmes) > 1 {
		f.Programmes = programmes
	}
	w := newFiguring(units, programmes)
	if q.UnitID != (domain.ID{}) {
		w.at.unit = w.units[q.UnitID]
	}
	if q.ProgrammeID != (domain.ID{}) {
		w.at.programme = w.programmes[q.ProgrammeID]
	}
	if q.UnitID != (domain.ID{}) && w.at.unit == 0 || q.ProgrammeID != (domain.ID{}) && w.at.programme == 0 {
		return nil, domain.OutOfReach()
	}
	return w, nil
}

// courses follows those who have begun until today, or until they ended.
func (f *UnitFigures) courses(w *figuring) {
	groups := w.grid()
	for _, p := range w.began {
		groups.add(p.UnitID, w.of[p.ID], p.CitizenID)
	}
	if f.Courses.Hidden = groups.hidden()[w.at]; f.Courses.Hidden {
		return
	}
	var stays []domain.Stay
	for _, p := range w.began {
		if !w.chosen(p.UnitID, w.of[p.ID]) {
			continue
		}
		end, stay := f.Today, domain.Stay{}
		if !p.EndDate.IsZero() && !f.Today.Before(p.EndDate) {
			end, stay.Left = p.EndDate, p.EndReason == "dropped_out" || p.EndReason == "other"
			if stay.Left {
				f.Courses.Left++
			} else {
				f.Courses.Through++
			}
		}
		f.Courses.Began++
		stay.Days = p.StartDate.Days(end)
		stays = append(stays, stay)
	}
	f.Courses.Remaining = domain.RemainingByWeek(stays, followedWeeks, FewestPeople)
}

// visits adds up what came of visits, of what is chosen and by group.
func (f *UnitFigures) visits(w *figuring) {
	groups := w.grid()
	sums := map[spot]map[string]int64{}
	for _, o := range w.outcomes {
		for _, at := range groups.add(o.UnitID, w.of[o.PlanID], w.plans[o.PlanID].CitizenID) {
			if sums[at] == nil {
				sums[at] = map[string]int64{}
			}
			sums[at][o.Outcome] += o.Visits
		}
	}
	hidden := groups.hidden()
	figures := func(at spot) VisitFigures {
		if hidden[at] {
			return VisitFigures{Hidden: true}
		}
		return VisitFigures{Outcomes: sums[at]}
	}
	f.Visits = figures(w.at)
	for _, g := range w.beside() {
		if len(sums[g.at]) > 0 {
			f.Groups = append(f.Groups, GroupFigures{g.name, figures(g.at)})
		}
	}
}

// handouts adds up how soon the vouchers were there, and how many lapsed.
func (f *UnitFigures) handouts(tx *store.Tx, w *figuring) error {
	groups := w.grid()
	for _, r := range w.received {
		groups.add(r.UnitID, []domain.ID{r.ProgrammeID}, r.CitizenID)
	}
	if f.Vouchers.Hidden = groups.hidden()[w.at]; f.Vouchers.Hidden {
		return nil
	}
	unit, programme := w.unitAt(), w.programmeAt()
	sums, err := tx.Averages("programme", store.Issues{From: w.first, To: w.last, UnitID: unit, ProgrammeID: programme, Currency: "DKK"})
	if err != nil {
		return err
	}
	for _, sum := range sums {
		f.Vouchers.Vouchers, f.Vouchers.Lapsed, f.Vouchers.LapsedAmount = f.Vouchers.Vouchers+sum.Vouchers, f.Vouchers.Lapsed+sum.Lapsed, f.Vouchers.LapsedAmount+sum.LapsedAmount
	}
	delays, err := tx.Delays(append(store.IssuedBetween(w.first, w.last), store.Eq("v.unit_id", unit), store.Eq("v.programme_id", programme))...)
	f.Vouchers.soon(delays)
	return err
}

// soon finds the median of days until the vouchers were there.
func (h *HandoutFigures) soon(delays []store.Delay) {
	slices.SortFunc(delays, func(a, b store.Delay) int { return a.Days - b.Days })
	for _, d := range delays {
		h.Earned += d.Vouchers
		if d.Days <= 0 {
			h.SameDay += d.Vouchers
		}
	}
	before := int64(0)
	for _, d := range delays {
		if before += d.Vouchers; 2*before >= h.Earned {
			h.Days = max(0, d.Days)
			return
		}
	}
}
