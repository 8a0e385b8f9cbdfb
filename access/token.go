package access

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// tokenDays is how long an API token holds unless something else is asked for.
const tokenDays = 90

var personPattern = regexp.MustCompile(`^[!-~]{1,100}$`)

// TokenInput says whose token to make and what it can be used for.
type TokenInput struct {
	Person    string // who will use it, the same on all of a person's tokens: an e-mail address or a name
	Role      domain.Role
	UnitID    domain.ID // for a caseworker, always; for a team leader, if bound to one unit
	PartnerID domain.ID // for a partner, always
}

// CreateToken makes a token and gives its text, here and never again. An
// operator's token is made on the command line only. The person is kept in
// small letters, so that nobody is two people by how they write their name: who
// records a visit may not approve what it earns.
func (s *Service) CreateToken(ctx context.Context, actor domain.Actor, in TokenInput) (token domain.Token, text string, err error) {
	err = s.write(ctx, actor, "createToken", func(tx *store.Tx) error {
		token = domain.Token{MunicipalityID: actor.MunicipalityID, ID: store.NewID(), Kind: domain.ByToken, Role: in.Role, CreatedAt: s.now()}
		expires := token.CreatedAt.AddDate(0, 0, tokenDays)
		token.ExpiresAt = &expires
		var f domain.Fields
		token.Person = person(&f, in.Person)
		checkRole(&f, actor, in.Role)
		if token.UnitID, token.PartnerID, err = bind(tx, &f, in.Role, in.UnitID, in.PartnerID); err != nil {
			return err
		}
		if err := f.Err(); err != nil {
			return err
		}
		text, token.Hash = newSecret(token.Kind, actor.MunicipalityID)
		if err := store.Insert(tx, &token); err != nil {
			return err
		}
		return tx.Audit("createToken", "token", token.ID, token.CreatedAt, domain.Detail(map[string]any{"role": token.Role, "unit": token.UnitID, "partner": token.PartnerID}))
	})
	if err != nil {
		return domain.Token{}, "", err
	}
	return token, text, nil
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
		_, err := store.Refer(tx, "unit_id", unitID, everyone[domain.Unit])
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
	_, err = store.Refer(tx, "partner_id", partnerID, everyone[domain.Partner])
	return unit, &partnerID, f.Merge(err)
}

// RevokeToken makes a token worthless at once. Conflict if it is already.
func (s *Service) RevokeToken(ctx context.Context, actor domain.Actor, id domain.ID) (token domain.Token, err error) {
	err = s.write(ctx, actor, "revokeToken", func(tx *store.Tx) error {
		if token, err = store.GetLocked[domain.Token](tx, id); err != nil {
			return err
		}
		if token.RevokedAt != nil {
			return domain.Errorf(domain.Conflict, "already_revoked", "the token is revoked already")
		}
		now := s.now()
		token.RevokedAt = &now
		if err := store.Change[domain.Token](tx, map[string]any{"revoked_at": now}, store.Is("id", id)); err != nil {
			return err
		}
		return tx.Audit("revokeToken", "token", id, now, nil)
	})
	s.store.Forget()
	return token, err
}

// Token gives one token, without its text, which nobody has.
func (s *Service) Token(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Token, error) {
	return get(ctx, s, actor, "getToken", id, everyone[domain.Token])
}

// TokenFilter narrows a list of tokens; zero fields narrow nothing.
type TokenFilter struct {
	Person    string
	Role      domain.Role
	UnitID    domain.ID
	PartnerID domain.ID
}

// Tokens lists tokens, newest first.
func (s *Service) Tokens(ctx context.Context, actor domain.Actor, page store.Page, f TokenFilter) (store.Listed[domain.Token], error) {
	return list[domain.Token](ctx, s, actor, "listTokens", page, store.Eq("person", strings.ToLower(f.Person)),
		store.Eq("role", f.Role), store.Eq("unit_id", f.UnitID), store.Eq("partner_id", f.PartnerID))
}
