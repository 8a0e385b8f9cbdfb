package api

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
	"github.com/zitadel/oidc/v3/pkg/crypto"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// issuer is a whole OpenID provider, of zitadel/oidc, on a listener of its own.
// Whoever comes to its login is the employee, at once.
type issuer struct {
	op.Storage // what no flow of ours asks for panics
	http       *httptest.Server
	provider   op.OpenIDProvider

	mu       sync.Mutex
	employee employee
	clients  map[string]*client
	requests map[string]*authRequest
	codes    map[string]string
	keys     []signingKey         // the last one signs
	tamper   func(map[string]any) // changes what the token endpoint answers
	asked    []url.Values         // what /authorize was asked
	ended    []url.Values         // what /end_session was asked
	away     bool
}

// employee is who is at the provider's login, and what it says of them.
type employee struct {
	subject  string
	acr      string
	claims   map[string]any
	signedIn time.Time // zero: now
}

type client struct {
	op.Client
	id, secret string
	redirects  []string
	after      []string
}

func (c *client) GetID() string                       { return c.id }
func (c *client) RedirectURIs() []string              { return c.redirects }
func (c *client) PostLogoutRedirectURIs() []string    { return c.after }
func (c *client) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (c *client) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodBasic }
func (c *client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c *client) GrantTypes() []oidc.GrantType         { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c *client) LoginURL(id string) string            { return "/login?id=" + id }
func (c *client) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeBearer }
func (c *client) IDTokenLifetime() time.Duration       { return time.Hour }
func (c *client) DevMode() bool                        { return false }
func (c *client) IsScopeAllowed(string) bool           { return true }
func (c *client) IDTokenUserinfoClaimsAssertion() bool { return true }
func (c *client) ClockSkew() time.Duration             { return 0 }
func (c *client) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return func(s []string) []string { return s }
}
func (c *client) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(s []string) []string { return s }
}

type authRequest struct {
	*oidc.AuthRequest
	id   string
	who  employee
	done bool
}

func (r *authRequest) GetID() string          { return r.id }
func (r *authRequest) GetACR() string         { return r.who.acr }
func (r *authRequest) GetAMR() []string       { return []string{"pwd"} }
func (r *authRequest) GetAudience() []string  { return []string{r.ClientID} }
func (r *authRequest) GetAuthTime() time.Time { return r.who.signedIn }
func (r *authRequest) GetClientID() string    { return r.ClientID }
func (r *authRequest) GetNonce() string       { return r.Nonce }
func (r *authRequest) GetScopes() []string    { return r.Scopes }
func (r *authRequest) GetState() string       { return r.State }
func (r *authRequest) GetSubject() string     { return r.who.subject }
func (r *authRequest) Done() bool             { return r.done }
func (r *authRequest) GetRedirectURI() string { return r.RedirectURI }
func (r *authRequest) GetCodeChallenge() *oidc.CodeChallenge {
	if r.CodeChallenge == "" {
		return nil
	}
	return &oidc.CodeChallenge{Challenge: r.CodeChallenge, Method: r.CodeChallengeMethod}
}

type signingKey struct {
	id  string
	key *rsa.PrivateKey
}

func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k signingKey) Algorithm() jose.SignatureAlgorithm          { return jose.RS256 }
func (k signingKey) ID() string                                  { return k.id }
func (k signingKey) Use() string                                 { return "sig" }
func (k signingKey) Key() any                                    { return k.key }

type publicKey struct{ signingKey }

func (k publicKey) Key() any { return &k.key.PublicKey }

// newIssuer starts a provider.
func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{clients: map[string]*client{}, requests: map[string]*authRequest{}, codes: map[string]string{}}
	i.rotate()
	i.http = httptest.NewUnstartedServer(http.HandlerFunc(i.serve))
	provider, err := op.NewProvider(&op.Config{CryptoKey: [32]byte{1}, CodeMethodS256: true, BackChannelLogoutSupported: true, BackChannelLogoutSessionSupported: true},
		i, op.StaticIssuer("http://"+i.http.Listener.Addr().String()), op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	require.NoError(t, err)
	i.provider = provider
	i.http.Start()
	t.Cleanup(i.http.Close)
	return i
}

