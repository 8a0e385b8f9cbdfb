package api

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// uploaded sends a form with a file as a role.
func (w *world) uploaded(role domain.Role, path string, file []byte, fields ...string) *httptest.ResponseRecorder {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part := ok(form.CreateFormFile("file", "fil"))
	ok(part.Write(file))
	for i := 0; i < len(fields); i += 2 {
		require.NoError(w.t, form.WriteField(fields[i], fields[i+1]))
	}
	require.NoError(w.t, form.Close())
	r := httptest.NewRequestWithContext(w.t.Context(), "POST", path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return w.browsed(role, r)
}

// What the bank says, in a browser: what waits is looked at, with what it may be about
// and why; one entry is matched, another set aside, and that is taken back.
func TestBankInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		entry := func(n int) domain.BankEntry {
			return ok(w.settlement.Entry(t.Context(), w.as(domain.Finance), w.find("ben", n))).BankEntry
		}
		run(w.enters(domain.Finance, address), chromedp.Navigate(address+"/bank"), browsertest.Heading("Bankens kontoudtog"), sees("Skal nogen se på"))
		looks("finance-bank")
		run(chromedp.Navigate(address+"/bank/entries/"+show("ben", w.find("ben", 1))), sees("Hvilken afregning er det?"))
		looks("finance-bank-entry")
		run(browsertest.Fill("number", "2026-9999-01"), browsertest.Press("Det er den"), sees("Findes ikke. Vælg en, der gør."))
		looks("finance-bank-entry-unknown")
		number := ok(w.settlement.Settlement(t.Context(), w.as(domain.Finance), w.find("stl", 31))).Number
		run(browsertest.Press("Det er "+number), sees("Bevægelsen er matchet."))
		require.Equal(t, domain.EntryMatched, entry(1).State)
		looks("finance-bank-entry-matched")

		run(chromedp.Navigate(address+"/bank/entries/"+show("ben", w.find("ben", 2))), browsertest.Fill("reason", "Bankens gebyr."), browsertest.Press("Læg til side"), sees("Bevægelsen er lagt til side."))
		require.Equal(t, domain.EntrySetAside, entry(2).State)
		run(browsertest.Press("Tag det tilbage"), sees("Bevægelsen venter igen."))
		require.Equal(t, domain.EntryUnmatched, entry(2).State)

		file := filepath.Join(t.TempDir(), "konto.csv")
		require.NoError(t, os.WriteFile(file, []byte("Dag;Hvad;Kr\n21-11-2026;Gebyr;-1,00\n"), 0o600))
		run(chromedp.Navigate(address+"/bank"), browsertest.Upload("file", file), browsertest.Press("Hent ind"), sees("Overskrifterne i filens første linje bliver ikke genkendt"))
		looks("finance-bank-refused")
		run(chromedp.Navigate(address+"/bank/"+show("bst", w.find("bst", 1))), sees("Skal ses på"))
		looks("finance-bank-statement-open")
		verified(t, w)
	})
}

