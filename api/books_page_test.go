package api

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
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

// nameless demands that the page that is shown names nobody, nor its address.
func nameless(t *testing.T, browser context.Context) {
	t.Helper()
	var html, address string
	browsertest.Run(t, browser, chromedp.OuterHTML("html", &html, chromedp.ByQuery), chromedp.Location(&address))
	for _, mark := range []string{"Zitronella", "Quistorff", "310395", "28472847", "Zqsag", "Qzmål", "Zqgrund", "cit_"} {
		require.NotContains(t, html+address, mark)
	}
}

// figureLink gives the text of a table's cell in the row and column that begin so,
// and where it leads.
func figureLink(t *testing.T, browser context.Context, row, column string) (text, address string) {
	t.Helper()
	columns := ok(json.Marshal(ok(browsertest.Said(browser, column))))
	var found []string
	browsertest.Run(t, browser, chromedp.Evaluate(`(() => {
		for (const table of document.querySelectorAll("table.grid")) {
			const n = [...table.tHead.rows[0].cells].findIndex((c) => `+string(columns)+`.includes(c.innerText.trim()));
			const r = [...table.tBodies[0].rows].find((r) => r.innerText.trim().startsWith("`+row+`") && r.cells[n]?.querySelector("a"));
			if (n >= 0 && r) return [r.cells[n].innerText.trim(), r.cells[n].querySelector("a").getAttribute("href")];
		}
		return [];
	})()`, &found))
	require.Len(t, found, 2, "no figure that leads on in %s of %s", column, row)
	return found[0], found[1]
}

// pressCell presses it.
func pressCell(address string) chromedp.Action {
	return browsertest.Click(`//table//a[@href="` + address + `"]`)
}

// sums waits for postings that come to this amount.
func sums(text string) chromedp.Action {
	return chromedp.Tasks{browsertest.Heading("Posteringer"), sees("Kredit minus debet:"), browsertest.Has("main p", "strong", text)}
}

// Finance begins with the year, sees what waits and comes by pressing alone from a
// figure to its postings, to a voucher and to why it was given; an auditor sees the
// same. Nobody is named on the way.
func TestBooksInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.marked()
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := func(name string) {
			t.Helper()
			nameless(t, browser)
			browsertest.Look(t, browser, name)
		}
		for _, role := range []domain.Role{domain.Finance, domain.Auditor} {
			run(w.enters(role, address), chromedp.Navigate(address+"/"), browsertest.Heading("Budgetter 2026"))
			looks(string(role) + "-year")
			text, link := figureLink(t, browser, "move-2026", "Udstedt")
			run(pressCell(link), sums(text))
			looks(string(role) + "-postings")
			run(browsertest.Click(`(//table//a[starts-with(@href, "/records/vouchers/")])[last()]`), onPage("Hvorfor gavekortet blev givet"), sees(browsertest.Either(browser, "fremmøde", "every 2nd session")))
			looks(string(role) + "-record")
			run(browsertest.Click(`//dd/a[starts-with(@href, "/records/awards/")]`), browsertest.Heading("Optjening"))
			nameless(t, browser)
		}
		run(chromedp.Navigate(address+"/postings"), browsertest.Heading("Posteringer"), browsertest.Click(`(//table//a[starts-with(@href, "/postings/")])[1]`), browsertest.Heading("Postering"))
		looks("auditor-posting")
		serial := ok(w.service.Voucher(t.Context(), w.as(domain.Auditor), w.find("vch", 1))).Serial
		run(chromedp.Navigate(address+"/postings"), browsertest.Fill("serial", strings.ToLower(serial)), browsertest.Press("Søg"), browsertest.Has("td", "a", browsertest.Name(serial)),
			browsertest.Fill("serial", "2026-0"), browsertest.Press("Søg"), onPage("Intet gavekort har det nummer."))
		run(chromedp.Navigate(address+"/year?at=2026-10-31"), browsertest.Heading("Budgetter 2026"), onPage("Sådan stod det 31-10-2026"))
		looks("auditor-year-then")
		require.Equal(t, 403, w.opened(domain.Caseworker, "/year").Code)
		for _, wrong := range []string{"/year?at=x", "/year?year=1", "/year?year=10000"} {
			require.Equal(t, 404, w.opened(domain.Finance, wrong).Code, wrong)
		}
		verified(t, w)
	})
}

