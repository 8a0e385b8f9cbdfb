package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Moving says how an enrolment goes over to another version of its programme.
type Moving struct {
	On    domain.Date // the first day under the new version
	Phase string      // the new version's phase; "": the one of the same name
	Level int         // where it begins there, from 1; 0: the first. Not to be stated for the phase of the same name, which goes on
}

// Move is the state under another version of an enrolment that stands at s after
// all its visits before m.On: under to, its visits from that date on are folded
// onto it. What was earned, milestones and tallies go on; a tally is kept where
// the new version has a cap of its period. In the phase of the same name the
// enrolment keeps its place, as far as the new version has it.
//
// Errors are Invalid: "phase" where no phase of to is meant, "level" beyond the
// phase's levels, "on" not after the visits already folded, "currency" where it
// differs from what was earned.
func Move(from, to Document, s State, m Moving) (State, error) {
	f := fold{doc: &from, state: s, site: calendar{zone: from.Location()}}
	f.open()
	f.enter(dayOf(m.On))
	index, same, err := m.check(&from, &to, &f.state)
	if err != nil {
		return State{}, err
	}
	old := f.state
	f.state.Periods, f.state.Rolling = recut(&from, &to, &old)
	if p := from.Excused; p == nil || to.Excused == nil || p.Per != to.Excused.Per || p.Per == PerPhase && !same {
		f.state.Excused = Excused{}
	}
	f.doc, f.site = &to, calendar{zone: to.Location()}
	f.state.Phase, f.state.From, f.state.Finished = index, m.On, ""
	if same {
		f.state.From = old.From
		f.open()
		f.state.Place = f.phase.fit(&from.Phases[old.Phase], old.Place, f.top)
		keep := min(len(old.Met), f.phase.Requirement.needed(f.state.Place.Rewards)-1)
		f.state.Met = slices.Clip(old.Met[len(old.Met)-keep:])
	} else {
		f.state.Place, f.state.Met = Place{Level: max(0, m.Level-1)}, nil
		f.stillAway(m.On)
	}
	f.open()
	if sc := f.phase.Opportunities; sc != nil && sc.Count > 0 && f.state.Place.Count >= sc.Count {
		f.leave(dayOf(m.On))
	}
	switch {
	case f.state.Finished != "":
	case from.stopsAt(old.Finished) > 0 && to.stopsAt(old.Finished) > 0 && to.stopsAt(old.Finished) <= from.stopsAt(old.Finished):
		f.state.Finished = old.Finished // the new version leaves no more room than the old one
	default:
		f.state.Finished = to.finishedOn(&f.state, nil, m.On)
	}
	return f.state, nil
}

// stopsAt is the lowest limit at which the document ends an enrolment for that
// reason; 0: at none.
func (d *Document) stopsAt(reason string) (limit int64) {
	for i := range d.Caps {
		c := &d.Caps[i]
		if c.AtLimit != Stop || !c.lasting() || c.reached() != reason {
			continue
		}
		if at := max(c.Amount, int64(c.Count)); limit == 0 || at < limit {
			limit = at
		}
	}
	return limit
}

// check finds the phase that is meant, and whether it is the one in which s
// stands.
func (m Moving) check(from, to *Document, s *State) (index int, same bool, err error) {
	var f domain.Fields
	name := m.Phase
	if name == "" {
		name = from.Phases[s.Phase].Name
	}
	index = slices.IndexFunc(to.Phases, func(p Phase) bool { return p.Name == name })
	same = name == from.Phases[s.Phase].Name
	switch {
	case index >= 0:
		top := to.Phases[index].shown(to.Phases[index].top())
		refuse(&f, same && m.Level != 0, "level", codeContradiction, "must be left out: the enrolment keeps its level in the phase %s", name)
		refuse(&f, !same && (m.Level < 0 || m.Level > top), "level", codeRange, "must be from 1 to %d, the highest level of %s", top, name)
	case m.Phase == "":
		refuse(&f, true, "phase", codeRequired, "must be stated, because the new version has no phase %s: take one of %s", name, to.phaseNames())
	default:
		refuse(&f, true, "phase", codeValue, "must be a phase of the new version: %s", to.phaseNames())
	}
	refuse(&f, from.Currency != to.Currency, "currency", codeContradiction, "must be %s in both versions, in which the enrolment has earned", from.Currency)
	refuse(&f, s.LastID != "" && !domain.DateOf(time.UnixMicro(s.LastAt), from.Location()).Before(m.On), "on", codeValue, "must be after the last visit under the old version")
	return index, same, f.Err()
}

// refuse notes what is wrong with a move, if it is, in both languages.
func refuse(f *domain.Fields, wrong bool, field, code, format string, args ...any) {
	if wrong {
		f.Put(domain.FieldError{Field: field, Code: code, Message: fmt.Sprintf(format, args...), Danish: inDanish(format, args...)})
	}
}

func (d *Document) phaseNames() string {
	var names []string
	for i := range d.Phases {
		names = append(names, d.Phases[i].Name)
	}
	return strings.Join(names, ", ")
}

// fit is the place in a phase of one that stood in the same phase of another
// version, up to its highest level.
func (p *Phase) fit(old *Phase, at Place, top int) Place {
	at.Level, at.Paid, at.Memory = min(at.Level, top), min(at.Paid, top+1), min(at.Memory, top+1)
	run := 0
	if e := p.Escalation; e != nil && e.Every.Consecutive > 0 {
		run = e.Every.Consecutive - 1
	}
	at.Run, at.Kept = min(at.Run, run), min(at.Kept, run)
	if r := p.Restoration; r != nil {
		at.Recover = min(at.Recover, r.After-1)
	} else {
		at.forget()
	}
	once := at.Once
	at.Once = 0
	for i, b := range p.Bonus {
		for j, was := range old.Bonus {
			if b.OnceAt > 0 && b.OnceAt == was.OnceAt && once&(1<<j) != 0 {
				at.Once |= 1 << i
			}
		}
	}
	return at
}

// stillAway stops the clock of the phase for the rest of a pause that lasts
// beyond the move.
func (f *fold) stillAway(on domain.Date) {
	if p := f.state.Pause; p != nil && p.Clock == Stops && !p.Until.IsZero() && !p.Until.Before(on) {
		f.state.Place.Stopped = on.Days(p.Until) + 1
	}
}

// recut gives the tallies of one version to the caps of another. A period that
// no cap of the old version counted begins at nothing.
func recut(from, to *Document, s *State) (periods []Tally, rolling []Day) {
	for i := range to.Caps {
		c := &to.Caps[i]
		if c.Period == RollingYear {
			rolling = slices.Clone(s.Rolling)
		}
		if !c.tallied() {
			continue
		}
		var t Tally
		index := 0
		for j := range from.Caps {
			was := &from.Caps[j]
			if !was.tallied() || index == len(s.Periods) {
				continue
			}
			if was.Period == c.Period && (was.Basis == Issued) == (c.Basis == Issued) {
				sameUnit := (was.Count > 0) == (c.Count > 0)
				stopped := t.Stopped || sameUnit && c.AtLimit == Stop && s.Periods[index].Stopped
				t = s.Periods[index]
				t.Stopped = stopped
			}
			index++
		}
		periods = append(periods, t)
	}
	return periods, rolling
}
