package access

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// till adds a till that waits for its device.
func (g *gate) till(t testing.TB, label string) TerminalInvitation {
	t.Helper()
	in, err := g.CreateTerminal(t.Context(), g.system, g.partner.ID, TerminalInput{Label: label})
	require.NoError(t, err)
	return in
}

// enrol lets a device in with a code.
func (g *gate) enrol(t testing.TB, code string) Enrolled {
	t.Helper()
	in, err := g.EnrolTerminal(t.Context(), Device{Address: "192.0.2.1", RequestID: "r"}, code)
	require.NoError(t, err)
	return in
}

// A code lets in one device, which gets a key of its own; however it is typed.
func TestEnrolTerminal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, abroad := newGate(t, s), newGate(t, s)
		in := g.till(t, "Kasse 1")
		require.Regexp(t, "^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$", in.Code)
		require.Equal(t, []any{domain.TerminalWaiting, g.time.now().Add(24 * time.Hour)}, []any{in.State, in.Until})

		in2, err := g.EnrolTerminal(t.Context(), Device{}, strings.ToLower(strings.ReplaceAll(in.Code, "-", " — ")))
		require.NoError(t, err)
		require.Equal(t, []any{in.ID, "Kasse 1", domain.TerminalActive, int64(2), "Brugsen", g.home}, []any{in2.ID, in2.Label, in2.State, in2.Terminal.Version, in2.Partner.Name, in2.Municipality.MunicipalityID})
		require.True(t, strings.HasPrefix(in2.Key, "fhk_"))
		actor := g.enters(t, in2.Key)
		require.Equal(t, []any{domain.ByTerminal, domain.PartnerRole, in.ID, g.partner.ID, "terminal:" + in.ID.String()}, []any{actor.Kind, actor.Role, actor.TerminalID, actor.Partner.ID, actor.Person})
		require.Equal(t, int64(1), g.audited(t, "enrolTerminal"))
		require.Zero(t, abroad.audited(t, "enrolTerminal"))

		read, err := g.Terminal(t.Context(), actor, in.ID)
		require.NoError(t, err)
		require.Equal(t, []any{domain.TerminalActive, int64(2)}, []any{read.State, read.Version})
		require.True(t, read.EnrolledAt.Equal(g.time.now()))
	})
}

// A till whose key holds no more is told what helps, and a stranger who makes one up
// is told the same.
func TestRevokedTillIsToldWhatHelps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		till := g.enrol(t, g.till(t, "Kasse 1").Code)
		_, err := g.RevokeTerminal(t.Context(), g.system, till.ID)
		require.NoError(t, err)
		_, revoked := g.Authenticate(t.Context(), till.Key)
		made, _ := newSecret(domain.ByTerminal, g.home)
		_, unknown := g.Authenticate(t.Context(), made)
		_, torn := g.Authenticate(t.Context(), "fhk_torn")
		require.ErrorContains(t, revoked, "administrator for a new code")
		require.Equal(t, []string{"unauthenticated", revoked.Error(), revoked.Error()}, []string{domain.CodeOf(revoked), unknown.Error(), torn.Error()})
		_, err = g.Authenticate(t.Context(), "fht_torn")
		require.EqualError(t, err, Unauthenticated().Error())
	})
}

// Whatever is wrong with a code, the answer is the same.
func TestEnrolTerminalRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		used, old, renewed, revoked, again := g.till(t, "1"), g.till(t, "2"), g.till(t, "3"), g.till(t, "4"), g.till(t, "5")
		g.enrol(t, used.Code)
		_, err := g.RenewTerminalCode(t.Context(), g.system, renewed.ID)
		require.NoError(t, err)
		_, err = g.RevokeTerminal(t.Context(), g.system, revoked.ID)
		require.NoError(t, err)
		g.time.add(24*time.Hour - time.Second)
		g.enrol(t, again.Code)
		g.time.add(time.Second)
		sentences := map[string]bool{}
		for what, code := range map[string]string{
			"used": used.Code, "too old": old.Code, "replaced": renewed.Code, "revoked": revoked.Code, "unknown": "7AAA-AAAA-AAAA-AAAA",
			"empty": "", "too short": "7AAA", "too long": used.Code + "0", "no code": "fhk_ÆØÅ!", "endless": strings.Repeat("- ", 9999),
		} {
			in, err := g.EnrolTerminal(t.Context(), Device{Address: what}, code)
			refused(t, err, domain.NotFound, "invalid_code")
			require.Empty(t, in, what)
			sentences[err.Error()] = true
		}
		require.Len(t, sentences, 1)
		require.Equal(t, int64(2), g.audited(t, "enrolTerminal"))
	})
}

// Who tries codes is stopped for a while, and nobody else.
func TestEnrolTerminalGuessing(t *testing.T) {
	g := newGate(t, storetest.Open(t, storetest.SQLite(t)))
	in, thief := g.till(t, "Kasse 1"), Device{Address: "203.0.113.9"}
	for i := range wrongAtOnce {
		_, err := g.EnrolTerminal(t.Context(), thief, fmt.Sprint("guess ", i))
		refused(t, err, domain.NotFound, "invalid_code")
	}
	_, err := g.EnrolTerminal(t.Context(), thief, in.Code)
	refused(t, err, domain.TooMany, "rate_limited")
	g.enrol(t, in.Code)
	g.time.add(wrongRegainIn)
	_, err = g.EnrolTerminal(t.Context(), thief, in.Code)
	refused(t, err, domain.NotFound, "invalid_code")
	for i := range wrongAtOnce {
		_, err := g.EnrolTerminal(t.Context(), Device{Address: fmt.Sprintf("2001:db8::%x", i)}, "guess")
		refused(t, err, domain.NotFound, "invalid_code")
	}
	_, err = g.EnrolTerminal(t.Context(), Device{Address: "2001:db8::ffff"}, "guess")
	refused(t, err, domain.TooMany, "rate_limited") // one subscriber has a whole /64
}

