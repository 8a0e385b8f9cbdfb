package access

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func TestPasskey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, _ := newHouse(t, s)
		key, in := g.withPasskey(t, mette)
		require.Equal(t, "passkey", in.Actor.Method)
		again, err := g.usesPasskey(t, key)
		require.NoError(t, err)
		require.Equal(t, mette, again.Actor.Person)

		_, other := g.withPasskey(t, "ole@varde.dk")
		g.time.add(domain.FreshFor)
		stale := g.enters(t, in.Text)
		require.False(t, stale.Fresh)
		c, err := g.AskForPasskey(g.home)
		require.NoError(t, err)
		_, err = g.ProveWithPasskey(t.Context(), g.enters(t, other.Text), c.State, key.uses(c))
		refused(t, err, domain.Forbidden, "another_person")
		c, err = g.AskForPasskey(g.home)
		require.NoError(t, err)
		text, err := g.ProveWithPasskey(t.Context(), stale, c.State, key.uses(c))
		require.NoError(t, err)
		require.True(t, g.enters(t, text).Fresh)
	})
}

// Whatever is wrong with a passkey's answer, it is refused, and says no more.
func TestPasskeyIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, _ := newHouse(t, s)
		key, _ := g.withPasskey(t, mette)
		stranger := newAuthenticator(t)
		for name, try := range map[string]func(c Ceremony) (Ceremony, []byte){
			"another key": func(c Ceremony) (Ceremony, []byte) {
				stranger.id, stranger.owner = key.id, key.owner
				return c, stranger.uses(c)
			},
			"nobody's key": func(c Ceremony) (Ceremony, []byte) {
				stranger.id = []byte("0123456789abcdef")
				return c, stranger.uses(c)
			},
			"nobody":   func(c Ceremony) (Ceremony, []byte) { k := *key; k.owner = make([]byte, 16); return c, k.uses(c) },
			"no owner": func(c Ceremony) (Ceremony, []byte) { k := *key; k.owner = nil; return c, k.uses(c) },
			"another site": func(c Ceremony) (Ceremony, []byte) {
				k := *key
				k.origin = "https://fasthold.eksempel.dk.evil.dk"
				return c, k.uses(c)
			},
			"nobody was asked": func(c Ceremony) (Ceremony, []byte) { k := *key; k.verified = false; return c, k.uses(c) },
			"another ceremony": func(c Ceremony) (Ceremony, []byte) {
				other, err := g.AskForPasskey(g.home)
				require.NoError(t, err)
				return other, key.uses(c)
			},
			"a made-up state": func(c Ceremony) (Ceremony, []byte) { answer := key.uses(c); c.State = "x"; return c, answer },
			"no answer":       func(c Ceremony) (Ceremony, []byte) { return c, []byte("{}") },
			"too late":        func(c Ceremony) (Ceremony, []byte) { g.time.add(ceremonyHolds); return c, key.uses(c) },
		} {
			c, err := g.AskForPasskey(g.home)
			require.NoError(t, err)
			c, answer := try(c)
			_, err = g.SignInWithPasskey(t.Context(), c.State, answer)
			require.Equal(t, passkeyRefused(), err, name)
		}
	})
}

// A ceremony is used once, also by those who use it at the same time.
func TestRaceForACeremony(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, _ := newHouse(t, s)
		key, _ := g.withPasskey(t, mette)
		c, err := g.AskForPasskey(g.home)
		require.NoError(t, err)
		key.count = 0xffff // each answer counts on
		var answers [][]byte
		for range 10 {
			answers = append(answers, key.uses(c))
		}
		var won atomic.Int32
		var all sync.WaitGroup
		for _, answer := range answers {
			all.Go(func() {
				if _, err := g.SignInWithPasskey(t.Context(), c.State, answer); err == nil {
					won.Add(1)
				}
			})
		}
		all.Wait()
		require.Equal(t, int32(1), won.Load())
	})
}

// A passkey that counts backwards may be a copy: it is refused, and the
// administrator can read so.
func TestCopiedPasskeyIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, _ := newHouse(t, s)
		key, _ := g.withPasskey(t, mette)
		thief := *key
		for range 3 {
			_, err := g.usesPasskey(t, key)
			require.NoError(t, err)
		}
		_, err := g.usesPasskey(t, &thief)
		refused(t, err, domain.Unauthenticated, "passkey_refused")
		require.Equal(t, int64(1), g.audited(t, "refusePasskey"))
		_, err = g.usesPasskey(t, key)
		require.NoError(t, err, "its owner goes on")
	})
}

