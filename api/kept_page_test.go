package api

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// An administrator says how long people are kept, sees whom that concerns before it
// holds, as a number only, and takes it back.
func TestErasureInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		w.now = time.Now()
		w.enter()
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		holds := func() domain.Erasure {
			return ok(w.service.Municipality(t.Context(), w.as(domain.Administrator))).Erasure
		}
		run(w.enters(domain.Administrator, address), chromedp.Navigate(address+"/settings"), browsertest.Heading("Indstillinger"), sees("Til det slettes i hånden"))
		run(browsertest.Fill("erase_after_months", "6"), browsertest.Press("Gem fristen"), sees("Ret det, der er markeret"), sees("7 til 120"))
		looks("administrator-erasure-refused")
		run(browsertest.Fill("erase_after_months", "12"), browsertest.Press("Gem fristen"), sees("Fristen er gemt. Den gælder først om 14 dage"), sees("Den første gang er det færre end 5 personer."))
		require.Equal(t, []int{0, 12}, []int{holds().EraseAfterMonths, holds().EraseNextMonths})
		looks("administrator-erasure-to-come")
		run(browsertest.Press("Fortryd, og slet ingen før"), sees("Indstillingerne er gemt."))
		require.Equal(t, domain.Erasure{}, holds())

		run(chromedp.Navigate(address+"/settings"), browsertest.Fill("erase_after_months", "24"), browsertest.Press("Gem fristen"), sees("Fristen er gemt. Den gælder først om 14 dage"), sees("Indtil da slettes ingen af sig selv."))
		looks("administrator-erasure-coming")
		w.until(w.now.AddDate(0, 0, domain.ErasureNotice+1))
		run(w.enters(domain.Administrator, address), chromedp.Navigate(address+"/settings"), browsertest.Heading("Indstillinger"), sees("24 måneder, efter at borgerens sidste plan er afsluttet. En leder kan gemme det længere for én borger."))
		looks("administrator-erasure")
		require.Equal(t, domain.Erasure{EraseAfterMonths: 24}, holds())
		verified(t, w)
	})
}

// Who treats a citizen sees when what is known is erased; a leader keeps it longer,
// and in the end it is gone.
func TestKeptCitizenInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, address, ctx, today := started(t, s)
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, ctx, actions...) }
		looks := looker(t, ctx)
		made := ok(w.service.Admit(t.Context(), w.as(domain.Caseworker), vouchers.Key{}, vouchers.Newcomer{
			Citizen: vouchers.CitizenInput{UnitID: w.find("unt", 1), Reference: "B-9001", Name: "Bo Møller Nygård", Phone: "20304050", BirthDate: domain.Date{Year: 1990, Month: 1, Day: 1}},
			Plan:    vouchers.PlanInput{Reference: "P-9001", AssessmentDate: today.AddDays(-9), AssessmentReference: "SAG-9", StartDate: today.AddDays(-7)},
		})).Value
		months := 7
		m := ok(w.service.Municipality(t.Context(), w.as(domain.Administrator)))
		ok(w.service.UpdateMunicipality(t.Context(), w.as(domain.Administrator), m.Version, vouchers.MunicipalityChange{EraseAfterMonths: &months}))
		page := address + "/citizens/" + show("cit", made.CitizenID)
		ok(w.service.UpdatePlan(t.Context(), w.as(domain.Caseworker), made.PlanID, 1, vouchers.PlanChange{EndDate: &today, EndReason: new("completed")}))
		gone := today.AddMonths(7)
		run(chromedp.Navigate(page), browsertest.Heading(browsertest.Name("Bo Møller Nygård")), sees("Oplysninger om borgeren slettes "+gone.Danish()+"."))
		looks("caseworker-citizen-ended")
		require.Equal(t, 404, w.opened(domain.Caseworker, "/citizens/"+show("cit", made.CitizenID)+"/keep").Code)

		until := today.AddMonths(9)
		run(w.enters(domain.TeamLeader, address), chromedp.Navigate(page), browsertest.Press("Gem oplysningerne længere"), browsertest.Heading("Gem oplysningerne længere"))
		looks("leader-keep")
		run(browsertest.Fill("until", today.AddDays(-1).String()), browsertest.Fill("reason", "Klage til Ankestyrelsen"), browsertest.Press("Gem til og med den dag"), sees("Ret det, der er markeret"))
		run(browsertest.Fill("until", until.String()), browsertest.Press("Gem til og med den dag"), sees("Oplysningerne gemmes til og med "+until.Danish()+"."), sees(browsertest.Name("Klage til Ankestyrelsen")))
		looks("leader-citizen-kept")

		w.until(w.now.AddDate(0, 10, 0))
		n := ok(w.service.EraseDue(t.Context(), w.home))
		require.GreaterOrEqual(t, n, 1)
		run(w.enters(domain.Caseworker, address), chromedp.Navigate(page), sees("Oplysningerne om borgeren er slettet."))
		looks("caseworker-citizen-erased")
		run(browsertest.Heading("Slettet borger"))
		verified(t, w)
	})
}
