package access

import (
	"context"

	"github.com/fasthold/fasthold/access/means"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// The methods of a proof by a local account.
const (
	byPassword = "password"
	byPasskey  = "passkey"
)

// PasswordInput is what a person signs in with who has a password and a code
// generator.
type PasswordInput struct {
	Person   string
	Password string
	Code     string // six digits, as the code generator shows them now
	Address  string // the network address that it comes from
	Device   string // the cookie of the device; "" when it has none
}

// SignInWithPassword signs a person in by password and code. Unauthenticated
// "sign_in_failed" whatever is wrong, after the same time; TooMany for who tries
// too often.
func (s *Service) SignInWithPassword(ctx context.Context, municipality domain.ID, in PasswordInput) (SignedIn, error) {
	name, err := s.proveByPassword(ctx, municipality, in)
	if err != nil {
		return SignedIn{}, err
	}
	return s.SignIn(ctx, municipality, Proof{Person: name, Method: byPassword})
}

// ProveWithPassword is the step-up of who is signed in, by password and code; see
// ProveAgain. The person is the actor, whatever is typed.
func (s *Service) ProveWithPassword(ctx context.Context, actor domain.Actor, in PasswordInput) (text string, err error) {
	in.Person = actor.Person
	name, err := s.proveByPassword(ctx, actor.MunicipalityID, in)
	if err != nil {
		return "", err
	}
	return s.ProveAgain(ctx, actor, Proof{Person: name, Method: byPassword})
}

func signInFailed() error {
	return domain.Errorf(domain.Unauthenticated, "sign_in_failed", "the name, the password or the code is not right; each code can be used once: wait for the next one")
}

// proveByPassword checks a password and a code, and takes the code.
func (s *Service) proveByPassword(ctx context.Context, municipality domain.ID, in PasswordInput) (name string, err error) {
	account, secret, err := s.passwordOf(ctx, municipality, knownAs(in.Person))
	if err != nil {
		return "", err
	}
	known, err := s.limit(ctx, municipality, account, in)
	if err != nil {
		return "", err
	}
	is, err := s.local.hasher.Verify(ctx, in.Password, account.PasswordHash, known)
	if err != nil {
		return "", err
	}
	step, codeIs := means.TOTPStep(secret, in.Code, s.now(), account.TOTPStep)
	if !is || !codeIs {
		return "", signInFailed()
	}
	return account.Person, s.takeCode(ctx, account, step)
}

// passwordOf gives a person's account with the secret of its code generator.
// Where there is no account that is active and has a password, both are made up:
// it takes the same steps.
func (s *Service) passwordOf(ctx context.Context, municipality domain.ID, name string) (account domain.Account, secret []byte, err error) {
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		account, err = store.First[domain.Account](tx, store.Is("person", name), store.Is("state", domain.AccountActive))
		if err != nil && domain.KindOf(err) != domain.NotFound {
			return err
		}
		row, err := store.First[domain.DataKey](tx, store.Is("purpose", domain.KeyOfFiles))
		if err != nil || account.PasswordHash == "" {
			account.PasswordHash, secret = "", means.NewTOTP()
			return notFoundIsFine(err)
		}
		key, err := s.local.keys.Unwrap(row)
		if err == nil {
			secret, err = key.OpenFile(totpPlace, account.ID, account.TOTPSecret)
		}
		return err
	})
	return account, secret, err
}

// notFoundIsFine lets an error pass that says that something is not there.
func notFoundIsFine(err error) error {
	if domain.KindOf(err) == domain.NotFound {
		return nil
	}
	return err
}

// takeCode notes that a code was used, unless it or a later one was before, or
// the account has changed since it was read.
func (s *Service) takeCode(ctx context.Context, account domain.Account, step int64) error {
	err := s.store.Write(ctx, domain.Actor{MunicipalityID: account.MunicipalityID, Person: account.Person}, func(tx *store.Tx) error {
		same := []store.Cond{store.Is("id", account.ID), store.Is("state", domain.AccountActive), store.Is("password_hash", account.PasswordHash), store.Before("totp_step", step)}
		if err := store.Change[domain.Account](tx, map[string]any{"totp_step": step}, same...); err != nil {
			return err
		}
		return tx.Audit("provePassword", "account", account.ID, s.now(), nil)
	})
	if domain.KindOf(err) == domain.Conflict {
		return signInFailed()
	}
	return err
}
