package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// programme is a document of the whole language, or a fair one (see fairly).
func programme(t *rapid.T, fair bool) rules.Document {
	d := rules.Document{
		Programme: "generated", Title: rules.Text{DA: "Ordning", EN: "Programme"}, LegalBasis: "law", Age: rules.Age{From: 18},
		Currency: "DKK", TimeZone: rapid.SampledFrom([]string{"Europe/Copenhagen", "America/Sao_Paulo", "Asia/Beirut", "UTC"}).Draw(t, "zone"),
		Mode: rules.Automatic, Funder: "council",
		Voucher: rules.Voucher{ValidDays: 365, Categories: []string{"groceries"}, Excluded: []string{}},
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "phases") {
		d.Phases = append(d.Phases, phase(t, i, fair))
	}
	bonus := slices.ContainsFunc(d.Phases, func(p rules.Phase) bool { return len(p.Bonus) > 0 })
	d.Caps = caps(t, fair, bonus)
	times(t, &d, fair)
	parsed, err := rules.Parse(d.JSON())
	if err != nil {
		if !strings.Contains(err.Error(), "never") && !strings.Contains(err.Error(), "no more") {
			t.Fatalf("%s\n%s", err, d.JSON())
		}
		t.Skip(err.Error()) // a cap or bonus out of reach
	}
	return parsed
}

var amount = rapid.Int64Range(1, 1000)

func phase(t *rapid.T, i int, fair bool) rules.Phase {
	flag := rapid.Bool()
	p := rules.Phase{Name: fmt.Sprintf("phase-%d", i), Requirement: rules.Requirement{Met: rapid.IntRange(1, 3).Draw(t, "met")}}
	if rapid.IntRange(0, 4).Draw(t, "rising") == 0 {
		p.Requirement = rules.Requirement{Rising: &rules.Rising{Start: 1, Step: 1, Ceiling: 3}}
	}
	if i > 0 {
		p.Carry = &rules.Carry{Level: flag.Draw(t, "level"), Streak: !fair && flag.Draw(t, "streak")}
	}
	p.Opportunities = schedule(t)
	switch sc := p.Opportunities; {
	case sc != nil && (sc.Count > 0 || len(sc.OnDays) > 0):
	case flag.Draw(t, "in weeks"):
		p.Weeks = rapid.IntRange(1, 4).Draw(t, "weeks")
	default:
		p.Days = rapid.IntRange(1, 30).Draw(t, "days")
	}
	p.Target = rapid.SampledFrom([]rules.Target{
		{Attend: []string{"individual"}}, {Attend: []string{"individual", "group"}}, {Test: rules.Negative},
		{AllOf: []rules.Target{{Attend: []string{"group", "individual"}}, {Test: rules.Negative}}},
		{AnyOf: []rules.Target{{Attend: []string{"group"}}, {Test: rules.Negative}}},
	}).Draw(t, "target")
	if !fair && rapid.IntRange(0, 6).Draw(t, "sessions") == 0 {
		p.Target = rules.Target{AllOf: []rules.Target{p.Target, {NthSession: []int{2, 3, 5}}}}
	}
	p.Outcomes = outcomes(t, fair)
	if rapid.IntRange(0, 4).Draw(t, "draws") == 0 {
		p.Draws = &rules.Draws{Start: 1, Step: 1, Ceiling: 4, Reset: rules.DrawReset{On: []string{"not_met"}, To: 1}, WithReplacement: flag.Draw(t, "back")}
		p.Bowl = rules.Bowl{{Slips: 5, Value: 300}}
		if fair {
			p.Requirement = rules.Requirement{Met: 1}
		} else {
			p.Bowl = rules.Bowl{{Slips: 5, Label: "well done"}, {Slips: 3, Value: 100}, {Slips: 1, Value: 700}}
			if flag.Draw(t, "hat") {
				p.Hat, p.Draws.WithReplacement = &rules.Hat{Names: 2}, true
			}
		}
		return p
	}
	levels(t, &p, fair)
	if fair && p.Magnitude.Constant == 0 {
		p.Requirement = rules.Requirement{Met: 1}
	}
	return p
}

// schedule is any; its weeks are those of the phase.
func schedule(t *rapid.T) *rules.Schedule {
	return rapid.SampledFrom([]*rules.Schedule{
		nil, nil, {Any: true}, {PerWeek: 1}, {PerWeek: 3}, {Days: []string{"mon", "wed", "fri"}}, {Days: []string{"sun"}},
		{OnDays: []int{0, 2, 9}}, {Count: 4}, {PerWeek: 2, Count: 5}, {MinGap: 2},
	}).Draw(t, "schedule")
}

