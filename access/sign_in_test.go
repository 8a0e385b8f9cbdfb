package access

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func TestSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		_, err := g.SignIn(t.Context(), g.home, Proof{Person: "mette@varde.dk", Method: "oidc"})
		refused(t, err, domain.Forbidden, "no_role")
		require.Equal(t, int64(1), g.audited(t, "refuseSignIn"))
		a := g.grant(t, "Mette@varde.dk", domain.Caseworker)
		in, err := g.SignIn(t.Context(), g.home, Proof{Person: "METTE@varde.dk", Method: "oidc", ACR: "high", Subject: "s", ProviderSession: "p"})
		require.NoError(t, err)
		require.Regexp(t, "^fhs_", in.Text)
		require.Equal(t, []domain.ID{a.ID}, []domain.ID{in.Assignments[0].ID})
		require.Equal(t, g.time.now().Add(10*time.Hour), in.Until)
		actor := g.enters(t, in.Text)
		require.Equal(t, in.Actor, actor)
		require.Equal(t, domain.Actor{
			MunicipalityID: g.home, TokenID: actor.TokenID, Kind: domain.BySignIn, Person: "mette@varde.dk", Role: domain.Caseworker, UnitID: g.unit.ID,
			ProvedAt: g.time.now(), Fresh: true, Method: "oidc",
		}, actor)
		again := g.signIn(t, "mette@varde.dk")
		require.NotEqual(t, in.Text, again.Text, "every sign-in has a secret of its own")
		require.NoError(t, g.EndSignIn(t.Context(), actor))
		g.keptOut(t, in.Text, "signed out")
		g.enters(t, again.Text)
		third := g.signIn(t, "mette@varde.dk")
		ended, err := g.EndSignIns(t.Context(), third.Actor, "")
		require.NoError(t, err)
		require.Equal(t, 2, ended)
		g.keptOut(t, again.Text, "signed out everywhere")
		g.keptOut(t, third.Text, "signed out everywhere")
		_, err = g.SignIn(t.Context(), g.home, Proof{Person: "system:x"})
		refused(t, err, domain.Invalid, "validation_failed")
	})
}

// One sign-in can be ended and the others go on: by its person, and by an
// administrator.
func TestEndOneSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		g.grant(t, "mette@varde.dk", domain.Caseworker)
		g.grant(t, "ole@varde.dk", domain.Caseworker)
		ctx, admin := t.Context(), g.administrator("it@varde.dk")
		left, here, others := g.signIn(t, "mette@varde.dk"), g.signIn(t, "mette@varde.dk"), g.signIn(t, "ole@varde.dk")
		refused(t, g.EndOneSignIn(ctx, here.Actor, others.Actor.TokenID), domain.NotFound, "not_found")
		require.NoError(t, g.EndOneSignIn(ctx, here.Actor, left.Actor.TokenID))
		g.keptOut(t, left.Text, "ended")
		g.enters(t, here.Text)
		refused(t, g.EndOneSignIn(ctx, here.Actor, left.Actor.TokenID), domain.Conflict, "already_revoked")
		require.NoError(t, g.EndOneSignIn(ctx, admin, others.Actor.TokenID))
		g.keptOut(t, others.Text, "ended")
		token, text, err := g.CreateToken(ctx, here.Actor, TokenInput{})
		require.NoError(t, err)
		refused(t, g.EndOneSignIn(ctx, admin, token.ID), domain.NotFound, "not_found")
		g.enters(t, text)
		require.Equal(t, int64(2), g.audited(t, "endOneSignIn"))
		other := newGate(t, s).administrator("it@esbjerg.dk")
		refused(t, g.EndOneSignIn(ctx, other, here.Actor.TokenID), domain.NotFound, "not_found")
	})
}

// A sign-in ends when it is not used, and some time even if it is.
func TestSignInEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s, WithLimits(Limits{Idle: 30 * time.Minute, Most: 2 * time.Hour}))
		g.grant(t, "mette@varde.dk", domain.Caseworker)
		idle, used := g.signIn(t, "mette@varde.dk"), g.signIn(t, "mette@varde.dk")
		for range 5 {
			g.time.add(20 * time.Minute)
			g.enters(t, used.Text)
		}
		g.keptOut(t, idle.Text, "idle")
		g.time.add(20*time.Minute - time.Microsecond)
		g.enters(t, used.Text)
		g.time.add(time.Microsecond)
		g.keptOut(t, used.Text, "two hours")
		idle = g.signIn(t, "mette@varde.dk")
		g.enters(t, idle.Text)
		g.time.add(30 * time.Minute)
		g.keptOut(t, idle.Text, "idle since its first use")
	})
}

