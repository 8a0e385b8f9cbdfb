package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// resting is a change of move-2026 that says what two pauses do.
const (
	beforeVoucher = "voucher: {valid_days"
	resting       = "pauses: [{reason: leave, clock: stops, level: keep, streak: keep}, {reason: prison, clock: runs, level: start, streak: restart}]\n" + beforeVoucher
)

func (d desk) pause(t testing.TB, plan domain.Plan, reason, first, last string) PauseResult {
	t.Helper()
	in := PauseInput{Reason: reason, FirstDay: date(first)}
	if last != "" {
		in.LastDay = date(last)
	}
	p, err := d.CreatePause(t.Context(), d.as(domain.Caseworker), Key{}, plan.ID, in)
	require.NoError(t, err)
	return p.Value
}

// A pause in the past takes back what its days had earned, ending it earlier
// pays again, and so does withdrawing it; visits entered in it do not count.
func TestPause(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan, enrolment := d.join(t, "P-1", d.variant(t, "resting", beforeVoucher, resting))
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		award := d.attended(t, plan, "2026-02-10T09:00:00Z").Awards[0]

		leave := d.pause(t, plan, domain.Leave, "2026-02-09", "")
		require.Zero(t, leave.Awards[0].Amount, "its second visit was on a day that does not count")
		require.Equal(t, award.ID, leave.Awards[0].ID)
		require.Empty(t, d.attended(t, plan, "2026-02-17T09:00:00Z").Awards, "nor does this one")
		list, err := d.AwardAdjustments(t.Context(), worker, award.ID)
		require.NoError(t, err)
		require.Equal(t, Fact{PauseFact, leave.Pause.ID}.String(), list[0].Cause)

		change := PauseChange{LastDay: date("2026-02-16"), Because: "kom tilbage"}
		ended, err := d.UpdatePause(t.Context(), worker, leave.Pause.ID, leave.Pause.Version, change)
		require.NoError(t, err)
		require.Equal(t, int64(20000), ended.Awards[0].Amount)
		require.Equal(t, date("2026-02-17"), ended.Awards[0].ReachedOn)
		require.Empty(t, ended.Vouchers, "paid already")
		require.Equal(t, "kom tilbage", ended.Pause.ChangedBecause.Reveal())
		_, err = d.UpdatePause(t.Context(), worker, leave.Pause.ID, leave.Pause.Version, change)
		require.Equal(t, domain.Stale, domain.KindOf(err))
		open, err := d.UpdatePause(t.Context(), worker, leave.Pause.ID, ended.Pause.Version, PauseChange{Open: true, Because: "rejste igen"})
		require.NoError(t, err)
		require.Zero(t, open.Awards[0].Amount)

		gone, err := d.UpdatePause(t.Context(), worker, leave.Pause.ID, open.Pause.Version, PauseChange{Withdrawn: true, Because: "forkert borger"})
		require.NoError(t, err)
		require.Equal(t, date("2026-02-10"), gone.Awards[0].ReachedOn)
		_, err = d.UpdatePause(t.Context(), worker, leave.Pause.ID, gone.Pause.Version, PauseChange{LastDay: date("2026-02-20"), Because: "x"})
		because(t, err, "pause_withdrawn")
		read, err := d.Pause(t.Context(), worker, leave.Pause.ID)
		require.NoError(t, err)
		require.Equal(t, gone.Pause, read)
		all, err := d.Pauses(t.Context(), worker, plan.ID, ten)
		require.NoError(t, err)
		require.Equal(t, []domain.Pause{read}, all.Rows)

		d.pause(t, plan, domain.Prison, "2026-03-30", "2026-04-05")
		require.Len(t, d.attended(t, plan, "2026-02-24T09:00:00Z").Vouchers, 1, "the fourth, though a pause is planned")
		_, err = d.EndEnrolment(t.Context(), worker, enrolment.ID, date("2026-03-01"))
		require.NoError(t, err)
	})
}

