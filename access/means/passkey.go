package means

import (
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/fasthold/fasthold/domain"
)

// Relying makes what passkeys are checked with at a site. They are bound to the
// name in its address, must be known to the device without being asked for by
// name, and the device must have made sure who uses it.
func Relying(address *url.URL) (*webauthn.WebAuthn, error) {
	required := true
	relying, err := webauthn.New(&webauthn.Config{
		RPID: address.Hostname(), RPDisplayName: "Fasthold", RPOrigins: []string{address.Scheme + "://" + address.Host}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{RequireResidentKey: &required, ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys at %s: %w", address, err)
	}
	return relying, nil
}

// Holder is an account with its passkeys, as go-webauthn wants to know it.
type Holder struct {
	Account domain.Account
	Keys    []webauthn.Credential
}

// NewHolder reads the passkeys of an account.
func NewHolder(account domain.Account, keys []domain.Passkey) (h Holder, err error) {
	h.Account, h.Keys = account, make([]webauthn.Credential, len(keys))
	for i, key := range keys {
		if err := json.Unmarshal(key.Credential, &h.Keys[i]); err != nil {
			return h, fmt.Errorf("passkey %s: %w", key.ID, err)
		}
	}
	return h, nil
}

// WebAuthnID names the account to the device, by its ID.
func (h Holder) WebAuthnID() []byte { return h.Account.ID[:] }

// WebAuthnName is what the device shows.
func (h Holder) WebAuthnName() string { return h.Account.Person }

// WebAuthnDisplayName is what the device shows.
func (h Holder) WebAuthnDisplayName() string { return h.Account.Person }

// WebAuthnCredentials are the account's passkeys.
func (h Holder) WebAuthnCredentials() []webauthn.Credential { return h.Keys }
