package access

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// gate is a municipality with one unit and one shop on Monday 2 March 2026, 10:00,
// and who gets in there.
type gate struct {
	*Service
	store   *store.Store
	time    *clock
	home    domain.ID
	unit    domain.Unit
	partner domain.Partner
	system  domain.Actor
}

// clock is a clock that a test sets; safe while others read it.
type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) now() time.Time { return *c.at.Load() }
func (c *clock) add(d time.Duration) {
	at := c.now().Add(d)
	c.at.Store(&at)
}

// newGate sets up a gate over s. Several may share a store.
func newGate(t testing.TB, s *store.Store, options ...Option) *gate {
	t.Helper()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	g := &gate{store: s, time: &clock{}, home: store.NewID()}
	g.time.at.Store(&at)
	g.Service = New(s, g.time.now, options...)
	g.system = domain.Actor{MunicipalityID: g.home, Person: "system:test", Role: domain.System}
	g.unit = domain.Unit{MunicipalityID: g.home, ID: store.NewID(), Name: "Rusmiddelcenter Varde", Version: 1, CreatedAt: at}
	g.partner = domain.Partner{MunicipalityID: g.home, ID: store.NewID(), Name: "Brugsen", CVR: "12345674", Categories: domain.Strings{"groceries"}, State: "active", Version: 1, CreatedAt: at}
	g.partner.Contract, g.partner.Method = domain.Contract{ContractFrom: domain.Date{Year: 2020, Month: 1, Day: 1}}, domain.ByInvoice
	branch := domain.Branch{MunicipalityID: g.home, ID: store.NewID(), PartnerID: g.partner.ID, Name: "Brugsen", Version: 1, CreatedAt: at}
	home := domain.Municipality{MunicipalityID: g.home, Name: "Varde " + g.home.String(), TimeZone: "Europe/Copenhagen", Limits: domain.Limits{MostPerVoucher: 1, MostPerHour: 1, MostPerDay: 1}, Version: 1, CreatedAt: at}
	require.NoError(t, s.Write(t.Context(), g.system, func(tx *store.Tx) error {
		if err := tx.Append(&home, &g.unit, &g.partner, &branch); err != nil {
			return err
		}
		return tx.Audit("test", "municipality", g.home, at, nil)
	}))
	return g
}

// grant gives a person a role, bound to the gate's unit or shop where it must be.
func (g *gate) grant(t testing.TB, person string, role domain.Role) domain.Assignment {
	t.Helper()
	a, err := g.Assign(t.Context(), g.system, g.asks(person, role))
	require.NoError(t, err)
	return a
}

// asks is what to ask for to give a person a role.
func (g *gate) asks(person string, role domain.Role) AssignmentInput {
	in := AssignmentInput{Person: person, Role: role}
	if role == domain.Caseworker {
		in.UnitID = g.unit.ID
	}
	if role == domain.PartnerRole {
		in.PartnerID = g.partner.ID
	}
	return in
}

// signIn signs a person in who has a role.
func (g *gate) signIn(t testing.TB, person string) SignedIn {
	t.Helper()
	in, err := g.SignIn(t.Context(), g.home, Proof{Person: person, Method: "passkey"})
	require.NoError(t, err)
	return in
}

// enters gives who a secret lets in now, once every use so far is noted.
func (g *gate) enters(t testing.TB, text string) domain.Actor {
	t.Helper()
	actor, err := g.Authenticate(t.Context(), text)
	require.NoError(t, err)
	g.store.Settle()
	return actor
}

// keptOut asserts that a secret lets nobody in.
func (g *gate) keptOut(t testing.TB, text, why string) {
	t.Helper()
	_, err := g.Authenticate(t.Context(), text)
	require.Equal(t, domain.Unauthenticated, domain.KindOf(err), "%s: %v", why, err)
	_, torn := g.Authenticate(t.Context(), text[:min(len(text), len("fht_"))])
	require.EqualError(t, err, torn.Error(), "the same sentence as for what never was one")
}

// audited counts the audit entries of an action.
func (g *gate) audited(t testing.TB, action string) (n int64) {
	t.Helper()
	require.NoError(t, g.store.Read(t.Context(), g.home, func(tx *store.Tx) (err error) {
		n, err = store.Count[domain.AuditEntry](tx, store.Is("action", action))
		return err
	}))
	return n
}

// refused asserts an error's kind and code.
func refused(t testing.TB, err error, kind domain.Kind, code string) {
	t.Helper()
	require.Equal(t, kind, domain.KindOf(err), "%v", err)
	require.Equal(t, code, domain.CodeOf(err), "%v", err)
}
