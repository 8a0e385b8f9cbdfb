package api

import (
	"context"
	"encoding/base32"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/access/means"
	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/store/storetest/leaks"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/code"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// house is a service that a browser reaches, where people have accounts.
type house struct {
	t       testing.TB
	access  *access.Service
	service *vouchers.Service
	address *url.URL
	handler http.Handler
	home    domain.ID
	ahead   atomic.Int64 // how far its clock is ahead
	system  domain.Actor
}

func (o *house) now() time.Time { return time.Now().Add(time.Duration(o.ahead.Load())) }

// newHouse serves on a port of its own until the test is over.
func newHouse(t testing.TB, s *store.Store) *house {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "localhost:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	o := &house{t: t, address: &url.URL{Scheme: "http", Host: "localhost:" + port}}
	data, err := vault.Parse(keys.Generate(1))
	require.NoError(t, err)
	o.access = access.New(s, o.now, access.WithKeys(data), access.WithAddress(o.address))
	o.service = vouchers.New(s, ok(code.ParseKeyRing(code.GenerateKey())), data, o.now)
	home, err := o.service.Found(t.Context(), "Eksempel Kommune", "")
	require.NoError(t, err)
	o.home, o.system = home.MunicipalityID, domain.Actor{MunicipalityID: home.MunicipalityID, Person: "system:test", Role: domain.System}
	o.handler = searched(ok(New(Options{Service: o.service, Access: o.access, Public: o.address, Log: slog.New(slog.NewJSONHandler(leaks.Log, nil))})))
	server := &http.Server{Handler: o.handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return o
}

// invite gives the link for a person with a role.
func (o *house) invite(person string, role domain.Role) string {
	_, err := o.access.Assign(o.t.Context(), o.system, access.AssignmentInput{Person: person, Role: role})
	require.NoError(o.t, err)
	invited, err := o.access.Invite(o.t.Context(), o.system, person)
	require.NoError(o.t, err)
	return InvitationLink(o.address, invited.Text)
}

// at is an address of the service.
func (o *house) at(path string) chromedp.Action { return chromedp.Navigate(o.address.String() + path) }

// generator reads the key that the page shows for a code generator.
func generator(t testing.TB, ctx context.Context) []byte {
	var shown string
	browsertest.Run(t, ctx, chromedp.Text("form code", &shown, chromedp.ByQuery))
	leaks.Mark(shown)
	secret, err := unspaced(shown)
	require.NoError(t, err)
	return secret
}

// unspaced reads a code generator's key as it is shown.
func unspaced(text string) ([]byte, error) {
	return base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(strings.ReplaceAll(text, " ", "")))
}

// A person is invited, makes a passkey and signs in with it, proves again who
// they are, takes a password and a code generator too and signs in with those,
// and signs out everywhere: all in a real browser.
func TestAccountInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newHouse(t, s)
		ctx := browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, ctx, actions...) }
		browsertest.Authenticator(t, ctx)
		const anne, password = "anne@eksempel.dk", "lampe gren vindue hest"

		var address string
		run(chromedp.Navigate(o.invite(anne, domain.Administrator)), browsertest.Heading("Vælg, hvordan du logger ind"), chromedp.Location(&address), look(t, "setup"))
		require.Equal(t, o.address.String()+"/invitation", address, "the secret is gone from the address")
		run(browsertest.Fill("passkey-name", "Min telefon"), browsertest.Press("Opret passkey"), browsertest.Heading("Medarbejdere"), o.at("/you"), browsertest.Heading("Din rolle"), look(t, "you"))

		run(browsertest.Press("Log ud"), browsertest.Heading("Du er logget ud"), o.at("/"), browsertest.Heading("Log ind"), look(t, "signin"))
		run(browsertest.Press("Log ind med passkey"), browsertest.Heading("Medarbejdere"))

		o.ahead.Add(int64(domain.FreshFor))
		run(o.at("/account"), browsertest.Heading("Din adgang"), look(t, "account-stale"), browsertest.Press("Bekræft, at det er dig"), browsertest.Heading("Bekræft, at det er dig"), look(t, "prove"))
		run(browsertest.Press("Bekræft med passkey"), browsertest.Heading("Din adgang"), look(t, "account"))

		run(browsertest.Press("Vælg adgangskode og kodegenerator"), browsertest.Heading("Adgangskode og kodegenerator"), look(t, "password"))
		secret := generator(t, ctx)
		run(browsertest.Fill("password", "password1234"), browsertest.Fill("code", means.TOTPCode(secret, o.now())), browsertest.Press("Gem"),
			sees("let at gætte"), look(t, "password-refused"))
		require.Equal(t, secret, generator(t, ctx), "the code generator stays the same")
		run(browsertest.Fill("password", password), browsertest.Fill("code", means.TOTPCode(secret, o.now())), browsertest.Press("Gem"), browsertest.Heading("Din adgang"),
			sees("Du har en adgangskode"))

		run(o.at("/you"), browsertest.Press("Log ud"), browsertest.Heading("Du er logget ud"))
		o.ahead.Add(int64(30 * time.Second))
		signIn := func(password string) chromedp.Action {
			return chromedp.Tasks{
				o.at("/signin"), browsertest.Heading("Log ind"), browsertest.Fill("person", anne), browsertest.Fill("password", password),
				browsertest.Fill("code", means.TOTPCode(secret, o.now())), chromedp.KeyEvent(kb.Enter),
			}
		}
		run(signIn("wrong "+password), chromedp.WaitVisible(`[role=alert]:not([hidden])`, chromedp.ByQuery), look(t, "signin-refused"))
		run(signIn(password), browsertest.Heading("Medarbejdere"))

		elsewhere, err := o.access.SignIn(t.Context(), o.home, access.Proof{Person: anne, Method: "passkey"})
		require.NoError(t, err)
		run(o.at("/account"), browsertest.Heading("Din adgang"), browsertest.Press("Log ud alle steder"), browsertest.Heading("Du er logget ud"))
		_, err = o.access.Authenticate(t.Context(), elsewhere.Text)
		require.Equal(t, domain.Unauthenticated, domain.KindOf(err))
		run(o.at("/account"), browsertest.Heading("Log ind"))
	})
}

