package vouchers

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

const (
	everySecond = "requirement: {met: 2}"
	sixAtMost   = "{count: 6, period: episode, at_limit: stop}"
	constant    = "{constant: 20000}"
)

// Caps cut, deny or stop, and what is left is paid as soon as it is due.
func TestAwardCaps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		for name, c := range map[string]struct {
			cap      string
			amounts  []int64
			states   []string
			vouchers int
		}{
			"stop":     {"{amount: 50000, period: episode, basis: earned, at_limit: stop}", []int64{20000, 20000}, []string{"issued", "issued"}, 2},
			"deny":     {"{amount: 50000, period: episode, basis: earned, at_limit: deny}", []int64{20000, 20000, 0, 0}, []string{"issued", "issued", "denied", "denied"}, 2},
			"pay-rest": {"{amount: 50000, period: episode, basis: earned, at_limit: pay_rest}", []int64{20000, 20000, 10000, 0}, []string{"issued", "issued", "issued", "denied"}, 3},
			"count":    {"{count: 1, period: episode, at_limit: deny}", []int64{20000, 0, 0, 0}, []string{"issued", "denied", "denied", "denied"}, 1},
		} {
			programme := d.variant(t, name, sixAtMost, c.cap, everySecond, "requirement: {met: 1}")
			plan, enrolment := d.join(t, "P-"+name, programme)
			vouchers := 0
			for day := 3; day <= 6; day++ {
				vouchers += len(d.attended(t, plan, fmt.Sprintf("2026-02-%02dT09:00:00Z", day)).Vouchers)
			}
			require.Equal(t, c.vouchers, vouchers, name)
			list, err := d.Awards(t.Context(), d.as(domain.Finance), ten, AwardFilter{EnrolmentID: enrolment.ID})
			require.NoError(t, err)
			var amounts []int64
			var states []string
			for i := range list.Rows { // newest first
				a := list.Rows[len(list.Rows)-1-i]
				amounts, states = append(amounts, a.Amount), append(states, a.State)
				require.Equal(t, a.Amount, a.Granted)
			}
			require.Equal(t, c.amounts, amounts, name)
			require.Equal(t, c.states, states, name)
		}
	})
}

// A late visit moves every later milestone along a table; only what is missing
// is paid, as a voucher of its own.
func TestAwardShortfall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme := d.variant(t, "rising", constant, "{table: [10000, 15000, 30000]}", everySecond, "requirement: {met: 1}",
			sixAtMost, "{amount: 40000, period: episode, basis: earned, at_limit: pay_rest}")
		plan, enrolment := d.join(t, "P-1", programme)
		first := d.attended(t, plan, "2026-02-03T09:00:00Z")
		d.attended(t, plan, "2026-02-05T09:00:00Z")
		third := d.attended(t, plan, "2026-02-06T09:00:00Z")
		require.Equal(t, int64(15000), third.Vouchers[0].Amount, "what the cap leaves of 300 kr.")

		gone := d.correct(t, first, domain.NoShow)
		require.Empty(t, gone.Vouchers)
		require.Equal(t, []int64{0, 15000}, []int64{gone.Awards[len(gone.Awards)-1].Amount, gone.Awards[len(gone.Awards)-1].Granted}, "the third milestone is not reached any more")
		back := d.attended(t, plan, "2026-02-04T09:00:00Z")
		require.Empty(t, back.Vouchers)
		require.Equal(t, [4]int64{40000, -40000, 0, 0}, d.balance(t))

		p, err := d.Progress(t.Context(), d.as(domain.Caseworker), enrolment.ID)
		require.NoError(t, err)
		require.True(t, p.Progress.Finished)
		require.Equal(t, []int64{40000, 40000}, []int64{p.Progress.Earned, p.Received})
	})
}

// Every award says which rule, which visits and which cap made it.
func TestAwardExplanation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P-1", d.move)
		a := d.attended(t, plan, "2026-02-03T09:00:00Z")
		leader := d.as(domain.TeamLeader)
		b, err := d.Attend(t.Context(), leader, Key{}, visitAt(plan, "2026-02-10T09:00:00Z", domain.Attended))
		require.NoError(t, err)
		award := b.Value.Awards[0]
		var why rules.Explanation
		require.NoError(t, json.Unmarshal(award.Explanation, &why))
		require.Equal(t, []string{a.Attendance.AttendanceID.String(), b.Value.Attendance.AttendanceID.String()}, why.Opportunities)
		require.Equal(t, int64(20000), why.Full)
		require.Equal(t, domain.Strings{"caseworker@varde.dk", "team_leader@varde.dk"}, award.RecordedBy)
		stored, err := d.Award(t.Context(), d.as(domain.Auditor), award.ID)
		require.NoError(t, err)
		require.Equal(t, string(award.Explanation), string(stored.Explanation))

		entries, err := d.AuditEntries(t.Context(), d.as(domain.Auditor), ten, AuditFilter{ObjectID: award.ID})
		require.NoError(t, err)
		require.Len(t, entries.Rows, 1)
		require.Equal(t, leader.Person, entries.Rows[0].Person)
		require.NotContains(t, string(entries.Rows[0].Detail), "Anna")
	})
}

// A visit pays once: two programmes may reward one person for different kinds of
// session, not for the same.
func TestAwardTwoProgrammes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		same := d.variant(t, "each-visit", everySecond, "requirement: {met: 1}", constant, "{constant: 5000}")
		calls := d.variant(t, "calls", everySecond, "requirement: {met: 1}", constant, "{constant: 5000}", "attend: [individual, group]", "attend: [phone]")
		plan, first := d.join(t, "P-1", d.move)
		_, err := d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: same.ID})
		named(t, err, "plan_id", "already_enrolled")
		_, err = d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: calls.ID})
		require.NoError(t, err)

		require.Empty(t, d.attended(t, plan, "2026-02-03T09:00:00Z").Vouchers)
		call := visitAt(plan, "2026-02-04T09:00:00Z", domain.Attended)
		call.Kind = "phone"
		one, err := d.Attend(t.Context(), worker, Key{}, call)
		require.NoError(t, err)
		require.Len(t, one.Value.Vouchers, 1)
		require.Len(t, one.Value.Progress, 2)
		require.Equal(t, [4]int64{5000, -5000, 0, 0}, d.balance(t))

		citizen, err := d.Citizen(t.Context(), worker, plan.CitizenID)
		require.NoError(t, err)
		again, err := d.CreatePlan(t.Context(), worker, PlanInput{CitizenID: citizen.ID, Reference: "P-2", AssessmentDate: plan.AssessmentDate, AssessmentReference: "x", StartDate: plan.StartDate})
		require.NoError(t, err)
		_, err = d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: again.ID, ProgrammeID: d.move.ID})
		named(t, err, "plan_id", "already_enrolled")
		_, err = d.EndEnrolment(t.Context(), worker, first.ID, date("2026-02-20"))
		require.NoError(t, err)
		_, err = d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: again.ID, ProgrammeID: d.move.ID})
		require.NoError(t, err)
	})
}
