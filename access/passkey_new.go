package access

import (
	"context"
	"encoding/json"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/fasthold/fasthold/access/means"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// mostPasskeys is how many an account can have.
const mostPasskeys = 20

// NewPasskey begins the making of a passkey by a person who may choose their means
// of signing in.
func (s *Service) NewPasskey(ctx context.Context, ticket string) (Ceremony, error) {
	by, account, err := s.setupOf(ctx, ticket)
	if err != nil {
		return Ceremony{}, err
	}
	return s.beginPasskey(ctx, by, account)
}

// beginPasskey asks a device for a new passkey, one that it has none of here.
func (s *Service) beginPasskey(ctx context.Context, by setup, account domain.Account) (Ceremony, error) {
	if !s.Passkeys() {
		return Ceremony{}, noPasskeys()
	}
	var keys []domain.Passkey
	if by.Recovery == (domain.ID{}) { // else what there is ends
		err := s.store.Read(ctx, account.MunicipalityID, func(tx *store.Tx) (err error) {
			keys, err = store.All[domain.Passkey](tx, "id", store.Is("account_id", account.ID), store.None("removed_at"))
			return err
		})
		if err != nil {
			return Ceremony{}, err
		}
	}
	holder, err := means.NewHolder(account, keys)
	if err != nil {
		return Ceremony{}, err
	}
	exclude := make([]protocol.CredentialDescriptor, len(holder.Keys))
	for i, key := range holder.Keys {
		exclude[i] = key.Descriptor()
	}
	options, session, err := s.local.relying.BeginRegistration(holder, webauthn.WithExclusions(exclude))
	if err != nil {
		return Ceremony{}, err
	}
	return s.newCeremony(registerPurpose, ceremony{Municipality: account.MunicipalityID, By: by, Session: *session}, options)
}

// PasskeyInput is a new passkey, as the device answers.
type PasskeyInput struct {
	State  string // of the ceremony
	Answer []byte
	Name   string // the person's own word for it; "" for a usual one
}

// ChoosePasskey stores the first passkey of a person who may choose, and signs
// them in. Conflict "passkey_not_made" for an answer that does not hold.
func (s *Service) ChoosePasskey(ctx context.Context, in PasskeyInput) (SignedIn, error) {
	c, account, key, err := s.readPasskey(ctx, in)
	if err != nil {
		return SignedIn{}, err
	}
	if c.By.SignIn != (domain.ID{}) {
		return SignedIn{}, setupEnded()
	}
	err = s.choose(ctx, c.By, account.Person, func(tx *store.Tx, _ domain.Account) error {
		return s.storePasskey(tx, c, key)
	})
	if err != nil {
		return SignedIn{}, err
	}
	return s.SignIn(ctx, c.Municipality, Proof{Person: account.Person, Method: byPasskey})
}

// readPasskey checks a new passkey and gives its row.
func (s *Service) readPasskey(ctx context.Context, in PasskeyInput) (c ceremony, account domain.Account, key domain.Passkey, err error) {
	if !s.Passkeys() {
		return c, account, key, noPasskeys()
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(in.Answer)
	if err != nil || !s.readTicket(registerPurpose, in.State, &c) {
		return c, account, key, newPasskeyRefused()
	}
	var f domain.Fields
	name := f.Clean("name", in.Name, 60, true)
	if err := f.Err(); err != nil {
		return c, account, key, err
	}
	if name == "" {
		name = "Passkey"
	}
	err = s.store.Read(ctx, c.Municipality, func(tx *store.Tx) error {
		account, err = store.Get[domain.Account](tx, c.By.Account)
		return err
	})
	if err != nil {
		return c, account, key, err
	}
	credential, wrong := s.local.relying.CreateCredential(means.Holder{Account: account}, c.Session, parsed)
	if wrong != nil {
		return c, account, key, newPasskeyRefused()
	}
	text, err := json.Marshal(credential)
	key = domain.Passkey{MunicipalityID: c.Municipality, ID: store.NewID(), AccountID: account.ID, CredentialID: credential.ID, Name: name, Credential: text, CreatedAt: s.now()}
	return c, account, key, err
}

func newPasskeyRefused() error {
	return domain.Errorf(domain.Conflict, "passkey_not_made", "the passkey could not be made: begin again")
}

// storePasskey stores a new passkey, once.
func (s *Service) storePasskey(tx *store.Tx, c ceremony, key domain.Passkey) error {
	if err := s.spend(tx, c.Session.Challenge); err != nil {
		return err
	}
	n, err := store.Count[domain.Passkey](tx, store.Is("account_id", key.AccountID), store.None("removed_at"))
	if err != nil {
		return err
	}
	if n >= mostPasskeys {
		return domain.Errorf(domain.Conflict, "too_many_passkeys", "an account has at most %d passkeys: remove one that is not used", mostPasskeys)
	}
	if err := store.Insert(tx, &key); err != nil {
		return err
	}
	return tx.Audit("addPasskey", "passkey", key.ID, key.CreatedAt, domain.Detail(map[string]any{"account": key.AccountID}))
}
