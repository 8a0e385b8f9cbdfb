package access

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// citizen adds a citizen, born 1 June 1995, to the gate's unit.
func (g *gate) citizen(t testing.TB) domain.ID {
	t.Helper()
	c := domain.Citizen{
		MunicipalityID: g.home, ID: store.NewID(), UnitID: g.unit.ID, BirthDate: domain.Date{Year: 1995, Month: time.June, Day: 1}, Version: 1, CreatedAt: g.now(),
	}
	c.Reference = c.ID.String()
	require.NoError(t, g.store.Write(t.Context(), g.system, func(tx *store.Tx) error {
		if err := store.Insert(tx, &c); err != nil {
			return err
		}
		return tx.Audit("test", "citizen", c.ID, g.now(), nil)
	}))
	return c.ID
}

// staff is a caseworker of the gate's unit.
func (g *gate) staff() domain.Actor {
	return domain.Actor{MunicipalityID: g.home, TokenID: store.NewID(), Person: "kl@varde.dk", Role: domain.Caseworker, UnitID: g.unit.ID}
}

// link makes a citizen's link and gives its text.
func (g *gate) link(t testing.TB, citizen domain.ID) string {
	t.Helper()
	made, err := g.CreateCitizenLink(t.Context(), g.staff(), "createCitizenLink", citizen)
	require.NoError(t, err)
	return made.Text
}

// visit signs a citizen in.
func (g *gate) visit(t testing.TB, citizen domain.ID, pin string) Visit {
	t.Helper()
	visit, err := g.ExchangeCitizenLink(t.Context(), g.link(t, citizen), pin)
	require.NoError(t, err)
	return visit
}

// looks does something on a citizen's own page.
func (g *gate) looks(t testing.TB, text string) error {
	t.Helper()
	actor, err := g.Authenticate(t.Context(), text)
	if err != nil {
		return err
	}
	g.store.Settle()
	return OnOwnPage(t.Context(), g.store, actor, "getOwnPage", g.now(), func(tx *store.Tx) error {
		return tx.Audit("getOwnPage", "citizen", actor.CitizenID, g.now(), nil)
	})
}

// states gives what the links of a citizen are, the newest first.
func (g *gate) states(t testing.TB, citizen domain.ID) (states []string) {
	t.Helper()
	l, err := g.CitizenLinks(t.Context(), g.staff(), citizen, store.Page{Limit: 10})
	require.NoError(t, err)
	for _, link := range l.Rows {
		states = append(states, link.Now)
	}
	return states
}

func TestCitizenLink(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		ella, bo := g.citizen(t), g.citizen(t)
		made, err := g.CreateCitizenLink(t.Context(), g.staff(), "createCitizenLink", ella)
		require.NoError(t, err)
		require.Equal(t, g.now().Add(30*24*time.Hour), made.Link.ExpiresAt)
		require.Equal(t, "kl@varde.dk", made.Link.CreatedBy)
		visit, err := g.ExchangeCitizenLink(t.Context(), made.Text, "")
		require.NoError(t, err)
		require.Equal(t, g.now().Add(180*24*time.Hour), visit.Until)
		actor := g.enters(t, visit.Text)
		require.Equal(t, domain.CitizenRole, actor.Role)
		require.Equal(t, domain.ByCitizen, actor.Kind)
		require.Equal(t, ella, actor.CitizenID)
		require.Equal(t, "citizen:"+ella.String(), actor.Person)
		require.Zero(t, actor.UnitID)
		require.EqualValues(t, 1, g.audited(t, "exchangeCitizenLink"))

		unused, other := g.link(t, bo), g.link(t, ella)
		newer := g.link(t, ella)
		require.Equal(t, []string{domain.LinkOpen, domain.LinkRevoked, domain.LinkUsed}, g.states(t, ella))
		require.Equal(t, []string{domain.LinkOpen}, g.states(t, bo), "another citizen's link is not touched")
		expired := g.link(t, g.citizen(t))
		g.time.add(30*24*time.Hour - time.Minute)
		require.NoError(t, g.looks(t, visit.Text), "on the last day of rest")
		g.time.add(time.Minute)
		unknown, _ := newLinkText(g.home)
		abroad, _ := newLinkText(store.NewID())
		for why, text := range map[string]string{"used": made.Text, "revoked": other, "expired": expired, "unknown": unknown, "of nowhere": abroad, "no link": "x", "too late": newer, "late": unused} {
			_, err := g.ExchangeCitizenLink(t.Context(), text, "")
			refused(t, err, domain.Forbidden, "link_unusable")
			require.Equal(t, linkUnusable().Error(), err.Error(), why)
		}
		g.time.add(29 * 24 * time.Hour)
		require.NoError(t, g.looks(t, visit.Text))
		g.time.add(30*24*time.Hour + time.Minute)
		g.keptOut(t, visit.Text, "unused for thirty days")
	})
}

func TestCitizenLink_endsAfterHalfAYear(t *testing.T) {
	g := newGate(t, storetest.Open(t, storetest.SQLite(t)))
	visit := g.visit(t, g.citizen(t), "")
	for range 8 {
		g.time.add(20 * 24 * time.Hour)
		require.NoError(t, g.looks(t, visit.Text))
	}
	g.time.add(20 * 24 * time.Hour)
	g.keptOut(t, visit.Text, "180 days")
}

