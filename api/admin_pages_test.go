package api

import (
	"bytes"
	"context"
	"image/png"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// An administrator's first morning: a unit, and somebody new in it, who takes two
// administrators; later the role is taken back, which signs them out.
func TestAdministratorsPeopleInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		ok(w.access.Assign(t.Context(), w.system(), access.AssignmentInput{Person: "anden@eksempel.dk", Role: domain.Administrator}))
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		run(w.enters(domain.Administrator, address), chromedp.Navigate(address), browsertest.Heading("Medarbejdere"), sees(browsertest.Name("caseworker@eksempel.dk")))
		looks("administrator-people")
		run(browsertest.Press("Enheder"), browsertest.Heading("Enheder"), browsertest.Fill("name", "Havneteamet"), browsertest.Press("Opret enhed"), sees("Enheden er oprettet."))
		looks("administrator-unit")
		run(browsertest.Fill("notify_email", "havnen@eksempel.dk"), browsertest.Press("Gem"), sees("Ændringen er gemt."), browsertest.Press("Enheder"), sees(browsertest.Name("havnen@eksempel.dk")))
		looks("administrator-units")
		units := ok(w.service.Units(t.Context(), w.as(domain.Administrator), store.Page{Limit: 9})).Rows
		require.Equal(t, []string{"Havneteamet", "havnen@eksempel.dk"}, []string{units[0].Name, units[0].NotifyEmail})

		run(browsertest.Press("Medarbejdere"), browsertest.Press("Ny medarbejder"), browsertest.Heading("Ny medarbejder"))
		looks("administrator-person-new")
		run(browsertest.Fill("person", "Mia@Eksempel.dk"), browsertest.Fill("role", "caseworker"), browsertest.Press("Giv en rolle"), sees("Ret det, der er markeret"), sees("Skal udfyldes."))
		looks("administrator-person-refused")
		run(browsertest.Fill("unit", show("unt", units[0].ID)), browsertest.Press("Giv en rolle"), browsertest.Heading(browsertest.Name("mia@eksempel.dk")), sees("Rollen er givet."), sees(browsertest.Either(browser, "Behandler, Havneteamet", "Caseworker, Havneteamet")))
		looks("administrator-person")
		held := ok(w.access.Assignments(t.Context(), w.as(domain.Administrator), store.Page{Limit: 9}, access.AssignmentFilter{Person: "mia@eksempel.dk", State: "held"})).Rows
		require.Len(t, held, 1)
		require.Equal(t, units[0].ID, *held[0].UnitID)

		run(browsertest.Press("Inviter"), sees("Få en anden administrator til det."))
		run(w.signs("anden@eksempel.dk", address), chromedp.Navigate(address+"/people/"+show("asg", held[0].ID)), browsertest.Press("Inviter"), browsertest.Heading("Invitationen er klar"), sees(browsertest.Name("/invitation#")))
		looks("administrator-invitation")
		run(browsertest.Press("Færdig"), browsertest.Heading(browsertest.Name("mia@eksempel.dk")), sees("Inviteret"), browsertest.Press("Spær"), sees("Personen er spærret og logget ud."))
		looks("administrator-person-suspended")
		run(browsertest.Press("Ophæv spærringen"), sees("Spærringen er ophævet."), browsertest.Press("Tag rollen tilbage"), sees("Rollen er taget tilbage."), sees("Har ingen rolle"))
		require.Empty(t, ok(w.access.Assignments(t.Context(), w.as(domain.Administrator), store.Page{Limit: 9}, access.AssignmentFilter{Person: "mia@eksempel.dk", State: "held"})).Rows)
		verified(t, w)
	})
}

// Who lost every means of signing in gets half a code from each of two administrators.
func TestRecoveryOnPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		ok(w.access.Assign(t.Context(), w.system(), access.AssignmentInput{Person: "anden@eksempel.dk", Role: domain.Administrator}))
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		page := address + "/people/" + show("acc", w.find("acc", 3))
		run(w.enters(domain.Administrator, address), chromedp.Navigate(page), browsertest.Heading(browsertest.Name("account3@eksempel.dk")), browsertest.Unfold("Har personen mistet sin adgang?"),
			browsertest.Fill("reason", "Set i døren med kørekort."), browsertest.Press("Begynd"), sees("Den første halvdel af koden"))
		browsertest.Look(t, browser, "administrator-recovery-half")
		run(browsertest.Press("Færdig"), sees("En anden administrator skal bekræfte det."))
		run(w.signs("anden@eksempel.dk", address), chromedp.Navigate(page), sees("Er du sikker på, hvem det er, så bekræft"))
		browsertest.Look(t, browser, "administrator-recovery")
		run(browsertest.Press("Bekræft"), sees("Den anden halvdel af koden"), browsertest.Press("Færdig"), sees("Begge halvdele er givet ud."), browsertest.Press("Træk det tilbage"), sees("Det er trukket tilbage."))
	})
}

