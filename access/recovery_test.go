package access

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// accountID finds a person's account.
func (g *gate) accountID(t testing.TB, person string) domain.ID {
	t.Helper()
	account, err := g.accountOf(t.Context(), g.home, person)
	require.NoError(t, err)
	return account.ID
}

// helped starts and confirms a recovery of mette's.
func (g *gate) helped(t testing.TB, admins [3]domain.Actor) (first, second Half) {
	t.Helper()
	first, err := g.StartRecovery(t.Context(), admins[0], g.accountID(t, mette), "Telefonen er tabt.")
	require.NoError(t, err)
	second, err = g.ConfirmRecovery(t.Context(), admins[1], first.Recovery.ID)
	require.NoError(t, err)
	return first, second
}

func TestRecovery(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, admins := newHouse(t, s)
		ctx := t.Context()
		key, in := g.withPasskey(t, mette)
		_, token, err := g.CreateToken(ctx, g.system, TokenInput{Person: mette, Role: domain.Caseworker, UnitID: g.unit.ID})
		require.NoError(t, err)
		first, second := g.helped(t, admins)
		require.Regexp(t, "^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$", first.Text)
		open := func(one, other string) (Setup, error) {
			return g.OpenRecovery(ctx, g.home, RecoveryCode{Person: "Mette@varde.dk", First: one, Second: other, Address: "192.0.2.1"})
		}
		for name, halves := range map[string][2]string{
			"the first alone": {first.Text, ""}, "the second alone": {"", second.Text}, "the first twice": {first.Text, first.Text}, "the second twice": {second.Text, second.Text},
			"nothing": {"", ""}, "wrong": {first.Text, strings.Repeat("A", 16)},
		} {
			_, err := open(halves[0], halves[1])
			require.Equal(t, "recovery_refused", domain.CodeOf(err), name)
		}
		_, err = g.OpenRecovery(ctx, g.home, RecoveryCode{Person: "anne@varde.dk", First: first.Text, Second: second.Text})
		refused(t, err, domain.Unauthenticated, "recovery_refused")
		g.enters(t, in.Text)
		_, err = open(second.Text, first.Text)
		require.NoError(t, err, "in any order")
		setup, err := open(strings.ToLower(first.Text), strings.ReplaceAll(second.Text, "-", " "))
		require.NoError(t, err, "however they are typed")

		fresh := newAuthenticator(t)
		again, err := g.choosesPasskey(t, setup, fresh)
		require.NoError(t, err)
		g.enters(t, again.Text)
		g.keptOut(t, in.Text, "the old sign-in")
		g.keptOut(t, token, "the old token")
		_, err = g.usesPasskey(t, key)
		refused(t, err, domain.Unauthenticated, "passkey_refused")
		_, err = g.usesPasskey(t, fresh)
		require.NoError(t, err)
		_, err = open(first.Text, second.Text)
		refused(t, err, domain.Unauthenticated, "recovery_refused") // used
		_, err = g.ChoosePassword(ctx, setup.Ticket, goodPassword, readGenerator(t, setup).shows(g))
		refused(t, err, domain.Conflict, "setup_ended")
		for _, action := range []string{"startRecovery", "confirmRecovery", "useRecovery", "endMeans"} {
			require.Equal(t, int64(1), g.audited(t, action), action)
		}
		r, err := g.Recovery(ctx, admins[2], first.Recovery.ID)
		require.NoError(t, err)
		require.Equal(t, []string{"used", "anne@varde.dk", "bo@varde.dk", mette}, []string{r.State, r.StartedBy, r.ConfirmedBy, r.EndedBy})
		_, err = g.WithdrawRecovery(ctx, admins[0], r.ID)
		refused(t, err, domain.Conflict, "wrong_state")
	})
}

