package rules_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

const theFunder = "funder: council\n"

// elsewhere is what another enrolment earned and had issued on a date.
func elsewhere(t *testing.T, scope, day string, amount int64) rules.Claim {
	t.Helper()
	return rules.Claim{Date: date(t, day), Count: 1, Amount: amount, Scope: scope, Earned: true, Issued: true}
}

func TestOutside_acrossEnrolments(t *testing.T) {
	days := []string{"2027-12-30", "2027-12-31", "2028-01-01"}
	for _, c := range []struct {
		name, cap string
		claims    []rules.Claim
		want      []int64
	}{
		{"another month counts not", "{amount: 1000, period: month, across: programme, basis: earned, at_limit: pay_rest}", []rules.Claim{elsewhere(t, rules.Programme, "2027-11-30", 900)}, []int64{400, 400, 400}},
		{"the same month does", "{amount: 1000, period: month, across: programme, basis: earned, at_limit: pay_rest}", []rules.Claim{elsewhere(t, rules.Programme, "2027-12-31", 900)}, []int64{100, 0, 400}},
		{"another programme of the funder", "{amount: 1000, period: month, across: programme, basis: earned, at_limit: pay_rest}", []rules.Claim{elsewhere(t, rules.Funder, "2027-12-31", 900)}, []int64{400, 400, 400}},
		{"counted where the cap says", "{amount: 1000, period: month, across: funder, basis: earned, at_limit: deny}", []rules.Claim{elsewhere(t, rules.Funder, "2027-12-31", 500)}, []int64{400, 0, 400}},
		{"and so is one of the programme", "{amount: 1000, period: calendar_year, across: funder, basis: earned, at_limit: deny}", []rules.Claim{elsewhere(t, rules.Programme, "2027-01-01", 500)}, []int64{400, 0, 400}},
		{"a count", "{count: 2, period: calendar_year, across: programme, at_limit: deny}", []rules.Claim{elsewhere(t, rules.Programme, "2027-01-01", 1)}, []int64{400, 0, 400}},
		{"not without across", "{amount: 1000, period: calendar_year, basis: earned, at_limit: deny}", []rules.Claim{elsewhere(t, rules.Programme, "2027-01-01", 900)}, []int64{400, 400, 400}},
		{"a lifetime across the programme", "{amount: 1000, period: lifetime, basis: earned, at_limit: pay_rest}", []rules.Claim{elsewhere(t, rules.Programme, "2020-01-01", 500), elsewhere(t, rules.Funder, "2020-01-02", 500)}, []int64{400, 100, 0}},
		{"a lifetime across the funder", "{amount: 1000, period: lifetime, across: funder, basis: earned, at_limit: pay_rest}", []rules.Claim{elsewhere(t, rules.Programme, "2020-01-01", 300), elsewhere(t, rules.Funder, "2020-01-02", 300)}, []int64{400, 0, 0}},
		{"a rolling year that ends later", "{amount: 1000, period: rolling_year, across: programme, basis: earned, at_limit: pay_rest}", []rules.Claim{elsewhere(t, rules.Programme, "2028-12-29", 900), elsewhere(t, rules.Programme, "2028-12-31", 100)}, []int64{100, 0, 0}},
		{"a year later it does not", "{amount: 1000, period: rolling_year, across: programme, basis: earned, at_limit: pay_rest}", []rules.Claim{elsewhere(t, rules.Programme, "2029-01-01", 1000)}, []int64{400, 400, 200}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := parse(t, theFunder+monthly+"  - "+c.cap+"\n")
			require.Equal(t, c.want, on(t, d, rules.Outside{Claims: c.claims}, days...))
			require.Equal(t, []int64{400}, on(t, d, rules.Outside{}, days[0]), "nothing outside")
		})
	}
}

// What cut an award can be checked: the explanation says what had been used.
func TestOutside_explained(t *testing.T) {
	d := parse(t, monthly+"  - {amount: 1000, period: lifetime, basis: earned, at_limit: pay_rest}\n")
	outside := rules.Outside{Claims: []rules.Claim{elsewhere(t, rules.Programme, "2020-01-01", 900)}}
	state, awards := rules.EvaluateWith(d, rules.Start(d, start), outside, []rules.Opportunity{result("N", 1, start)})
	e := awards[0].Explanation
	require.Equal(t, &rules.Cut{Path: "caps[0]", Cap: d.Caps[0], By: 300, Used: 900}, e.Cut)
	require.Contains(t, e.Text().DA, "nedsat med 3 USD til 1 USD af loftet på 10 USD, hvoraf 9 USD var brugt,")
	require.Contains(t, e.Text().EN, "cut by 3 USD to 1 USD by the limit of 10 USD, of which 9 USD were used,")
	require.Equal(t, rules.AmountCap, state.ProgressWith(d, outside).WhyFinished)
	require.Zero(t, rules.Start(d, start).AheadWith(d, rules.Outside{Claims: []rules.Claim{elsewhere(t, rules.Programme, "2020-01-01", 1000)}}, copenhagen(start, 10, 0)).IfMet)
	require.Equal(t, int64(100), rules.Start(d, start).ProgressWith(d, outside).NextAmount)
}

