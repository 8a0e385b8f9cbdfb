package rules_test

import (
	"fmt"
	"testing"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// history is n visits, four a day, of which every third is missed.
func history(n int) []rules.Opportunity {
	var out []rules.Opportunity
	for i := range n {
		o := rules.Opportunity{
			ID:      fmt.Sprintf("0198a000-0000-7000-8000-%012d", i),
			At:      copenhagen(start.AddDays(i/4), 9+i%4, 0).UTC(),
			Kind:    "group",
			Outcome: domain.Attended,
		}
		if i%3 == 2 {
			o.Outcome = domain.NoShow
		}
		out = append(out, o)
	}
	return out
}

// What recording one more visit costs, after a short and a long history.
func BenchmarkResume(b *testing.B) {
	for _, change := range []struct{ name, requirement string }{{"no award", "{met: 100}"}, {"award", "{met: 1}"}} {
		d := move(b, noCaps, "", days, "days: 3660", met, change.requirement)
		for _, before := range []int{10, 10_000} {
			b.Run(fmt.Sprintf("%s/%d before", change.name, before), func(b *testing.B) {
				all := history(before + 1)
				state, _ := rules.Evaluate(d, rules.Start(d, start), all[:before])
				all[before].Outcome = domain.Attended
				b.ReportAllocs()
				for b.Loop() {
					rules.Evaluate(d, state, all[before:])
				}
			})
		}
	}
}

// A linear schedule with reset, restoration and bonus, as Higgins has it, under
// a cap, in a phase of many visits a day.
func linear(b *testing.B) rules.Document {
	body := change(b, higgins, "    weeks: 12\n    opportunities: {days: [mon, wed, fri]}", "    days: 3660", "{test: negative}", "{attend: [group]}", "step: 125", "step: 125, ceiling: 5000")
	return parse(b, body+"caps: [{amount: 99000000, period: calendar_year, basis: earned, at_limit: pay_rest}]\n")
}

func BenchmarkResumeLinear(b *testing.B) {
	d := linear(b)
	for _, before := range []int{10, 10_000} {
		b.Run(fmt.Sprintf("%d before", before), func(b *testing.B) {
			all := history(before + 1)
			state, _ := rules.Evaluate(d, rules.Start(d, start), all[:before])
			all[before].Outcome = domain.Attended
			b.ReportAllocs()
			for b.Loop() {
				rules.Evaluate(d, state, all[before:])
			}
		})
	}
}

func BenchmarkReplayLinear(b *testing.B) {
	const n = 10_000
	d, all := linear(b), history(n)
	b.ReportAllocs()
	for b.Loop() {
		rules.Evaluate(d, rules.Start(d, start), all)
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mvisits/s")
}

// What a replay costs in which every visit earns an award, one a visit and bonuses
// beside: the most that a correction can have to do.
func BenchmarkReplayAwarded(b *testing.B) {
	const n = 10_000
	for _, c := range []struct {
		name string
		doc  rules.Document
	}{{"constant", move(b, noCaps, "", days, "days: 3660", met, "{met: 1}")}, {"linear", linear(b)}} {
		b.Run(c.name, func(b *testing.B) {
			all := history(n)
			for i := range all {
				all[i].Outcome = domain.Attended
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, awards := rules.Evaluate(c.doc, rules.Start(c.doc, start), all); len(awards) != n {
					b.Fatal(len(awards))
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mvisits/s")
		})
	}
}

// What a correction far in the past costs: all visits again.
func BenchmarkReplay(b *testing.B) {
	const n = 10_000
	for _, c := range []struct {
		name    string
		changes []string
	}{
		{"move-2026", nil},
		{"no award", []string{noCaps, "", days, "days: 3660", "[individual, group]", "[individual]"}},
		{"award every 100th", []string{noCaps, "", days, "days: 3660", met, "{met: 100}"}},
		{"award every visit", []string{noCaps, "", days, "days: 3660", met, "{met: 1}"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			d, all := move(b, c.changes...), history(n)
			b.ReportAllocs()
			for b.Loop() {
				rules.Evaluate(d, rules.Start(d, start), all)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mvisits/s")
		})
	}
}

func BenchmarkParse(b *testing.B) {
	yaml := moveYAML(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rules.Parse(yaml); err != nil {
			b.Fatal(err)
		}
	}
}