// outcomes are any that never pay an excused visit less than an unexcused one;
// in a fair programme an unexcused absence is a miss.
func outcomes(t *rapid.T, fair bool) rules.Outcomes {
	no := rapid.SampledFrom([]rules.Effect{rules.NotMet, rules.NotMet, rules.Hold, rules.Ignore, rules.Met}).Draw(t, "no_show")
	if fair {
		no = rules.NotMet
	}
	excused := map[rules.Effect][]rules.Effect{
		rules.Met: {rules.Met}, rules.Hold: {rules.Hold, rules.Met}, rules.Ignore: {rules.Ignore, rules.Met}, rules.NotMet: {rules.NotMet, rules.Hold, rules.Met},
	}[no]
	return rules.Outcomes{
		NoShow: no, Excused: rapid.SampledFrom(excused).Draw(t, "excused"),
		Cancelled: rapid.SampledFrom([]rules.Effect{"", rules.Ignore, rules.Hold}).Draw(t, "cancelled"),
	}
}

// levels are a magnitude and what moves its level.
func levels(t *rapid.T, p *rules.Phase, fair bool) {
	flag := rapid.Bool()
	switch kind := rapid.IntRange(0, 3).Draw(t, "magnitude"); {
	case kind == 0:
		p.Magnitude.Constant = amount.Draw(t, "constant")
	case kind == 3 && !fair && flag.Draw(t, "tokens"):
		earn := rules.Magnitude{Linear: &rules.Linear{Start: 1, Step: 2, Ceiling: 7}}
		p.Magnitude.Tokens = &rules.Tokens{Earn: earn, Price: rapid.Int64Range(1, 12).Draw(t, "price"), Reward: amount.Draw(t, "reward")}
	case kind == 1 && !fair:
		p.Magnitude.Descending = &rules.Descent{Start: 500, Step: 70, Floor: 100}
	case kind == 2:
		p.Magnitude.Table = rapid.SliceOfN(amount, 1, 8).Draw(t, "amounts")
		if fair || flag.Draw(t, "sorted") {
			slices.Sort(p.Magnitude.Table)
		}
	default:
		p.Magnitude.Linear = &rules.Linear{Start: amount.Draw(t, "start"), Step: amount.Draw(t, "step")}
		if flag.Draw(t, "ceiling") {
			p.Magnitude.Linear.Ceiling = p.Magnitude.Linear.Start + 900
		}
	}
	weekly := p.Opportunities != nil && (p.Opportunities.PerWeek > 0 || len(p.Opportunities.Days) > 0)
	if p.Magnitude.Constant == 0 && (fair || len(p.Magnitude.Table) == 0 || flag.Draw(t, "escalation")) {
		p.Escalation = escalation(t, weekly)
	}
	if p.Magnitude.Descending == nil && slices.IsSorted(p.Magnitude.Table) && flag.Draw(t, "reset") {
		p.Reset = &rules.Reset{
			On: []string{"not_met"}, ClearsBonus: flag.Draw(t, "clears bonus"),
			To: rapid.SampledFrom([]rules.ResetTo{{Word: "start"}, {Word: "previous"}, {Level: 1}}).Draw(t, "to"),
		}
	}
	if p.Reset != nil && flag.Draw(t, "restoration") {
		p.Restoration = restoration(t, fair)
	}
	for range rapid.IntRange(0, 2).Draw(t, "bonuses") {
		p.Bonus = append(p.Bonus, rapid.SampledFrom([]rules.Bonus{
			{EveryConsecutive: 2, Amount: 50}, {EveryConsecutive: 1, Amount: 20}, {OnceAt: 3, Amount: 90}, {PhaseCompleted: 3, Amount: 70},
		}).Draw(t, "bonus"))
	}
	if weekly && flag.Draw(t, "weekly bonus") {
		p.Bonus = append(p.Bonus, rules.Bonus{WholeWeekMet: true, Amount: 40})
	}
}

func escalation(t *rapid.T, weekly bool) *rules.Escalation {
	choices := []*rules.Escalation{{Every: rules.Every{Visit: true}}, {Every: rules.Every{Consecutive: 2}}, {Every: rules.Every{WeekNumber: true}}}
	if weekly {
		choices = append(choices, &rules.Escalation{Every: rules.Every{AllMet: true}, Excused: "breaks"}, &rules.Escalation{Every: rules.Every{AllMet: true}, Excused: "counts"})
	}
	return rapid.SampledFrom(choices).Draw(t, "escalation")
}

