package vouchers

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest/leaks"
	"github.com/fasthold/fasthold/vouchers/code"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// gate is who gets in, under a name that does not hide the Service.
type gate = access.Service

// desk is a municipality at work on Monday 2 March 2026, 10:00 at the site,
// with one treatment provider and one person in each role.
type desk struct {
	*Service
	*gate
	time  *clock
	home  domain.Municipality
	unit  domain.Unit
	staff map[domain.Role]domain.Actor // the caseworker is bound to unit, the team leader to none
}

// clock is a clock that a test sets; safe while others read it.
type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) now() time.Time              { return *c.at.Load() }
func (c *clock) set(at time.Time)            { c.at.Store(&at) }
func (c *clock) add(d time.Duration)         { c.set(c.now().Add(d)) }
func (c *clock) setDate(date string)         { c.set(instant(date + "T09:00:00Z")) }
func instant(rfc3339 string) time.Time       { return must(time.Parse(time.RFC3339, rfc3339)) }
func date(yyyymmdd string) domain.Date       { return must(domain.ParseDate(yyyymmdd)) }
func (d desk) as(r domain.Role) domain.Actor { return d.staff[r] }

// newDesk sets up a desk over s. Several desks may share a store: each is a
// municipality of its own.
func newDesk(t testing.TB, s *store.Store) desk {
	t.Helper()
	d := desk{time: &clock{}, staff: map[domain.Role]domain.Actor{}}
	d.time.setDate("2026-03-02")
	ring, err := code.ParseKeyRing(code.GenerateKey())
	require.NoError(t, err)
	d.Service, d.gate = New(s, ring, must(vault.Parse(keys.Generate(1))), d.time.now), access.New(s, d.time.now)
	d.home, err = d.Found(t.Context(), "Varde Kommune", "")
	require.NoError(t, err)
	for _, role := range domain.Roles {
		d.staff[role] = domain.Actor{MunicipalityID: d.home.MunicipalityID, TokenID: store.NewID(), Person: string(role) + "@varde.dk", Role: role, Address: "192.0.2.1", RequestID: "req-" + string(role)}
	}
	d.unit, err = d.CreateUnit(t.Context(), d.as(domain.Administrator), "Rusmiddelcenter Varde")
	require.NoError(t, err)
	bound := d.staff[domain.Caseworker]
	bound.UnitID = d.unit.ID
	d.staff[domain.Caseworker] = bound
	return d
}

// elsewhere is a caseworker of another unit of the same municipality.
func (d desk) elsewhere(t testing.TB) domain.Actor {
	t.Helper()
	unit, err := d.CreateUnit(t.Context(), d.as(domain.Administrator), "Unit "+store.NewID().String())
	require.NoError(t, err)
	actor := d.as(domain.Caseworker)
	actor.UnitID, actor.TokenID, actor.Person = unit.ID, store.NewID(), "elsewhere@varde.dk"
	return actor
}

