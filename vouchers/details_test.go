package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// moment is an instant, as details have it.
func moment(rfc3339 string) *time.Time { return new(instant(rfc3339)) }

// What is said beside the outcome is kept, compared when it is said again,
// corrected piece by piece, and taken away again.
func TestDetails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan, _ := d.join(t, "P-1", d.move)
		missed := d.visit(t, plan, "2026-02-03T09:00:00Z", domain.NoShow).Attendance.AttendanceID
		visit := visitAt(plan, "2026-02-10T09:00:00Z", domain.Attended)
		visit.Details = domain.Details{
			ArrivedAt: moment("2026-02-10T10:02:00.123456789+01:00"), LeftAt: moment("2026-02-10T10:00:00Z"), Test: domain.Negative, Task: "homework", MakesUp: &missed,
		}
		first, err := d.Attend(t.Context(), worker, Key{}, visit)
		require.NoError(t, err)
		kept, err := d.Attendance(t.Context(), worker, first.Value.Attendance.AttendanceID)
		require.NoError(t, err)
		require.Equal(t, exact(visit.Details), kept.Details)
		require.Equal(t, instant("2026-02-10T09:02:00.123456Z"), *kept.ArrivedAt)

		again, err := d.Attend(t.Context(), d.as(domain.TeamLeader), Key{}, visit)
		require.NoError(t, err, "the same, said by another desk")
		require.Equal(t, kept.AttendanceID, again.Value.Attendance.AttendanceID)
		for name, change := range map[string]func(*domain.Details){
			"arrived": func(d *domain.Details) { d.ArrivedAt = moment("2026-02-10T09:03:00Z") }, "left": func(d *domain.Details) { d.LeftAt = nil },
			"test": func(d *domain.Details) { d.Test = domain.Positive }, "task": func(d *domain.Details) { d.Task = "" }, "make-up": func(d *domain.Details) { d.MakesUp = nil },
		} {
			other := visit
			change(&other.Details)
			_, err := d.Attend(t.Context(), worker, Key{}, other)
			require.Equal(t, "already_recorded", domain.CodeOf(err), name)
		}

		correct := func(c Correction) domain.Attendance {
			c.AttendanceID, c.Reason = kept.AttendanceID, "tastefejl"
			a, err := d.Correct(t.Context(), worker, Key{}, c)
			require.NoError(t, err)
			return a.Value.Attendance
		}
		want := kept.Details
		want.Test, want.ArrivedAt = domain.Positive, moment("2026-02-10T09:05:00Z")
		require.Equal(t, want, correct(Correction{Details: domain.Details{Test: domain.Positive, ArrivedAt: want.ArrivedAt}}).Details, "the rest stays")
		want.Task, want.MakesUp = "", nil
		require.Equal(t, want, correct(Correction{Clear: []string{"makes_up", "task"}}).Details)
		excused := correct(Correction{Outcome: domain.Excused, Clear: []string{"arrived_at", "left_at", "test"}, Details: domain.Details{AbsenceReason: "illness", NoticeAt: moment("2026-02-09T08:00:00Z")}})
		require.Equal(t, domain.Details{AbsenceReason: "illness", NoticeAt: moment("2026-02-09T08:00:00Z")}, excused.Details)
		require.Equal(t, domain.Details{AbsenceReason: "court"}, correct(Correction{Details: domain.Details{AbsenceReason: "court"}}).Details, "an absence is told as a whole")
		require.Zero(t, correct(Correction{Outcome: domain.Attended, Clear: []string{"absence"}}).Details)
		events, err := d.AttendanceEvents(t.Context(), worker, kept.AttendanceID)
		require.NoError(t, err)
		require.Len(t, events, 6)
		require.Equal(t, kept.Details, events[0].Details, "what was said first is still there")
	})
}

// Each outcome can be recorded, and where the rules name none of its effects it
// earns and breaks nothing.
func TestDetailsOutcomes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P-1", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		for i, outcome := range domain.Outcomes[1:] {
			at := instant("2026-02-04T09:00:00Z").AddDate(0, 0, i)
			a, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, Visit{PlanID: plan.ID, OccurredAt: at, Kind: "group", Outcome: outcome})
			require.NoError(t, err, outcome)
			require.Empty(t, a.Value.Awards, outcome)
		}
		require.Len(t, d.attended(t, plan, "2026-02-20T09:00:00Z").Vouchers, 1)
		entries, err := d.AuditEntries(t.Context(), d.as(domain.Auditor), store.Page{Limit: 100}, AuditFilter{Action: "recordAttendance"})
		require.NoError(t, err)
		for _, e := range entries.Rows {
			require.NotContains(t, string(e.Detail), "sample", "what tells of a test is for those who may see attendances")
			require.NotContains(t, string(e.Detail), "pending")
		}
	})
}

func TestDetailsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan, _ := d.join(t, "P-1", d.move)
		other, _ := d.join(t, "P-2", d.move)
		record := func(plan domain.Plan, at, outcome string) *domain.ID {
			return new(d.visit(t, plan, at, outcome).Attendance.AttendanceID)
		}
		missed, met := record(plan, "2026-02-03T09:00:00Z", domain.NoShow), record(plan, "2026-02-04T09:00:00Z", domain.Attended)
		later, foreign := record(plan, "2026-02-17T09:00:00Z", domain.Excused), record(other, "2026-02-03T09:00:00Z", domain.NoShow)
		gone := record(plan, "2026-02-05T09:00:00Z", domain.NoShow)
		_, err := d.CancelAttendance(t.Context(), worker, Key{}, *gone, "fejl")
		require.NoError(t, err)
		makeUp := visitAt(plan, "2026-02-06T09:00:00Z", domain.NoShow)
		makeUp.MakesUp = missed
		missedAgain, err := d.Attend(t.Context(), worker, Key{}, makeUp)
		require.NoError(t, err, "a make-up may be missed too")
		type details = domain.Details
		for name, c := range map[string]struct {
			outcome     string
			details     details
			field, code string
		}{
			"left before coming":   {domain.Attended, details{ArrivedAt: moment("2026-02-10T09:00:00Z"), LeftAt: moment("2026-02-10T08:59:00Z")}, "left_at", "before_arrived"},
			"came a day off":       {domain.Attended, details{ArrivedAt: moment("2026-02-11T09:00:00Z")}, "arrived_at", "another_day"},
			"came the day before":  {domain.Late, details{ArrivedAt: moment("2026-02-09T09:00:00Z")}, "arrived_at", "another_day"},
			"left two days later":  {domain.LeftEarly, details{LeftAt: moment("2026-02-12T09:00:00Z")}, "left_at", "another_day"},
			"tested while away":    {domain.NoShow, details{Test: domain.Negative}, "test", "contradiction"},
			"tested without one":   {domain.NoValidSample, details{Test: domain.Negative}, "test", "contradiction"},
			"a result too early":   {domain.Pending, details{Test: domain.Negative}, "test", "contradiction"},
			"another result":       {domain.Attended, details{Test: "maybe"}, "test", "unknown"},
			"came while excused":   {domain.Excused, details{ArrivedAt: moment("2026-02-10T09:00:00Z")}, "arrived_at", "contradiction"},
			"left a cancelled one": {domain.Cancelled, details{LeftAt: moment("2026-02-10T09:00:00Z")}, "left_at", "contradiction"},
			"a task while away":    {domain.NoShow, details{Task: "homework"}, "task", "contradiction"},
			"an odd task":          {domain.Attended, details{Task: "Home work"}, "task", "invalid"},
			"an endless task":      {domain.Attended, details{Task: "x12345678901234567890123456789012345678901234567890123456789012345"}, "task", "invalid"},
			"away and there":       {domain.Attended, details{AbsenceReason: "illness"}, "absence.reason", "contradiction"},
			"noticed and there":    {domain.Late, details{NoticeAt: moment("2026-02-09T09:00:00Z")}, "absence.notice_at", "contradiction"},
			"an odd reason":        {domain.Excused, details{AbsenceReason: "Syg"}, "absence.reason", "invalid"},
			"notice afterwards":    {domain.Excused, details{NoticeAt: moment("2026-02-10T09:00:01Z")}, "absence.notice_at", "after_visit"},
			"notice in 1926":       {domain.NoShow, details{NoticeAt: moment("1926-02-09T09:00:00Z")}, "absence.notice_at", "too_long_ago"},
			"makes up nothing":     {domain.Attended, details{MakesUp: new(store.NewID())}, "makes_up", "unknown"},
			"makes up another's":   {domain.Attended, details{MakesUp: foreign}, "makes_up", "unknown"},
			"makes up a met one":   {domain.Attended, details{MakesUp: met}, "makes_up", "attended"},
			"makes up a later one": {domain.Attended, details{MakesUp: later}, "makes_up", "before_missed"},
			"makes up a withdrawn": {domain.Attended, details{MakesUp: gone}, "makes_up", "withdrawn"},
			"makes up a make-up":   {domain.Attended, details{MakesUp: &missedAgain.Value.Attendance.AttendanceID}, "makes_up", "make_up"},
		} {
			visit := visitAt(plan, "2026-02-10T09:00:00Z", c.outcome)
			visit.Details = c.details
			_, err := d.Attend(t.Context(), worker, Key{}, visit)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			named(t, err, c.field, c.code)
		}
		visit := visitAt(plan, "2026-03-02T09:00:00Z", domain.Attended)
		visit.ArrivedAt = moment("2026-03-02T09:30:00Z")
		_, err = d.Attend(t.Context(), worker, Key{}, visit)
		named(t, err, "arrived_at", "in_the_future")
		ahead := visitAt(plan, "2026-03-10T09:00:00Z", domain.Excused)
		ahead.NoticeAt = moment("2026-03-03T09:00:00Z")
		_, err = d.Attend(t.Context(), worker, Key{}, ahead)
		named(t, err, "absence.notice_at", "in_the_future")

		for name, c := range map[string]struct {
			correction  Correction
			field, code string
		}{
			"makes up itself":  {Correction{Details: details{MakesUp: met}}, "makes_up", "itself"},
			"both":             {Correction{Details: details{Task: "homework"}, Clear: []string{"task"}}, "clear", "contradiction"},
			"clears a mystery": {Correction{Clear: []string{"outcome"}}, "clear", "unknown"},
		} {
			c.correction.AttendanceID, c.correction.Reason = *met, "fejl"
			_, err := d.Correct(t.Context(), worker, Key{}, c.correction)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			named(t, err, c.field, c.code)
		}
		list, err := d.Attendances(t.Context(), worker, ten, AttendanceFilter{PlanID: plan.ID})
		require.NoError(t, err)
		require.Len(t, list.Rows, 5, "what was refused left nothing")
	})
}
