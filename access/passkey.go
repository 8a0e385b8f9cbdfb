package access

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/fasthold/fasthold/access/means"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// ceremonyHolds is how long a browser can take to use or make a passkey.
const ceremonyHolds = 10 * time.Minute

// Ceremony is one use or making of a passkey: what the browser is given, and the
// state that it sends back with the device's answer. It can be used once.
type Ceremony struct {
	Options any    `json:"options"`
	State   string `json:"state"`
}

// The purposes of a ceremony's state.
const (
	assertPurpose   = "passkey use"
	registerPurpose = "passkey new"
)

// ceremony is what a ceremony's state says.
type ceremony struct {
	Municipality domain.ID
	By           setup // who makes a passkey; zero for who uses one
	Session      webauthn.SessionData
}

// newCeremony seals a ceremony's state.
func (s *Service) newCeremony(purpose string, c ceremony, options any) (Ceremony, error) {
	state, err := s.ticket(purpose, s.now().Add(ceremonyHolds), c)
	return Ceremony{options, state}, err
}

func passkeyRefused() error {
	return domain.Errorf(domain.Unauthenticated, "passkey_refused", "that passkey does not sign you in here: try another way, or ask an administrator")
}

// AskForPasskey begins a sign-in with a passkey, of whoever has one.
func (s *Service) AskForPasskey(municipality domain.ID) (Ceremony, error) {
	if !s.Passkeys() {
		return Ceremony{}, noPasskeys()
	}
	options, session, err := s.local.relying.BeginDiscoverableLogin()
	if err != nil {
		return Ceremony{}, err
	}
	return s.newCeremony(assertPurpose, ceremony{Municipality: municipality, Session: *session}, options)
}

// SignInWithPasskey signs in the person whose passkey has answered. Whatever is
// wrong, the answer is Unauthenticated "passkey_refused"; a passkey whose count
// went backwards, as that of a copy does, leaves an audit entry besides.
func (s *Service) SignInWithPasskey(ctx context.Context, state string, answer []byte) (SignedIn, error) {
	municipality, name, err := s.proveByPasskey(ctx, state, answer)
	if err != nil {
		return SignedIn{}, err
	}
	return s.SignIn(ctx, municipality, Proof{Person: name, Method: byPasskey})
}

// ProveWithPasskey is the step-up of who is signed in, by a passkey of theirs; see
// ProveAgain.
func (s *Service) ProveWithPasskey(ctx context.Context, actor domain.Actor, state string, answer []byte) (text string, err error) {
	municipality, name, err := s.proveByPasskey(ctx, state, answer)
	if err != nil {
		return "", err
	}
	if municipality != actor.MunicipalityID {
		return "", passkeyRefused()
	}
	return s.ProveAgain(ctx, actor, Proof{Person: name, Method: byPasskey})
}

// proveByPasskey checks a passkey's answer and says whose it is.
func (s *Service) proveByPasskey(ctx context.Context, state string, answer []byte) (municipality domain.ID, name string, err error) {
	var c ceremony
	if !s.Passkeys() {
		return municipality, "", noPasskeys()
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil || !s.readTicket(assertPurpose, state, &c) || len(parsed.Response.UserHandle) != len(domain.ID{}) {
		return municipality, "", passkeyRefused()
	}
	var id domain.ID
	copy(id[:], parsed.Response.UserHandle)
	var account domain.Account
	err = s.store.Read(ctx, c.Municipality, func(tx *store.Tx) error {
		account, err = store.First[domain.Account](tx, store.Is("id", id), store.Is("state", domain.AccountActive))
		return err
	})
	if domain.KindOf(err) == domain.NotFound {
		err = passkeyRefused()
	}
	if err != nil {
		return municipality, "", err
	}
	var refused error
	err = s.store.Write(ctx, domain.Actor{MunicipalityID: c.Municipality, Person: account.Person}, func(tx *store.Tx) error {
		refused, err = s.usePasskey(tx, id, c, parsed)
		return err
	})
	if err == nil {
		err = refused
	}
	return c.Municipality, account.Person, err
}

// usePasskey checks a passkey's answer and notes its use. Refused is why it does
// not count, though something is to be kept.
func (s *Service) usePasskey(tx *store.Tx, id domain.ID, c ceremony, parsed *protocol.ParsedCredentialAssertionData) (refused, err error) {
	account, err := store.GetLocked[domain.Account](tx, id)
	if err != nil {
		return nil, err
	}
	keys, err := store.All[domain.Passkey](tx, "id", store.Is("account_id", id), store.None("removed_at"))
	if err != nil {
		return nil, err
	}
	holder, err := means.NewHolder(account, keys)
	if err != nil {
		return nil, err
	}
	credential, wrong := s.local.relying.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return holder, nil }, c.Session, parsed)
	if wrong != nil || account.State != domain.AccountActive {
		return nil, passkeyRefused()
	}
	key, err := passkeyOf(keys, credential.ID)
	if err != nil {
		return nil, err
	}
	now := s.now()
	if credential.Authenticator.CloneWarning {
		return passkeyRefused(), tx.Audit("refusePasskey", "passkey", key, now, domain.Detail(map[string]any{"account": id, "sign_count": parsed.Response.AuthenticatorData.Counter}))
	}
	if err := s.spend(tx, c.Session.Challenge); err != nil {
		return nil, passkeyUsed(err)
	}
	text, err := json.Marshal(credential)
	if err != nil {
		return nil, err
	}
	if err := store.Change[domain.Passkey](tx, map[string]any{"credential": domain.Raw(text), "last_used_at": now}, store.Is("id", key)); err != nil {
		return nil, err
	}
	return nil, tx.Audit("provePasskey", "passkey", key, now, domain.Detail(map[string]any{"account": id}))
}

// passkeyUsed is the answer to a ceremony that was finished before.
func passkeyUsed(err error) error {
	if domain.KindOf(err) == domain.Conflict {
		return passkeyRefused()
	}
	return err
}

// passkeyOf finds the passkey that a device names so.
func passkeyOf(keys []domain.Passkey, credential []byte) (domain.ID, error) {
	for _, key := range keys {
		if bytes.Equal(key.CredentialID, credential) {
			return key.ID, nil
		}
	}
	return domain.ID{}, passkeyRefused()
}
