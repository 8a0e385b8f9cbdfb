package access

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access/means"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/store/storetest/leaks"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

const (
	mette        = "mette@varde.dk"
	goodPassword = "lampe gren vindue hest"
)

// newHouse is a gate where people have accounts, with three administrators who
// are signed in.
func newHouse(t testing.TB, s *store.Store) (g *gate, admins [3]domain.Actor) {
	t.Helper()
	data, err := vault.Parse(keys.Generate(1))
	require.NoError(t, err)
	g = newGate(t, s, WithKeys(data), WithAddress(&url.URL{Scheme: "https", Host: "fasthold.eksempel.dk"}))
	for i, name := range []string{"anne@varde.dk", "bo@varde.dk", "carl@varde.dk"} {
		g.grant(t, name, domain.Administrator)
		admins[i] = g.signIn(t, name).Actor
	}
	return g, admins
}

// invited opens a new invitation of a person who has a role.
func (g *gate) invited(t testing.TB, person string) Setup {
	t.Helper()
	g.grant(t, person, domain.Caseworker)
	i, err := g.Invite(t.Context(), g.system, person)
	require.NoError(t, err)
	setup, err := g.OpenInvitation(t.Context(), i.Text, "192.0.2.7")
	require.NoError(t, err)
	return setup
}

// generator is a person's code generator, as they set it up.
type generator []byte

func readGenerator(t testing.TB, setup Setup) generator {
	t.Helper()
	address, err := url.Parse(setup.TOTPAddress)
	require.NoError(t, err)
	secret, err := base32Of(address.Query().Get("secret"))
	require.NoError(t, err)
	require.Equal(t, means.TOTPText(secret), setup.TOTPText)
	leaks.Mark(setup.TOTPText, address.Query().Get("secret"))
	return secret
}

func (c generator) shows(g *gate) string { return means.TOTPCode(c, g.time.now()) }

// withPassword makes an account with a password, half a minute ago.
func (g *gate) withPassword(t testing.TB, person string) generator {
	t.Helper()
	setup := g.invited(t, person)
	codes := readGenerator(t, setup)
	_, err := g.ChoosePassword(t.Context(), setup.Ticket, goodPassword, codes.shows(g))
	require.NoError(t, err)
	g.time.add(30 * time.Second)
	return codes
}

// withPasskey makes an account with a passkey.
func (g *gate) withPasskey(t testing.TB, person string) (*authenticator, SignedIn) {
	t.Helper()
	a := newAuthenticator(t)
	in, err := g.choosesPasskey(t, g.invited(t, person), a)
	require.NoError(t, err)
	return a, in
}

func (g *gate) choosesPasskey(t testing.TB, setup Setup, a *authenticator) (SignedIn, error) {
	t.Helper()
	c, err := g.NewPasskey(t.Context(), setup.Ticket)
	require.NoError(t, err)
	return g.ChoosePasskey(t.Context(), PasskeyInput{State: c.State, Answer: a.makes(c), Name: "Telefon"})
}

// usesPasskey signs in with a passkey.
func (g *gate) usesPasskey(t testing.TB, a *authenticator) (SignedIn, error) {
	t.Helper()
	c, err := g.AskForPasskey(g.home)
	require.NoError(t, err)
	return g.SignInWithPasskey(t.Context(), c.State, a.uses(c))
}

