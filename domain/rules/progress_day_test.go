package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// TestProgress_On tells that a phase is over only after its last day.
func TestProgress_On(t *testing.T) {
	p := rules.Progress{NeededForNext: 2, MetTowardsNext: 1, NextAmount: 20000, LastDay: domain.Date{Year: 2026, Month: 5, Day: 20}}
	require.Equal(t, p, p.On(p.LastDay))

	over := p.On(p.LastDay.AddDays(1))
	require.True(t, over.Finished)
	require.Equal(t, rules.PhaseOver, over.WhyFinished)
	require.Zero(t, over.NeededForNext)
	require.Equal(t, "Perioden sluttede 20-05-2026.", over.Text.DA)

	ended := p.EndedOn(domain.Date{Year: 2026, Month: 3, Day: 1})
	require.True(t, ended.Finished)
	require.Equal(t, rules.Ended, ended.WhyFinished)
	require.Equal(t, "The enrolment ended on 2026-03-01.", ended.Text.EN)

	full := rules.Progress{Finished: true, WhyFinished: rules.CountCap, LastDay: p.LastDay}
	require.Equal(t, full, full.On(p.LastDay.AddDays(1)))
}
