package access

import (
	"encoding/base32"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func base32Of(text string) (generator, error) {
	return base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(text)
}

func TestSignInWithPassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, _ := newHouse(t, s)
		codes := g.withPassword(t, mette)
		good := PasswordInput{Person: " METTE@varde.dk ", Password: goodPassword, Code: codes.shows(g), Address: "192.0.2.1"}
		for name, spoil := range map[string]func(in *PasswordInput){
			"no person":      func(in *PasswordInput) { in.Person = "" },
			"nobody":         func(in *PasswordInput) { in.Person = "nobody@varde.dk" },
			"no account":     func(in *PasswordInput) { in.Person = "anne@varde.dk" },
			"wrong password": func(in *PasswordInput) { in.Password += "x" },
			"no password":    func(in *PasswordInput) { in.Password = "" },
			"wrong code":     func(in *PasswordInput) { in.Code = "000000" },
			"no code":        func(in *PasswordInput) { in.Code = "" },
		} {
			in := good
			spoil(&in)
			_, err := g.SignInWithPassword(t.Context(), g.home, in)
			refused(t, err, domain.Unauthenticated, "sign_in_failed")
			require.Equal(t, signInFailed().Error(), err.Error(), name)
		}
		in, err := g.SignInWithPassword(t.Context(), g.home, good)
		require.NoError(t, err)
		require.Equal(t, mette, g.enters(t, in.Text).Person)
		_, err = g.SignInWithPassword(t.Context(), g.home, good)
		refused(t, err, domain.Unauthenticated, "sign_in_failed") // the code was used

		g.time.add(domain.FreshFor)
		stale := g.enters(t, in.Text)
		require.False(t, stale.Fresh)
		_, err = g.ProveWithPassword(t.Context(), stale, PasswordInput{Password: "wrong", Code: codes.shows(g)})
		refused(t, err, domain.Unauthenticated, "sign_in_failed")
		text, err := g.ProveWithPassword(t.Context(), stale, PasswordInput{Person: "somebody@else.dk", Password: goodPassword, Code: codes.shows(g)})
		require.NoError(t, err)
		require.True(t, g.enters(t, text).Fresh)
		g.keptOut(t, in.Text, "the secret is another after a step-up")
	})
}

// Of twenty who use one code at the same time, one gets in.
func TestRaceForACode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, _ := newHouse(t, s)
		codes := g.withPassword(t, mette)
		var won atomic.Int32
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				in := PasswordInput{Person: mette, Password: goodPassword, Code: codes.shows(g), Address: fmt.Sprintf("192.0.2.%d", i)}
				if _, err := g.SignInWithPassword(t.Context(), g.home, in); err == nil {
					won.Add(1)
				} else if domain.CodeOf(err) != "busy" {
					require.Equal(t, "sign_in_failed", domain.CodeOf(err), "%v", err)
				}
			})
		}
		all.Wait()
		require.Equal(t, int32(1), won.Load())
	})
}

// Whoever fails on purpose is slowed, and stops the owner neither on a device
// that has signed in before, nor with a passkey, nor from another address.
func TestNobodyLocksAnotherOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, _ := newHouse(t, s)
		codes := g.withPassword(t, mette)
		signsIn := func(address, device string) (SignedIn, error) {
			g.time.add(time.Minute)
			return g.SignInWithPassword(t.Context(), g.home, PasswordInput{Person: mette, Password: goodPassword, Code: codes.shows(g), Address: address, Device: device})
		}
		const office, home = "192.0.2.1", "2001:db8:7::1"
		in, err := signsIn(office, "")
		require.NoError(t, err)
		device, err := g.Device(t.Context(), in.Actor, "")
		require.NoError(t, err)
		own, err := g.Own(t.Context(), in.Actor)
		require.NoError(t, err)
		c, err := g.AddPasskey(t.Context(), in.Actor)
		require.NoError(t, err)
		key := newAuthenticator(t)
		require.NoError(t, g.KeepPasskey(t.Context(), in.Actor, PasskeyInput{State: c.State, Answer: key.makes(c)}))
		require.Empty(t, own.Passkeys)

		g.time.add(attemptWindow)
		for range attemptsPerAccount { // from the owner's own network
			_, err := g.SignInWithPassword(t.Context(), g.home, PasswordInput{Person: mette, Password: "a wrong password", Code: "000000", Address: office})
			refused(t, err, domain.Unauthenticated, "sign_in_failed")
		}
		_, err = g.SignInWithPassword(t.Context(), g.home, PasswordInput{Person: mette, Password: "a wrong password", Code: "000000", Address: office})
		refused(t, err, domain.TooMany, "rate_limited")
		_, err = g.SignInWithPassword(t.Context(), g.home, PasswordInput{Person: mette, Password: "a wrong password", Code: "000000", Address: office, Device: device + "x"})
		refused(t, err, domain.TooMany, "rate_limited") // a made-up device is none

		_, err = signsIn(office, "")
		refused(t, err, domain.TooMany, "rate_limited")
		_, err = signsIn(office, device)
		require.NoError(t, err, "a known device")
		_, err = g.usesPasskey(t, key)
		require.NoError(t, err, "a passkey")
		_, err = signsIn(home, "")
		require.NoError(t, err, "another address")
		g.time.add(attemptWindow)
		_, err = signsIn(office, "")
		require.NoError(t, err, "it passes")
	})
}

// Who tries one password on every account is slowed by their address, of which
// the half that a subscriber chooses does not count.
func TestAddressesAreSlowed(t *testing.T) {
	t.Parallel()
	g, _ := newHouse(t, storetest.Open(t, storetest.SQLite(t)))
	try := func(i int, address string) error {
		_, err := g.limit(t.Context(), g.home, domain.Account{}, PasswordInput{Person: fmt.Sprint("person", i), Address: address})
		return err
	}
	for i := range attemptsPerAddress {
		require.NoError(t, try(i, fmt.Sprintf("2001:db8:1:1::%d", i)))
	}
	refused(t, try(1000, "2001:db8:1:1::ffff"), domain.TooMany, "rate_limited")
	require.NoError(t, try(1000, "2001:db8:1:2::1"))
	for address, want := range map[string]string{"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:db8::1%eth0": "2001:db8::/64", "": "", "x": "x"} {
		require.Equal(t, want, Network(address))
	}
}

// A device is known for the accounts that have signed in on it, for half a year.
func TestDevice(t *testing.T) {
	t.Parallel()
	g, admins := newHouse(t, storetest.Open(t, storetest.SQLite(t)))
	cookie, err := g.Device(t.Context(), admins[0], "")
	require.NoError(t, err)
	require.Empty(t, cookie, "who has no account needs none")
	_, first := g.withPasskey(t, mette)
	_, second := g.withPasskey(t, "ole@varde.dk")
	one, err := g.Device(t.Context(), first.Actor, "not one of ours")
	require.NoError(t, err)
	both, err := g.Device(t.Context(), second.Actor, one)
	require.NoError(t, err)
	require.Equal(t, g.readDevice(one).ID, g.readDevice(both).ID)
	require.Len(t, g.readDevice(one).Accounts, 1)
	require.Len(t, g.readDevice(both).Accounts, 2)
	again, err := g.Device(t.Context(), first.Actor, both)
	require.NoError(t, err)
	require.Len(t, g.readDevice(again).Accounts, 2)
	require.NotContains(t, again, mette)
	g.time.add(DeviceHolds)
	require.Zero(t, g.readDevice(both))
}
