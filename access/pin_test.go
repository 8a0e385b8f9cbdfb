package access

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access/means"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// at gives who a citizen's sign-in lets in now.
func (g *gate) at(t testing.TB, visit Visit) domain.Actor { return g.enters(t, visit.Text) }

func TestOwnPIN(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		citizen := g.citizen(t)
		phone, tablet := g.visit(t, citizen, ""), g.visit(t, citizen, "")
		for _, pin := range []string{"1234", "0000", "0106", "01061995", "12", "abcd"} {
			require.Equal(t, domain.Invalid, domain.KindOf(g.SetOwnPIN(t.Context(), g.at(t, phone), pin, "")), pin)
		}
		set, err := g.Unlock(t.Context(), g.at(t, phone), "9999")
		require.NoError(t, err)
		require.False(t, set, "no PIN is set: there is nothing to unlock")
		require.NoError(t, g.SetOwnPIN(t.Context(), g.at(t, phone), "25804193", ""))
		require.NoError(t, g.looks(t, phone.Text))

		g.time.add(14 * time.Minute)
		require.NoError(t, g.looks(t, phone.Text), "a use keeps it open")
		g.time.add(14 * time.Minute)
		require.NoError(t, g.looks(t, phone.Text))
		g.time.add(15 * time.Minute)
		refused(t, g.looks(t, phone.Text), domain.Forbidden, "pin_required")
		refused(t, g.looks(t, phone.Text), domain.Forbidden, "pin_required") // asking does not open it
		refused(t, g.looks(t, tablet.Text), domain.Forbidden, "pin_required")
		_, err = g.Unlock(t.Context(), g.at(t, phone), "2581")
		refused(t, err, domain.Forbidden, "pin_wrong")
		refused(t, g.looks(t, phone.Text), domain.Forbidden, "pin_required")
		set, err = g.Unlock(t.Context(), g.at(t, phone), "25804193")
		require.NoError(t, err)
		require.True(t, set)
		require.NoError(t, g.looks(t, phone.Text))
		refused(t, g.looks(t, tablet.Text), domain.Forbidden, "pin_required") // each for itself

		refused(t, g.SetOwnPIN(t.Context(), g.at(t, phone), "83917264", ""), domain.Forbidden, "pin_required")
		refused(t, g.SetOwnPIN(t.Context(), g.at(t, phone), "83917264", "1111"), domain.Forbidden, "pin_wrong")
		require.NoError(t, g.SetOwnPIN(t.Context(), g.at(t, phone), "83917264", "25804193"))
		_, err = g.Unlock(t.Context(), g.at(t, tablet), "25804193")
		refused(t, err, domain.Forbidden, "pin_wrong")
		refused(t, g.RemoveOwnPIN(t.Context(), g.at(t, tablet), "25804193"), domain.Forbidden, "pin_wrong")
		require.NoError(t, g.RemoveOwnPIN(t.Context(), g.at(t, tablet), "83917264"))
		refused(t, g.RemoveOwnPIN(t.Context(), g.at(t, tablet), "83917264"), domain.Conflict, "no_pin")
		g.time.add(time.Hour)
		require.NoError(t, g.looks(t, phone.Text), "without a PIN nothing locks")
		require.NoError(t, g.SetOwnPIN(t.Context(), g.at(t, phone), "25804193", ""), "set again")
		require.EqualValues(t, 3, g.audited(t, "setOwnPIN"))
		require.EqualValues(t, 1, g.audited(t, "removeOwnPIN"))
		require.NoError(t, g.LeaveOwnPage(t.Context(), g.at(t, tablet)), "a locked page can be left")
		g.keptOut(t, tablet.Text, "signed out")
	})
}

