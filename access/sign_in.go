package access

import (
	"context"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Proof is how a person has just proved who they are. Whoever makes one has
// checked it.
type Proof struct {
	Person string // an e-mail address or a name; kept in small letters
	Method string // oidc, passkey, password
	// At is when they proved it, where that is not just now: a provider that
	// remembers somebody asks nothing. What lies ahead counts as now. Zero: just now.
	At              time.Time
	ACR             string // the assurance level that the OpenID provider gave; "" without one
	Subject         string // who they are to the provider; "" without one
	ProviderSession string // the provider's session; "" when it names none
	// Assignments are what the provider's claims say of the person's roles: Role,
	// UnitID and PartnerID of each. They take the place of those that earlier
	// claims said. Nil: the claims are not asked, and the stored ones count.
	Assignments []domain.Assignment
}

// at is when the person proved who they are.
func (p Proof) at(now time.Time) *time.Time {
	if at := p.At.UTC(); !p.At.IsZero() && at.Before(now) {
		return &at
	}
	return &now
}

// SignedIn is a new sign-in.
type SignedIn struct {
	Actor       domain.Actor
	Text        string              // the secret for the cookie, shown here and never again
	Assignments []domain.Assignment // all that the person can act under; the first is the one they begin with
	Until       time.Time           // when it ends at the latest
}

// SignIn opens a browser session for a person who has just proved who they are,
// under the first of their assignments. Forbidden "no_role" when they have none,
// "suspended" when they are kept out, Conflict "incompatible_roles" when the claims give them roles that exclude each
// other or what they were granted here; both leave an audit entry.
func (s *Service) SignIn(ctx context.Context, municipality domain.ID, p Proof) (SignedIn, error) {
	var f domain.Fields
	name := person(&f, p.Person)
	if err := f.Err(); err != nil {
		return SignedIn{}, err
	}
	var in SignedIn
	var refused error
	err := s.store.Write(ctx, domain.Actor{MunicipalityID: municipality, Person: name}, func(tx *store.Tx) error {
		now := s.now()
		var err error
		if in.Assignments, refused, err = s.held(tx, name, p.Assignments, now); err != nil {
			return err
		}
		if refused != nil {
			return tx.Audit("refuseSignIn", "sign_in", domain.ID{}, now, domain.Detail(map[string]any{"method": p.Method, "code": domain.CodeOf(refused)}))
		}
		until := now.Add(s.limits.Most)
		token := domain.Token{
			MunicipalityID: municipality, ID: store.NewID(), Kind: domain.BySignIn, Person: name, CreatedAt: now, ExpiresAt: &until, IdleMinutes: int(s.limits.Idle.Minutes()), LastUsedAt: &now,
			ProvedAt: p.at(now), Method: p.Method, ACR: p.ACR, ProviderSubject: p.Subject, ProviderSession: p.ProviderSession,
		}
		actsUnder(&token, in.Assignments[0])
		in.Text, token.Hash = newSecret(token.Kind, municipality)
		in.Until = until
		if err := store.Insert(tx, &token); err != nil {
			return err
		}
		tx.Become(token.Role, token.ID)
		return tx.Audit("signIn", "sign_in", token.ID, now, domain.Detail(map[string]any{"method": p.Method, "assignment": token.AssignmentID, "unit": token.UnitID, "partner": token.PartnerID}))
	})
	s.store.Forget() // the claims may have ended other sign-ins
	if err == nil {
		err = refused
	}
	if err == nil {
		in.Actor, err = s.Authenticate(ctx, in.Text)
	}
	if err != nil {
		return SignedIn{}, err
	}
	return in, nil
}

// actsUnder binds a credential to an assignment.
func actsUnder(token *domain.Token, a domain.Assignment) {
	token.AssignmentID, token.Role, token.UnitID, token.PartnerID = &a.ID, a.Role, a.UnitID, a.PartnerID
}

// ProveAgain notes that the person who is signed in has just proved again who
// they are, and gives the sign-in a new secret; the old one lets nobody in any
// more. Forbidden "another_person" when it was somebody else, "no_role" when the
// claims no longer give the role that they act in.
func (s *Service) ProveAgain(ctx context.Context, actor domain.Actor, p Proof) (text string, err error) {
	var f domain.Fields
	name := person(&f, p.Person)
	if err := f.Err(); err != nil {
		return "", err
	}
	if name != actor.Person {
		return "", domain.Errorf(domain.Forbidden, "another_person", "this was somebody else than who is signed in: sign out first")
	}
	var refused error
	err = s.change(ctx, actor, func(tx *store.Tx, token domain.Token) error {
		now := s.now()
		all, notNow, err := s.held(tx, name, p.Assignments, now)
		if err != nil {
			return err
		}
		refused = notNow
		if refused == nil && !slices.ContainsFunc(all, func(a domain.Assignment) bool { return token.AssignmentID != nil && a.ID == *token.AssignmentID }) {
			refused = noRole()
		}
		if refused != nil {
			return tx.Audit("refuseSignIn", "sign_in", token.ID, now, domain.Detail(map[string]any{"method": p.Method, "code": domain.CodeOf(refused)}))
		}
		var hash []byte
		text, hash = newSecret(token.Kind, token.MunicipalityID)
		columns := map[string]any{"hash": hash, "proved_at": p.at(now), "method": p.Method}
		if p.Subject != "" { // who proves it here began at the provider all the same, and is signed out from there
			columns["acr"], columns["provider_subject"], columns["provider_session"] = p.ACR, p.Subject, p.ProviderSession
		}
		if err := store.Change[domain.Token](tx, columns, store.Is("id", token.ID)); err != nil {
			return err
		}
		return tx.Audit("proveAgain", "sign_in", token.ID, now, domain.Detail(map[string]any{"method": p.Method}))
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return "", err
	}
	return text, nil
}

// change runs fn over the sign-in that the actor uses, as long as it holds.
// Conflict "not_signed_in" for who uses something else.
func (s *Service) change(ctx context.Context, actor domain.Actor, fn func(tx *store.Tx, token domain.Token) error) error {
	if actor.Kind != domain.BySignIn {
		return domain.Errorf(domain.Conflict, "not_signed_in", "this is for who is signed in in a browser")
	}
	err := s.store.Write(ctx, actor, func(tx *store.Tx) error {
		if err := lockAssignments(tx); err != nil { // before any token, as everywhere: who waits for each other never waits forever
			return err
		}
		token, err := store.GetLocked[domain.Token](tx, actor.TokenID)
		if err != nil {
			return err
		}
		if token.RevokedAt != nil {
			return Unauthenticated()
		}
		return fn(tx, token)
	})
	s.store.Forget()
	return err
}

// revokeAll revokes the credentials that the conditions name, those that are not
// revoked, and says how many. Call Forget after the commit.
func revokeAll(tx *store.Tx, at time.Time, conds ...store.Cond) (int, error) {
	tokens, err := store.AllLocked[domain.Token](tx, "id", append(conds, store.None("revoked_at"))...)
	if err != nil {
		return 0, err
	}
	for _, token := range tokens {
		if err := store.Change[domain.Token](tx, map[string]any{"revoked_at": at}, store.Is("id", token.ID)); err != nil {
			return 0, err
		}
	}
	return len(tokens), nil
}
