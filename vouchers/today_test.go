package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// planned plans a group session.
func (d desk) planned(t testing.TB, plan domain.Plan, at string) domain.Session {
	t.Helper()
	return must(d.PlanSessions(t.Context(), d.as(domain.Caseworker), plan.ID, SessionsInput{StartsAt: instant(at), Kind: "group"}))[0]
}

// tapped records what happened at a session.
func (d desk) tapped(t testing.TB, session domain.Session, outcome string) Attended {
	t.Helper()
	return must(d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, Visit{PlanID: session.PlanID, SessionID: session.ID, Outcome: outcome})).Value
}

// The day has each session with whose it is, what was recorded, how far the
// enrolment has come and what the visit has earned; other units' have no place in
// it, and of the citizen no more than the name is opened.
func TestDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan, _ := d.join(t, "P-1", d.move)
		other, _ := d.join(t, "P-2", d.move)
		d.planned(t, plan, "2026-02-20T09:00:00Z") // ten days ago; nobody has told of it
		first := d.planned(t, plan, "2026-02-27T09:00:00Z")
		late := d.planned(t, other, "2026-03-02T12:00:00Z")
		now := d.planned(t, plan, "2026-03-02T09:00:00Z")
		d.tapped(t, first, domain.Attended)

		day := must(d.Day(t.Context(), worker, DayAsked{}))
		require.Equal(t, date("2026-03-02"), day.Date)
		require.Equal(t, 1, day.Missing)
		require.Nil(t, day.Units, "there is one")
		require.Len(t, day.Appointments, 2)
		require.Equal(t, []domain.ID{now.ID, late.ID}, ids(day.Appointments, func(a Appointment) domain.ID { return a.Session.ID }), "in order of time")
		row := day.Appointments[0]
		require.Equal(t, "Anna Eksempel", row.Citizen.Name.Reveal())
		require.Nil(t, row.Visit)
		require.Equal(t, "1 fremmøde mere til 200 kr.", row.Standing[0].Progress.Text.DA)

		came := d.tapped(t, now, domain.Attended)
		row = must(d.Appointment(t.Context(), worker, now.ID)).Appointments[0]
		require.True(t, row.Undoable)
		require.Len(t, row.Earned, 1)
		require.Equal(t, "2. fremmøde · hvert 2. fremmøde giver 200 kr. · 1 af 6 gavekort", row.Earned[0].Why.DA)
		require.Equal(t, came.Vouchers[0].ID, row.Earned[0].Vouchers[0].ID)
		require.Equal(t, row, must(d.Day(t.Context(), worker, DayAsked{Date: date("2026-03-02")})).Appointments[0], "the page and the row say the same")

		missing := must(d.Day(t.Context(), worker, DayAsked{Missing: true}))
		require.Len(t, missing.Appointments, 1)
		require.Equal(t, date("2026-02-20"), missing.Appointments[0].Session.LocalDate)
		require.Empty(t, must(d.Day(t.Context(), d.elsewhere(t), DayAsked{})).Appointments)
		require.Len(t, must(d.Day(t.Context(), d.as(domain.TeamLeader), DayAsked{})).Units, 2)
		_, err := d.Appointment(t.Context(), d.elsewhere(t), now.ID)
		refused(t, err, domain.NotFound)
	})
}

// What waits says for whom: an approval, or money.
func TestDayOfWhatWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P-1", d.variant(t, "proposes", "mode: automatic", "mode: proposes"))
		d.attended(t, plan, "2026-02-24T09:00:00Z")
		session := d.planned(t, plan, "2026-03-02T09:00:00Z")
		d.tapped(t, session, domain.Attended)
		row := must(d.Appointment(t.Context(), d.as(domain.Caseworker), session.ID)).Appointments[0]
		require.Len(t, row.Earned, 1)
		require.Equal(t, domain.AwardProposed, row.Earned[0].Award.State)
		require.Equal(t, domain.Wanted{Number: 1, Of: 1, Role: domain.TeamLeader}, row.Earned[0].Needs)
		require.Empty(t, row.Earned[0].Vouchers)
	})
}

// One tap is undone for a moment, by who tapped, and takes back what the rules
// take back; not once it is spent, nor what somebody has changed.
func TestUndo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker, colleague := d.as(domain.Caseworker), d.as(domain.Caseworker)
		colleague.Person, colleague.TokenID = "kollega@varde.dk", store.NewID()
		shop := d.till(t, "Kiosk", "groceries")
		strict := d.variant(t, "strict", append(takesBack, everySecond, "requirement: {met: 1}")...)
		plan, _ := d.join(t, "P-1", strict)
		undo := func(actor domain.Actor, a Attended) error {
			_, err := d.Undo(t.Context(), actor, Key{}, a.Attendance.AttendanceID)
			return err
		}

		first := d.planned(t, plan, "2026-03-02T09:00:00Z")
		wrong := d.tapped(t, first, domain.Attended)
		require.Equal(t, "undo_over", domain.CodeOf(undo(colleague, wrong)), "somebody else's")
		require.NoError(t, undo(worker, wrong))
		d.stands(t, wrong.Vouchers[0], domain.Void, 0)
		row := must(d.Appointment(t.Context(), worker, first.ID)).Appointments[0]
		require.True(t, row.Visit.Withdrawn)
		require.False(t, row.Undoable)
		require.Equal(t, "undo_over", domain.CodeOf(undo(worker, wrong)), "once")
		require.Len(t, d.correct(t, wrong, domain.Attended).Vouchers, 1, "told again, earned again")

		spent := d.tapped(t, d.planned(t, plan, "2026-03-02T10:00:00Z"), domain.Attended)
		d.redeemed(t, shop, d.secret(t, spent.Vouchers[0]), 500)
		require.Equal(t, "voucher_spent", domain.CodeOf(undo(worker, spent)))

		late := d.tapped(t, d.planned(t, plan, "2026-03-02T08:00:00Z"), domain.NoShow)
		d.time.add(UndoWindow - time.Second)
		require.NoError(t, undo(worker, late))
		late = d.tapped(t, d.planned(t, plan, "2026-03-02T07:00:00Z"), domain.NoShow)
		d.time.add(UndoWindow)
		require.Equal(t, "undo_over", domain.CodeOf(undo(worker, late)))
	})
}
