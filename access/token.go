package access

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// How long an API token holds, in days.
const (
	tokenDays     = 90 // unless something else is asked for
	mostTokenDays = 365
)

var personPattern = regexp.MustCompile(`^[!-~]{1,100}$`)

// TokenInput says whose token to make and what it can be used for.
type TokenInput struct {
	Person    string // who will use it, the same on all of a person's tokens: an e-mail address or a name; "": the actor
	Role      domain.Role
	UnitID    domain.ID       // for a caseworker, always; for a team leader, if bound to one unit
	PartnerID domain.ID       // for a partner, always
	Scopes    []domain.Action // all that it is for; empty: whatever the role may
	Days      int             // how long it holds, 1 to 365; 0: 90
	Key       store.Key       // under which it is made once; zero: each time another
}

// CreateToken makes an API token and gives its text, here and never again. A
// person makes it for themself, signed in in a browser (Conflict "not_signed_in"
// else), with the role, unit and shop that they act in, so that it ends when
// their role does; those may be left out of the input. An administrator besides
// makes tokens of the role partner, and the command line any. Conflict
// "incompatible_roles" when the person has a role that excludes it, and
// "already_made" when the same was asked for before. The person is
// kept in small letters, so that nobody is two people by how they write their
// name: who records a visit may not approve what it earns.
func (s *Service) CreateToken(ctx context.Context, actor domain.Actor, in TokenInput) (token domain.Token, text string, err error) {
	call := s.call(actor, "createToken")
	call.Key = in.Key
	made, err := store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (id domain.ID, err error) {
		token, text, err = s.newToken(tx, in)
		return token.ID, err
	})
	switch {
	case err != nil:
		return domain.Token{}, "", err
	case made.Replayed:
		return domain.Token{}, "", domain.Errorf(domain.Conflict, "already_made", "the token is made already, and its text was shown then: revoke it and make another if nobody has the text")
	}
	return token, text, nil
}

func (s *Service) newToken(tx *store.Tx, in TokenInput) (token domain.Token, text string, err error) {
	now := s.now()
	if err := lockAssignments(tx); err != nil {
		return token, "", err
	}
	token = domain.Token{MunicipalityID: tx.Actor().MunicipalityID, ID: store.NewID(), Kind: domain.ByToken, CreatedAt: now}
	var f domain.Fields
	if err := fill(tx, &f, &token, in); err != nil {
		return token, "", err
	}
	checkScopes(&f, &token, in.Scopes)
	f.Check(in.Days >= 0 && in.Days <= mostTokenDays, "expires_in_days", "out_of_range", "must be 1 to %d", mostTokenDays)
	if err := f.Err(); err != nil {
		return token, "", err
	}
	if err := s.compatible(tx, token.Person, token.Role, now); err != nil {
		return token, "", err
	}
	expires := now.AddDate(0, 0, cmp.Or(in.Days, tokenDays))
	token.ExpiresAt = &expires
	text, token.Hash = newSecret(token.Kind, token.MunicipalityID)
	if err := store.Insert(tx, &token); err != nil {
		return token, "", err
	}
	return token, text, tx.Audit("createToken", "token", token.ID, now, domain.Detail(map[string]any{"role": token.Role, "unit": token.UnitID, "partner": token.PartnerID, "scopes": token.Scopes, "expires_at": expires}))
}