func TestInvite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, admins := newHouse(t, s)
		ctx, admin := t.Context(), admins[0]
		first, err := g.Invite(ctx, admin, "METTE@varde.dk")
		require.NoError(t, err)
		require.Regexp(t, "^fhi_[A-Za-z0-9_-]{64}$", first.Text)
		require.Equal(t, mette, first.Account.Person)
		require.Equal(t, g.time.now().Add(72*time.Hour), first.Until)
		g.keptOut(t, first.Text, "an invitation is no credential")

		second, err := g.Invite(ctx, admin, mette)
		require.NoError(t, err)
		require.Equal(t, first.Account.ID, second.Account.ID)
		for name, text := range map[string]string{"replaced": first.Text, "cut": second.Text[:50], "empty": "", "another": strings.Replace(second.Text, "fhi_", "fht_", 1), "nobody's": "fhi_" + strings.Repeat("A", 64)} {
			_, err := g.OpenInvitation(ctx, text, "192.0.2.1")
			require.Equal(t, "invitation_ended", domain.CodeOf(err), "%s: %v", name, err)
		}
		setup, err := g.OpenInvitation(ctx, " "+second.Text+"\n", "192.0.2.1")
		require.NoError(t, err)
		require.Equal(t, mette, setup.Person)

		_, err = g.ChoosePassword(ctx, setup.Ticket, goodPassword, readGenerator(t, setup).shows(g))
		refused(t, err, domain.Forbidden, "no_role")
		account, err := g.Account(ctx, admin, first.Account.ID)
		require.NoError(t, err)
		require.Equal(t, domain.AccountActive, account.State, "the account is there, and gives no role")
		_, err = g.Invite(ctx, admin, mette)
		refused(t, err, domain.Conflict, "already_exists")
		_, err = g.OpenInvitation(ctx, second.Text, "192.0.2.1")
		refused(t, err, domain.NotFound, "invitation_ended")

		_, err = g.Identify(ctx, g.home, Subject{"https://login.varde.dk", "bo"}, "bo@varde.dk")
		require.NoError(t, err)
		_, err = g.Invite(ctx, admin, "bo@varde.dk")
		refused(t, err, domain.Conflict, "known_elsewhere")
		_, err = g.Invite(ctx, g.system, "bo@varde.dk")
		require.NoError(t, err, "the command line may")
		for _, name := range []string{"", "system:x", "mette jensen", "citizen:x"} {
			_, err = g.Invite(ctx, admin, name)
			refused(t, err, domain.Invalid, "validation_failed")
		}
		l, err := g.Accounts(ctx, admin, store.Page{Limit: 9}, AccountFilter{Person: "Mette@varde.dk", State: domain.AccountActive})
		require.NoError(t, err)
		require.Len(t, l.Rows, 1)
	})
}

// An invitation holds for three days, and what it opened for half an hour.
func TestInvitationEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, admins := newHouse(t, s)
		i, err := g.Invite(t.Context(), admins[0], mette)
		require.NoError(t, err)
		g.time.add(InvitationHolds - time.Minute)
		setup, err := g.OpenInvitation(t.Context(), i.Text, "192.0.2.1")
		require.NoError(t, err)
		g.time.add(time.Minute)
		_, err = g.OpenInvitation(t.Context(), i.Text, "192.0.2.1")
		refused(t, err, domain.NotFound, "invitation_ended")
		_, err = g.ChoosePassword(t.Context(), setup.Ticket, goodPassword, readGenerator(t, setup).shows(g))
		refused(t, err, domain.Conflict, "setup_ended")

		i, err = g.Invite(t.Context(), admins[0], mette)
		require.NoError(t, err)
		setup, err = g.OpenInvitation(t.Context(), i.Text, "192.0.2.1")
		require.NoError(t, err)
		g.time.add(setupHolds)
		_, err = g.SameSetup(t.Context(), setup.Ticket)
		refused(t, err, domain.Conflict, "setup_ended")
		setup, err = g.OpenInvitation(t.Context(), i.Text, "192.0.2.1")
		require.NoError(t, err, "the invitation was not used up")
		_, err = g.SuspendAccount(t.Context(), admins[0], i.Account.ID)
		require.NoError(t, err)
		_, err = g.OpenInvitation(t.Context(), i.Text, "192.0.2.1")
		refused(t, err, domain.NotFound, "invitation_ended")
		_, err = g.ChoosePassword(t.Context(), setup.Ticket, goodPassword, readGenerator(t, setup).shows(g))
		refused(t, err, domain.Conflict, "setup_ended")
		account, err := g.ResumeAccount(t.Context(), admins[0], i.Account.ID)
		require.NoError(t, err)
		require.Equal(t, domain.AccountInvited, account.State)
	})
}