// The order in which pauses and visits are entered, before or after the
// enrolment, makes no difference.
func TestPauseEntry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme := d.variant(t, "resting", beforeVoucher, resting)
		steps := []func(domain.Plan){
			func(p domain.Plan) { d.pause(t, p, domain.Leave, "2026-02-09", "2026-02-15") },
			func(p domain.Plan) { d.attended(t, p, "2026-02-03T09:00:00Z") },
			func(p domain.Plan) { d.attended(t, p, "2026-02-15T22:30:00Z") },
			func(p domain.Plan) { d.attended(t, p, "2026-02-16T09:00:00Z") },
			func(p domain.Plan) {
				_, err := d.Enrol(t.Context(), d.as(domain.Caseworker), Key{}, Enrol{PlanID: p.ID, ProgrammeID: programme.ID})
				require.NoError(t, err)
			},
		}
		for n, order := range [][]int{{4, 0, 1, 2, 3}, {4, 3, 2, 1, 0}, {1, 2, 3, 0, 4}, {2, 4, 0, 3, 1}} {
			plan := d.plan(t, "P-"+string(rune('a'+n)), "2026-02-02")
			for _, i := range order {
				steps[i](plan)
			}
			enrolments, err := d.Enrolments(t.Context(), d.as(domain.Caseworker), ten, EnrolmentFilter{PlanID: plan.ID})
			require.NoError(t, err)
			awards, err := d.Awards(t.Context(), d.as(domain.Caseworker), ten, AwardFilter{EnrolmentID: enrolments.Rows[0].ID})
			require.NoError(t, err)
			require.Len(t, awards.Rows, 1, "%v", order)
			require.Equal(t, date("2026-02-16"), awards.Rows[0].ReachedOn, "%v", order)
		}
	})
}

func TestPauseRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan := d.plan(t, "P-1", "2026-02-02")
		for name, c := range map[string]struct {
			in          PauseInput
			field, code string
		}{
			"no reason":      {PauseInput{FirstDay: date("2026-02-09")}, "reason", "unknown"},
			"a holiday":      {PauseInput{Reason: "holiday", FirstDay: date("2026-02-09")}, "reason", "unknown"},
			"from when?":     {PauseInput{Reason: domain.Leave}, "first_day", "required"},
			"before":         {PauseInput{Reason: domain.Leave, FirstDay: date("2026-02-01")}, "first_day", "before_plan"},
			"in two years":   {PauseInput{Reason: domain.Leave, FirstDay: date("2028-02-01")}, "first_day", "too_far_ahead"},
			"backwards":      {PauseInput{Reason: domain.Leave, FirstDay: date("2026-02-09"), LastDay: date("2026-02-08")}, "last_day", "before_first"},
			"until for ever": {PauseInput{Reason: domain.Leave, FirstDay: date("2026-02-09"), LastDay: date("2126-02-08")}, "last_day", "too_far_ahead"},
		} {
			_, err := d.CreatePause(t.Context(), worker, Key{}, plan.ID, c.in)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			named(t, err, c.field, c.code)
		}
		first := d.pause(t, plan, domain.Leave, "2026-02-09", "2026-02-15").Pause
		_, err := d.CreatePause(t.Context(), worker, Key{}, plan.ID, PauseInput{Reason: domain.Prison, FirstDay: date("2026-02-15")})
		because(t, err, "pause_exists")
		later := d.pause(t, plan, domain.Prison, "2026-02-16", "").Pause
		_, err = d.UpdatePause(t.Context(), worker, first.ID, 1, PauseChange{LastDay: date("2026-02-16"), Because: "x"})
		because(t, err, "pause_exists")
		for name, c := range map[string]PauseChange{
			"nothing": {Because: "x"}, "two things": {Open: true, Withdrawn: true, Because: "x"},
		} {
			_, err := d.UpdatePause(t.Context(), worker, later.ID, 1, c)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			named(t, err, "last_day", "contradiction")
		}
		_, err = d.UpdatePause(t.Context(), worker, later.ID, 1, PauseChange{Withdrawn: true})
		named(t, err, "because", "required")

		_, err = d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: d.move.ID})
		named(t, err, "plan_id", "pause_not_stated")
		_, err = d.UpdatePause(t.Context(), worker, later.ID, 1, PauseChange{LastDay: date("2026-02-20"), Because: "løsladt"})
		require.NoError(t, err)
		_, err = d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: d.move.ID, StartDate: date("2026-02-21")})
		require.NoError(t, err, "what is over does not matter")
		_, err = d.CreatePause(t.Context(), worker, Key{}, plan.ID, PauseInput{Reason: domain.Closure, FirstDay: date("2026-02-25")})
		because(t, err, "pause_not_stated")
		require.Contains(t, err.Error(), "move-2026")

		for _, actor := range []domain.Actor{d.elsewhere(t), newDesk(t, s).as(domain.TeamLeader)} {
			for _, err := range []error{
				second(d.CreatePause(t.Context(), actor, Key{}, plan.ID, PauseInput{Reason: domain.Leave, FirstDay: date("2026-02-25")})),
				second(d.UpdatePause(t.Context(), actor, first.ID, 1, PauseChange{Withdrawn: true, Because: "x"})),
				second(d.Pause(t.Context(), actor, first.ID)), second(d.Pauses(t.Context(), actor, plan.ID, ten)),
			} {
				require.Equal(t, domain.NotFound, domain.KindOf(err))
			}
		}
		forbidden(t, d.desk, map[domain.Action]func(domain.Actor) error{
			"createPause": func(a domain.Actor) error {
				return second(d.CreatePause(t.Context(), a, Key{}, plan.ID, PauseInput{}))
			},
			"updatePause": func(a domain.Actor) error {
				return second(d.UpdatePause(t.Context(), a, first.ID, 0, PauseChange{}))
			},
			"getPause":   func(a domain.Actor) error { return second(d.Pause(t.Context(), a, first.ID)) },
			"listPauses": func(a domain.Actor) error { return second(d.Pauses(t.Context(), a, plan.ID, ten)) },
		})
	})
}

