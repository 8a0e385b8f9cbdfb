package access

import (
	"context"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Subject is what an OpenID provider calls somebody.
type Subject struct{ Issuer, Name string }

// Identify gives the person that a provider's subject is: whom it was at its
// first sign-in, or else, from now on, the one it says now. Forbidden
// "identity_taken" when that is another subject's, which leaves an audit entry:
// an e-mail address that is given to the next employee is not the next employee's
// past.
func (s *Service) Identify(ctx context.Context, municipality domain.ID, subject Subject, says string) (name string, err error) {
	if name, err = s.Identified(ctx, municipality, subject); domain.KindOf(err) != domain.NotFound {
		return name, err
	}
	var f domain.Fields
	if name = person(&f, says); f.Err() != nil {
		return "", f.Err()
	}
	var refused error
	err = s.store.Write(ctx, domain.Actor{MunicipalityID: municipality, Person: name}, func(tx *store.Tx) error {
		if err := lockAssignments(tx); err != nil {
			return err
		}
		bound, err := identity(tx, subject)
		if err == nil { // another server was faster
			name = bound.Person
			return tx.Audit("findIdentity", "identity", bound.ID, s.now(), nil)
		}
		if domain.KindOf(err) != domain.NotFound {
			return err
		}
		taken, err := store.Count[domain.Identity](tx, store.Is("person", name), store.None("released_at"))
		if err != nil {
			return err
		}
		if taken > 0 {
			refused = domain.Errorf(domain.Forbidden, "identity_taken", "the provider's person is another one than who signed in under that name before: ask an administrator to release it")
			return tx.Audit("refuseSignIn", "identity", domain.ID{}, s.now(), domain.Detail(map[string]any{"code": domain.CodeOf(refused)}))
		}
		made := domain.Identity{MunicipalityID: municipality, ID: store.NewID(), Issuer: subject.Issuer, Subject: subject.Name, Person: name, CreatedAt: s.now()}
		if err := store.Insert(tx, &made); err != nil {
			return err
		}
		return tx.Audit("createIdentity", "identity", made.ID, made.CreatedAt, nil)
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return "", err
	}
	return name, nil
}

// Identified gives the person that a provider's subject is; NotFound for one who
// never signed in, or whose identity was released.
func (s *Service) Identified(ctx context.Context, municipality domain.ID, subject Subject) (name string, err error) {
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		bound, err := identity(tx, subject)
		name = bound.Person
		return err
	})
	return name, err
}

func identity(tx *store.Tx, subject Subject) (domain.Identity, error) {
	return store.First[domain.Identity](tx, store.Is("issuer", subject.Issuer), store.Is("subject", subject.Name), store.None("released_at"))
}

// IsPerson reports whether a text can be what a person is called.
func IsPerson(text string) bool {
	var f domain.Fields
	person(&f, text)
	return f.Err() == nil
}

// RolesGone takes from a person all roles that a provider's claims gave them, now
// that it says they have none: their sign-ins and tokens under those end at once.
// Who never signed in has none to lose.
func (s *Service) RolesGone(ctx context.Context, municipality domain.ID, subject Subject) error {
	name, err := s.Identified(ctx, municipality, subject)
	if err != nil {
		return notFoundIsFine(err)
	}
	err = s.store.Write(ctx, domain.Actor{MunicipalityID: municipality, Person: name}, func(tx *store.Tx) error {
		if err := lockAssignments(tx); err != nil {
			return err
		}
		now := s.now()
		if _, err := s.sync(tx, name, nil, now); err != nil {
			return err
		}
		return tx.Audit("refuseSignIn", "sign_in", domain.ID{}, now, domain.Detail(map[string]any{"method": "oidc", "code": "no_role"}))
	})
	s.store.Forget()
	return err
}

// Identities lists who is bound to which provider's subject, newest first; a
// person's own when person is given.
func (s *Service) Identities(ctx context.Context, actor domain.Actor, page store.Page, person string) (store.Listed[domain.Identity], error) {
	return store.Several[domain.Identity](ctx, s.store, s.call(actor, "listIdentities"), page, store.Eq("person", strings.ToLower(person)))
}

// ReleaseIdentity undoes a binding, so that the person can sign in as another
// subject. Who is signed in by it is signed out. Conflict "already_released" when
// it was before; Forbidden "own_identity" for one's own.
func (s *Service) ReleaseIdentity(ctx context.Context, actor domain.Actor, id domain.ID) (bound domain.Identity, err error) {
	err = s.write(ctx, actor, "releaseIdentity", func(tx *store.Tx) error {
		if bound, err = store.GetLocked[domain.Identity](tx, id); err != nil {
			return err
		}
		switch {
		case bound.Person == actor.Person:
			return domain.Errorf(domain.Forbidden, "own_identity", "nobody releases their own identity: ask another administrator")
		case bound.ReleasedAt != nil:
			return domain.Errorf(domain.Conflict, "already_released", "the identity was released already")
		}
		now := s.now()
		bound.ReleasedAt, bound.ReleasedBy = &now, actor.Person
		if err := store.Change[domain.Identity](tx, map[string]any{"released_at": now, "released_by": actor.Person}, store.Is("id", id)); err != nil {
			return err
		}
		ended, err := revokeAll(tx, now, store.Is("kind", domain.BySignIn), store.Is("person", bound.Person), store.Is("provider_subject", bound.Subject))
		if err != nil {
			return err
		}
		return tx.Audit("releaseIdentity", "identity", id, now, domain.Detail(map[string]any{"ended": ended}))
	})
	s.store.Forget()
	return bound, err
}

// EndedElsewhere is what a provider tells of somebody who signed out there.
type EndedElsewhere struct {
	Message string // the message's own ID: it counts once
	Subject string // ""; whoever has the session
	Session string // "": all of the subject's
	Until   time.Time
}

// EndByProvider signs out here who signed out at the provider: the sign-ins of
// that session of theirs, or of that subject. It says of how many. TooMany when
// the message was here before.
func (s *Service) EndByProvider(ctx context.Context, municipality domain.ID, e EndedElsewhere) (ended int, err error) {
	if err := s.Attempt(ctx, municipality, "signed out elsewhere "+e.Message, 1, e.Until.Sub(s.now())); err != nil {
		return 0, err
	}
	conds := []store.Cond{store.Is("kind", domain.BySignIn), store.Not("provider_subject", ""), store.Eq("provider_subject", e.Subject), store.Eq("provider_session", e.Session)}
	if e.Subject == "" && e.Session == "" {
		return 0, domain.Errorf(domain.Invalid, "logout_token_invalid", "the logout token names nobody")
	}
	actor := domain.Actor{MunicipalityID: municipality, Person: domain.SystemPerson + "sign-out", Role: domain.System}
	err = s.store.Write(ctx, actor, func(tx *store.Tx) error {
		now := s.now()
		if ended, err = revokeAll(tx, now, conds...); err != nil {
			return err
		}
		return tx.Audit("endByProvider", "sign_in", domain.ID{}, now, domain.Detail(map[string]any{"ended": ended}))
	})
	s.store.Forget()
	return ended, err
}