func TestOutside_whatTheServiceHasToBring(t *testing.T) {
	for body, want := range map[string][3]bool{
		"  - {amount: 1000, period: month, basis: earned, at_limit: deny}\n":                                                                      {false, false, false},
		"  - {amount: 1000, period: lifetime, basis: earned, at_limit: deny}\n":                                                                   {true, false, false},
		"  - {count: 9, period: month, across: programme, at_limit: deny}\n":                                                                      {true, false, false},
		"  - {count: 9, period: month, across: funder, basis: issued, at_limit: deny}\n":                                                          {true, true, true},
		"  - {amount: 1000, period: episode, basis: issued, at_limit: pay_rest}\n":                                                                {false, false, true},
		"  - {amount: 900, period: award, basis: issued, at_limit: pay_rest}\n  - {count: 2, period: lifetime, across: funder, at_limit: deny}\n": {true, true, true},
	} {
		d := parse(t, theFunder+monthly+body)
		programme, funder := d.CountsElsewhere()
		require.Equal(t, want, [3]bool{programme, funder, d.CountsIssued()}, body)
	}
}

// issuedVisits are four met visits, one a day from the start.
func issuedVisits() (visits []rules.Opportunity) {
	for i := range 4 {
		visits = append(visits, result("N", i, start.AddDays(i)))
	}
	return visits
}

func voucher(visit int, day string, amount int64, t *testing.T) rules.Claim {
	t.Helper()
	c := rules.Claim{Visit: result("N", visit, start).ID, Date: date(t, day), Count: 1, Amount: amount, Issued: true}
	if amount == 0 {
		c.Count = 0
	}
	return c
}

// With basis issued a voucher counts on its day of issue, and what is issued
// stays so, whatever the rules make of its visit later.
func TestOutside_issued(t *testing.T) {
	year := "  - {amount: 1000, period: calendar_year, basis: issued, at_limit: pay_rest}\n"
	for _, c := range []struct {
		name, cap string
		outside   rules.Outside
		want      []int64
	}{
		{"nothing issued yet: by the visit", year, rules.Outside{}, []int64{400, 400, 200, 0}},
		{"all issued today: by today", year, rules.Outside{IssueOn: date(t, "2027-01-01")}, []int64{400, 400, 200, 0}},
		{"the first two were issued the year before", year, rules.Outside{IssueOn: date(t, "2027-01-01"), Claims: []rules.Claim{voucher(0, "2026-12-30", 400, t), voucher(1, "2026-12-31", 400, t)}}, []int64{400, 400, 400, 400}},
		{"late entry of the first: the others keep theirs", year, rules.Outside{IssueOn: date(t, "2026-02-01"), Claims: []rules.Claim{voucher(1, "2026-01-06", 400, t), voucher(2, "2026-01-07", 400, t), voucher(3, "2026-01-08", 200, t)}}, []int64{0, 400, 400, 200}},
		{"an issued voucher is never cut by itself", year, rules.Outside{IssueOn: date(t, "2026-02-01"), Claims: []rules.Claim{voucher(0, "2026-01-05", 400, t), voucher(1, "2026-01-06", 400, t), voucher(2, "2026-01-07", 200, t)}}, []int64{400, 400, 200, 0}},
		{"a voucher of a visit that is gone still counts", year, rules.Outside{IssueOn: date(t, "2026-02-01"), Claims: []rules.Claim{voucher(9, "2026-01-05", 700, t)}}, []int64{300, 0, 0, 0}},
		{"what is withheld leaves room", year, rules.Outside{IssueOn: date(t, "2026-02-01"), Claims: []rules.Claim{voucher(0, "2026-01-05", 0, t)}}, []int64{400, 400, 400, 200}},
		{"a shortfall needs room where it is issued", year, rules.Outside{IssueOn: date(t, "2026-02-01"), Claims: []rules.Claim{voucher(0, "2026-01-05", 100, t), voucher(9, "2026-01-05", 700, t)}}, []int64{300, 0, 0, 0}},
		{"deny a shortfall, not what was issued", "  - {amount: 1000, period: episode, basis: issued, at_limit: deny}\n", rules.Outside{IssueOn: date(t, "2026-02-01"), Claims: []rules.Claim{voucher(0, "2026-01-05", 100, t), voucher(9, "2026-01-05", 700, t)}}, []int64{100, 0, 0, 0}},
		{"a count", "  - {count: 2, period: episode, basis: issued, at_limit: deny}\n", rules.Outside{Claims: []rules.Claim{voucher(3, "2026-01-08", 400, t)}}, []int64{400, 0, 0, 400}},
		{"a count by milestone", "  - {count: 2, period: episode, basis: issued, at_limit: deny}\n", rules.Outside{Claims: []rules.Claim{{Milestone: 1, Date: start, Count: 1, Amount: 400, Issued: true}}}, []int64{400, 400, 0, 0}},
		{"a rolling year", "  - {amount: 1000, period: rolling_year, basis: issued, at_limit: pay_rest}\n", rules.Outside{IssueOn: date(t, "2026-02-01"), Claims: []rules.Claim{voucher(0, "2026-01-05", 400, t), voucher(9, "2027-01-31", 300, t)}}, []int64{400, 400, 200, 0}},
		{"elsewhere", "  - {amount: 1000, period: lifetime, basis: issued, at_limit: pay_rest}\n", rules.Outside{Claims: []rules.Claim{elsewhere(t, rules.Programme, "2020-01-01", 500)}}, []int64{400, 100, 0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := parse(t, monthly+c.cap)
			_, awards := rules.EvaluateWith(d, rules.Start(d, start), c.outside, issuedVisits())
			require.Equal(t, c.want, amounts(awards))
		})
	}
}