// A statement that is sent again changes nothing, whoever may not is refused, and
// nobody is named but shops.
func TestBankPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		file := []byte("Dato;Tekst;Beløb;Saldo\n21-11-2026;Til Ella Eksempel;-1,00;9,00\n")
		first := w.uploaded(domain.Finance, "/bank", file, "currency", "DKK", "key", "k-1")
		require.Equal(t, 303, first.Code, first.Body)
		again := w.uploaded(domain.Finance, "/bank", file, "currency", "DKK", "key", "k-1")
		require.Equal(t, 303, again.Code, again.Body)
		require.Equal(t, first.Header().Get("Location"), again.Header().Get("Location"))
		known := w.uploaded(domain.Finance, "/bank", file, "currency", "DKK", "key", "k-2")
		require.Equal(t, 409, known.Code)
		require.Contains(t, known.Body.String(), danish("fault.statement_known"))
		require.Equal(t, 403, w.uploaded(domain.Auditor, "/bank", file, "currency", "DKK", "key", "k-3").Code)
		require.NotContains(t, w.opened(domain.Auditor, "/bank").Body.String(), `type="file"`)
		require.Equal(t, 422, w.uploaded(domain.Finance, "/bank", nil, "key", "k-4").Code)

		waits := "/bank/entries/" + show("ben", w.find("ben", 1))
		aside := url.Values{"do": {"set_aside"}, "reason": {""}}
		require.Equal(t, 422, w.pressed(domain.Finance, waits, aside.Encode()).Code)
		aside.Set("reason", "Ikke os.")
		require.Equal(t, 303, w.pressed(domain.Finance, waits, aside.Encode()).Code)
		answer := w.pressed(domain.Finance, waits, aside.Encode())
		require.Equal(t, 409, answer.Code)
		require.Contains(t, answer.Body.String(), "Ikke os.", "who comes second sees what was decided")
		statements := ok(w.settlement.BankStatements(t.Context(), w.as(domain.Finance), store.Page{Limit: 9})).Rows
		for _, path := range []string{"/bank", waits, "/bank/" + show("bst", statements[0].ID), "/bank/" + show("bst", statements[0].ID) + "?state=unmatched"} {
			for role, code := range map[domain.Role]int{domain.Finance: 200, domain.Auditor: 200, domain.TeamLeader: 403} {
				answer := w.opened(role, path)
				require.Equal(t, code, answer.Code, "%s %s", role, path)
				require.NotContains(t, answer.Body.String(), "Ella")
			}
		}
		for _, wrong := range []string{"/bank/x", "/bank/entries/x"} {
			require.Equal(t, 404, w.opened(domain.Finance, wrong).Code)
		}
		verified(t, w)
	})
}

// An invoice that asks for more than is due, in a browser: what differs is listed, and
// it is accepted, so that the settlement's own amount is paid; another is rejected.
func TestInvoiceInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		due := ok(w.settlement.Settlements(t.Context(), w.as(domain.Finance), store.Page{Limit: 9}, settlement.Filter{RunID: w.find("srn", 4)})).Rows[0]
		file := filepath.Join(t.TempDir(), "faktura.xml")
		require.NoError(t, os.WriteFile(file, document("Invoice", "B-1", "12345674", due.Number, "", due.Total+5000), 0o600))
		total := domain.FormatMoney(due.Total, "DKK")

		run(w.enters(domain.Finance, address), chromedp.Navigate(address+"/invoices"), browsertest.Heading("Fakturaer fra butikker"))
		looks("finance-invoices")
		run(browsertest.Upload("file", file), browsertest.Press("Hent ind"), browsertest.Heading("Faktura B-1"), sees("Noget er forskelligt"))
		looks("finance-invoice-differs")
		run(browsertest.Fill("comment", "Aftalt med butikken."), browsertest.Press("Accepter, betal "+total), sees("Fakturaen er accepteret."))
		looks("finance-invoice-accepted")
		run(chromedp.Navigate(address+"/invoices"), browsertest.Heading("Fakturaer fra butikker"), browsertest.Press("Faktura A-2"), browsertest.Heading("Faktura A-2"))
		looks("finance-invoice-other")
		run(browsertest.Fill("comment", "Ikke aftalt."), browsertest.Press("Afvis"), sees("Fakturaen er afvist."))
		require.Equal(t, domain.InvoiceRejected, ok(w.settlement.Invoice(t.Context(), w.as(domain.Finance), w.find("inv", 2))).State)

		run(chromedp.Navigate(address+"/invoices"), browsertest.Upload("file", file), browsertest.Press("Hent ind"), sees("Fakturaen er hentet ind før"))
		looks("finance-invoices-known")
		for _, path := range []string{"/invoices", "/invoices/" + show("inv", w.find("inv", 1))} {
			require.Equal(t, 200, w.opened(domain.Auditor, path).Code)
			require.NotContains(t, w.opened(domain.Auditor, path).Body.String(), `name="do"`)
			require.Equal(t, 403, w.opened(domain.Caseworker, path).Code)
		}
		require.Equal(t, 422, w.uploaded(domain.Finance, "/invoices", []byte("<x/>")).Code)
		verified(t, w)
	})
}
