package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// inbox gives what somebody may decide on, and why the rest is not theirs.
func (d desk) inbox(t testing.TB, actor domain.Actor) (in Inbox, aside []string) {
	t.Helper()
	in, err := d.Inbox(t.Context(), actor, store.Place{})
	require.NoError(t, err)
	for _, m := range in.Aside {
		aside = append(aside, domain.CodeOf(m.Refused))
	}
	return in, aside
}

// An inbox says what somebody may decide on, about whom and why, and apart from that
// what waits for somebody or something else; as many things as the queue of the API.
func TestInbox(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		d.limit(t, ApprovalLimitsInput{Steps: leaders(30000), AutomaticMost: new(int64(10000)), RemindDays: 7})
		leader, other := d.leader(1), d.leader(2)
		plan, e := d.join(t, "P-1", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		earned := d.attended(t, plan, "2026-02-10T09:00:00Z").Awards[0]
		d.time.setDate("2026-03-09")
		granted := d.granted(t, leader, e.ID, 50_000).Award

		in, aside := d.inbox(t, leader)
		require.Len(t, in.Mine, 1)
		m := in.Mine[0]
		require.Equal(t, []any{earned.ID, 7, true, "2. fremmøde · hvert 2. fremmøde giver 200 kr. · 1 af 6 gavekort", d.unit.Name}, []any{m.Award.ID, m.Days, m.Long, m.Why.DA, m.Unit})
		require.NotEmpty(t, m.Citizen.Name.Reveal())
		require.Equal(t, []string{"own_proposal"}, aside)
		in, aside = d.inbox(t, other)
		require.Len(t, in.Mine, 2)
		require.Empty(t, aside)
		require.Equal(t, []any{granted.ID, 0, false}, []any{in.Mine[1].Award.ID, in.Mine[1].Days, in.Mine[1].Long})
		require.NotEmpty(t, in.Mine[1].Award.Grounds.Reveal())
		require.Equal(t, domain.Wanted{Number: 1, Of: 2, Role: domain.TeamLeader}, in.Mine[1].Needs)

		_, err := d.Approve(t.Context(), other, Key{}, granted.ID, 0)
		require.NoError(t, err)
		in, aside = d.inbox(t, other)
		require.Len(t, in.Mine, 1)
		require.Equal(t, []string{"already_approved"}, aside)
		require.Equal(t, "own_proposal", domain.CodeOf(must(d.Matters(t.Context(), leader, []domain.ID{granted.ID}, nil))[0].Refused))

		w, err := d.ProposeWithholding(t.Context(), d.as(domain.Caseworker), Key{}, WithholdingInput{AwardID: earned.ID, Reason: "en andens besøg", Evidence: "SAG-9"})
		require.NoError(t, err)
		in, _ = d.inbox(t, leader)
		require.Len(t, in.Mine, 1, "the withholding is in the place of its award")
		require.Equal(t, []any{w.Value.ID, earned.ID, "en andens besøg"}, []any{in.Mine[0].Withholding.ID, in.Mine[0].Award.ID, in.Mine[0].Withholding.Reason.Reveal()})
		require.Len(t, must(d.Waiting(t.Context(), leader, store.Place{}, 100)).Items, 1)
		in, aside = d.inbox(t, d.as(domain.Caseworker))
		require.Empty(t, in.Mine)
		require.Equal(t, []string{"not_your_step"}, aside)
		for _, role := range []domain.Role{domain.Finance, domain.Auditor} {
			_, err = d.Inbox(t.Context(), d.as(role), store.Place{})
			require.Equal(t, domain.Forbidden, domain.KindOf(err))
			_, err = d.Matters(t.Context(), d.as(role), []domain.ID{earned.ID}, nil)
			require.Equal(t, domain.Forbidden, domain.KindOf(err))
		}
	})
}

// What has no money waits for that, whoever looks. A deputy sees what waits for whom
// they stand in for, by number and not by name; and what is decided is no longer there.
func TestInboxOfADeputy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		d.limit(t, ApprovalLimitsInput{Steps: leaders(100000), AutomaticMost: new(int64(10000))})
		d.budget(t, d.move.ID, 25_000)
		away, deputy := d.leaderIn(t, "ferie", d.unit.ID), d.leaderIn(t, "vikar", must(d.CreateUnit(t.Context(), d.as(domain.Administrator), "Nord")).ID)
		for _, name := range []string{"P-1", "P-2"} {
			plan, _ := d.join(t, name, d.move)
			d.attended(t, plan, "2026-02-03T09:00:00Z")
			d.attended(t, plan, "2026-02-10T09:00:00Z")
			d.time.add(time.Minute)
		}
		in, aside := d.inbox(t, deputy)
		require.Empty(t, in.Mine)
		require.Empty(t, aside)
		require.NoError(t, second(d.CreateDeputy(t.Context(), away, DeputyInput{Deputy: deputy.Person, FirstDay: date("2026-03-02"), LastDay: date("2026-03-05")})))
		in, aside = d.inbox(t, deputy)
		require.Len(t, in.Mine, 1)
		require.Equal(t, []string{"waits_for_budget"}, aside)
		require.Equal(t, "ferie@varde.dk", in.Deputed[0].Person)
		require.Equal(t, in.Deputed, in.Mine[0].Away)
		require.Empty(t, in.Mine[0].Citizen.Name.Reveal())
		require.NotEmpty(t, in.Mine[0].Citizen.Reference)
		id := in.Mine[0].Award.ID
		_, err := d.Approve(t.Context(), deputy, Key{}, id, in.Mine[0].Award.Version)
		require.NoError(t, err)
		in, _ = d.inbox(t, deputy)
		require.Empty(t, in.Mine)
		now, err := d.Matters(t.Context(), deputy, []domain.ID{id}, nil)
		require.NoError(t, err)
		require.Equal(t, domain.AwardIssued, now[0].Award.State)
		now, err = d.Matters(t.Context(), d.leaderIn(t, "anden", deputy.UnitID), []domain.ID{id}, nil)
		require.NoError(t, err)
		require.Empty(t, now)
	})
}