// refused asserts that err has the kind and, for bad input, names exactly these
// fields; each of its sentences says something, and TestMain searches it.
func refused(t testing.TB, err error, kind domain.Kind, fields ...string) {
	t.Helper()
	require.Equal(t, kind, domain.KindOf(err), "%v", err)
	leaks.Answer(fmt.Sprint(err))
	var named []string
	for _, f := range domain.FieldsOf(err) {
		require.NotEmpty(t, f.Code, f.Field)
		require.Greater(t, len(strings.Fields(f.Message)), 1, f.Field)
		named = append(named, f.Field)
	}
	require.Equal(t, fields, named, "%v", err)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// citizen adds a citizen, born 1995, to the desk's unit.
func (d desk) citizen(t testing.TB, reference string) domain.Citizen {
	t.Helper()
	c, err := d.CreateCitizen(t.Context(), d.as(domain.Caseworker), CitizenInput{UnitID: d.unit.ID, Reference: reference, Name: "Anna Eksempel", BirthDate: date("1995-06-01")})
	require.NoError(t, err)
	return c
}

// plan adds a citizen with a plan that begins on start.
func (d desk) plan(t testing.TB, reference, start string) domain.Plan {
	t.Helper()
	c := d.citizen(t, "B-"+reference)
	p, err := d.CreatePlan(t.Context(), d.as(domain.Caseworker), PlanInput{
		CitizenID: c.ID, Reference: reference, AssessmentDate: date(start).AddDays(-3), AssessmentReference: "SAG-" + reference, StartDate: date(start),
	})
	require.NoError(t, err)
	return p
}

// programme adopts move-2026, in force from 2026-01-01.
func (d desk) programme(t testing.TB) (domain.Programme, domain.ProgrammeVersion) {
	t.Helper()
	const preset = "move-2026"
	leader := d.as(domain.TeamLeader)
	p, err := d.CreateProgramme(t.Context(), leader, ProgrammeInput{Slug: preset, Title: rules.Text{DA: "Ordning " + preset, EN: "Programme " + preset}})
	require.NoError(t, err)
	draft, err := d.DraftVersion(t.Context(), d.as(domain.Administrator), p.ID, must(rules.Preset(preset)))
	require.NoError(t, err)
	v, err := d.AdoptVersion(t.Context(), leader, draft.ID, draft.Version, Adoption{AdoptedBy: "Byrådet", AdoptedOn: date("2025-12-10"), InForceFrom: date("2026-01-01")})
	require.NoError(t, err)
	return p, v
}

// forYears is a contract without caps, in force at every time that tests play at.
var forYears = domain.Contract{ContractFrom: domain.Date{Year: 2000, Month: 1, Day: 1}}

// till adds a partner with these categories and a terminal, and gives the actor
// that the terminal's key stands for.
func (d desk) till(t testing.TB, name string, categories ...string) domain.Actor {
	t.Helper()
	admin := d.as(domain.Administrator)
	p, err := d.CreatePartner(t.Context(), admin, PartnerInput{Name: name, CVR: "12345674", Categories: categories, Contract: forYears})
	require.NoError(t, err)
	return d.tillOf(t, p.ID, "Kasse 1")
}

// tillOf adds a terminal to a partner and enrols it.
func (d desk) tillOf(t testing.TB, partner domain.ID, label string) domain.Actor {
	t.Helper()
	in, err := d.CreateTerminal(t.Context(), d.as(domain.Administrator), partner, access.TerminalInput{Label: label})
	require.NoError(t, err)
	return d.enrolled(t, in)
}

// enrolled lets the device of a waiting terminal in and gives the actor that its
// key stands for.
func (d desk) enrolled(t testing.TB, in access.TerminalInvitation) domain.Actor {
	t.Helper()
	enrolled, err := d.EnrolTerminal(t.Context(), access.Device{Address: "192.0.2.7"}, in.Code)
	require.NoError(t, err)
	actor, err := d.Authenticate(t.Context(), enrolled.Key)
	require.NoError(t, err)
	actor.Address = "192.0.2.7"
	return actor
}

// ten is a page that holds everything a small test makes.
var ten = store.Page{Limit: 10}

// forbidden asserts that each of these actions is refused without a caller,
// and to every role that the permission table does not give it, and to no other.
func forbidden(t testing.TB, d desk, actions map[domain.Action]func(domain.Actor) error) {
	t.Helper()
	for action, do := range actions {
		for _, role := range domain.Roles {
			kind := domain.KindOf(do(d.as(role)))
			if slices.Contains(domain.Permissions[action], role) {
				require.NotEqual(t, domain.Forbidden, kind, "%s as %s", action, role)
			} else {
				require.Equal(t, domain.Forbidden, kind, "%s as %s", action, role)
			}
		}
		require.Equal(t, domain.Unauthenticated, domain.KindOf(do(domain.Actor{})), "%s as nobody", action)
	}
}