// Two administrators help a person who has lost everything, who enters both
// halves of the code and makes another passkey.
func TestRecoveryInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newHouse(t, s)
		ctx := browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, ctx, actions...) }
		browsertest.Authenticator(t, ctx)
		const anne = "anne@eksempel.dk"
		run(chromedp.Navigate(o.invite(anne, domain.Administrator)), browsertest.Heading("Vælg, hvordan du logger ind"), browsertest.Press("Opret passkey"), browsertest.Heading("Medarbejdere"))
		run(o.at("/you"), browsertest.Press("Log ud"), browsertest.Heading("Du er logget ud"))
		accounts, err := o.access.Accounts(t.Context(), o.system, store.Page{Limit: 9}, access.AccountFilter{Person: anne})
		require.NoError(t, err)
		first, err := o.access.StartRecovery(t.Context(), o.system, accounts.Rows[0].ID, "Telefonen er tabt.")
		require.NoError(t, err)
		other := o.system
		other.Person = "system:other"
		second, err := o.access.ConfirmRecovery(t.Context(), other, first.Recovery.ID)
		require.NoError(t, err)
		run(o.at("/signin"), browsertest.Press("Jeg kan ikke logge ind længere"), browsertest.Heading("Få adgang igen"), look(t, "recovery"))
		enter := func(one, other string) chromedp.Action {
			return chromedp.Tasks{browsertest.Fill("person", anne), browsertest.Fill("first", one), browsertest.Fill("second", other), browsertest.Press("Fortsæt")}
		}
		run(enter(second.Text, second.Text), chromedp.WaitVisible("[role=alert]", chromedp.ByQuery), look(t, "recovery-refused"))
		run(enter(second.Text, strings.ToLower(first.Text)), browsertest.Heading("Vælg, hvordan du logger ind"), browsertest.Press("Opret passkey"), browsertest.Heading("Medarbejdere"))
	})
}