// A new shop with a branch, and a till in it: the shop's phone scans the code on the
// administrator's screen, and is the till; the code works once. Then it is closed.
func TestAdministratorsShopsInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		run(w.enters(domain.Administrator, address), chromedp.Navigate(address+"/partners"), browsertest.Heading("Butikker"))
		looks("administrator-shops")
		run(browsertest.Press("Ny butik"), browsertest.Fill("name", "Havnens Købmand"), browsertest.Fill("cvr", "29189669"), browsertest.Fill("categories", "groceries, clothing"),
			browsertest.Fill("contract_from", "2026-11-01"), browsertest.Fill("most_per_month", "10.000"), browsertest.Press("Opret butik"), sees("Skal være et CVR-nummer på 8 cifre, som det står i CVR-registret."))
		looks("administrator-shop-refused")
		run(browsertest.Fill("cvr", "29 18 96 68"), browsertest.Press("Opret butik"), browsertest.Heading(browsertest.Name("Havnens Købmand")), sees("Butikken er oprettet."), sees("10.000,00 kr."))
		looks("administrator-shop")
		partner := ok(w.service.Partners(t.Context(), w.as(domain.Administrator), store.Page{Limit: 1}, vouchers.PartnerFilter{CVR: "29189668"})).Rows[0]
		require.Equal(t, []any{int64(1_000_000), domain.Strings{"groceries", "clothing"}}, []any{partner.MostPerMonth, partner.Categories})

		run(browsertest.Press("Ny afdeling"), browsertest.Fill("name", "Ved broen"), browsertest.Fill("number", "1003456789"), browsertest.Fill("address", "Brovej 1"), browsertest.Press("Gem"), sees("Afdelingen er oprettet."), sees(browsertest.Name("Brovej 1")))
		branches := ok(w.service.Branches(t.Context(), w.as(domain.Administrator), partner.ID, store.Page{Limit: 9})).Rows
		require.Len(t, branches, 2)
		run(browsertest.Fill("label", "Kasse 1"), browsertest.Fill("branch", show("brn", branches[0].ID)), browsertest.Press("Opret, og vis koden"), browsertest.Heading("Kode til kassen: Kasse 1"))
		looks("administrator-till-code")
		phone := browsertest.Open(t, walk(s), browsertest.Camera(t, ok(png.Decode(bytes.NewReader(photo(t, browser, ".qr"))))))
		browsertest.Run(t, phone, chromedp.Navigate(address+tillPath), browsertest.Heading("Kassen"), browsertest.Press("Scan koden"), onPage("Denne enhed er nu kassen »Kasse 1« hos Havnens Købmand."))
		another := browsertest.Open(t, walk(s))
		var code string
		run(chromedp.Text(".spoken", &code, chromedp.ByQuery))
		browsertest.Run(t, another, chromedp.Navigate(address+tillPath+"#"+code), browsertest.Heading("Kassen"), browsertest.Press("Gør enheden til kasse"), sees("Der er ingen kasse, der venter på den kode."))

		run(browsertest.Press("Færdig"), sees("I brug"))
		looks("administrator-shop-tills")
		run(browsertest.Press(browsertest.Name("Kasse 1")), browsertest.Heading(browsertest.Name("Kasse 1")), browsertest.Fill("most_per_day", "5000"), browsertest.Press("Gem"), sees("Ændringen er gemt."), browsertest.Press(browsertest.Name("Kasse 1")))
		looks("administrator-till")
		run(browsertest.Press("Luk kassen"), sees("Kassen er lukket."), browsertest.Press("Vis lukkede kasser (1)"), sees("Kasser, der er lukket for altid."))
		till := ok(w.access.Terminals(t.Context(), w.as(domain.Administrator), partner.ID, store.Page{Limit: 9}, "")).Rows
		require.Len(t, till, 1)
		require.Equal(t, []any{domain.TerminalRevoked, int64(500_000), branches[0].ID}, []any{till[0].State, till[0].MostPerDay, till[0].BranchID})
		browsertest.Run(t, phone, chromedp.Navigate(address+tillPath), sees("Enheden er ikke længere kasse."))

		run(chromedp.Navigate(address+"/partners/"+show("prt", partner.ID)), browsertest.Press("Ret aftalen"), browsertest.Heading("Aftale med Havnens Købmand"))
		looks("administrator-contract")
		run(browsertest.Fill("contract_to", "2026-10-01"), browsertest.Press("Gem"), sees("Ligger før aftalens første dag."), browsertest.Fill("contract_to", "2027-10-31"), browsertest.Press("Gem"), sees("Ændringen er gemt."))
		run(browsertest.Press("Sæt på pause"), sees("Butikken er sat på pause. Ingen af dens kasser tager imod gavekort."), browsertest.Press("Lad butikken fortsætte"), sees("Butikken kan tage imod gavekort igen."))
		require.Equal(t, domain.Date{Year: 2027, Month: 10, Day: 31}, ok(w.service.Partner(t.Context(), w.as(domain.Administrator), partner.ID)).ContractTo)
		verified(t, w)
	})
}