// A PIN is kept as a hash that says nothing of it.
func TestPINIsHashed(t *testing.T) {
	g := newGate(t, storetest.Open(t, storetest.SQLite(t)))
	citizen := g.citizen(t)
	require.NoError(t, g.SetOwnPIN(t.Context(), g.at(t, g.visit(t, citizen, "")), "25804193", ""))
	require.NoError(t, g.store.Read(t.Context(), g.home, func(tx *store.Tx) error {
		pin, err := pinOf(tx, citizen)
		require.Regexp(t, `^\$argon2id\$v=19\$m=32768,t=2,p=1\$`, pin.Hash)
		require.Equal(t, "citizen:"+citizen.String(), pin.ChangedBy)
		return err
	}))
}

// Where a PIN is set, a link alone is worth nothing; five wrong PINs end it, and
// the next link works all the same.
func TestExchangeWantsThePIN(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		citizen := g.citizen(t)
		require.NoError(t, g.SetOwnPIN(t.Context(), g.at(t, g.visit(t, citizen, "")), "25804193", ""))
		text := g.link(t, citizen)
		for range 7 {
			_, err := g.ExchangeCitizenLink(t.Context(), text, "")
			refused(t, err, domain.Forbidden, "pin_required")
		}
		for _, wrong := range []string{"1111", "25800", "123456789", "2580 "} {
			_, err := g.ExchangeCitizenLink(t.Context(), text, wrong)
			refused(t, err, domain.Forbidden, "pin_wrong")
		}
		visit, err := g.ExchangeCitizenLink(t.Context(), text, "25804193")
		require.NoError(t, err, "wrong ones do not use the link up")
		require.True(t, visit.PIN)
		require.NoError(t, g.looks(t, visit.Text), "the PIN was just given")

		text = g.link(t, citizen)
		for range 4 {
			_, err := g.ExchangeCitizenLink(t.Context(), text, "1111")
			refused(t, err, domain.Forbidden, "pin_wrong")
		}
		_, err = g.ExchangeCitizenLink(t.Context(), text, "1111")
		refused(t, err, domain.Forbidden, "link_unusable")
		require.Equal(t, linkUnusable().Error(), err.Error())
		require.Equal(t, domain.LinkRevoked, g.states(t, citizen)[0], "the fifth ended it")
		_, err = g.ExchangeCitizenLink(t.Context(), text, "25804193")
		refused(t, err, domain.Forbidden, "link_unusable")
		require.NoError(t, g.looks(t, visit.Text), "who is signed in is not locked out")
		require.NoError(t, g.looks(t, g.visit(t, citizen, "25804193").Text), "and a new link works")
	})
}

func TestWrongPINsEndTheSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		citizen := g.citizen(t)
		stolen, own := g.visit(t, citizen, ""), g.visit(t, citizen, "")
		require.NoError(t, g.SetOwnPIN(t.Context(), g.at(t, own), "25804193", ""))
		for range 3 { // what was wrong before a right one is forgotten
			for range 4 {
				_, err := g.Unlock(t.Context(), g.at(t, own), "1111")
				refused(t, err, domain.Forbidden, "pin_wrong")
			}
			g.time.add(time.Minute)
			_, err := g.Unlock(t.Context(), g.at(t, own), "25804193")
			require.NoError(t, err)
		}
		thief := g.at(t, stolen)
		for range 4 {
			_, err := g.Unlock(t.Context(), thief, "1111")
			refused(t, err, domain.Forbidden, "pin_wrong")
		}
		_, err := g.Unlock(t.Context(), thief, "1111")
		require.Equal(t, domain.Unauthenticated, domain.KindOf(err))
		g.keptOut(t, stolen.Text, "five wrong PINs")
		_, err = g.Unlock(t.Context(), thief, "25804193")
		require.Equal(t, domain.Unauthenticated, domain.KindOf(err), "the right one too late")
		require.NoError(t, g.looks(t, own.Text), "the citizen is not locked out")
	})
}

