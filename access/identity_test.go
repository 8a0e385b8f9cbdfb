package access

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Whom a subject is, is fixed at its first sign-in: a new address does not make
// it somebody else, and an address that is given to another does not make that
// one who had it before.
func TestIdentify(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, other := newGate(t, s), newGate(t, s)
		mette, next := Subject{"https://login.varde.dk", "1"}, Subject{"https://login.varde.dk", "2"}
		_, err := g.Identified(t.Context(), g.home, mette)
		refused(t, err, domain.NotFound, "not_found")
		for _, says := range []string{"Mette@varde.dk", "mette@varde.dk", "mette.jensen@varde.dk"} {
			name, err := g.Identify(t.Context(), g.home, mette, says)
			require.NoError(t, err)
			require.Equal(t, "mette@varde.dk", name)
		}
		for _, taken := range []Subject{next, {"https://login.elsewhere.dk", "1"}} {
			_, err = g.Identify(t.Context(), g.home, taken, "METTE@varde.dk")
			refused(t, err, domain.Forbidden, "identity_taken")
		}
		require.Equal(t, int64(2), g.audited(t, "refuseSignIn"))
		require.Equal(t, int64(1), g.audited(t, "createIdentity"))
		_, err = g.Identify(t.Context(), g.home, next, "system:x")
		refused(t, err, domain.Invalid, "validation_failed")
		name, err := g.Identify(t.Context(), g.home, next, "bo@varde.dk")
		require.NoError(t, err)
		require.Equal(t, "bo@varde.dk", name)
		name, err = other.Identify(t.Context(), other.home, next, "mette@varde.dk")
		require.NoError(t, err, "another municipality's")
		require.Equal(t, "mette@varde.dk", name)
	})
}

func TestReleaseIdentity(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		mette, next := Subject{"https://login.varde.dk", "1"}, Subject{"https://login.varde.dk", "2"}
		_, err := g.Identify(t.Context(), g.home, mette, "mette@varde.dk")
		require.NoError(t, err)
		g.grant(t, "mette@varde.dk", domain.Caseworker)
		in, err := g.SignIn(t.Context(), g.home, Proof{Person: "mette@varde.dk", Method: "oidc", Subject: "1"})
		require.NoError(t, err)
		local := g.signIn(t, "mette@varde.dk")
		all, err := g.Identities(t.Context(), g.system, store.Page{Limit: 9}, "METTE@varde.dk")
		require.NoError(t, err)
		require.Len(t, all.Rows, 1)
		self := domain.Actor{MunicipalityID: g.home, Person: "mette@varde.dk", Role: domain.Administrator}
		_, err = g.ReleaseIdentity(t.Context(), self, all.Rows[0].ID)
		refused(t, err, domain.Forbidden, "own_identity")
		bound, err := g.ReleaseIdentity(t.Context(), g.system, all.Rows[0].ID)
		require.NoError(t, err)
		require.NotNil(t, bound.ReleasedAt)
		g.keptOut(t, in.Text, "signed in by it")
		g.enters(t, local.Text)
		_, err = g.ReleaseIdentity(t.Context(), g.system, all.Rows[0].ID)
		refused(t, err, domain.Conflict, "already_released")
		name, err := g.Identify(t.Context(), g.home, next, "mette@varde.dk")
		require.NoError(t, err)
		require.Equal(t, "mette@varde.dk", name)
		_, err = g.Identify(t.Context(), g.home, mette, "mette@varde.dk")
		refused(t, err, domain.Forbidden, "identity_taken")
	})
}

// A message of the provider's ends the sign-ins of its session or its subject, no
// others, and counts once.
func TestEndByProvider(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, other := newGate(t, s), newGate(t, s)
		signIn := func(g *gate, subject, session, method string) string {
			person := "p" + subject + "@varde.dk"
			if all, err := g.Assignments(t.Context(), g.system, store.Page{Limit: 1}, AssignmentFilter{Person: person}); err != nil || len(all.Rows) == 0 {
				g.grant(t, person, domain.Finance)
			}
			if method != "oidc" {
				subject = "" // no proof here names a provider's
			}
			in, err := g.SignIn(t.Context(), g.home, Proof{Person: person, Method: method, Subject: subject, ProviderSession: session})
			require.NoError(t, err)
			return in.Text
		}
		one, two, bo := signIn(g, "1", "a", "oidc"), signIn(g, "1", "b", "oidc"), signIn(g, "2", "c", "oidc")
		local, abroad := signIn(g, "1", "", "passkey"), signIn(other, "1", "a", "oidc")
		end := func(e EndedElsewhere, want int) {
			e.Until = g.time.now().Add(5 * time.Minute)
			ended, err := g.EndByProvider(t.Context(), g.home, e)
			require.NoError(t, err)
			require.Equal(t, want, ended)
		}
		end(EndedElsewhere{Message: "0", Subject: "2", Session: "a"}, 0)
		end(EndedElsewhere{Message: "1", Subject: "1", Session: "a"}, 1)
		g.keptOut(t, one, "its session ended")
		g.enters(t, two)
		end(EndedElsewhere{Message: "2", Session: "c"}, 1)
		g.keptOut(t, bo, "its session ended")
		end(EndedElsewhere{Message: "3", Subject: "1"}, 1)
		g.keptOut(t, two, "its subject ended")
		g.enters(t, local)
		other.enters(t, abroad)
		_, err := g.EndByProvider(t.Context(), g.home, EndedElsewhere{Message: "3", Subject: "1", Until: g.time.now().Add(time.Minute)})
		refused(t, err, domain.TooMany, "rate_limited")
		_, err = g.EndByProvider(t.Context(), g.home, EndedElsewhere{Message: "4", Until: g.time.now().Add(time.Minute)})
		refused(t, err, domain.Invalid, "logout_token_invalid")
	})
}

func TestSetOrganisation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		unit, err := g.SetOrganisation(t.Context(), g.system, g.unit.ID, g.unit.Version, " 5d7b ")
		require.NoError(t, err)
		require.Equal(t, "5d7b", unit.Organisation)
		units, err := g.Organisations(t.Context(), g.home)
		require.NoError(t, err)
		require.Equal(t, map[string]domain.ID{"5d7b": g.unit.ID}, units)
		_, err = g.SetOrganisation(t.Context(), g.system, g.unit.ID, g.unit.Version, "")
		refused(t, err, domain.Stale, "stale")
		all, err := g.Directory(t.Context())
		require.NoError(t, err)
		require.Len(t, all, 1)
	})
}

// Who proves anew by a passkey here is still signed out by the provider where they
// signed in.
func TestEndByProviderAfterALocalProof(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		g.grant(t, "mette@varde.dk", domain.Caseworker)
		ctx := t.Context()
		in, err := g.SignIn(ctx, g.home, Proof{Person: "mette@varde.dk", Method: "oidc", Subject: "s", ProviderSession: "p"})
		require.NoError(t, err)
		text, err := g.ProveAgain(ctx, in.Actor, Proof{Person: "mette@varde.dk", Method: "passkey"})
		require.NoError(t, err)
		local := g.signIn(t, "mette@varde.dk")
		ended, err := g.EndByProvider(ctx, g.home, EndedElsewhere{Message: "1", Session: "p", Until: g.time.now().Add(time.Minute)})
		require.NoError(t, err)
		require.Equal(t, 1, ended)
		g.keptOut(t, text, "signed out at the provider")
		g.enters(t, local.Text)
	})
}