// Who may not, or not here, makes no link and ends nothing.
func TestCitizenLink_reach(t *testing.T) {
	g := newGate(t, storetest.Open(t, storetest.SQLite(t)))
	citizen := g.citizen(t)
	neighbour := g.staff()
	neighbour.UnitID = store.NewID()
	abroad := g.staff()
	abroad.MunicipalityID = store.NewID()
	do := map[string]func(domain.Actor) error{
		"create": func(a domain.Actor) error {
			_, err := g.CreateCitizenLink(t.Context(), a, "createCitizenLink", citizen)
			return err
		},
		"list": func(a domain.Actor) error {
			_, err := g.CitizenLinks(t.Context(), a, citizen, store.Page{Limit: 1})
			return err
		},
		"revoke": func(a domain.Actor) error {
			_, err := g.RevokeCitizenAccess(t.Context(), a, citizen)
			return err
		},
		"clear": func(a domain.Actor) error {
			_, err := g.ClearCitizenPIN(t.Context(), a, citizen, PINForgotten)
			return err
		},
	}
	for name, try := range do {
		require.Equal(t, domain.NotFound, domain.KindOf(try(neighbour)), "%s: another unit", name)
		require.Equal(t, domain.NotFound, domain.KindOf(try(abroad)), "%s: another municipality", name)
		for _, role := range []domain.Role{domain.Finance, domain.Auditor, domain.PartnerRole, domain.Administrator, domain.Operator, domain.CitizenRole} {
			actor := g.staff()
			actor.Role, actor.CitizenID = role, citizen
			require.Equal(t, domain.Forbidden, domain.KindOf(try(actor)), "%s as %s", name, role)
		}
	}
}

// Of any number who use a link at once, one gets in.
func TestExchangeRace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		citizen := g.citizen(t)
		text := g.link(t, citizen)
		var atOnce sync.WaitGroup
		start, won := make(chan struct{}), make(chan Visit, 50)
		for range 50 {
			atOnce.Go(func() {
				<-start
				visit, err := g.ExchangeCitizenLink(t.Context(), text, "")
				if err == nil {
					won <- visit
				} else if domain.CodeOf(err) != "link_unusable" {
					t.Error(err)
				}
			})
		}
		close(start)
		atOnce.Wait()
		require.Len(t, won, 1)
		require.NoError(t, g.looks(t, (<-won).Text))
		require.NoError(t, g.store.Read(t.Context(), g.home, func(tx *store.Tx) error {
			n, err := store.Count[domain.Token](tx, store.Is("citizen_id", citizen))
			require.EqualValues(t, 1, n)
			return err
		}))
		require.EqualValues(t, 1, g.audited(t, "exchangeCitizenLink"))
	})
}

// Links made at once leave one that can be used.
func TestCreateLinkRace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		citizen := g.citizen(t)
		var atOnce sync.WaitGroup
		for range 10 {
			atOnce.Go(func() {
				if _, err := g.CreateCitizenLink(t.Context(), g.staff(), "createCitizenLink", citizen); err != nil {
					t.Error(err)
				}
			})
		}
		atOnce.Wait()
		open := 0
		for _, state := range g.states(t, citizen) {
			if state == domain.LinkOpen {
				open++
			}
		}
		require.Equal(t, 1, open)
	})
}

func TestRevokeCitizenAccess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		ella, bo := g.citizen(t), g.citizen(t)
		phone, tablet, others := g.visit(t, ella, ""), g.visit(t, ella, ""), g.visit(t, bo, "")
		text := g.link(t, ella)
		ended, err := g.RevokeCitizenAccess(t.Context(), g.staff(), ella)
		require.NoError(t, err)
		require.Equal(t, Ended{Links: 1, SignIns: 2}, ended)
		g.keptOut(t, phone.Text, "revoked")
		g.keptOut(t, tablet.Text, "revoked")
		_, err = g.ExchangeCitizenLink(t.Context(), text, "")
		refused(t, err, domain.Forbidden, "link_unusable")
		require.NoError(t, g.looks(t, others.Text), "another citizen's stays")
		require.NoError(t, g.looks(t, g.visit(t, ella, "").Text), "a new link works")
		require.EqualValues(t, 1, g.audited(t, "revokeCitizenAccess"))
	})
}

// Another server's memory of who is known lets nobody in whose access was ended.
func TestRevokeCitizenAccess_onAnotherServer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		citizen := g.citizen(t)
		visit := g.visit(t, citizen, "")
		known := g.enters(t, visit.Text)
		_, err := g.RevokeCitizenAccess(t.Context(), g.staff(), citizen)
		require.NoError(t, err)
		err = OnOwnPage(t.Context(), g.store, known, "getOwnPage", g.now(), func(*store.Tx) error { return errors.New("not reached") })
		require.Equal(t, domain.Unauthenticated, domain.KindOf(err))
		require.Equal(t, domain.Unauthenticated, domain.KindOf(g.SetOwnPIN(t.Context(), known, "25804193", "")))
	})
}

// A link that is used while the access is revoked lets in before, or not at all.
func TestRevokeRace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		for range 20 {
			citizen := g.citizen(t)
			text := g.link(t, citizen)
			var visit Visit
			var used error
			var atOnce sync.WaitGroup
			atOnce.Go(func() { visit, used = g.ExchangeCitizenLink(t.Context(), text, "") })
			atOnce.Go(func() {
				if _, err := g.RevokeCitizenAccess(t.Context(), g.staff(), citizen); err != nil {
					t.Error(err)
				}
			})
			atOnce.Wait()
			if used == nil {
				g.keptOut(t, visit.Text, "let in before it was revoked")
			} else {
				refused(t, used, domain.Forbidden, "link_unusable")
			}
		}
	})
}