// A password must be good and the code right; nothing is used up until then. Who
// has chosen is signed in.
func TestChoosePassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, _ := newHouse(t, s)
		setup := g.invited(t, mette)
		codes := readGenerator(t, setup)
		for field, c := range map[string]struct{ password, code string }{"password": {"kort", codes.shows(g)}, "code": {goodPassword, "000000x"}} {
			_, err := g.ChoosePassword(t.Context(), setup.Ticket, c.password, c.code)
			require.Equal(t, field, domain.FieldsOf(err)[0].Field)
			same, err := g.SameSetup(t.Context(), setup.Ticket)
			require.NoError(t, err)
			require.Equal(t, setup, same)
		}
		in, err := g.ChoosePassword(t.Context(), setup.Ticket, goodPassword, codes.shows(g))
		require.NoError(t, err)
		require.Equal(t, mette, g.enters(t, in.Text).Person)
		require.Equal(t, "password", in.Actor.Method)
		_, err = g.ChoosePassword(t.Context(), setup.Ticket, goodPassword, codes.shows(g))
		refused(t, err, domain.Conflict, "setup_ended")
		_, err = g.SignInWithPassword(t.Context(), g.home, PasswordInput{Person: mette, Password: goodPassword, Code: codes.shows(g)})
		refused(t, err, domain.Unauthenticated, "sign_in_failed") // the code that showed that the generator was set up

		var account domain.Account
		require.NoError(t, g.store.Read(t.Context(), g.home, func(tx *store.Tx) (err error) {
			account, err = store.First[domain.Account](tx, store.Is("person", mette))
			return err
		}))
		require.Regexp(t, `^\$argon2id\$v=19\$m=65536,t=3,p=1\$`, account.PasswordHash)
		require.NotContains(t, string(account.TOTPSecret), string(codes), "sealed")
		require.Regexp(t, "^fhs1:", string(account.TOTPSecret))
	})
}

// Who is suspended is out at once, and stays out whichever way they come.
func TestSuspendAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, admins := newHouse(t, s)
		ctx, admin := t.Context(), admins[0]
		key, in := g.withPasskey(t, mette)
		_, token, err := g.CreateToken(ctx, g.system, TokenInput{Person: mette, Role: domain.Caseworker, UnitID: g.unit.ID})
		require.NoError(t, err)
		g.enters(t, in.Text)
		g.enters(t, token)
		l, err := g.Accounts(ctx, admin, store.Page{Limit: 9}, AccountFilter{Person: mette})
		require.NoError(t, err)
		id := l.Rows[0].ID
		account, err := g.SuspendAccount(ctx, admin, id)
		require.NoError(t, err)
		require.Equal(t, domain.AccountSuspended, account.State)
		g.keptOut(t, in.Text, "suspended")
		g.keptOut(t, token, "suspended")
		_, err = g.usesPasskey(t, key)
		refused(t, err, domain.Unauthenticated, "passkey_refused")
		_, err = g.SignIn(ctx, g.home, Proof{Person: mette, Method: "oidc"})
		refused(t, err, domain.Forbidden, "suspended")
		_, err = g.SuspendAccount(ctx, admin, id)
		refused(t, err, domain.Conflict, "wrong_state")
		_, err = g.ResumeAccount(ctx, admin, id)
		require.NoError(t, err)
		_, err = g.ResumeAccount(ctx, admin, id)
		refused(t, err, domain.Conflict, "wrong_state")
		_, err = g.usesPasskey(t, key)
		require.NoError(t, err)
		g.keptOut(t, token, "what ended stays ended")

		_, err = g.Invite(ctx, g.system, admin.Person)
		require.NoError(t, err)
		l, err = g.Accounts(ctx, admin, store.Page{Limit: 9}, AccountFilter{Person: admin.Person})
		require.NoError(t, err)
		_, err = g.SuspendAccount(ctx, admin, l.Rows[0].ID)
		refused(t, err, domain.Forbidden, "own_account")
	})
}