// Of any number of devices with the same code, one gets in.
func TestRaceEnrolTerminal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		in := g.till(t, "Kasse 1")
		const devices = 50
		var all sync.WaitGroup
		keys := make(chan string, devices)
		start := make(chan struct{})
		for i := range devices {
			all.Go(func() {
				<-start
				got, err := g.EnrolTerminal(t.Context(), Device{Address: fmt.Sprint(i)}, in.Code)
				if err == nil {
					keys <- got.Key
				} else {
					require.Equal(t, "invalid_code", domain.CodeOf(err), "%v", err)
				}
			})
		}
		close(start)
		all.Wait()
		close(keys)
		require.Len(t, keys, 1)
		require.Equal(t, in.ID, g.enters(t, <-keys).TerminalID)
		require.Equal(t, int64(1), g.audited(t, "enrolTerminal"))
		require.NoError(t, s.Read(t.Context(), g.home, func(tx *store.Tx) error {
			n, err := store.Count[domain.Token](tx, store.Is("terminal_id", in.ID))
			require.Equal(t, int64(1), n)
			return err
		}))
	})
}

// Another code takes the key of the device in use away at once; revoking takes
// both, for good.
func TestRenewTerminalCode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, abroad := newGate(t, s), newGate(t, s)
		in := g.till(t, "Kasse 1")
		first := g.enrol(t, in.Code)
		g.enters(t, first.Key)
		renewed, err := g.RenewTerminalCode(t.Context(), g.system, in.ID)
		require.NoError(t, err)
		require.NotEqual(t, in.Code, renewed.Code)
		require.Equal(t, []any{domain.TerminalWaiting, int64(3)}, []any{renewed.State, renewed.Version})
		g.keptOut(t, first.Key, "its place is given to another")
		second := g.enrol(t, renewed.Code)
		require.NotEqual(t, first.Key, second.Key)
		g.enters(t, second.Key)

		third, err := g.RenewTerminalCode(t.Context(), g.system, in.ID)
		require.NoError(t, err)
		revoked, err := g.RevokeTerminal(t.Context(), g.system, in.ID)
		require.NoError(t, err)
		require.Equal(t, domain.TerminalRevoked, revoked.State)
		g.keptOut(t, second.Key, "revoked")
		_, err = g.EnrolTerminal(t.Context(), Device{}, third.Code)
		refused(t, err, domain.NotFound, "invalid_code")
		for what, do := range map[string]func(id domain.ID, by *gate) error{
			"renew": func(id domain.ID, by *gate) error {
				_, err := by.RenewTerminalCode(t.Context(), by.system, id)
				return err
			},
			"revoke": func(id domain.ID, by *gate) error {
				_, err := by.RevokeTerminal(t.Context(), by.system, id)
				return err
			},
			"update": func(id domain.ID, by *gate) error {
				_, err := by.UpdateTerminal(t.Context(), by.system, id, revoked.Version, TerminalChange{})
				return err
			},
		} {
			require.Equal(t, "already_revoked", domain.CodeOf(do(in.ID, g)), what)
			require.Equal(t, domain.NotFound, domain.KindOf(do(in.ID, abroad)), what)
		}
	})
}

func TestUpdateTerminal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		in := g.till(t, "Kasse 1")
		money := func(n int64) *int64 { return &n }
		changed, err := g.UpdateTerminal(t.Context(), g.system, in.ID, 1, TerminalChange{Label: new(" Kassen "), MostPerHour: money(5), MostPerDay: money(MostMoney)})
		require.NoError(t, err)
		read, err := g.Terminal(t.Context(), g.system, in.ID)
		require.NoError(t, err)
		require.Equal(t, []any{"Kassen", domain.Limits{MostPerHour: 5, MostPerDay: MostMoney}, int64(2)}, []any{read.Label, read.Limits, read.Version})
		require.Equal(t, []any{read.Label, read.Limits, read.Version}, []any{changed.Label, changed.Limits, changed.Version})
		_, err = g.UpdateTerminal(t.Context(), g.system, in.ID, 1, TerminalChange{MostPerHour: money(0)})
		require.Equal(t, domain.Stale, domain.KindOf(err))
		changed, err = g.UpdateTerminal(t.Context(), g.system, in.ID, 2, TerminalChange{MostPerHour: money(0)})
		require.NoError(t, err)
		require.Equal(t, domain.Limits{MostPerDay: MostMoney}, changed.Limits)
		_, err = g.UpdateTerminal(t.Context(), g.system, in.ID, 3, TerminalChange{Label: new(""), MostPerVoucher: money(-1), MostPerHour: money(MostMoney + 1), MostPerDay: money(-5)})
		var fields []string
		for _, f := range domain.FieldsOf(err) {
			fields = append(fields, f.Field)
		}
		require.Equal(t, []string{"label", "most_per_voucher", "most_per_hour", "most_per_day"}, fields)
	})
}

// What a code is kept as says nothing of it, and codes do not repeat.
func TestTerminalCodes(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		text, hash := newTerminalCode()
		require.False(t, seen[text])
		seen[text] = true
		require.Equal(t, hash, hashTerminalCode("\t"+strings.NewReplacer("0", "o", "1", "l").Replace(text)+"\n"))
		require.Len(t, hash, 32)
	}
}