func restoration(t *rapid.T, fair bool) *rules.Restoration {
	word := func(label string, words ...string) string { return rapid.SampledFrom(words).Draw(t, label) }
	r := &rules.Restoration{
		After: rapid.IntRange(1, 4).Draw(t, "after"), Apply: word("apply", "next", "qualifying"), To: word("to", "last", "due"),
		Memory: word("memory", "first", "last", "highest"), PartRun: word("part run", "keep", "fresh"),
	}
	if fair {
		r.Memory = rules.Highest
	}
	if fair && r.To == rules.Last {
		r.PartRun = rules.Fresh // one more met visit can complete the run of the level last paid, so that none of it is left to keep
	}
	return r
}

// caps are up to three. Those of a fair programme look at sums, and nest; where
// there are bonuses, which a miss can move from one period to the next, they
// look at the whole sum.
func caps(t *rapid.T, fair, bonus bool) (caps []rules.Cap) {
	periods := []string{"award", "month", "calendar_year", "rolling_year", "episode", "lifetime"}
	if fair {
		periods = []string{"award", "month", "calendar_year", "episode", "lifetime"}
	}
	if fair && bonus {
		periods = []string{"episode", "lifetime"}
	}
	for range rapid.IntRange(0, 3).Draw(t, "caps") {
		c := rules.Cap{Period: rapid.SampledFrom(periods).Draw(t, "period"), AtLimit: rules.PayRest}
		stops := c.Period != rules.RollingYear && c.Period != rules.PerAward
		if !fair && c.Period != rules.PerAward && rapid.Bool().Draw(t, "count cap") {
			c.Count, c.AtLimit = rapid.IntRange(1, 12).Draw(t, "count"), rules.Deny
			if !wide(t, &c) && stops && rapid.Bool().Draw(t, "stop") {
				c.AtLimit = rules.Stop
			}
			caps = append(caps, c)
			continue
		}
		c.Amount, c.Basis = rapid.Int64Range(1000, 10_000).Draw(t, "amount"), rules.Earned
		if !fair && wide(t, &c) {
			c.AtLimit = rapid.SampledFrom([]string{rules.PayRest, rules.Deny}).Draw(t, "at limit")
			caps = append(caps, c)
			continue
		}
		if !fair {
			c.AtLimit = rapid.SampledFrom([]string{rules.PayRest, rules.Deny}).Draw(t, "at limit")
			if stops && rapid.Bool().Draw(t, "stop") {
				c.AtLimit = rules.Stop
			}
		}
		caps = append(caps, c)
	}
	return caps
}

// wide makes a cap count more than what the enrolment earns, or not.
func wide(t *rapid.T, c *rules.Cap) bool {
	if c.Period != rules.Episode && c.Period != rules.PerAward {
		c.Across = rapid.SampledFrom([]string{"", "", rules.Programme, rules.Funder}).Draw(t, "across")
	}
	if rapid.IntRange(0, 2).Draw(t, "issued") == 0 {
		c.Basis = rules.Issued
	}
	return c.Across != "" || c.Basis == rules.Issued
}

// somewhen are starts around clock changes, leap day and New Year.
var somewhen = rapid.SampledFrom([]domain.Date{
	{Year: 2026, Month: 3, Day: 20}, {Year: 2026, Month: 10, Day: 10}, {Year: 2028, Month: 2, Day: 20}, {Year: 2026, Month: 12, Day: 20}, {Year: 1969, Month: 12, Day: 25},
})

// visitsFrom are up to forty visits from before the start to after the end.
func visitsFrom(t *rapid.T, d rules.Document, start domain.Date) []rules.Opportunity {
	length := 0
	for i := range d.Phases {
		days, fixed := d.Phases[i].Length()
		if !fixed {
			days = 30
		}
		length += days
	}
	from := start.AddDays(-2).In(d.Location())
	minutes := rapid.IntRange(0, (length+4)*24*60)
	var out []rules.Opportunity
	for i := range rapid.IntRange(0, 40).Draw(t, "visits") {
		out = append(out, rules.Opportunity{
			ID:      fmt.Sprintf("v%02d", i),
			At:      from.Add(time.Duration(minutes.Draw(t, "minute")) * time.Minute),
			Kind:    rapid.SampledFrom([]string{"individual", "group", "telephone"}).Draw(t, "kind"),
			Outcome: rapid.SampledFrom(append([]string{domain.Attended, domain.Attended}, domain.Outcomes...)).Draw(t, "outcome"),
			Test:    rapid.SampledFrom([]string{rules.Negative, rules.Negative, rules.Positive, ""}).Draw(t, "test"),
			Seed:    strings.Repeat(fmt.Sprintf("%02x", i), 32),
			Won:     i % 2,
		})
	}
	return absences(t, d, start, out)
}
