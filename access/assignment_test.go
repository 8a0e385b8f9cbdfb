package access

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// administrator is one who gives roles.
func (g *gate) administrator(person string) domain.Actor {
	return domain.Actor{MunicipalityID: g.home, TokenID: store.NewID(), Kind: domain.BySignIn, Fresh: true, Person: person, Role: domain.Administrator}
}

func TestAssign(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, other := newGate(t, s), newGate(t, s)
		ctx, admin := t.Context(), g.administrator("it@varde.dk")
		a, err := g.Assign(ctx, admin, g.asks("Mette@Varde.dk", domain.Caseworker))
		require.NoError(t, err)
		require.Equal(t, []any{"mette@varde.dk", domain.Granted, "it@varde.dk"}, []any{a.Person, a.Source, a.CreatedBy})
		_, err = g.Assign(ctx, admin, g.asks("mette@varde.dk", domain.Caseworker))
		refused(t, err, domain.Conflict, "already_exists")
		_, err = g.Assign(ctx, admin, g.asks("IT@varde.dk", domain.Administrator))
		refused(t, err, domain.Forbidden, "own_assignment")
		for name, in := range map[string]AssignmentInput{
			"person": {Person: "to ord", Role: domain.Finance}, "role": {Person: "x", Role: domain.Operator}, "unit_id": {Person: "x", Role: domain.Caseworker, UnitID: other.unit.ID},
			"partner_id": {Person: "x", Role: domain.PartnerRole},
		} {
			_, err = g.Assign(ctx, admin, in)
			require.Equal(t, []string{name}, named(err), name)
		}
		stale := admin
		stale.Fresh = false
		_, err = g.Assign(ctx, stale, g.asks("x", domain.Finance))
		refused(t, err, domain.Forbidden, "step_up_required")

		in := g.signIn(t, "mette@varde.dk")
		second := g.grant(t, "mette@varde.dk", domain.TeamLeader)
		l, err := g.Assignments(ctx, admin, ten, AssignmentFilter{Person: "METTE@varde.dk", State: "held"})
		require.NoError(t, err)
		require.Equal(t, []domain.ID{second.ID, a.ID}, []domain.ID{l.Rows[0].ID, l.Rows[1].ID})
		text, err := g.Switch(ctx, in.Actor, second.ID)
		require.NoError(t, err)
		g.keptOut(t, in.Text, "another secret")
		leader := g.enters(t, text)
		require.Equal(t, domain.TeamLeader, leader.Role)
		now, err := g.Current(ctx, leader)
		require.NoError(t, err)
		require.Equal(t, second.ID, *now.Token.AssignmentID)
		require.Len(t, now.Assignments, 2)

		_, err = g.Unassign(ctx, admin, a.ID)
		require.NoError(t, err)
		g.enters(t, text)
		_, err = g.Switch(ctx, leader, a.ID)
		refused(t, err, domain.NotFound, "not_found")
		_, err = g.Unassign(ctx, admin, a.ID)
		refused(t, err, domain.Conflict, "already_revoked")
		_, err = other.Unassign(ctx, other.administrator("it@varde.dk"), second.ID)
		refused(t, err, domain.NotFound, "not_found")
		_, err = g.Unassign(ctx, g.administrator("mette@varde.dk"), second.ID)
		refused(t, err, domain.Forbidden, "own_assignment")
		_, err = g.Unassign(ctx, admin, second.ID)
		require.NoError(t, err)
		g.keptOut(t, text, "the role is gone")
		_, err = g.Assign(ctx, admin, g.asks("mette@varde.dk", domain.Finance))
		require.NoError(t, err, "the roles that excluded it are gone")
		require.Equal(t, int64(2), g.audited(t, "revokeAssignment"))
	})
}

