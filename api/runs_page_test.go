package api

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// colleague is another in finance than who sends the examples.
const colleague = "finance2@eksempel.dk"

// joins lets the colleague in finance sign in in a browser.
func (w *world) joins(address string) chromedp.Action {
	w.t.Helper()
	if len(ok(w.access.Assignments(w.t.Context(), w.system(), store.Page{Limit: 9}, access.AssignmentFilter{Person: colleague})).Rows) == 0 {
		ok(w.access.Assign(w.t.Context(), w.system(), access.AssignmentInput{Person: colleague, Role: domain.Finance}))
	}
	return w.signs(colleague, address)
}

// signs puts a new sign-in of somebody into a browser.
func (w *world) signs(person, address string) chromedp.Action {
	text := ok(w.access.SignIn(w.t.Context(), w.home, access.Proof{Person: person, Method: "passkey"})).Text
	return network.SetCookie(auth.StaffCookie, text).WithURL(address).WithPath("/").WithSecure(true).WithHTTPOnly(true)
}

// booked is a file of the bank's in which the payments of a payment file are booked, on
// the day they were to be; and a fee.
func booked(t *testing.T, payments string) string {
	t.Helper()
	day := regexp.MustCompile(`<ReqdExctnDt>\s*<Dt>([^<]+)`).FindStringSubmatch(payments)[1]
	entry := func(amount, id string) string {
		return `<Ntry><Amt Ccy="DKK">` + amount + `</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>` + day + `</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>` + id + `</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>`
	}
	sum, entries := int64(1000), entry("10.00", "GEBYR")
	for _, p := range regexp.MustCompile(`(?s)<EndToEndId>([^<]+)</EndToEndId>.*?<InstdAmt Ccy="DKK">([0-9]+)\.([0-9]{2})<`).FindAllStringSubmatch(payments, -1) {
		entries += entry(p[2]+"."+p[3], p[1])
		sum += ok(strconv.ParseInt(p[2]+p[3], 10, 64))
	}
	balance := func(code, amount string) string {
		return `<Bal><Tp><CdOrPrtry><Cd>` + code + `</Cd></CdOrPrtry></Tp><Amt Ccy="DKK">` + amount + `</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>` + day + `</Dt></Dt></Bal>`
	}
	path := filepath.Join(t.TempDir(), "konto.xml")
	require.NoError(t, os.WriteFile(path, []byte(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S-1</Id><Acct><Id><IBAN>DK5000400440116243</IBAN></Id></Acct>`+
		balance("OPBD", fmt.Sprintf("%d.%02d", sum/100, sum%100))+balance("CLBD", "0.00")+entries+`</Stmt></BkToCstmrStmt></Document>`), 0o600))
	return path
}

// A run from draft to reconciled, by two people in real browsers: who made the draft
// cannot approve it, the bank is not asked to pay on a Sunday, what was paid is booked
// once, and the bank's own file confirms it.
func TestRunInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		w.paidBy(domain.ByBank, "DK5000400440116243")
		buy := w.purse(61, "DKK")
		buy()
		buy()
		address, maker, checker := w.serves(t), browsertest.Open(t, walk(s)), browsertest.Open(t, walk(s))
		first := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, maker, actions...) }
		second := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, checker, actions...) }
		looks, other := looker(t, maker), looker(t, checker)

		var at string
		first(w.enters(domain.Finance, address), chromedp.Navigate(address+"/runs"), browsertest.Heading("Afregning med butikker"), sees("Der er ingen kørsler endnu"))
		looks("finance-runs-none")
		first(browsertest.Press("Lav udkast"), sees("Der er ikke noget at afregne"))
		looks("finance-runs-nothing")
		first(browsertest.Fill("period_from", "2026-11-01"), browsertest.Fill("period_to", "2026-11-21"), browsertest.Press("Lav udkast"), browsertest.Heading("Kørsel 1"), sees("Du har selv lavet udkastet"), chromedp.Location(&at))
		looks("finance-run-draft")
		id, there := parse("srn", strings.TrimPrefix(strings.Split(at, "?")[0], address+"/runs/"))
		require.True(t, there)
		run := func() settlement.Run { return ok(w.settlement.Run(t.Context(), w.as(domain.Finance), id)) }
		amount := domain.FormatMoney(run().Sum.Payable, "DKK")

		second(w.joins(address), chromedp.Navigate(address+"/runs"), browsertest.Heading("Afregning med butikker"), browsertest.Press("Kørsel 1"), browsertest.Heading("Kørsel 1"))
		other("finance-run-to-approve")
		second(browsertest.Press("Godkend"), browsertest.Heading("Godkend"))
		other("finance-run-approve")
		second(browsertest.Press("Godkend "+amount), sees("Kørslen er godkendt"))
		require.Equal(t, domain.RunApproved, run().State)
		other("finance-run-approved")
		second(browsertest.Press("Lav betalingsfil"), browsertest.Heading("Lav betalingsfil"), browsertest.Fill("execute_on", "2026-11-22"), browsertest.Press("Lav betalingsfil på "+amount), sees("Bankerne har lukket søndag 22-11-2026. Den næste bankdag er mandag 23-11-2026."))
		other("finance-run-no-bank-day")
		second(browsertest.Fill("execute_on", "2026-11-23"), browsertest.Press("Lav betalingsfil på "+amount), sees("Betalingsfilen er lavet"))
		other("finance-run-filed")
		var link string
		second(chromedp.AttributeValue(`a[href$="/file"]`, "href", &link, nil, chromedp.ByQuery))
		file := w.ask(httptest.NewRequestWithContext(t.Context(), "GET", link, nil), auth.Cookie(auth.StaffCookie, w.signedIn(domain.Finance), time.Time{}))
		require.Equal(t, 200, file.Code)
		require.Contains(t, file.Body.String(), "2026-11-23")

		w.now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) // the bank has paid
		second(w.joins(address), chromedp.Reload(), browsertest.Press("Er betalt"), browsertest.Heading("Er betalt"))
		other("finance-run-pay")
		second(browsertest.Press(amount+" er betalt"), sees("Betalingen er bogført"))
		require.Equal(t, domain.RunPaid, run().State)
		other("finance-run-paid")
		first(w.signs("finance@eksempel.dk", address), chromedp.Navigate(address+"/runs"), sees("Hent kontoudtoget ind"))
		looks("finance-runs")
		first(browsertest.Press("Kørsel 1"), browsertest.Press("Hent kontoudtog ind"), browsertest.Heading("Bankens kontoudtog"), browsertest.Upload("file", booked(t, file.Body.String())),
			browsertest.Press("Hent ind"), sees("Kontoudtoget er hentet ind"), sees("Matchet"))
		looks("finance-bank-statement")
		require.Equal(t, domain.RunReconciled, run().State)
		first(chromedp.Navigate(strings.Split(at, "?")[0]), browsertest.Heading("Kørsel 1"))
		looks("finance-run-reconciled")
		first(browsertest.Press(ok(w.settlement.Settlements(t.Context(), w.as(domain.Finance), store.Page{Limit: 1}, settlement.Filter{RunID: id})).Rows[0].Number), sees("Kom pengene retur?"))
		looks("finance-settlement")
		verified(t, w)
	})
}

// What is sent twice is done once; what came too late comes back with what was typed;
// and who may only read is offered nothing to press.
func TestRunPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		purchase := ok(w.settlement.Holds(t.Context(), w.as(domain.Finance), store.Page{Limit: 1}, settlement.HoldFilter{})).Rows[0]
		at := "/runs/purchases/" + show("rdm", purchase.RedemptionID)
		form := url.Values{"do": {"reject"}, "hold": {show("hld", purchase.ID)}, "reason": {""}, "key": {"k-1"}}
		answer := w.pressed(domain.Finance, at, form.Encode())
		require.Equal(t, 422, answer.Code)
		require.Contains(t, answer.Body.String(), danish("fault.field.required"))
		form.Set("reason", "Samme bon.")
		for range 2 {
			answer = w.pressed(domain.Finance, at, form.Encode())
			require.Equal(t, 303, answer.Code, answer.Body)
		}
		require.Contains(t, w.opened(domain.Finance, at).Body.String(), danish("runs.stands.rejected"))
		form.Set("key", "k-2")
		require.Equal(t, 409, w.pressed(domain.Finance, at, form.Encode()).Code)

		draft := "/runs/" + show("srn", w.find("srn", 5))
		require.NotContains(t, w.opened(domain.Auditor, draft).Body.String(), draft+"/approve")
		require.Contains(t, w.opened(domain.Finance, draft).Body.String(), draft+"/approve")
		require.Equal(t, 303, w.opened(domain.Auditor, draft+"/approve").Code, "there is nothing to press")
		require.Equal(t, 303, w.opened(domain.Finance, draft+"/file").Code, "a draft has no file")
		require.Equal(t, 412, w.pressed(domain.Finance, draft+"/approve", "version=99&key=k-3").Code, "another draft than was read")
		w.now = w.now.Add(domain.FreshFor)
		answer = w.pressed(domain.Finance, draft+"/approve", "version=1&key=k-4")
		require.Equal(t, 403, answer.Code)
		require.Contains(t, answer.Body.String(), `href="/prove?return=%2Fprove%2Fdone"`)
		for _, path := range []string{"/runs", "/runs/held", "/runs/held?decided=yes", at, draft, "/runs/settlements/" + show("stl", w.find("stl", 5))} {
			for role, code := range map[domain.Role]int{domain.Finance: 200, domain.Auditor: 200, domain.Caseworker: 403, domain.Administrator: 403} {
				answer := w.opened(role, path)
				require.Equal(t, code, answer.Code, "%s %s", role, path)
				for _, mark := range []string{"Ella Eksempel", "cit_", "170500", "B-1001"} {
					require.NotContains(t, answer.Body.String(), mark, path)
				}
			}
		}
		for _, wrong := range []string{"/runs/x", "/runs/settlements/x", "/runs/purchases/x", "/runs/x/approve"} {
			require.Equal(t, 404, w.opened(domain.Finance, wrong).Code, wrong)
		}
		verified(t, w)
	})
}
