package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

// demoClock is what the service takes for now while the demo's past happens.
type demoClock struct{ at atomic.Pointer[time.Time] }

func (c *demoClock) now() time.Time { return *c.at.Load() }

func (c *demoClock) set(at time.Time) { c.at.Store(&at) }

// demoPast is how long ago the demo's municipality begins: long enough for
// vouchers of the first treatments to have lapsed.
const demoPast = 475 // days

// demoDays is how long the tokens of the demo hold.
const demoDays = 365

// demoBuild is a demo being built: who is there, and what will happen.
type demoBuild struct {
	*site
	clock       *demoClock
	until       time.Time // the present
	loc         *time.Location
	chance      *rand.Rand
	home        domain.ID
	programme   domain.ID
	units       []domain.Unit
	staff       map[domain.Role]domain.Actor
	caseworkers []domain.Actor // by unit
	finance2    domain.Actor   // the other person of finance
	tills       []domain.Actor // by shop
	tokens      map[domain.Role]string
	ahead       schedule
	left        map[domain.ID]bool // plans that have ended
	kept        []kept             // vouchers that nobody will use
	issued      int                // vouchers so far
	purchases   int                // planned so far
	planned     int                // events so far
}

// buildDemo lets a municipality's past happen, from its first day until now,
// through the use cases that the API calls.
func buildDemo(ctx context.Context, s *site, clock *demoClock, now time.Time, line *progress) (demoState, error) {
	b := &demoBuild{
		site: s, clock: clock, until: now, left: map[domain.ID]bool{}, tokens: map[domain.Role]string{}, staff: map[domain.Role]domain.Actor{},
		chance: rand.New(rand.NewPCG(2026, 11)), //nolint:gosec // the same demo every time, not secrets
	}
	defer line.clear()
	line.show("building the demo …")
	for _, step := range []func(context.Context) error{b.found, b.hire, b.adopt, b.appropriate, b.openShops, b.payShops, b.admit, b.doubt} {
		if err := step(ctx); err != nil {
			return demoState{}, err
		}
	}
	for e, ok := b.ahead.next(); ok; e, ok = b.ahead.next() {
		if e.at.After(now) {
			break // the future stays open
		}
		line.show("building the demo: %s, %s", e.at.Format(time.DateOnly), count(b.issued, "voucher"))
		b.clock.set(e.at)
		if err := e.do(ctx); err != nil {
			return demoState{}, fmt.Errorf("on %s: %w", e.at.Format(time.DateOnly), err)
		}
	}
	if err := b.leaveDraft(ctx); err != nil {
		return demoState{}, err
	}
	if err := b.renew(ctx); err != nil {
		return demoState{}, err
	}
	finance2, err := b.hireFinance2(ctx)
	return demoState{Municipality: api.MunicipalityID(b.home).String(), Tokens: b.tokens, Finance2: finance2}, err
}

// found makes the municipality, its units and its first administrator.
func (b *demoBuild) found(ctx context.Context) error {
	b.clock.set(b.until.AddDate(0, 0, -demoPast))
	m, err := b.Found(ctx, demoMunicipality, "")
	if err != nil {
		return err
	}
	b.home = m.MunicipalityID
	if b.loc, err = time.LoadLocation(m.TimeZone); err != nil {
		return err
	}
	if err := b.token(ctx, access.TokenInput{Role: domain.Administrator, Person: demoStaff[domain.Administrator]}); err != nil {
		return err
	}
	if err := b.token(ctx, access.TokenInput{Role: domain.Operator, Person: demoStaff[domain.Operator]}); err != nil {
		return err
	}
	for _, name := range demoUnits {
		unit, err := b.CreateUnit(ctx, b.staff[domain.Administrator], name)
		if err != nil {
			return err
		}
		b.units = append(b.units, unit)
	}
	return nil
}

// hire makes the others' tokens. Of the caseworkers, the first unit's is the
// one whose token is shown.
func (b *demoBuild) hire(ctx context.Context) error {
	for _, role := range []domain.Role{domain.TeamLeader, domain.Finance, domain.Auditor} {
		if err := b.token(ctx, access.TokenInput{Role: role, Person: demoStaff[role]}); err != nil {
			return err
		}
	}
	for i := len(b.units) - 1; i >= 0; i-- {
		in := access.TokenInput{Role: domain.Caseworker, Person: demoCaseworkers[i], UnitID: b.units[i].ID}
		if err := b.token(ctx, in); err != nil {
			return err
		}
		b.caseworkers = append([]domain.Actor{b.staff[domain.Caseworker]}, b.caseworkers...)
	}
	_, err := b.hireFinance2(ctx)
	return err
}

// token makes a person's token; the last of a role is the one that is shown.
func (b *demoBuild) token(ctx context.Context, in access.TokenInput) error {
	in.Days = demoDays
	_, text, err := b.access.CreateToken(ctx, system(b.home, "demo"), in)
	if err != nil {
		return err
	}
	b.tokens[in.Role] = text
	b.staff[in.Role], err = b.access.Authenticate(ctx, text)
	return err
}

// renew makes today the tokens that are shown: those of the first day have
// ended meanwhile.
func (b *demoBuild) renew(ctx context.Context) error {
	b.clock.set(b.until)
	for _, role := range domain.Roles {
		actor := b.staff[role]
		if role == domain.PartnerRole {
			continue // a till's does not end
		}
		if err := b.token(ctx, access.TokenInput{Role: role, Person: actor.Person, UnitID: actor.UnitID}); err != nil {
			return err
		}
	}
	return nil
}

// adopt adopts the preset programme, and leaves a draft of its next version.
func (b *demoBuild) adopt(ctx context.Context) error {
	document, err := rules.Preset(demoProgramme)
	if err != nil {
		return err
	}
	doc, err := rules.Parse(document)
	if err != nil {
		return err
	}
	today := domain.DateOf(b.clock.now(), b.loc)
	version, err := draft(ctx, b.Service, b.staff[domain.Administrator], b.programme, doc)
	if err != nil {
		return err
	}
	b.programme = version.ProgrammeID
	_, err = b.AdoptVersion(ctx, b.staff[domain.TeamLeader], version.ID, version.Version, vouchers.Adoption{AdoptedBy: "Byrådet", AdoptedOn: today, InForceFrom: today})
	if err != nil {
		return err
	}
	doc.Phases[0].Magnitude.Constant = 25000 // what the council is to decide on next
	_, err = b.DraftVersion(ctx, b.staff[domain.Administrator], b.programme, doc.JSON())
	return err
}

// openShops makes the partners with a till each; the first one's key is shown.
func (b *demoBuild) openShops(ctx context.Context) error {
	administrator := b.staff[domain.Administrator]
	for i, shop := range demoShops {
		partner, err := b.CreatePartner(ctx, administrator, vouchers.PartnerInput{Name: shop.name, CVR: shop.cvr, Categories: shop.categories, Contract: domain.Contract{ContractFrom: domain.DateOf(b.clock.now(), b.loc)}})
		if err != nil {
			return err
		}
		in, err := b.access.CreateTerminal(ctx, administrator, partner.ID, access.TerminalInput{Label: "Kasse 1"})
		if err != nil {
			return err
		}
		enrolled, err := b.access.EnrolTerminal(ctx, access.Device{}, in.Code)
		if err != nil {
			return err
		}
		if i == 0 {
			b.tokens[domain.PartnerRole] = enrolled.Key
		}
		till, err := b.access.Authenticate(ctx, enrolled.Key)
		if err != nil {
			return err
		}
		b.tills = append(b.tills, till)
	}
	return nil
}