// Every two roles that exclude each other are refused, however the first came
// about and whichever comes second; the others are given.
func TestIncompatible(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		ctx := t.Context()
		for _, first := range domain.Roles {
			for _, second := range domain.Roles {
				if first == second {
					continue
				}
				want := ""
				if domain.Incompatible(first, second) {
					want = "incompatible_roles"
				}
				token := func(person string, role domain.Role) error {
					in := g.asks(person, role)
					_, _, err := g.CreateToken(ctx, g.system, TokenInput{Person: person, Role: role, UnitID: in.UnitID, PartnerID: in.PartnerID, Days: 1})
					return err
				}
				give := func(person string, role domain.Role) error {
					_, err := g.Assign(ctx, g.system, g.asks(person, role))
					return err
				}
				for name, ways := range map[string][2]func(string, domain.Role) error{"role, role": {give, give}, "role, token": {give, token}, "token, role": {token, give}, "token, token": {token, token}} {
					person := store.NewID().String()
					require.NoError(t, ways[0](person, first))
					err := ways[1](person, second)
					require.Equal(t, want, domain.CodeOf(err), "%s: %s and %s", name, first, second)
					if err != nil {
						require.ErrorContains(t, err, string(first))
						require.ErrorContains(t, err, string(second))
					}
				}
			}
		}
		_, _, err := g.CreateToken(ctx, g.system, TokenInput{Person: "x", Role: domain.Finance, Days: 1})
		require.NoError(t, err)
		_, err = g.Assign(ctx, g.system, g.asks("x", domain.Auditor))
		refused(t, err, domain.Conflict, "incompatible_roles")
		g.time.add(24 * time.Hour)
		_, err = g.Assign(ctx, g.system, g.asks("x", domain.Auditor))
		require.NoError(t, err, "the token has ended")
	})
}

// Of many who at once give one person roles that exclude each other, one wins.
func TestIncompatibleAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		roles := []domain.Role{domain.Finance, domain.Auditor, domain.TeamLeader, domain.Administrator}
		for range 5 {
			person := store.NewID().String()
			var all sync.WaitGroup
			outcomes := make(chan error, 2*len(roles))
			start := make(chan struct{})
			for i, role := range roles {
				all.Go(func() {
					<-start
					_, err := g.Assign(t.Context(), g.administrator("it@varde.dk"), g.asks(person, role))
					outcomes <- err
				})
				all.Go(func() {
					<-start
					_, _, err := g.CreateToken(t.Context(), g.system, TokenInput{Person: person, Role: roles[(i+1)%len(roles)]})
					outcomes <- err
				})
			}
			close(start)
			all.Wait()
			close(outcomes)
			for err := range outcomes {
				if err != nil {
					refused(t, err, domain.Conflict, "incompatible_roles")
				}
			}
			held := map[domain.Role]bool{}
			l, err := g.Assignments(t.Context(), g.system, ten, AssignmentFilter{Person: person})
			require.NoError(t, err)
			for _, a := range l.Rows {
				held[a.Role] = true
			}
			tokens, err := g.Tokens(t.Context(), g.system, ten, TokenFilter{Person: person})
			require.NoError(t, err)
			for _, token := range tokens.Rows {
				held[token.Role] = true
			}
			require.Len(t, held, 1, "%v", held)
		}
	})
}

// A role that is taken back while its person signs in lets nobody in.
func TestUnassignWhileSigningIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		for range 10 {
			a := g.grant(t, "mette@varde.dk", domain.Caseworker)
			var all sync.WaitGroup
			texts := make(chan string, 4)
			for range 4 {
				all.Go(func() {
					if in, err := g.SignIn(t.Context(), g.home, Proof{Person: "mette@varde.dk", Method: "passkey"}); err == nil {
						texts <- in.Text
					}
				})
			}
			all.Go(func() {
				_, err := g.Unassign(t.Context(), g.system, a.ID)
				require.NoError(t, err)
			})
			all.Wait()
			close(texts)
			for text := range texts {
				g.keptOut(t, text, "the role is gone")
			}
		}
	})
}
