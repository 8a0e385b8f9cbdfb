package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func TestSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, caseworker, elsewhere := t.Context(), d.as(domain.Caseworker), d.elsewhere(t)
		plan, second := d.plan(t, "P1", "2026-02-01"), d.plan(t, "P2", "2026-02-01")

		weekly, err := d.PlanSessions(ctx, caseworker, plan.ID, SessionsInput{StartsAt: instant("2026-03-22T23:30:00+01:00"), Kind: "group", Repeat: &Repeat{Every: "week", Count: 3}})
		require.NoError(t, err)
		require.Len(t, weekly, 3)
		require.Equal(t, date("2026-03-29"), weekly[1].LocalDate)
		require.Equal(t, instant("2026-03-29T21:30:00Z"), weekly[1].StartsAt, "the clocks went forward that night")
		single, err := d.PlanSessions(ctx, caseworker, plan.ID, SessionsInput{StartsAt: instant("2026-02-01T00:00:00+01:00"), Kind: "individual"})
		require.NoError(t, err, "on the plan's first day, before now")
		_, err = d.PlanSessions(ctx, caseworker, second.ID, SessionsInput{StartsAt: weekly[1].StartsAt, Kind: "group"})
		require.NoError(t, err, "another plan, the same group")

		// A series that meets a session of the plan plans nothing.
		_, err = d.PlanSessions(ctx, caseworker, plan.ID, SessionsInput{StartsAt: instant("2026-03-28T23:30:00+01:00"), Kind: "individual", Repeat: &Repeat{Every: "day", Count: 9}})
		refused(t, err, domain.Conflict)
		require.ErrorContains(t, err, "2026-03-29 23:30, 2026-04-05 23:30")
		l, err := d.Sessions(ctx, caseworker, ten, SessionFilter{PlanID: plan.ID})
		require.NoError(t, err)
		require.Len(t, l.Rows, 4)

		moved, err := d.UpdateSession(ctx, caseworker, weekly[0].ID, 1, SessionChange{StartsAt: new(instant("2026-03-24T09:00:00Z")), Kind: new("individual")})
		require.NoError(t, err)
		read, err := d.Session(ctx, caseworker, weekly[0].ID)
		require.NoError(t, err)
		require.True(t, moved.StartsAt.Equal(read.StartsAt))
		require.Equal(t, []any{date("2026-03-24"), "individual", int64(2)}, []any{read.LocalDate, read.Kind, read.Version})
		_, err = d.UpdateSession(ctx, caseworker, weekly[0].ID, 1, SessionChange{Kind: new("group")})
		refused(t, err, domain.Stale)
		_, err = d.UpdateSession(ctx, caseworker, weekly[0].ID, 2, SessionChange{StartsAt: &weekly[1].StartsAt})
		refused(t, err, domain.Conflict)

		// A withdrawn session stays withdrawn and leaves its time free.
		_, err = d.UpdateSession(ctx, caseworker, weekly[1].ID, 1, SessionChange{State: new(sessionWithdrawn)})
		require.NoError(t, err)
		_, err = d.UpdateSession(ctx, caseworker, weekly[1].ID, 2, SessionChange{State: new(sessionPlanned)})
		refused(t, err, domain.Conflict)
		_, err = d.PlanSessions(ctx, caseworker, plan.ID, SessionsInput{StartsAt: weekly[1].StartsAt, Kind: "group"})
		require.NoError(t, err)
		_, err = d.Attend(ctx, caseworker, Key{}, Visit{PlanID: plan.ID, SessionID: single[0].ID, Outcome: domain.Attended})
		require.NoError(t, err)
		_, err = d.UpdateSession(ctx, caseworker, single[0].ID, 1, SessionChange{State: new(sessionWithdrawn)})
		refused(t, err, domain.Conflict)

		for name, c := range map[string]struct {
			filter SessionFilter
			want   int
		}{
			"unit": {SessionFilter{UnitID: d.unit.ID}, 6}, "from": {SessionFilter{From: date("2026-03-29")}, 4}, "to": {SessionFilter{To: date("2026-03-24")}, 2},
			"one day": {SessionFilter{From: date("2026-03-29"), To: date("2026-03-29")}, 3}, "withdrawn": {SessionFilter{State: sessionWithdrawn}, 1},
			"year 0": {SessionFilter{From: date("0000-01-01")}, 6}, "elsewhere": {SessionFilter{UnitID: elsewhere.UnitID}, 0},
		} {
			l, err := d.Sessions(ctx, caseworker, ten, c.filter)
			require.NoError(t, err, name)
			require.Len(t, l.Rows, c.want, name)
		}

		for _, actor := range []domain.Actor{elsewhere, other.as(domain.Caseworker)} {
			_, err = d.Session(ctx, actor, weekly[2].ID)
			refused(t, err, domain.NotFound)
			_, err = d.UpdateSession(ctx, actor, weekly[2].ID, 1, SessionChange{})
			refused(t, err, domain.NotFound)
			_, err = d.PlanSessions(ctx, actor, plan.ID, SessionsInput{StartsAt: d.now(), Kind: "group"})
			refused(t, err, domain.NotFound)
			l, err := d.Sessions(ctx, actor, ten, SessionFilter{PlanID: plan.ID})
			require.NoError(t, err)
			require.Empty(t, l.Rows)
		}
		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"planSessions": func(a domain.Actor) error { _, err := d.PlanSessions(ctx, a, plan.ID, SessionsInput{}); return err },
			"updateSession": func(a domain.Actor) error {
				_, err := d.UpdateSession(ctx, a, weekly[2].ID, 0, SessionChange{})
				return err
			},
			"getSession":   func(a domain.Actor) error { _, err := d.Session(ctx, a, weekly[2].ID); return err },
			"listSessions": func(a domain.Actor) error { _, err := d.Sessions(ctx, a, ten, SessionFilter{}); return err },
		})
	})
}

