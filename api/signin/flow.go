package signin

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// FlowFor is how long a person has at the provider.
const FlowFor = 10 * time.Minute

// flowPurpose is what the flow's cookie is sealed for.
const flowPurpose = "sign-in flow 1"

// Flow is one way to the provider and back. The browser carries it, sealed, so
// that any of several servers can end what another began.
type Flow struct {
	Municipality domain.ID `json:"m"`
	Provider     string    `json:"p"` // issuer and client: a flow ends at the provider it began at
	State        string    `json:"s"`
	Nonce        string    `json:"n"`
	Verifier     string    `json:"v"` // PKCE's
	Return       string    `json:"r"` // where to go then: a path of ours
	Again        domain.ID `json:"a"` // the sign-in whose person proves again who they are; zero: a new sign-in
	Started      time.Time `json:"t"`
}

// newFlow begins a flow.
func newFlow(municipality domain.ID, provider, back string, again domain.ID, now time.Time) Flow {
	return Flow{
		Municipality: municipality, Provider: provider, State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(),
		Return: LocalPath(back), Again: again, Started: now,
	}
}

// seal gives the flow as the browser carries it.
func (f Flow) seal(keys *vault.Keys) (string, error) {
	text, err := json.Marshal(f)
	if err != nil {
		return "", err
	}
	return keys.SealCarried(flowPurpose, text)
}

// resume opens what the browser carried and gives the flow that a callback ends.
// Forbidden if there is none, it is over, it was begun at another municipality's
// provider, or the callback is another flow's.
func (p *Provider) resume(keys *vault.Keys, carried, state string, now time.Time) (f Flow, err error) {
	text, err := keys.OpenCarried(flowPurpose, carried)
	if err != nil || json.Unmarshal(text, &f) != nil || now.Sub(f.Started) > FlowFor || now.Before(f.Started.Add(-skew)) {
		return Flow{}, refused("sign_in_over", "this sign-in was not begun in this browser, or it took too long")
	}
	if f.Municipality != p.Municipality || f.Provider != p.identity() || subtle.ConstantTimeCompare([]byte(f.State), []byte(state)) != 1 {
		return Flow{}, refused("sign_in_mixed_up", "the answer belongs to another sign-in than the one that was begun")
	}
	return f, nil
}

// skew is how far clocks may differ.
const skew = time.Minute

const longestPath = 500

// LocalPath gives a path of ours to go to, with its query, or "/" where the text
// is anything else: nobody is sent elsewhere by an address that they were given.
func LocalPath(text string) string {
	if len(text) > longestPath || !strings.HasPrefix(text, "/") || strings.HasPrefix(text, "//") || strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r > '~' || r == '\\' || r == '#'
	}) {
		return "/"
	}
	return text
}