// fill says whose the token is and what it is bound to, and notes what of the
// input the actor cannot have.
func fill(tx *store.Tx, f *domain.Fields, token *domain.Token, in TokenInput) (err error) {
	actor := tx.Actor()
	if actor.Role == domain.System || actor.Role == domain.Administrator && in.Role == domain.PartnerRole {
		token.Person, token.Role = person(f, in.Person), in.Role
		checkRole(f, actor, in.Role)
		token.UnitID, token.PartnerID, err = bind(tx, f, in.Role, in.UnitID, in.PartnerID)
		return err
	}
	if actor.Kind != domain.BySignIn {
		return domain.Errorf(domain.Conflict, "not_signed_in", "an API token is made by who will use it, signed in in a browser")
	}
	own, err := store.Get[domain.Token](tx, actor.TokenID)
	if err != nil {
		return err
	}
	if own.RevokedAt != nil {
		return Unauthenticated()
	}
	token.Person, token.Role, token.UnitID, token.PartnerID, token.AssignmentID = own.Person, own.Role, own.UnitID, own.PartnerID, own.AssignmentID
	const message = "must be your own, or left out: nobody makes a token in another's name or for another's work"
	f.Check(in.Person == "" || strings.EqualFold(in.Person, own.Person), "person", "forbidden", message)
	f.Check(in.Role == "" || in.Role == own.Role, "role", "forbidden", message)
	f.Check(in.UnitID == domain.ID{} || own.UnitID != nil && in.UnitID == *own.UnitID, "unit_id", "forbidden", message)
	f.Check(in.PartnerID == domain.ID{} || own.PartnerID != nil && in.PartnerID == *own.PartnerID, "partner_id", "forbidden", message)
	return nil
}

// checkScopes gives the token its scopes and notes those that its role may not do.
func checkScopes(f *domain.Fields, token *domain.Token, scopes []domain.Action) {
	token.Scopes = domain.Strings{}
	for i, scope := range scopes {
		f.Check(slices.Contains(domain.Permissions[scope], token.Role), fmt.Sprintf("scopes[%d]", i), "forbidden", "must be an operationId of openapi.yaml that the role may do")
		if !slices.Contains(token.Scopes, string(scope)) {
			token.Scopes = append(token.Scopes, string(scope))
		}
	}
}

// person gives a person's name as it is kept, in small letters, and notes what is
// wrong with it.
func person(f *domain.Fields, text string) string {
	name := strings.ToLower(text)
	f.Check(personPattern.MatchString(text), "person", "invalid", "must be an e-mail address or a name, 1 to 100 letters of the English alphabet, digits and signs, without spaces")
	for _, prefix := range []string{domain.TerminalPerson, domain.CitizenPerson, domain.SystemPerson} {
		f.Check(!strings.HasPrefix(name, prefix), "person", "reserved", "must not begin with %s", prefix)
	}
	return name
}

func roleNames() string {
	names := make([]string, len(domain.Roles))
	for i, role := range domain.Roles {
		names[i] = string(role)
	}
	return strings.Join(names, ", ")
}

// checkRole notes a role that cannot be given, or not by this actor.
func checkRole(f *domain.Fields, actor domain.Actor, role domain.Role) {
	f.Check(slices.Contains(domain.Roles, role), "role", "unknown", "must be one of %s", roleNames())
	f.Check(role != domain.Operator || actor.Role == domain.System, "role", "forbidden", "an operator is made on the command line: fasthold token create")
}

// bind gives the unit and the partner that a role needs, and notes one that it
// must not have.
func bind(tx *store.Tx, f *domain.Fields, role domain.Role, unitID, partnerID domain.ID) (unit, partner *domain.ID, err error) {
	switch {
	case role == domain.Caseworker || role == domain.TeamLeader && unitID != domain.ID{}:
		_, err := store.Refer(tx, "unit_id", unitID, store.Everyone[domain.Unit])
		if err := f.Merge(err); err != nil {
			return nil, nil, err
		}
		unit = &unitID
	default:
		f.Check(unitID == domain.ID{}, "unit_id", "contradiction", "is for caseworkers and team leaders: leave it out")
	}
	if role != domain.PartnerRole {
		f.Check(partnerID == domain.ID{}, "partner_id", "contradiction", "is for the role partner: leave it out")
		return unit, nil, nil
	}
	_, err = store.Refer(tx, "partner_id", partnerID, store.Everyone[domain.Partner])
	return unit, &partnerID, f.Merge(err)
}
