package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

// What the engine knows of time goes together: a make-up, a pause, a readmission
// and a move, one after the other.
func TestTime_together(t *testing.T) {
	d := move(t, "voucher:", "pauses: [{reason: prison, clock: stops, level: keep, streak: keep}]\nreadmission: {within_days: 60, clock: stops, level: keep, streak: keep, later: refuse}\nexcused: {reasons: [illness], notice_hours: 24, most: 2, per: month}\nvoucher:",
		"    requirement", "    make_up: {of: [no_show, excused], within_days: 7}\n    requirement")
	v := visits("ANAAAAA")
	v[2].MakesUp = "v02"
	_, awards := evaluate(d, v)
	require.Len(t, awards, 3)
	require.Equal(t, "v02", awards[0].Explanation.MakesUp)
	s, awards := evaluate(d, append(visits("AAAAAA"), d.Paused("p", rules.Prison, start.AddDays(2), start.AddDays(3))))
	require.Len(t, awards, 2)
	require.Equal(t, start.AddDays(141), s.Progress(d).LastDay)
	b := rules.Readmit(d, s, start.AddDays(10), start.AddDays(20))
	require.Equal(t, start.AddDays(150), b.Progress(d).LastDay)
	m, err := rules.Move(d, d, b, rules.Moving{On: start.AddDays(30)})
	require.NoError(t, err)
	require.Equal(t, b, m)
}
