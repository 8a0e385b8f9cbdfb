package access

import (
	"encoding/json"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/fasthold/fasthold/access/means"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// local is what local accounts need.
type local struct {
	keys    *vault.Keys        // nil where a command has none
	relying *webauthn.WebAuthn // nil where passkeys cannot be used
	hasher  *means.Hasher
}

// hashesAtOnce is how many passwords are hashed at once, of strangers and of
// those on known devices each: 64 MiB apiece.
const hashesAtOnce = 2

// WithKeys gives the keys that secrets are sealed under.
func WithKeys(k *vault.Keys) Option { return func(s *Service) { s.local.keys = k } }

// WithAddress says at which address people use the service: passkeys are bound
// to its name. At an address without a name, like 127.0.0.1, there are none.
func WithAddress(address *url.URL) Option {
	return func(s *Service) {
		if address != nil {
			s.local.relying, _ = means.Relying(address)
		}
	}
}

// Passkeys reports whether passkeys can be used at the service's address.
func (s *Service) Passkeys() bool { return s.local.relying != nil }

func noPasskeys() error {
	return domain.Errorf(domain.Unavailable, "passkeys_unavailable", "passkeys cannot be used at this address: the service must be reached by a name that FASTHOLD_PUBLIC_URL gives")
}

// secretsKey gives the key that seals a municipality's small secrets, made if
// there is none.
func (s *Service) secretsKey(tx *store.Tx) (vault.Key, error) {
	row, err := DataKey(tx, s.local.keys, s.now(), domain.KeyOfFiles, nil)
	if err != nil {
		return vault.Key{}, err
	}
	return s.local.keys.Unwrap(row)
}

// ticket seals what a browser keeps for the service until a time.
func (s *Service) ticket(purpose string, until time.Time, says any) (string, error) {
	text, err := json.Marshal(says)
	if err != nil {
		return "", err
	}
	dated, err := json.Marshal(dated{until, text})
	if err != nil {
		return "", err
	}
	return s.local.keys.SealCarried("fasthold "+purpose, dated)
}

// dated is what a ticket says, and until when.
type dated struct {
	Until time.Time
	Says  json.RawMessage
}

// readTicket reads what a ticket says; false when it was not made here for this
// purpose, or has ended.
func (s *Service) readTicket(purpose, ticket string, into any) bool {
	text, err := s.local.keys.OpenCarried("fasthold "+purpose, ticket)
	var d dated
	if err != nil || json.Unmarshal(text, &d) != nil || !s.now().Before(d.Until) {
		return false
	}
	return json.Unmarshal(d.Says, into) == nil
}