// A shop's program gets a key, which is shown once, renewed and revoked; and the
// municipality's settings are changed.
func TestAdministratorsKeysInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		keys := func() (mine []domain.Token) {
			for _, key := range ok(w.access.Keys(t.Context(), w.as(domain.Administrator), store.Page{Limit: 99})).Rows {
				if key.Person == "kassesystem" {
					mine = append(mine, key)
				}
			}
			return mine
		}
		run(w.enters(domain.Administrator, address), chromedp.Navigate(address+"/keys"), browsertest.Heading("Nøgler"), browsertest.Press("Ny nøgle"), browsertest.Heading("Ny nøgle"),
			browsertest.Fill("partner", show("prt", w.find("prt", 1))), browsertest.Fill("scopes", "listCitizens"), browsertest.Press("Lav nøglen, og vis den"), sees("Ret det, der er markeret"))
		looks("administrator-key-refused")
		run(browsertest.Fill("person", "kassesystem"), browsertest.Fill("scopes", "checkVoucher, redeemVoucher"), browsertest.Press("Lav nøglen, og vis den"), browsertest.Heading("Nøglen er klar"))
		looks("administrator-key-made")
		var text string
		run(chromedp.Text(".secret code", &text, chromedp.ByQuery))
		actor := ok(w.access.Authenticate(t.Context(), text))
		require.Equal(t, []any{domain.PartnerRole, w.find("prt", 1), []domain.Action{"checkVoucher", "redeemVoucher"}}, []any{actor.Role, actor.Partner.ID, actor.Scopes})
		run(browsertest.Press("Færdig"), browsertest.Heading("Nøgler"), onPage(browsertest.Name("kassesystem")))
		looks("administrator-keys")
		run(browsertest.Press("Forny nøglen: kassesystem"), browsertest.Heading("Nøglen er klar"), browsertest.Press("Færdig"))
		require.Len(t, keys(), 2, "the old one goes on for a while")
		run(browsertest.Press("Luk nøglen: kassesystem"), sees("Nøglen er lukket."))
		require.Len(t, keys(), 1)

		run(chromedp.Navigate(address+"/settings"), browsertest.Heading("Indstillinger"))
		looks("administrator-settings")
		run(browsertest.Fill("reversal_minutes", "99999"), browsertest.Press("Gem"), sees(browsertest.Either(browser, "Er for lille eller for stort.", "Must be 0 to 10080")), browsertest.Fill("reversal_minutes", "30"), browsertest.Fill("most_per_day", "2.500"), browsertest.Press("Gem"), sees("Indstillingerne er gemt."))
		m := ok(w.service.Municipality(t.Context(), w.as(domain.Administrator)))
		require.Equal(t, []any{30, int64(250_000)}, []any{m.ReversalMinutes, m.MostPerDay})
		run(chromedp.Navigate(address+"/settings"), browsertest.Fill("payer_name", "Eksempel Kommune, Økonomi"), browsertest.Press("Gem betaler"), sees("Indstillingerne er gemt."))
		require.Equal(t, "Eksempel Kommune, Økonomi", ok(w.settlement.PaymentSettings(t.Context(), w.as(domain.Administrator))).Name)
		verified(t, w)
	})
}

// photo is a picture of a part of the page, as it is on the screen.
func photo(t *testing.T, browser context.Context, part string) (picture []byte) {
	t.Helper()
	browsertest.Run(t, browser, chromedp.EmulateViewport(1280, 900), chromedp.Screenshot(part, &picture, chromedp.ByQuery))
	return picture
}