// What is outstanding and spent is shown by all that it is grouped by, and each file
// says what the screen says.
func TestFiguresInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.marked()
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := func(name string) {
			t.Helper()
			nameless(t, browser)
			browsertest.Look(t, browser, name)
		}
		run(w.enters(domain.Finance, address), chromedp.Navigate(address+"/outstanding"), browsertest.Heading("Udestående"))
		for _, by := range []string{"Enhed", "Alder", "Udløber", "Ordning"} {
			run(browsertest.PressIn("ul.tabs", by), browsertest.Has("ul.tabs", "a[aria-current]", by))
			w.sameAsFiles(t, browser)
			if by == "Alder" {
				looks("finance-outstanding")
			}
		}
		run(browsertest.Press("Forbrug"), browsertest.Heading("Forbrug"), onPage("Gennemsnit for udstedte gavekort"))
		for _, by := range []string{"Ordning", "Butik", "Måned", "Enhed"} {
			run(browsertest.PressIn("ul.tabs", by), browsertest.Has("ul.tabs", "a[aria-current]", by))
			w.sameAsFiles(t, browser)
		}
		looks("finance-spend")
		text, link := figureLink(t, browser, "Zzenheden", "Beløb")
		run(pressCell(link), sums(text))
		w.sameAsFiles(t, browser)
		run(chromedp.Navigate(address+"/spend?by=month"), browsertest.Heading("Forbrug"))
		looks("finance-spend-months")
		w.sameAsFiles(t, browser)
		run(chromedp.Navigate(address+"/year"), browsertest.Heading("Budgetter 2026"))
		w.sameAsFiles(t, browser)
		for _, wrong := range []string{"/spend?by=age", "/spend?figure=x", "/outstanding?at=x", "/outstanding/file?format=pdf", "/outstanding/file?part=averages&format=csv"} {
			require.Equal(t, 404, w.opened(domain.Finance, wrong).Code, wrong)
		}
	})
}

