package api

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// neighbour is a caseworker of another unit, who can sign in.
const neighbour = "nabo@eksempel.dk"

// elsewhere makes the neighbour and their unit.
func (w *world) elsewhere() {
	w.t.Helper()
	unit := ok(w.service.CreateUnit(w.t.Context(), w.system(), "Nabohuset"))
	ok(w.access.Assign(w.t.Context(), w.system(), access.AssignmentInput{Person: neighbour, Role: domain.Caseworker, UnitID: unit.ID}))
}

// A caseworker of another unit is told what follows, takes emergency access and reads;
// the citizen's leader sees who, why and how often, and says that it was in order.
func TestEmergencyInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.elsewhere()
		citizen := ok(w.service.Citizen(t.Context(), w.as(domain.Caseworker), w.find("cit", 1)))
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		run(w.signs(neighbour, address), chromedp.Navigate(address+"/citizens"), browsertest.Press("Akut: en anden enheds borger har brug for hjælp nu"), browsertest.Heading("Nødadgang til en anden enheds borger"))
		looks("caseworker-emergency")
		run(browsertest.Fill("who", citizen.Reference), browsertest.Fill("reason", "Haster."), browsertest.Press("Tag nødadgang"), chromedp.WaitVisible("#reason-wrong", chromedp.ByQuery))
		looks("caseworker-emergency-refused")
		run(browsertest.Fill("reason", "Borgeren er indlagt akut, og afdelingen spørger."), browsertest.Press("Tag nødadgang"), sees("Du læser under nødadgang"), browsertest.Heading(browsertest.Name(web.Called(citizen))))
		looks("caseworker-emergency-record")
		run(chromedp.Navigate(address+"/emergency"), sees("Dine nødadgange"))

		run(w.enters(domain.TeamLeader, address), chromedp.Navigate(address+"/approvals"), browsertest.Press("3 nødadgange venter på, at du siger, om de var i orden"), browsertest.Heading("Nødadgange"), sees(browsertest.Name(neighbour)), sees("Borgerens oplysninger blev læst"))
		looks("leader-emergencies")
		run(browsertest.Press("Ikke i orden"), chromedp.WaitVisible(".form-error-message", chromedp.ByQuery))
		looks("leader-emergencies-refused")
		run(browsertest.Press("I orden"), sees("Noteret. Den, der tog adgangen, får besked."))
		run(chromedp.Navigate(address+"/emergencies?reviewed=yes"), browsertest.Heading("Nødadgange"), sees("I orden"), browsertest.Press("Luk adgangen nu"), sees("Adgangen er lukket."))
		run(chromedp.Navigate(address+"/citizens/"+show("cit", citizen.ID)), browsertest.Press("Se, hvornår der er læst eller ændret noget om borgeren"), browsertest.Heading("Hvem har set på borgeren"), onPage("Nødadgang"))
		looks("leader-accesses")
		verified(t, w)
	})
}

// Sent twice, one access is taken, one review written; a number that nobody has is told
// apart only when it is read; and whoever may not does not see it.
func TestEmergencyPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		form := url.Values{"who": {"B-0"}, "reason": {"Borgeren er indlagt akut i nat."}, "key": {"emergency-1"}}.Encode()
		first, again := w.pressed(domain.Caseworker, "/emergency", form), w.pressed(domain.Caseworker, "/emergency", form)
		require.Equal(t, []int{303, 303}, []int{first.Code, again.Code}, "%s", first.Body)
		at := first.Header().Get("Location")
		require.Equal(t, at, again.Header().Get("Location"))
		require.Len(t, ok(w.service.OwnEmergencies(t.Context(), w.as(domain.Caseworker))).Rows, 3, "two from before")
		require.Contains(t, w.opened(domain.Caseworker, at).Body.String(), danish("emergency.nobody"))
		require.Equal(t, 404, w.opened(domain.TeamLeader, at).Code, "another's")

		id := strings.TrimPrefix(at, "/emergency/")
		for _, do := range []string{"fine", "fine", "revoke", "revoke"} {
			require.Equal(t, 303, w.pressed(domain.TeamLeader, "/emergencies/"+id, "do="+do).Code, do)
		}
		require.Contains(t, w.opened(domain.Caseworker, at).Body.String(), danish("emergency.ended"))
		require.Contains(t, w.opened(domain.TeamLeader, "/emergencies").Body.String(), danish("emergency.own_waits"))
		own := show("emg", w.find("emg", 1))
		require.Equal(t, 403, w.pressed(domain.TeamLeader, "/emergencies/"+own, "do=fine").Code)
		require.Equal(t, 422, w.pressed(domain.TeamLeader, "/emergencies/"+show("emg", w.find("emg", 2)), "do=wrong&comment=+").Code)
		require.Contains(t, w.pressed(domain.Caseworker, "/emergency", "who=&reason=Borgeren+er+indlagt+akut+nu").Body.String(), danish("fault.field.one_of.citizen_id"))
		for path, role := range map[string]domain.Role{"/emergencies": domain.Caseworker, "/emergency": domain.Finance, "/citizens/" + show("cit", w.find("cit", 1)) + "/accesses": domain.Caseworker} {
			require.Equal(t, 403, w.opened(role, path).Code, path)
		}
		verified(t, w)
	})
}