// However many try at once, five are looked at.
func TestWrongPINsRace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		citizen := g.citizen(t)
		require.NoError(t, g.SetOwnPIN(t.Context(), g.at(t, g.visit(t, citizen, "")), "25804193", ""))
		text := g.link(t, citizen)
		var atOnce sync.WaitGroup
		looked := make(chan error, 40)
		for range 40 {
			atOnce.Go(func() {
				_, err := g.ExchangeCitizenLink(t.Context(), text, "1111")
				if domain.CodeOf(err) == "pin_wrong" {
					looked <- err
				}
			})
		}
		atOnce.Wait()
		require.Len(t, looked, wrongPINs-1, "the fifth is told that the link is ended")
		_, err := g.ExchangeCitizenLink(t.Context(), text, "25804193")
		refused(t, err, domain.Forbidden, "link_unusable")
	})
}

func TestClearCitizenPIN(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		citizen := g.citizen(t)
		_, err := g.ClearCitizenPIN(t.Context(), g.staff(), citizen, PINForgotten)
		refused(t, err, domain.Conflict, "no_pin")
		_, err = g.ClearCitizenPIN(t.Context(), g.staff(), citizen, "because")
		require.Equal(t, domain.Invalid, domain.KindOf(err))
		visit := g.visit(t, citizen, "")
		require.NoError(t, g.SetOwnPIN(t.Context(), g.at(t, visit), "25804193", ""))
		text := g.link(t, citizen)
		ended, err := g.ClearCitizenPIN(t.Context(), g.staff(), citizen, PINForgotten)
		require.NoError(t, err)
		require.Equal(t, Ended{Links: 1, SignIns: 1}, ended)
		g.keptOut(t, visit.Text, "what the PIN protected is ended with it")
		_, err = g.ExchangeCitizenLink(t.Context(), text, "")
		refused(t, err, domain.Forbidden, "link_unusable")
		require.NoError(t, g.store.Read(t.Context(), g.home, func(tx *store.Tx) error {
			pin, err := pinOf(tx, citizen)
			require.Empty(t, pin.Hash)
			require.Equal(t, "kl@varde.dk", pin.ChangedBy)
			require.NoError(t, err)
			entry, err := store.First[domain.AuditEntry](tx, store.Is("action", "clearCitizenPIN"))
			require.JSONEq(t, `{"reason": "forgotten", "links": 1, "sign_ins": 1}`, string(entry.Detail))
			return err
		}))
		visit = g.visit(t, citizen, "")
		require.NoError(t, g.SetOwnPIN(t.Context(), g.at(t, visit), "83917264", ""))
	})
}

// However many send PINs at once, few are worked out: the others wait for their
// turn, and who is told to come back has used up none of their tries.
func TestPINsAreBounded(t *testing.T) {
	g := newGate(t, storetest.Open(t, storetest.SQLite(t)))
	citizen := g.citizen(t)
	phone, tablet := g.visit(t, citizen, ""), g.visit(t, citizen, "")
	require.NoError(t, g.SetOwnPIN(t.Context(), g.at(t, phone), "25804193", ""))
	link := g.link(t, citizen)
	open := g.pins
	g.pins = means.NewHasher(0) // as if all places were taken
	for range 2 * wrongPINs {
		ctx, enough := context.WithTimeout(t.Context(), 20*time.Millisecond)
		_, entered := g.ExchangeCitizenLink(ctx, link, "25804193")
		refused(t, entered, domain.Unavailable, "busy")
		ctx2, enough2 := context.WithTimeout(t.Context(), 20*time.Millisecond)
		_, unlocked := g.Unlock(ctx2, g.at(t, tablet), "25804193")
		refused(t, unlocked, domain.Unavailable, "busy")
		enough()
		enough2()
	}
	other := g.visit(t, g.citizen(t), "")
	ctx, enough := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer enough()
	refused(t, g.SetOwnPIN(ctx, g.at(t, other), "25804193", ""), domain.Unavailable, "busy")
	g.pins = open
	_, err := g.Unlock(t.Context(), g.at(t, tablet), "25804193")
	require.NoError(t, err)
	_, err = g.ExchangeCitizenLink(t.Context(), link, "25804193")
	require.NoError(t, err)
}