// Finance gives money, first too little and then enough, and is told what was wrong
// where it was; closes the books, and reads a year that is not over as that.
func TestBudgetInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		programme := show("prg", w.find("prg", 4))
		run(w.enters(domain.Finance, address), chromedp.Navigate(address+"/year"), browsertest.Press("Nyt budget"), browsertest.Heading("Nyt budget"),
			browsertest.Fill("programme", programme), browsertest.Fill("amount", "1.000,505"), browsertest.Fill("reason", "Byrådet 1. december"), browsertest.Press("Opret budgettet"),
			chromedp.WaitVisible("#amount-wrong", chromedp.ByQuery))
		looks("finance-budget-refused")
		run(browsertest.Fill("amount", "25.000"), browsertest.Press("Opret budgettet"), browsertest.Heading(browsertest.Name("proposes-2026 2026")), sees("Budgettet er oprettet."))
		run(browsertest.Fill("way", "lower"), browsertest.Fill("amount", "30.000"), browsertest.Fill("reason", "For meget"), browsertest.Press("Gem ændringen"), chromedp.WaitVisible("#faults", chromedp.ByQuery))
		run(browsertest.Fill("way", "lower"), browsertest.Fill("amount", "5.000"), browsertest.Press("Gem ændringen"), sees("Budgettet er ændret."))
		looks("finance-budget")
		budgets := ok(w.service.Budgets(t.Context(), w.as(domain.Finance), store.Page{Limit: 9}, vouchers.BudgetFilter{ProgrammeID: w.find("prg", 4)})).Rows
		require.Len(t, budgets, 1)
		require.EqualValues(t, []int64{2_000_000, 2}, []int64{budgets[0].Amount, int64(budgets[0].Changes)})

		run(chromedp.Navigate(address+"/year-end"), browsertest.Heading("Årsafslutning 2026"), chromedp.WaitVisible("#not-over", chromedp.ByQuery))
		looks("finance-year-end")
		w.sameAsFiles(t, browser)
		w.until(w.now.AddDate(0, 0, 5))
		run(w.enters(domain.Finance, address), chromedp.Navigate(address+"/closings"), browsertest.Heading("Lukkede perioder"))
		day := domain.DateOf(w.now.Add(-72*time.Hour), time.UTC)
		var beside bool
		run(chromedp.Evaluate(`((box, words) => Math.abs(box.top - words.top) < 20)(...["#sure", "label[for=sure]"].map((x) => document.querySelector(x).getBoundingClientRect()))`, &beside))
		require.True(t, beside, "the box is beside its words")
		run(browsertest.Fill("through", day.String()), browsertest.Tick("sure"), browsertest.Press("Luk bøgerne"), sees("Bøgerne er lukket."))
		looks("finance-closings")
		run(browsertest.PressIn("th", day.Danish()), browsertest.Heading("Lukket til og med "+day.Danish()))
		looks("finance-closing")
		require.Equal(t, 403, w.opened(domain.Auditor, "/budgets/new").Code)
		require.NotContains(t, w.opened(domain.Auditor, "/budgets/"+show("bdg", budgets[0].ID)).Body.String(), `method="post"`)
		require.NotContains(t, w.opened(domain.Auditor, "/closings").Body.String(), `method="post"`)
		require.Equal(t, 403, w.pressed(domain.Auditor, "/closings", "through=2026-11-20&sure=yes&key=11111111").Code)
		w.until(time.Date(2027, 1, 20, 9, 0, 0, 0, time.UTC))
		over := w.opened(domain.Finance, "/year-end?year=2026").Body.String()
		require.NotContains(t, over, "not-over")
		require.Contains(t, over, "Hvad der siden er sket")
		verified(t, w)
	})
}

// Every link of finance's and the auditor's pages leads somewhere, files too, each table
// has its files, which say what it says, and nowhere is anybody named.
func TestLinksOfTheBooks(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.marked()
	href, id := regexp.MustCompile(`href="(/[^"#]*)"`), regexp.MustCompile(`_[0-9a-f]{32}|\d{4}-\d\d-\d\d`)
	for _, role := range []domain.Role{domain.Finance, domain.Auditor} {
		todo, kinds, tables := []string{"/year"}, map[string]int{}, 0
		for len(todo) > 0 {
			at := todo[0]
			todo = todo[1:]
			answer := w.opened(role, at)
			if at == "/" { // which leads to the first page
				continue
			}
			require.Equal(t, 200, answer.Code, "%s as %s", at, role)
			text := answer.Body.String()
			for _, mark := range []string{"Zitronella", "Quistorff", "310395", "28472847", "Zqsag", "Qzmål", "Anna Eksempel"} {
				require.NotContains(t, text, mark, at)
			}
			if !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") {
				continue
			}
			for _, shown := range tablesOf(t, text) {
				require.NotEmpty(t, shown.CSV, "a table of %s has no file", at)
				if strings.Contains(at, "cursor=") { // a file begins with the first
					shown.Lines = nil
				}
				w.sameAsFile(t, role, "da", shown)
				tables++
			}
			for _, link := range href.FindAllStringSubmatch(text, -1) {
				to := strings.ReplaceAll(link[1], "&amp;", "&")
				kind := id.ReplaceAllString(to, "")
				if kinds[kind]++; kinds[kind] == 1 && !strings.HasPrefix(to, "/static/") && !strings.Contains(to, "lang=") {
					todo = append(todo, to)
				}
			}
		}
		require.Greater(t, len(kinds), 80)
		require.Greater(t, tables, 15)
	}
}