// It takes two, and neither is whom it is about.
func TestRecoveryTakesTwo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, admins := newHouse(t, s)
		ctx := t.Context()
		for _, person := range []string{mette, "anne@varde.dk"} {
			if person == mette {
				g.withPasskey(t, person)
				continue
			}
			i, err := g.Invite(ctx, g.system, person)
			require.NoError(t, err)
			setup, err := g.OpenInvitation(ctx, i.Text, "")
			require.NoError(t, err)
			_, err = g.choosesPasskey(t, setup, newAuthenticator(t))
			require.NoError(t, err)
		}
		_, err := g.StartRecovery(ctx, admins[0], g.accountID(t, "anne@varde.dk"), "Mig selv.")
		refused(t, err, domain.Forbidden, "own_recovery")
		_, err = g.StartRecovery(ctx, admins[0], g.accountID(t, mette), " ")
		refused(t, err, domain.Invalid, "validation_failed")
		half, err := g.StartRecovery(ctx, admins[0], g.accountID(t, mette), "Tabt.")
		require.NoError(t, err)
		_, err = g.StartRecovery(ctx, admins[1], g.accountID(t, mette), "Tabt.")
		refused(t, err, domain.Conflict, "wrong_state")
		_, err = g.ConfirmRecovery(ctx, admins[0], half.Recovery.ID)
		refused(t, err, domain.Forbidden, "same_person")
		_, err = g.WithdrawRecovery(ctx, admins[0], half.Recovery.ID)
		require.NoError(t, err)
		_, err = g.ConfirmRecovery(ctx, admins[1], half.Recovery.ID)
		refused(t, err, domain.Conflict, "wrong_state")

		about, err := g.StartRecovery(ctx, admins[1], g.accountID(t, "anne@varde.dk"), "Tabt.")
		require.NoError(t, err)
		_, err = g.ConfirmRecovery(ctx, admins[0], about.Recovery.ID)
		refused(t, err, domain.Forbidden, "own_recovery")
		_, err = g.ConfirmRecovery(ctx, admins[2], about.Recovery.ID)
		require.NoError(t, err)
		_, err = g.ConfirmRecovery(ctx, admins[2], about.Recovery.ID)
		refused(t, err, domain.Conflict, "wrong_state")
		l, err := g.Recoveries(ctx, admins[0], store.Page{Limit: 9}, RecoveryFilter{AccountID: about.Recovery.AccountID, State: domain.RecoveryConfirmed})
		require.NoError(t, err)
		require.Len(t, l.Rows, 1)
	})
}

// It ends by itself, before and after it is confirmed, and when it is withdrawn
// by either; so does what it opened.
func TestRecoveryEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, admins := newHouse(t, s)
		ctx := t.Context()
		key, _ := g.withPasskey(t, mette)
		id := g.accountID(t, mette)
		half, err := g.StartRecovery(ctx, admins[0], id, "Tabt.")
		require.NoError(t, err)
		g.time.add(RecoveryHolds)
		_, err = g.ConfirmRecovery(ctx, admins[1], half.Recovery.ID)
		refused(t, err, domain.Conflict, "wrong_state")
		one, other := g.helped(t, admins)
		g.time.add(RecoveryHolds)
		open := func() (Setup, error) {
			return g.OpenRecovery(ctx, g.home, RecoveryCode{Person: mette, First: one.Text, Second: other.Text})
		}
		_, err = open()
		refused(t, err, domain.Unauthenticated, "recovery_refused")
		for _, who := range admins {
			one, other = g.helped(t, admins)
			setup, err := open()
			require.NoError(t, err)
			_, err = g.WithdrawRecovery(ctx, who, one.Recovery.ID)
			require.NoError(t, err)
			_, err = open()
			refused(t, err, domain.Unauthenticated, "recovery_refused")
			_, err = g.ChoosePassword(ctx, setup.Ticket, goodPassword, readGenerator(t, setup).shows(g))
			refused(t, err, domain.Conflict, "setup_ended")
		}
		one, other = g.helped(t, admins)
		_, err = g.SuspendAccount(ctx, admins[2], id)
		require.NoError(t, err)
		_, err = open()
		refused(t, err, domain.Unauthenticated, "recovery_refused")
		_, err = g.StartRecovery(ctx, admins[0], id, "Tabt.")
		refused(t, err, domain.Conflict, "wrong_state")
		_, err = g.ResumeAccount(ctx, admins[2], id)
		require.NoError(t, err)
		_, err = open()
		refused(t, err, domain.Unauthenticated, "recovery_refused")
		g.time.add(time.Minute)
		_, err = g.usesPasskey(t, key)
		require.NoError(t, err, "what the person had holds until something new is chosen")
	})
}

// Of ten who use a recovery at the same time, one gets in.
func TestRaceForARecovery(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, admins := newHouse(t, s)
		g.withPasskey(t, mette)
		one, other := g.helped(t, admins)
		setup, err := g.OpenRecovery(t.Context(), g.home, RecoveryCode{Person: mette, First: one.Text, Second: other.Text})
		require.NoError(t, err)
		var won atomic.Int32
		var all sync.WaitGroup
		for range 10 {
			c, err := g.NewPasskey(t.Context(), setup.Ticket)
			require.NoError(t, err)
			answer := newAuthenticator(t).makes(c)
			all.Go(func() {
				if _, err := g.ChoosePasskey(t.Context(), PasskeyInput{State: c.State, Answer: answer}); err == nil {
					won.Add(1)
				}
			})
		}
		all.Wait()
		require.Equal(t, int32(1), won.Load())
		own, err := g.Own(t.Context(), g.signIn(t, mette).Actor)
		require.NoError(t, err)
		require.Len(t, own.Passkeys, 1)
	})
}
