package access

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// No administrator alone makes somebody up who may then do something: neither a
// new person, whichever is done first, nor one who signs in at a provider.
func TestNoAdministratorAloneLetsSomebodyIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, admins := newHouse(t, s)
		ctx := t.Context()
		_, err := g.Invite(ctx, admins[0], "ny@varde.dk")
		require.NoError(t, err)
		_, err = g.Assign(ctx, admins[0], g.asks("NY@varde.dk", domain.TeamLeader))
		refused(t, err, domain.Forbidden, "second_administrator")
		_, err = g.Invite(ctx, admins[1], "ny@varde.dk")
		require.NoError(t, err)
		_, err = g.Assign(ctx, admins[1], g.asks("ny@varde.dk", domain.TeamLeader))
		refused(t, err, domain.Forbidden, "second_administrator")
		_, err = g.Assign(ctx, admins[0], g.asks("ny@varde.dk", domain.TeamLeader))
		refused(t, err, domain.Forbidden, "second_administrator") // the first link may have been used
		_, err = g.Assign(ctx, admins[2], g.asks("ny@varde.dk", domain.TeamLeader))
		require.NoError(t, err)

		_, err = g.Assign(ctx, admins[0], g.asks("anden@varde.dk", domain.TeamLeader))
		require.NoError(t, err)
		_, err = g.Invite(ctx, admins[0], "Anden@varde.dk")
		refused(t, err, domain.Forbidden, "second_administrator")
		_, err = g.Invite(ctx, admins[1], "anden@varde.dk")
		require.NoError(t, err)

		g.grant(t, mette, domain.Caseworker)
		_, err = g.Identify(ctx, g.home, Subject{"https://idp.example", "1"}, mette)
		require.NoError(t, err)
		bound, err := g.Identities(ctx, admins[0], ten, mette)
		require.NoError(t, err)
		_, err = g.ReleaseIdentity(ctx, admins[0], bound.Rows[0].ID)
		require.NoError(t, err)
		_, err = g.Invite(ctx, admins[0], mette)
		refused(t, err, domain.Conflict, "known_elsewhere") // else who releases them could become them
		_, err = g.Invite(ctx, g.system, mette)
		require.NoError(t, err)
	})
}
