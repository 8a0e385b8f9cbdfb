package rules_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// times adds what a document says of excuses, make-ups, pauses and coming back.
// A fair programme has no limits on how many are excused or made up: there one
// visit takes the place of another.
func times(t *rapid.T, d *rules.Document, fair bool) {
	few := func(label string) bool { return rapid.IntRange(0, 2).Draw(t, label) == 0 }
	if few("excuses") {
		d.Excused = &rules.Excuses{Reasons: []string{"illness", "work"}, NoticeHours: rapid.SampledFrom([]int{0, 24}).Draw(t, "notice")}
		if !fair {
			d.Excused.Most, d.Excused.Per = rapid.IntRange(1, 2).Draw(t, "most"), rapid.SampledFrom([]string{rules.PerEpisode, rules.PerPhase, rules.PerMonth}).Draw(t, "per")
		}
	}
	for i := range d.Phases {
		if few("make_up") {
			d.Phases[i].MakeUp = makeUp(t, d, i, fair)
		}
	}
	falls := slices.ContainsFunc(d.Phases, func(p rules.Phase) bool { return p.Magnitude.Descending != nil || !slices.IsSorted(p.Magnitude.Table) })
	level := rapid.SampledFrom([]string{rules.Keep, rules.ToStart, rules.ToPrevious})
	if falls {
		level = rapid.Just(rules.Keep)
	}
	streak := rapid.SampledFrom([]string{rules.Keep, rules.Restart})
	for _, reason := range rules.Reasons {
		if few(reason) {
			d.Pauses = append(d.Pauses, rules.Pause{
				Reason: reason, Clock: rapid.SampledFrom([]string{rules.Stops, rules.Runs}).Draw(t, "clock"), Level: level.Draw(t, "level"), Streak: streak.Draw(t, "streak"),
				MaxDays: rapid.SampledFrom([]int{0, 5}).Draw(t, "max_days"),
			})
		}
	}
	if few("readmission") {
		d.Readmission = &rules.Readmission{
			WithinDays: 30, Clock: rapid.SampledFrom([]string{rules.Stops, rules.Runs, rules.Restarts}).Draw(t, "clock"), Level: level.Draw(t, "level"),
			Streak: streak.Draw(t, "streak"), Later: rules.NewEpisode,
		}
	}
}

// makeUp is one of what phase i can make up; nil when that is nothing.
func makeUp(t *rapid.T, d *rules.Document, i int, fair bool) *rules.MakeUp {
	p, m := &d.Phases[i], &rules.MakeUp{WithinDays: rapid.IntRange(0, 10).Draw(t, "within")}
	counted := p.Opportunities != nil && p.Opportunities.Count > 0
	for _, x := range []struct {
		outcome string
		effect  rules.Effect
	}{{domain.NoShow, p.Outcomes.NoShow}, {domain.Excused, p.Outcomes.Excused}, {domain.Cancelled, p.Outcomes.Cancelled}} {
		ignored := x.effect == rules.Ignore || x.effect == ""
		doubtful := x.outcome == domain.Excused && d.Excused != nil
		if (x.effect != rules.Met || doubtful) && (!counted || !ignored) {
			m.Of = append(m.Of, x.outcome)
		}
	}
	sure := p.Outcomes.Excused == rules.Met && d.Excused == nil
	if len(m.Of) == 0 || slices.Contains(m.Of, domain.NoShow) && !slices.Contains(m.Of, domain.Excused) && !sure {
		return nil
	}
	if !fair && rapid.Bool().Draw(t, "limited") {
		m.Most = rapid.IntRange(1, 2).Draw(t, "most")
	}
	return m
}

// absences gives the visits reasons and notice, lets some of them make up
// others, and adds pauses.
func absences(t *rapid.T, d rules.Document, start domain.Date, visits []rules.Opportunity) []rules.Opportunity {
	for i := range visits {
		v := &visits[i]
		v.Reason = rapid.SampledFrom([]string{"illness", "work", "holiday", ""}).Draw(t, "reason")
		if rapid.Bool().Draw(t, "told") {
			v.Notice = v.At.Add(-time.Duration(rapid.SampledFrom([]int{1, 24, 48}).Draw(t, "hours")) * time.Hour)
		}
		if j := rapid.IntRange(0, 2*len(visits)).Draw(t, "makes up"); j < i { // at most one for each, so that the laws can speak of it
			if !slices.ContainsFunc(visits, func(o rules.Opportunity) bool { return o.MakesUp == visits[j].ID }) {
				v.MakesUp = visits[j].ID
			}
		}
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "paused") {
		from := start.AddDays(rapid.IntRange(-3, 30).Draw(t, "from"))
		until := from.AddDays(rapid.IntRange(0, 12).Draw(t, "days"))
		if rapid.IntRange(0, 9).Draw(t, "open") == 0 {
			until = domain.Date{}
		}
		visits = append(visits, d.Paused(fmt.Sprintf("p%d", i), rapid.SampledFrom(rules.Reasons).Draw(t, "reason"), from, until))
	}
	return visits
}