// Where the rules say who excuses, others are told to record a no-show; nobody
// gets round it by a correction.
func TestMayExcuse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker, leader := d.as(domain.Caseworker), d.as(domain.TeamLeader)
		strict := d.variant(t, "strict", beforeVoucher, "excused: {reasons: [illness], decided_by: [team_leader]}\n"+beforeVoucher)
		plan, enrolment := d.join(t, "P-1", strict)
		visit := visitAt(plan, "2026-02-10T09:00:00Z", domain.Excused)
		_, err := d.Attend(t.Context(), worker, Key{}, visit)
		because(t, err, "not_yours_to_excuse")
		require.Equal(t, domain.Forbidden, domain.KindOf(err))
		visit.Outcome, visit.AbsenceReason = domain.NoShow, "illness"
		missed, err := d.Attend(t.Context(), worker, Key{}, visit)
		require.NoError(t, err)
		id := missed.Value.Attendance.AttendanceID
		correct := func(as domain.Actor, c Correction) error {
			c.AttendanceID, c.Reason = id, "rettet"
			return second(d.Correct(t.Context(), as, Key{}, c))
		}
		because(t, correct(worker, Correction{Outcome: domain.Excused}), "not_yours_to_excuse")
		require.NoError(t, correct(leader, Correction{Outcome: domain.Excused}))
		require.NoError(t, correct(worker, Correction{Kind: "individual"}), "it is excused already")
		because(t, correct(worker, Correction{Details: domain.Details{AbsenceReason: "court"}}), "not_yours_to_excuse")
		because(t, correct(worker, Correction{OccurredAt: instant("2026-02-11T09:00:00Z")}), "not_yours_to_excuse")
		require.NoError(t, correct(worker, Correction{Outcome: domain.NoShow}), "to take it back is another thing")

		_, err = d.EndEnrolment(t.Context(), worker, enrolment.ID, date("2026-02-20"))
		require.NoError(t, err)
		d.visit(t, plan, "2026-02-21T09:00:00Z", domain.Excused)
		_, err = d.Attend(t.Context(), worker, Key{}, visitAt(plan, "2026-02-20T09:00:00Z", domain.Excused))
		because(t, err, "not_yours_to_excuse")
	})
}

// A version that does not say what a pause does takes nobody who has it ahead,
// and a pause is not made longer into an enrolment that does not say so either.
func TestPauseIntoWhatDoesNotStateIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		programme, versions := d.editions(t, "resting", []string{beforeVoucher, resting}, nil)
		plan, e := d.join(t, "P-1", programme)
		leave := d.pause(t, plan, domain.Leave, "2026-02-09", "2026-02-20").Pause
		in := Move{VersionID: versions[1].ID, On: date("2026-02-20"), Reason: "x"}
		_, err := d.Move(t.Context(), worker, Key{}, e.ID, in)
		named(t, err, "version_id", "pause_not_stated")
		d.moved(t, e, versions[1], "2026-02-21")
		_, err = d.UpdatePause(t.Context(), worker, leave.ID, leave.Version, PauseChange{LastDay: date("2026-02-21"), Because: "x"})
		because(t, err, "pause_not_stated")
		_, err = d.UpdatePause(t.Context(), worker, leave.ID, leave.Version, PauseChange{LastDay: date("2026-02-15"), Because: "x"})
		require.NoError(t, err, "all of it is under the version that states it")
		d.pause(t, plan, domain.Leave, "2026-02-02", "2026-02-03")
	})
}
