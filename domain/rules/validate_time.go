package rules

import (
	"fmt"
	"slices"

	"github.com/fasthold/fasthold/domain"
)

// makeUpContradictions notes outcomes that cannot be made up, and make-ups by
// which an excused visit could pay less than an unexcused one. Under a policy an
// excused visit can be a no-show.
func (p *problems) makeUpContradictions(path string, ph *Phase, policy *Excuses) {
	if ph.MakeUp == nil {
		return
	}
	of, doubtful := ph.MakeUp.Of, policy != nil && (policy.Reasons != nil || policy.NoticeHours > 0 || policy.Most > 0)
	for i, word := range of {
		at := fmt.Sprintf("%s.make_up.of[%d]", path, i)
		switch e := ph.Outcomes.of(word); {
		case e == Met && (word != domain.Excused || !doubtful):
			p.add(at, codeContradiction, "must be left out: outcomes.%s is met, so nothing is missed", word)
		case (e == Ignore || e == "" && word != Late && word != LeftEarly) && ph.Opportunities != nil && ph.Opportunities.Count > 0:
			p.add(at, codeContradiction, "must be left out, or outcomes.%s be hold: what is ignored has no place among the %d opportunities", word, ph.Opportunities.Count)
		}
	}
	if slices.Contains(of, domain.NoShow) && !slices.Contains(of, domain.Excused) && (ph.Outcomes.Excused != Met || doubtful) {
		p.add(path+".make_up.of", codeContradiction, "must have excused, because it has no_show: an excused visit never pays less than an unexcused one")
	}
}

// returnContradictions notes returns that would pay for being away.
func (p *problems) returnContradictions(d *Document) {
	falls := slices.IndexFunc(d.Phases, func(ph Phase) bool { return ph.falls() })
	if falls < 0 {
		return
	}
	refuse := func(path, level string) {
		if level != Keep {
			p.add(path+".level", codeContradiction, "must be keep: the amounts of phases[%d] fall, so being away would pay", falls)
		}
	}
	for i := range d.Pauses {
		refuse(fmt.Sprintf("pauses[%d]", i), d.Pauses[i].Level)
	}
	if d.Readmission != nil {
		refuse("readmission", d.Readmission.Level)
	}
}

// falls reports whether a higher level can pay less than a lower one.
func (p *Phase) falls() bool {
	m := p.Magnitude.shape()
	return m.Descending != nil || !slices.IsSorted(m.Table)
}

// bends reports whether a pause or a readmission can bring back a level or a
// place of the schedule, so that a phase can pay more often than it has places.
func (d *Document) bends() bool {
	weekdays := slices.ContainsFunc(d.Phases, func(p Phase) bool { return p.Opportunities != nil && len(p.Opportunities.Days) > 0 })
	if r := d.Readmission; r != nil && (r.Level != Keep || r.Clock == Restarts || weekdays && r.Clock == Stops) {
		return true
	}
	return slices.ContainsFunc(d.Pauses, func(p Pause) bool { return p.Level != Keep || weekdays && p.Clock == Stops })
}
