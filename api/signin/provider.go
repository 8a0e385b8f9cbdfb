package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/fasthold/fasthold/domain"
)

const (
	patience   = 10 * time.Second // how long a provider may take to answer
	pause      = 5 * time.Second  // between two tries to find a provider that is away
	foundFor   = time.Hour        // how long what it says of itself is believed
	mostAnswer = 256 << 10        // bytes of a provider's answer
)

// Provider is one municipality's OpenID provider. It is looked for when somebody
// wants to sign in, so that a server starts without it. Safe for concurrent use.
type Provider struct {
	Settings
	Municipality domain.ID

	callback string // the address that it sends people back to
	after    string // where it sends them when they have signed out
	client   *http.Client
	clock    func() time.Time

	mu    sync.Mutex
	found *found
	until time.Time // found counts until then
	tried time.Time // when it was last looked for and not found
}

// found is what a provider says of itself.
type found struct {
	oauth      oauth2.Config
	verifier   *oidc.IDTokenVerifier
	endSession string // ""; it has none
	names      bool   // it says in its answers who it is (RFC 9207)
}

func newProvider(s Settings, municipality domain.ID, public *url.URL, clock func() time.Time) *Provider {
	return &Provider{
		Settings: s, Municipality: municipality, clock: clock, callback: public.JoinPath(Path(municipality), "callback").String(), after: public.JoinPath(Path(municipality)).String(),
		client: &http.Client{
			Timeout: patience, Transport: limited{http.DefaultTransport},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// limited bounds answers.
type limited struct{ http.RoundTripper }

// RoundTrip sends a request.
func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = http.MaxBytesReader(nil, answer.Body, mostAnswer)
	return answer, nil
}

// identity is the provider and what it knows us as.
func (p *Provider) identity() string { return p.Issuer + " " + p.ClientID }

// away is Unavailable: nobody can sign in by the provider just now. Why is for the
// log.
func (p *Provider) away(err error) error {
	return fmt.Errorf("the provider %s: %w: %w", p.Issuer, err, domain.Errorf(domain.Unavailable, "provider_away", "the municipality's sign-in does not answer: try again in a while"))
}

// find gives what the provider says of itself, asking it when that is old.
func (p *Provider) find(ctx context.Context) (*found, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock()
	if p.found != nil && now.Before(p.until) {
		return p.found, nil
	}
	if now.Before(p.tried.Add(pause)) && p.found == nil {
		return nil, p.away(errors.New("it was away a moment ago"))
	}
	f, err := p.discover(ctx)
	if err != nil && p.found == nil {
		p.tried = p.clock()
		return nil, p.away(err)
	}
	if err == nil {
		p.found = f
	}
	p.until = now.Add(foundFor) // one that is known and away may be back: what it said goes on counting
	return p.found, nil
}

func (p *Provider) discover(ctx context.Context) (*found, error) {
	ctx, enough := context.WithTimeout(p.context(context.WithoutCancel(ctx)), patience)
	defer enough()
	discovered, err := oidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		return nil, err
	}
	var says struct {
		JWKS       string   `json:"jwks_uri"`
		EndSession string   `json:"end_session_endpoint"`
		Methods    []string `json:"token_endpoint_auth_methods_supported"`
		Names      bool     `json:"authorization_response_iss_parameter_supported"`
	}
	if err := discovered.Claims(&says); err != nil {
		return nil, err
	}
	endpoint := discovered.Endpoint()
	for _, address := range []string{endpoint.AuthURL, endpoint.TokenURL, says.JWKS} {
		if !reachable(address, p.Issuer) {
			return nil, fmt.Errorf("it names the address %q, which is not https", address)
		}
	}
	if !reachable(says.EndSession, p.Issuer) {
		says.EndSession = ""
	}
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if len(says.Methods) > 0 && !slices.Contains(says.Methods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return &found{
		oauth: oauth2.Config{
			ClientID: p.ClientID, ClientSecret: p.secret, Endpoint: endpoint, RedirectURL: p.callback,
			Scopes: append([]string{oidc.ScopeOpenID}, slices.DeleteFunc(slices.Clone(p.Scopes), func(s string) bool { return s == oidc.ScopeOpenID })...),
		},
		verifier:   discovered.Verifier(&oidc.Config{ClientID: p.ClientID, Now: p.clock}),
		endSession: says.EndSession, names: says.Names,
	}, nil
}

// reachable reports whether an address that a provider names may be used: https,
// unless the provider itself is on this machine.
func reachable(address, issuer string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && strings.HasPrefix(issuer, "http://"))
}

// context makes the provider be asked by its own client.
func (p *Provider) context(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

// Begin begins a flow that goes back to a path of ours, and gives the address at
// the provider. Again is the sign-in whose person is to prove anew who they are:
// then the provider must ask, whatever it remembers. Lang is the language that it
// should ask in. Unavailable if the provider is away.
func (p *Provider) Begin(ctx context.Context, back string, again domain.ID, lang string) (Flow, string, error) {
	f, err := p.find(ctx)
	if err != nil {
		return Flow{}, "", err
	}
	flow := newFlow(p.Municipality, p.identity(), back, again, p.clock())
	options := []oauth2.AuthCodeOption{oidc.Nonce(flow.Nonce), oauth2.S256ChallengeOption(flow.Verifier), oauth2.SetAuthURLParam("ui_locales", lang)}
	if again != (domain.ID{}) {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	if !p.Assurance.None {
		options = append(options, oauth2.SetAuthURLParam("acr_values", strings.Join(p.Assurance.accepted(), " ")))
	}
	return flow, f.oauth.AuthCodeURL(flow.State, options...), nil
}

// End takes what the provider sent back for a flow, fetches the ID token for it,
// and reads who it is. Forbidden if the provider refused, if what it says does not
// hold, or if it is not what the settings ask for; "no_role", with whose it is, if it
// gives none. Unavailable if it is away.
func (p *Provider) End(ctx context.Context, flow Flow, answer url.Values) (Who, error) {
	f, err := p.find(ctx)
	if err != nil {
		return Who{}, err
	}
	if from := answer.Get("iss"); from != "" && from != p.Issuer || from == "" && f.names {
		return Who{}, refused("sign_in_mixed_up", "the answer is another provider's than the one that was asked")
	}
	if answer.Get("error") != "" {
		return Who{}, refused("provider_refused", "the provider did not let you in")
	}
	ctx, enough := context.WithTimeout(p.context(ctx), patience)
	defer enough()
	token, err := f.oauth.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(flow.Verifier))
	if no, ok := errors.AsType[*oauth2.RetrieveError](err); ok && no.Response.StatusCode < http.StatusInternalServerError {
		return Who{}, refused("provider_refused", "the provider did not take its own code back")
	}
	if err != nil {
		return Who{}, p.away(errors.New("no token came from it")) // its words may hold what it sent
	}
	raw, _ := token.Extra("id_token").(string)
	return p.read(ctx, f, flow, raw)
}

// idClaims are what is checked of an ID token beside what the library checks.
type idClaims struct {
	Party    string `json:"azp"`
	AuthTime int64  `json:"auth_time"`
}

// read checks an ID token that a flow ended with, and reads who it is.
func (p *Provider) read(ctx context.Context, f *found, flow Flow, raw string) (Who, error) {
	token, err := f.verifier.Verify(ctx, raw)
	if err != nil {
		return Who{}, unbelieved()
	}
	var id idClaims
	var claims map[string]any
	if token.Claims(&id) != nil || token.Claims(&claims) != nil || token.Nonce != flow.Nonce || id.Party != "" && id.Party != p.ClientID ||
		id.Party == "" && len(token.Audience) > 1 || token.IssuedAt.After(p.clock().Add(skew)) {
		return Who{}, unbelieved()
	}
	proved := time.Unix(id.AuthTime, 0)
	if flow.Again != (domain.ID{}) && proved.Before(flow.Started.Add(-skew)) {
		return Who{}, refused("proof_missing", "the claim auth_time is missing, or the provider did not ask again who you are")
	}
	who, err := p.who(token.Subject, claims)
	who.Proved = proved
	return who, err
}

// unbelieved says no more: what was wrong with it is of use to who forged it only.
func unbelieved() error {
	return refused("provider_refused", "what came from the provider does not hold")
}

// SignOut gives the address at the provider where the browser is signed out there
// too; "" when it has none, or has not been heard of. It names us and not the
// person: an id_token_hint would put their name and roles, which we do not keep,
// into an address, and so into the browser's history and the provider's logs. A
// provider may ask the person whether they mean it instead.
func (p *Provider) SignOut(ctx context.Context) string {
	f, err := p.find(ctx)
	if err != nil || f.endSession == "" {
		return ""
	}
	u, err := url.Parse(f.endSession)
	if err != nil {
		return ""
	}
	query := u.Query()
	query.Set("client_id", p.ClientID)
	query.Set("post_logout_redirect_uri", p.after)
	u.RawQuery = query.Encode()
	return u.String()
}

// SignedOut is what a provider tells of a person who signed out there.
type SignedOut struct {
	ID      string // of the message: it counts once
	Subject string // "": whoever has the session
	Session string // "": all of the subject's
	Until   time.Time
}

// longestMessage is how old a back-channel message may be.
const longestMessage = 5 * time.Minute

// Told reads a back-channel message (OpenID Connect Back-Channel Logout 1.0).
// Invalid if it is not the provider's, not for us, or not new.
func (p *Provider) Told(ctx context.Context, raw string) (SignedOut, error) {
	f, err := p.find(ctx)
	if err != nil {
		return SignedOut{}, err
	}
	told, err := f.verifier.VerifyLogout(p.context(ctx), raw)
	if err != nil {
		return SignedOut{}, domain.Errorf(domain.Invalid, "logout_token_invalid", "the logout token does not hold")
	}
	var claims struct {
		Events map[string]json.RawMessage `json:"events"`
	}
	var event map[string]any
	now := p.clock()
	if told.Claims(&claims) != nil || json.Unmarshal(claims.Events["http://schemas.openid.net/event/backchannel-logout"], &event) != nil || event == nil ||
		told.IssuedAt.Before(now.Add(-longestMessage)) || told.IssuedAt.After(now.Add(skew)) || told.Subject == "" && told.SessionID == "" {
		return SignedOut{}, domain.Errorf(domain.Invalid, "logout_token_invalid", "the logout token does not hold, or is not new")
	}
	return SignedOut{ID: told.TokenID, Subject: told.Subject, Session: told.SessionID, Until: now.Add(longestMessage + skew)}, nil
}