// An administrator has no way to what is of treatment or of money, and nobody else
// has one to these pages.
func TestAdministratorsSeeNoTreatment(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	citizen, voucher := show("cit", w.find("cit", 1)), show("vch", w.find("vch", 1))
	for _, path := range []string{"/today", "/today/missing", "/citizens", "/citizens/new", "/citizens/" + citizen, "/citizens/" + citizen + "/history", "/vouchers/" + voucher, "/vouchers/" + voucher + "/code", "/approvals", "/figures",
		"/import", "/year", "/runs", "/bank", "/invoices", "/outstanding", "/spend", "/postings", "/audit", "/budgets/new", "/closings"} {
		answer := w.opened(domain.Administrator, path)
		require.Contains(t, []int{http.StatusForbidden, http.StatusNotFound}, answer.Code, path)
		require.NotContains(t, answer.Body.String(), "Ella Eksempel", path)
	}
	partner, person := "/partners/"+show("prt", w.find("prt", 1)), "/people/"+show("asg", w.find("asg", 1))
	for _, path := range []string{"/people", "/people/new", person, "/units", "/units/" + show("unt", w.find("unt", 1)), "/partners", "/partners/new", partner, partner + "/contract", partner + "/branches/new", "/keys", "/keys/new", "/settings"} {
		require.Equal(t, http.StatusOK, w.opened(domain.Administrator, path).Code, path)
		for _, role := range []domain.Role{domain.Caseworker, domain.TeamLeader, domain.Finance, domain.Auditor} {
			require.Equal(t, http.StatusForbidden, w.opened(role, path).Code, "%s %s", role, path)
		}
	}
	unit, till, key := "/units/"+show("unt", w.find("unt", 1)), partner+"/tills/"+show("trm", w.find("trm", 1)), "/keys/"+show("tok", w.as(domain.Caseworker).TokenID)
	for _, role := range []domain.Role{domain.Caseworker, domain.TeamLeader, domain.Finance, domain.Auditor} {
		w.signedIn(role)
		before := w.newest()
		for path, sent := range map[string]string{
			"/people/new": "do=role&person=mia&role=finance", person: "do=end", "/units": "name=Ny", unit: "do=name&name=Ny&version=1", "/partners/new": "name=Ny&cvr=12345678", partner: "do=suspend&version=1",
			partner + "/contract": "name=Ny&version=1", partner + "/branches/new": "name=Ny", till: "do=revoke", "/keys/new": "days=90", key: "do=revoke", "/settings": "do=municipality&version=1&name=Ny",
		} {
			require.Equal(t, http.StatusForbidden, w.pressed(role, path, sent).Code, "%s %s", role, path)
		}
		require.Equal(t, before, w.newest(), "%s changed nothing", role)
	}
}

// Who changes what somebody else has changed meanwhile is shown what that is beside what
// they typed, and then the next press is of it. Whatever else was wrong, it stays of what
// was read; and a form that does not say of what it is changes nothing.
func TestChangesOfOthersAreSeen(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	partner := "/partners/" + show("prt", w.find("prt", 1))
	ours := ok(w.service.Unit(t.Context(), w.as(domain.Administrator), w.find("unt", 1)))
	forms := map[string]url.Values{
		"/units/" + show("unt", ours.ID):                    {"do": {"name"}, "name": {"Mit navn"}, "notify_email": {""}},
		partner + "/tills/" + show("trm", w.find("trm", 1)): {"do": {"change"}, "label": {"Mit navn"}, "branch": {show("brn", w.find("brn", 1))}},
		"/settings": {"do": {"municipality"}, "name": {"Mit navn"}, "reversal_minutes": {"15"}, "finance_email": {""}, "most_per_voucher": {"1.000"}, "most_per_hour": {"2.000"}, "most_per_day": {"10.000"}},
	}
	for path, form := range forms {
		read := hidden(t, w.opened(domain.Administrator, path).Body.String(), "version")
		send := func(name, version string) *httptest.ResponseRecorder {
			sent := maps.Clone(form)
			sent["version"] = []string{version}
			for _, field := range []string{"name", "label"} {
				if sent.Has(field) {
					sent[field] = []string{name}
				}
			}
			return w.pressed(domain.Administrator, path, sent.Encode())
		}
		before := w.newest()
		for _, none := range []string{"", "0", "x"} {
			require.Equal(t, http.StatusUnprocessableEntity, send("Uden at se", none).Code, path)
		}
		require.Equal(t, before, w.newest())
		require.Equal(t, http.StatusSeeOther, send("Andres navn", read).Code, path)
		wrong := send("", read)
		require.Equal(t, http.StatusUnprocessableEntity, wrong.Code, path)
		require.Equal(t, read, hidden(t, wrong.Body.String(), "version"), "of what was read")
		late := send("Mit navn", read)
		require.Equal(t, http.StatusPreconditionFailed, late.Code, path)
		require.Contains(t, late.Body.String(), danish("fault.stale"))
		require.Contains(t, late.Body.String(), danish("form.now", "Andres navn"))
		require.Contains(t, late.Body.String(), `value="Mit navn"`)
		require.Equal(t, http.StatusSeeOther, send("Mit navn", hidden(t, late.Body.String(), "version")).Code, path)
	}
	verified(t, w)
}