// Several ways in can be had and taken away, but for the last, and only by who
// has just proved who they are.
func TestOwnMeans(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, admins := newHouse(t, s)
		ctx := t.Context()
		key, in := g.withPasskey(t, mette)
		actor, elsewhere := in.Actor, g.signIn(t, mette)
		own, err := g.Own(ctx, actor)
		require.NoError(t, err)
		require.Len(t, own.Passkeys, 1)
		require.Len(t, own.SignIns, 2)
		require.Equal(t, "Telefon", own.Passkeys[0].Name)
		refused(t, g.RemovePasskey(ctx, actor, own.Passkeys[0].ID), domain.Conflict, "last_means")
		setup, err := g.OwnSetup(ctx, actor)
		require.NoError(t, err)
		codes := readGenerator(t, setup)
		_, err = g.ChoosePassword(ctx, setup.Ticket, goodPassword, codes.shows(g))
		refused(t, err, domain.Conflict, "setup_ended") // the ticket is of who is signed in
		refused(t, g.SetPassword(ctx, elsewhere.Actor, setup.Ticket, goodPassword, codes.shows(g)), domain.Conflict, "setup_ended")
		require.NoError(t, g.SetPassword(ctx, actor, setup.Ticket, goodPassword, codes.shows(g)))
		refused(t, g.SetPassword(ctx, actor, setup.Ticket, goodPassword, codes.shows(g)), domain.Conflict, "setup_ended")
		g.keptOut(t, elsewhere.Text, "a new password ends the other sign-ins")
		g.enters(t, in.Text)
		require.NoError(t, g.RemovePasskey(ctx, actor, own.Passkeys[0].ID))
		_, err = g.usesPasskey(t, key)
		refused(t, err, domain.Unauthenticated, "passkey_refused")
		refused(t, g.RemovePassword(ctx, actor), domain.Conflict, "last_means")

		c, err := g.AddPasskey(ctx, actor)
		require.NoError(t, err)
		second := newAuthenticator(t)
		answer := second.makes(c)
		require.NoError(t, g.KeepPasskey(ctx, actor, PasskeyInput{State: c.State, Answer: answer}))
		refused(t, g.KeepPasskey(ctx, actor, PasskeyInput{State: c.State, Answer: answer}), domain.Conflict, "setup_ended")
		require.NoError(t, g.RemovePassword(ctx, actor))
		_, err = g.usesPasskey(t, second)
		require.NoError(t, err)

		g.time.add(domain.FreshFor)
		stale := g.enters(t, in.Text)
		for name, do := range map[string]func() error{
			"setup":           func() error { _, err := g.OwnSetup(ctx, stale); return err },
			"set password":    func() error { return g.SetPassword(ctx, stale, "", "", "") },
			"remove password": func() error { return g.RemovePassword(ctx, stale) },
			"add passkey":     func() error { _, err := g.AddPasskey(ctx, stale); return err },
			"keep passkey":    func() error { return g.KeepPasskey(ctx, stale, PasskeyInput{}) },
			"remove passkey":  func() error { return g.RemovePasskey(ctx, stale, own.Passkeys[0].ID) },
		} {
			require.Equal(t, "step_up_required", domain.CodeOf(do()), name)
		}
		own, err = g.Own(ctx, admins[0])
		require.NoError(t, err)
		require.Zero(t, own.Account, "who signs in at a provider has none")
		_, err = g.Own(ctx, domain.Actor{MunicipalityID: g.home, Person: mette, Kind: domain.ByToken, Role: domain.Caseworker})
		refused(t, err, domain.Unauthenticated, "unauthenticated")
	})
}

// Without a name in its address the service has no passkeys, and says so.
func TestNoPasskeys(t *testing.T) {
	t.Parallel()
	g := newGate(t, storetest.Open(t, storetest.SQLite(t)))
	require.False(t, g.Passkeys())
	_, err := g.AskForPasskey(g.home)
	refused(t, err, domain.Unavailable, "passkeys_unavailable")
	_, err = g.SignInWithPasskey(t.Context(), "", nil)
	refused(t, err, domain.Unavailable, "passkeys_unavailable")
	_, err = g.ChoosePasskey(t.Context(), PasskeyInput{})
	refused(t, err, domain.Unavailable, "passkeys_unavailable")
}
