package rules_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

// Every history of ten visits under every reading of restoration: whichever miss
// is turned into a met visit, the total does not fall. Random histories rarely
// come to the misses that follow each other as this needs.
func TestLaw_metNeverLowersTheTotalOfAShortHistory(t *testing.T) {
	const escalation = "{every: {consecutive: 2}}"
	var visits [10][2]rules.Opportunity
	for n := range visits {
		day := start.AddDays(n/2*7 + n%2*3)
		visits[n] = [2]rules.Opportunity{result("N", n, day), result("P", n, day)}
	}
	for _, every := range []string{escalation, "{every: visit}", "{every: week_number}", "{every: {calendar_week: all_met}, excused: breaks}"} {
		for _, to := range []string{"start", "previous", "{level: 2}"} {
			for _, r := range readings(every == escalation) {
				d := parse(t, california, escalation, every, "to: start", "to: "+to, "{after: 2, apply: next, to: last, memory: highest, part_run: fresh}", r)
				totals := map[string]int64{}
				shortHistories(d, rules.Start(d, start), "", visits, totals)
				for history, total := range totals {
					for i := range history {
						if better := history[:i] + "N" + history[i+1:]; history[i] == 'P' && totals[better] < total {
							require.Fail(t, "a met visit costs money", "%s %s %s: %s %d, %s %d", every, to, r, history, total, better, totals[better])
						}
					}
				}
			}
		}
	}
}

// readings are those of a restoration with memory: highest of which the law is
// true.
func readings(run bool) (all []string) {
	for after := 1; after <= 3; after++ {
		for _, apply := range []string{"next", "qualifying"} {
			for _, rest := range []string{"to: last, memory: highest, part_run: fresh", "to: due, memory: highest, part_run: fresh", "to: due, memory: highest, part_run: keep"} {
				if run || rest[len(rest)-4:] != "keep" { // only where a level takes a run is there one to keep
					all = append(all, fmt.Sprintf("{after: %d, apply: %s, %s}", after, apply, rest))
				}
			}
		}
	}
	return all
}

// shortHistories notes what each history that begins with one comes to.
func shortHistories(d rules.Document, s rules.State, history string, visits [10][2]rules.Opportunity, totals map[string]int64) {
	n := len(history)
	if n == len(visits) {
		totals[history] = s.Earned
		return
	}
	for i, letter := range []string{"N", "P"} {
		next, _ := rules.Evaluate(d, s, visits[n][i:i+1])
		shortHistories(d, next, history+letter, visits, totals)
	}
}