func TestSessionInput(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		ctx, caseworker := t.Context(), d.as(domain.Caseworker)
		plan, ended := d.plan(t, "P1", "2026-02-01"), d.plan(t, "P2", "2026-02-01")
		_, err := d.UpdatePlan(ctx, caseworker, ended.ID, 1, PlanChange{EndDate: new(date("2026-02-20")), EndReason: new("moved")})
		require.NoError(t, err)

		at := func(rfc3339 string, repeat *Repeat) SessionsInput {
			return SessionsInput{StartsAt: instant(rfc3339), Kind: "group", Repeat: repeat}
		}
		for name, c := range map[string]struct {
			plan   domain.ID
			in     SessionsInput
			fields []string
		}{
			"everything":       {plan.ID, SessionsInput{Repeat: &Repeat{}}, []string{"kind", "repeat.every", "repeat.count", "starts_at"}},
			"too many":         {plan.ID, at("2026-03-02T10:00:00Z", &Repeat{Every: "month", Count: 201}), []string{"repeat.every", "repeat.count"}},
			"another kind":     {plan.ID, SessionsInput{StartsAt: d.now(), Kind: "Gruppe!"}, []string{"kind"}},
			"before the plan":  {plan.ID, at("2026-01-31T22:59:59Z", nil), []string{"starts_at"}},
			"after the plan":   {ended.ID, at("2026-02-21T10:00:00Z", nil), []string{"starts_at"}},
			"ends after it":    {ended.ID, at("2026-02-20T10:00:00Z", &Repeat{Every: "day", Count: 2}), []string{"repeat.count"}},
			"year 2062":        {plan.ID, at("2062-03-02T10:00:00Z", nil), []string{"starts_at"}},
			"a time not there": {plan.ID, at("2026-03-28T02:30:00+01:00", &Repeat{Every: "day", Count: 2}), []string{"starts_at"}},
		} {
			_, err := d.PlanSessions(ctx, caseworker, c.plan, c.in)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			refused(t, err, domain.Invalid, c.fields...)
		}
		last, err := d.PlanSessions(ctx, caseworker, ended.ID, at("2026-02-20T23:00:00+01:00", nil))
		require.NoError(t, err, "late on the last day")
		_, err = d.UpdateSession(ctx, caseworker, last[0].ID, 1, SessionChange{StartsAt: new(last[0].StartsAt.Add(time.Hour)), Kind: new(""), State: new("held")})
		refused(t, err, domain.Invalid, "kind", "state", "starts_at")
	})
}