// A key is made once, however often the form is sent; and for a shop only when it says
// for which.
func TestKeysAreMadeOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		shop := show("prt", w.find("prt", 1))
		form := w.opened(domain.Administrator, "/keys/new").Body.String()
		sent := "key=" + hidden(t, form, "key") + "&person=kasse&days=30&partner="
		before := w.newest()
		refused := w.pressed(domain.Administrator, "/keys/new", sent)
		require.Equal(t, http.StatusUnprocessableEntity, refused.Code)
		require.Contains(t, refused.Body.String(), danish("fault.field.required"))
		require.Equal(t, before, w.newest(), "not one of the administrator's own")
		sent = "key=" + hidden(t, refused.Body.String(), "key") + "&person=kasse&days=30&partner=" + shop
		made := w.pressed(domain.Administrator, "/keys/new", sent)
		require.Contains(t, made.Body.String(), danish("keys.made"))
		after := w.newest()
		again := w.pressed(domain.Administrator, "/keys/new", sent)
		require.Equal(t, http.StatusConflict, again.Code)
		require.Contains(t, again.Body.String(), danish("fault.already_made"))
		require.Equal(t, after, w.newest())
		verified(t, w)
	})
}

// What is there already is said so, of whatever it is; only where citizens are taken in
// is it a CPR number.
func TestDuplicatesAreNotCitizens(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	for path, sent := range map[string]string{"/programmes/new": "slug=move-2026&title_da=Ny&title_en=New", "/people/new": "do=role&person=mia&role=finance"} {
		who := domain.Administrator
		w.pressed(who, path, sent)
		answer := w.pressed(who, path, sent)
		require.Equal(t, http.StatusConflict, answer.Code, path)
		require.Contains(t, answer.Body.String(), danish("fault.already_exists"), path)
		require.NotContains(t, answer.Body.String(), "CPR", path)
	}
	taken := w.pressed(domain.Caseworker, "/citizens/new", url.Values{
		"reference": {"B-9001"}, "name": {"En Anden"}, "cpr": {"170500-4321"}, "birth_date": {"2000-05-17"}, "plan_reference": {"P-9001"}, "assessment_date": {"2026-09-28"}, "assessment_reference": {"SAG-1"}, "start": {"2026-10-01"}, "other": {"yes"},
	}.Encode())
	require.Equal(t, http.StatusConflict, taken.Code)
	require.Contains(t, taken.Body.String(), danish("fault.field.number_taken"))
}

// What makes somebody able to come in wants a fresh proof of who asks; what was typed
// is kept.
func TestAdministratorsProveWhoTheyAre(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.signedIn(domain.Administrator)
	w.now = w.now.Add(domain.FreshFor)
	for path, sent := range map[string]string{
		"/people/new": "do=role&person=mia%40eksempel.dk&role=finance", "/people/" + show("acc", w.find("acc", 3)): "do=recover&reason=mia%40eksempel.dk",
		"/partners/" + show("prt", w.find("prt", 1)): "do=till&label=mia%40eksempel.dk", "/keys/new": "scopes=mia%40eksempel.dk&days=90",
	} {
		answer := w.pressed(domain.Administrator, path, sent)
		require.Equal(t, http.StatusForbidden, answer.Code, path)
		require.Contains(t, answer.Body.String(), danish("fault.step_up_required"), path)
		require.Contains(t, answer.Body.String(), "mia@eksempel.dk", path)
	}
	begun := w.pressed(domain.Administrator, "/people/"+show("acc", w.find("acc", 1)), "do=recover&reason=x")
	require.Contains(t, begun.Body.String(), danish("fault.step_up_required"), "also where the form is gone meanwhile")
}

// hidden gives what a page sends with a form of it by this name, without showing it.
func hidden(t *testing.T, page, name string) string {
	t.Helper()
	found := regexp.MustCompile(`<input type="hidden" name="` + name + `" value="([^"]*)">`).FindStringSubmatch(page)
	require.NotNil(t, found, "%s in %s", name, page)
	return found[1]
}