// The parts of the wide language that contradict each other.
func TestOutside_refusals(t *testing.T) {
	for cap, want := range map[string]string{
		"{amount: 1000, period: episode, across: programme, basis: earned, at_limit: deny}": "contradiction caps[0].across: must be left out: episode is of one enrolment",
		"{amount: 1000, period: award, across: programme, basis: earned, at_limit: deny}":   "contradiction caps[0].across: must be left out: award is of one enrolment",
		"{amount: 1000, period: month, across: programme, basis: earned, at_limit: stop}":   "contradiction caps[0].at_limit: must be deny: what the person has elsewhere can change, and stop is for good",
		"{amount: 1000, period: month, across: all, basis: earned, at_limit: deny}":         "invalid_value caps[0].across: must be programme or funder",
		"{count: 4, period: month, basis: issued, at_limit: stop}":                          "contradiction caps[0].at_limit: must be deny: vouchers are not issued in the order of visits, and stop holds all later ones back",
		"{count: 4, period: month, across: funder, at_limit: deny}":                         "required funder: must be stated: caps[0] counts across what a funder pays",
	} {
		require.Equal(t, []string{want}, refusal(t, []byte(header+monthly+"  - "+cap+"\n")))
	}
}

func TestDocument_clawBack(t *testing.T) {
	for line, want := range map[string]bool{"": false, "claw_back: never\n": false, "claw_back: unspent\n": true} {
		d := parse(t, line+monthly+"  - {count: 9, period: month, at_limit: deny}\n")
		require.Equal(t, want, d.TakesBack())
	}
	with, without := parse(t, "claw_back: unspent\n"+higgins), parse(t, higgins)
	changes := rules.Diff(without, with)
	require.Len(t, changes, 1)
	require.Equal(t, "claw_back", changes[0].Path)
	require.Equal(t, "Where a correction shows that too much was issued, the citizen keeps it.", changes[0].Before.EN)
	require.Empty(t, rules.Diff(without, parse(t, "claw_back: never\n"+higgins)))
}

// A state that an earlier release stored still loads: what was before the
// enrolment is now brought by Outside.
func TestState_ofAnEarlierRelease(t *testing.T) {
	d := parse(t, monthly+"  - {amount: 1000, period: month, basis: earned, at_limit: pay_rest}\n")
	state, _ := rules.Evaluate(d, rules.Start(d, start), issuedVisits()[:2])
	old := []byte(`{"start":"2026-01-05","milestones":2,"vouchers":2,"earned":800,"last_at":1767690000000000,"last_id":"v001","before":{"count":1,"amount":5},` +
		`"periods":[{"key":202601,"count":2,"amount":800}],"place":{"streak":2,"rewards":2,"met_count":2,"paid":1,"week_met":2}}`)
	require.Equal(t, state, unmarshalled(t, old))
}

func unmarshalled(t *testing.T, b []byte) (s rules.State) {
	t.Helper()
	require.NoError(t, json.Unmarshal(b, &s))
	return s
}
