package signin

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// Providers are the municipalities' providers.
type Providers struct {
	by   map[domain.ID]*Provider
	keys *vault.Keys
}

// New makes the providers that settings name; public is the address that people
// use, keys seal what their browsers carry. The error names a municipality that is
// not there.
func New(settings []Settings, municipalities []domain.Municipality, public *url.URL, keys *vault.Keys, clock func() time.Time) (*Providers, error) {
	all := &Providers{by: map[domain.ID]*Provider{}, keys: keys}
	for _, s := range settings {
		id, ok := municipality(s.Municipality, municipalities)
		if !ok {
			return nil, fmt.Errorf("there is no municipality %q: fasthold municipality list names those that there are", s.Municipality)
		}
		if all.by[id] != nil {
			return nil, fmt.Errorf("the municipality %q has two providers", s.Municipality)
		}
		all.by[id] = newProvider(s, id, public, clock)
	}
	return all, nil
}

// municipality finds the one of that name or ID.
func municipality(text string, all []domain.Municipality) (domain.ID, bool) {
	id, err := uuid.Parse(strings.TrimPrefix(text, "mun_"))
	for _, m := range all {
		if m.Name == text || err == nil && m.MunicipalityID == id {
			return m.MunicipalityID, true
		}
	}
	return domain.ID{}, false
}

// Of gives a municipality's provider; false where there is none. All may be nil:
// no municipality has one.
func (all *Providers) Of(municipality domain.ID) (*Provider, bool) {
	if all == nil {
		return nil, false
	}
	p, ok := all.by[municipality]
	return p, ok
}

// Seal gives a flow as the browser carries it.
func (all *Providers) Seal(f Flow) (string, error) { return f.seal(all.keys) }

// Resume opens what the browser carried, as Provider.resume says.
func (all *Providers) Resume(p *Provider, carried, state string) (Flow, error) {
	return p.resume(all.keys, carried, state, p.clock())
}

// Path is where a municipality's staff sign in.
func Path(municipality domain.ID) string {
	return "/signin/mun_" + strings.ReplaceAll(municipality.String(), "-", "")
}