// What is done seldom and cannot be undone wants a fresh proof, and proving
// again makes a new secret.
func TestProveAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		g.grant(t, "leder@varde.dk", domain.TeamLeader)
		in := g.signIn(t, "leder@varde.dk")
		require.NoError(t, in.Actor.May("approveAward"))
		g.time.add(domain.FreshFor)
		stale := g.enters(t, in.Text)
		require.False(t, stale.Fresh)
		refused(t, stale.May("approveAward"), domain.Forbidden, "step_up_required")
		_, err := g.ProveAgain(t.Context(), stale, Proof{Person: "anden@varde.dk", Method: "passkey"})
		refused(t, err, domain.Forbidden, "another_person")
		text, err := g.ProveAgain(t.Context(), stale, Proof{Person: "Leder@varde.dk", Method: "password"})
		require.NoError(t, err)
		g.keptOut(t, in.Text, "the old secret")
		fresh := g.enters(t, text)
		require.True(t, fresh.Fresh)
		require.Equal(t, stale.TokenID, fresh.TokenID, "it is the same sign-in")
		require.NoError(t, fresh.May("approveAward"))
		_, err = g.ProveAgain(t.Context(), fresh, Proof{Person: "leder@varde.dk", Method: "oidc", Assignments: []domain.Assignment{}})
		require.NoError(t, err, "what was granted here, claims do not take away")
		_, err = g.ProveAgain(t.Context(), domain.Actor{Kind: domain.ByToken, Person: "leder@varde.dk"}, Proof{Person: "leder@varde.dk"})
		refused(t, err, domain.Conflict, "not_signed_in")
	})
}

// The claims of each sign-in take the place of those before.
func TestClaims(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		claims := func(roles ...domain.Role) Proof {
			p := Proof{Person: "mette@varde.dk", Method: "oidc", Assignments: []domain.Assignment{}}
			for _, role := range roles {
				a := domain.Assignment{Role: role}
				if role == domain.Caseworker {
					a.UnitID = &g.unit.ID
				}
				p.Assignments = append(p.Assignments, a)
			}
			return p
		}
		first, err := g.SignIn(t.Context(), g.home, claims(domain.Caseworker, domain.TeamLeader))
		require.NoError(t, err)
		require.Len(t, first.Assignments, 2)
		same, err := g.SignIn(t.Context(), g.home, claims(domain.Caseworker, domain.TeamLeader))
		require.NoError(t, err)
		require.Equal(t, first.Assignments, same.Assignments)
		text, err := g.Switch(t.Context(), same.Actor, same.Assignments[1].ID)
		require.NoError(t, err)
		g.keptOut(t, same.Text, "another secret")
		require.Equal(t, domain.TeamLeader, g.enters(t, text).Role)

		less, err := g.SignIn(t.Context(), g.home, claims(domain.TeamLeader))
		require.NoError(t, err)
		g.keptOut(t, first.Text, "the role was taken away")
		g.enters(t, text)
		_, err = g.SignIn(t.Context(), g.home, claims(domain.TeamLeader, domain.Finance))
		refused(t, err, domain.Conflict, "incompatible_roles")
		require.ErrorContains(t, err, "team_leader")
		require.ErrorContains(t, err, "finance")
		g.enters(t, less.Text)
		_, err = g.ProveAgain(t.Context(), less.Actor, claims())
		refused(t, err, domain.Forbidden, "no_role")
		g.keptOut(t, less.Text, "the claims give no role any more")
		g.keptOut(t, text, "the claims give no role any more")
	})
}

func TestAttempt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, other := newGate(t, s), newGate(t, s)
		for range 3 {
			require.NoError(t, g.Attempt(t.Context(), g.home, "password 192.0.2.1", 3, time.Minute))
		}
		refused(t, g.Attempt(t.Context(), g.home, "password 192.0.2.1", 3, time.Minute), domain.TooMany, "rate_limited")
		require.NoError(t, g.Attempt(t.Context(), g.home, "password 192.0.2.2", 3, time.Minute))
		require.NoError(t, other.Attempt(t.Context(), other.home, "password 192.0.2.1", 3, time.Minute))
		g.time.add(time.Minute - time.Microsecond)
		refused(t, g.Attempt(t.Context(), g.home, "password 192.0.2.1", 3, time.Minute), domain.TooMany, "rate_limited")
		g.time.add(time.Microsecond)
		require.NoError(t, g.Attempt(t.Context(), g.home, "password 192.0.2.1", 3, time.Minute))
	})
}
