package access

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Own is a person's own account: how they can sign in, and where they are signed
// in now.
type Own struct {
	Account  domain.Account // its ID is zero for who signs in at a provider
	Passkeys []domain.Passkey
	SignIns  []domain.Token // that hold, the latest first
	Site     *time.Location // the municipality's time zone
}

// Own gives the account of who is signed in.
func (s *Service) Own(ctx context.Context, actor domain.Actor) (own Own, err error) {
	if err := signedIn(actor); err != nil {
		return own, err
	}
	err = s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		own.Account, err = store.First[domain.Account](tx, store.Is("person", actor.Person))
		if err := notFoundIsFine(err); err != nil {
			return err
		}
		if own.Account.ID != (domain.ID{}) {
			if own.Passkeys, err = store.All[domain.Passkey](tx, "id", store.Is("account_id", own.Account.ID), store.None("removed_at")); err != nil {
				return err
			}
		}
		home, err := store.First[domain.Municipality](tx)
		if err != nil {
			return err
		}
		if own.Site, err = time.LoadLocation(home.TimeZone); err != nil {
			return err
		}
		own.SignIns, err = store.All[domain.Token](tx, "id DESC", store.Is("person", actor.Person), store.Is("kind", domain.BySignIn), store.None("revoked_at"), store.After("expires_at", s.now()))
		return err
	})
	return own, err
}

// signedIn refuses who is not signed in in a browser.
func signedIn(actor domain.Actor) error {
	if actor.Kind != domain.BySignIn {
		return Unauthenticated()
	}
	return nil
}

// freshly refuses who has not just proved who they are: their means of signing in
// are changed by nobody who finds their screen unlocked.
func freshly(actor domain.Actor) error {
	if err := signedIn(actor); err != nil {
		return err
	}
	return actor.Proved()
}

// OwnSetup lets who is signed in choose a password and a code generator, or
// others than they have.
func (s *Service) OwnSetup(ctx context.Context, actor domain.Actor) (Setup, error) {
	if err := freshly(actor); err != nil {
		return Setup{}, err
	}
	account, err := s.accountOf(ctx, actor.MunicipalityID, actor.Person)
	if err != nil {
		return Setup{}, err
	}
	return s.newSetup(account, setup{SignIn: actor.TokenID})
}

// SetPassword sets the password and the code generator of who is signed in; see
// ChoosePassword. Their other sign-ins end, for whoever knew the old one.
func (s *Service) SetPassword(ctx context.Context, actor domain.Actor, ticket, password, code string) error {
	if err := freshly(actor); err != nil {
		return err
	}
	by, account, err := s.setupOf(ctx, ticket)
	if err != nil {
		return err
	}
	if by.SignIn != actor.TokenID || account.Person != actor.Person {
		return setupEnded()
	}
	hash, step, err := s.checkPassword(ctx, by, account.Person, password, code)
	if err != nil {
		return err
	}
	return s.changeOwn(ctx, actor, func(tx *store.Tx, account domain.Account) error {
		if err := s.spend(tx, ticket); err != nil {
			return err
		}
		if err := s.setPassword(tx, account, hash, by.TOTP, step); err != nil {
			return err
		}
		return endOthers(tx, actor, s)
	})
}

// endOthers ends the sign-ins of a person but the one that they use.
func endOthers(tx *store.Tx, actor domain.Actor, s *Service) error {
	_, err := revokeAll(tx, s.now(), store.Is("person", actor.Person), store.Is("kind", domain.BySignIn), store.Not("id", actor.TokenID))
	return err
}

// changeOwn runs fn over the account of who is signed in, as long as it is active.
func (s *Service) changeOwn(ctx context.Context, actor domain.Actor, fn func(tx *store.Tx, account domain.Account) error) error {
	err := s.store.Write(ctx, actor, func(tx *store.Tx) error {
		account, err := store.First[domain.Account](tx, store.Is("person", actor.Person))
		if err != nil {
			return err
		}
		if account, err = store.GetLocked[domain.Account](tx, account.ID); err != nil {
			return err
		}
		if account.State != domain.AccountActive {
			return domain.Errorf(domain.Conflict, "wrong_state", "the account is not active")
		}
		return fn(tx, account)
	})
	s.store.Forget()
	return err
}

// RemovePassword takes the password and the code generator of who is signed in
// away. Conflict "last_means" when they have no passkey.
func (s *Service) RemovePassword(ctx context.Context, actor domain.Actor) error {
	if err := freshly(actor); err != nil {
		return err
	}
	return s.changeOwn(ctx, actor, func(tx *store.Tx, account domain.Account) error {
		keys, err := store.Count[domain.Passkey](tx, store.Is("account_id", account.ID), store.None("removed_at"))
		if err != nil {
			return err
		}
		if keys == 0 {
			return lastMeans()
		}
		if err := store.Change[domain.Account](tx, map[string]any{"password_hash": "", "totp_secret": nil}, store.Is("id", account.ID)); err != nil {
			return err
		}
		return tx.Audit("removePassword", "account", account.ID, s.now(), nil)
	})
}

func lastMeans() error {
	return domain.Errorf(domain.Conflict, "last_means", "this is the last way in: add another before you remove it")
}

// AddPasskey begins the making of another passkey by who is signed in.
func (s *Service) AddPasskey(ctx context.Context, actor domain.Actor) (Ceremony, error) {
	if err := freshly(actor); err != nil {
		return Ceremony{}, err
	}
	account, err := s.accountOf(ctx, actor.MunicipalityID, actor.Person)
	if err != nil {
		return Ceremony{}, err
	}
	return s.beginPasskey(ctx, setup{Municipality: account.MunicipalityID, Account: account.ID, SignIn: actor.TokenID}, account)
}

// KeepPasskey stores another passkey of who is signed in.
func (s *Service) KeepPasskey(ctx context.Context, actor domain.Actor, in PasskeyInput) error {
	if err := freshly(actor); err != nil {
		return err
	}
	c, account, key, err := s.readPasskey(ctx, in)
	if err != nil {
		return err
	}
	if c.By.SignIn != actor.TokenID || account.Person != actor.Person {
		return newPasskeyRefused()
	}
	return s.changeOwn(ctx, actor, func(tx *store.Tx, _ domain.Account) error { return s.storePasskey(tx, c, key) })
}

// RemovePasskey takes a passkey of who is signed in away. Conflict "last_means"
// when there is no other way in.
func (s *Service) RemovePasskey(ctx context.Context, actor domain.Actor, id domain.ID) error {
	if err := freshly(actor); err != nil {
		return err
	}
	return s.changeOwn(ctx, actor, func(tx *store.Tx, account domain.Account) error {
		keys, err := store.Count[domain.Passkey](tx, store.Is("account_id", account.ID), store.None("removed_at"))
		if err != nil {
			return err
		}
		if _, err := store.First[domain.Passkey](tx, store.Is("id", id), store.Is("account_id", account.ID), store.None("removed_at")); err != nil {
			return err
		}
		if keys == 1 && account.PasswordHash == "" {
			return lastMeans()
		}
		now := s.now()
		if err := store.Change[domain.Passkey](tx, map[string]any{"removed_at": now}, store.Is("id", id)); err != nil {
			return err
		}
		return tx.Audit("removePasskey", "passkey", id, now, domain.Detail(map[string]any{"account": account.ID}))
	})
}