// rotate makes a new key, which signs from now on, and forgets the old ones.
func (i *issuer) rotate() {
	key := ok(rsa.GenerateKey(rand.Reader, 2048))
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = []signingKey{{rand.Text(), key}}
}

// set changes something of the provider's.
func (i *issuer) set(fn func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	fn()
}

func (i *issuer) serve(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	away, tamper := i.away, i.tamper
	switch r.URL.Path {
	case "/authorize":
		i.asked = append(i.asked, r.URL.Query())
	case "/end_session":
		i.ended = append(i.ended, r.URL.Query())
	}
	i.mu.Unlock()
	switch {
	case away:
		panic(http.ErrAbortHandler)
	case r.URL.Path == "/login":
		i.login(w, r)
	case r.URL.Path == "/oauth/token" && tamper != nil:
		answer := httptest.NewRecorder()
		i.provider.ServeHTTP(answer, r)
		var token map[string]any
		if json.Unmarshal(answer.Body.Bytes(), &token) == nil {
			tamper(token)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_ = json.NewEncoder(w).Encode(token)
	default:
		i.provider.ServeHTTP(w, r)
	}
}

// login lets the employee in at once.
func (i *issuer) login(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	i.set(func() {
		request := i.requests[id]
		request.who, request.done = i.employee, true
		if request.who.signedIn.IsZero() {
			request.who.signedIn = time.Now()
		}
	})
	http.Redirect(w, r, op.AuthCallbackURL(i.provider)(op.ContextWithIssuer(r.Context(), i.http.URL), id), http.StatusFound)
}

// token signs claims as the provider does.
func (i *issuer) token(claims any) string {
	return ok(crypto.Sign(claims, ok(op.SignerFromKey(ok(i.SigningKey(context.Background()))))))
}

func (i *issuer) Health(context.Context) error { return nil }

func (i *issuer) SigningKey(context.Context) (op.SigningKey, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.keys[len(i.keys)-1], nil
}

func (i *issuer) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

func (i *issuer) KeySet(context.Context) (keys []op.Key, _ error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, k := range i.keys {
		keys = append(keys, publicKey{k})
	}
	return keys, nil
}

func (i *issuer) CreateAuthRequest(_ context.Context, r *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	made := &authRequest{AuthRequest: r, id: rand.Text()}
	i.requests[made.id] = made
	return made, nil
}

func (i *issuer) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if r := i.requests[id]; r != nil {
		return r, nil
	}
	return nil, errors.New("no such request")
}

func (i *issuer) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	i.mu.Lock()
	id := i.codes[code]
	i.mu.Unlock()
	return i.AuthRequestByID(ctx, id)
}

func (i *issuer) SaveAuthCode(_ context.Context, id, code string) error {
	i.set(func() { i.codes[code] = id })
	return nil
}

func (i *issuer) DeleteAuthRequest(_ context.Context, id string) error {
	i.set(func() { delete(i.requests, id) })
	return nil
}

func (i *issuer) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return rand.Text(), time.Now().Add(time.Hour), nil
}

func (i *issuer) TerminateSession(context.Context, string, string) error { return nil }

func (i *issuer) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if c := i.clients[id]; c != nil {
		return c, nil
	}
	return nil, errors.New("no such client")
}

func (i *issuer) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if c := i.clients[id]; c == nil || c.secret != secret {
		return errors.New("no such client")
	}
	return nil
}

func (i *issuer) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// SetUserinfoFromRequest writes the employee's claims into the ID token.
func (i *issuer) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, r op.IDTokenRequest, _ []string) error {
	info.Subject = r.GetSubject()
	for name, value := range r.(*authRequest).who.claims {
		info.AppendClaims(name, value)
	}
	return nil
}

var _ op.CanSetUserinfoFromRequest = (*issuer)(nil)
