package signin

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
)

// Who is what a provider says of a person, once it is believed.
type Who struct {
	Subject string // the provider's own name for them, for ever
	Session string // the provider's session (sid); "": it does not say
	Person  string // in small letters
	ACR     string
	Proved  time.Time // when the provider last asked who they are (auth_time); in 1970 if it does not say
	Grants  []Grant   // at least one
}

const (
	mostRoles  = 100 // entries of the roles claim
	longestSub = 255 // OpenID Connect Core §2
)

// refused is Forbidden: what is missing or wrong is told by the claim's name,
// never by its value.
func refused(code, format string, args ...any) error {
	return domain.Errorf(domain.Forbidden, code, format, args...)
}

// who reads what an ID token says of a person. Forbidden where the settings ask
// for something else.
func (s Settings) who(subject string, claims map[string]any) (Who, error) {
	w := Who{Subject: subject}
	w.Session, _ = claims["sid"].(string)
	w.ACR, _ = claims["acr"].(string)
	if subject == "" || len(subject) > longestSub || len(w.Session) > longestSub {
		return Who{}, refused("claim_missing", "the claim sub is missing, or it or sid is too long")
	}
	if !s.Assurance.None && !slices.Contains(s.Assurance.accepted(), w.ACR) {
		return Who{}, refused("assurance_too_low", "the claim acr is missing, or below what the municipality asks for")
	}
	for _, r := range s.Require {
		if value, _ := r.Claim.in(claims).(string); value != r.Value {
			return Who{}, refused("other_municipality", "the claim %s is missing, or is another municipality's", r.Claim)
		}
	}
	person, ok := s.Person.in(claims).(string)
	if !ok || person == "" {
		return Who{}, refused("claim_missing", "the claim %s is missing", s.Person)
	}
	if verified, said := claims["email_verified"].(bool); said && !verified && s.Person.String() == "email" {
		return Who{}, refused("person_malformed", "the claim email is not verified")
	}
	w.Person = strings.ToLower(person)
	if !access.IsPerson(w.Person) {
		return Who{}, refused("person_malformed", "the claim %s is no person's name: it must be 1 to 100 letters, digits and signs without spaces", s.Person)
	}
	grants, err := s.Roles.in(claims)
	w.Grants = grants
	return w, err
}

// in finds the claim; nil if it is not there.
func (c Claim) in(claims map[string]any) any {
	var found any = claims
	for _, name := range c {
		object, ok := found.(map[string]any)
		if !ok {
			return nil
		}
		found = object[name]
	}
	return found
}

// in reads the roles that claims give, without doubles. All of them must be
// known, but for those that the prefix says are not ours.
func (r Roles) in(claims map[string]any) (grants []Grant, err error) {
	claim := r.Claim.in(claims)
	if text, ok := claim.(string); ok { // some providers write a list of one so, or the list as JSON
		if json.Unmarshal([]byte(text), &claim) != nil {
			claim = []any{text}
		}
	}
	entries, ok := claim.([]any)
	if !ok {
		return nil, refused("claim_missing", "the claim %s is missing, or is no list", r.Claim)
	}
	if len(entries) > mostRoles {
		return nil, refused("role_unknown", "the claim %s lists more than %d roles", r.Claim, mostRoles)
	}
	for _, entry := range entries {
		of, err := r.entry(entry)
		if err != nil {
			return nil, err
		}
		for _, g := range of {
			if !slices.Contains(grants, g) {
				grants = append(grants, g)
			}
		}
	}
	if len(grants) == 0 {
		return nil, refused("no_role", "the claim %s lists no role of ours", r.Claim)
	}
	return grants, nil
}

// entry reads one entry: a grant for each of its organisations.
func (r Roles) entry(entry any) ([]Grant, error) {
	object, _ := entry.(map[string]any)
	theirs, ok := entry.(string)
	if object != nil {
		theirs, ok = object[r.Role].(string)
	}
	if !ok {
		return nil, refused("role_unknown", "an entry of the claim %s has no %s", r.Claim, r.Role)
	}
	if !strings.HasPrefix(theirs, r.Prefix) {
		return nil, nil
	}
	g, known := r.Map[theirs]
	if !known {
		return nil, refused("role_unknown", "the claim %s lists a role that the sign-in file does not map", r.Claim)
	}
	switch of := object[r.Organisation].(type) {
	case nil:
		return []Grant{g}, nil
	case string:
		return []Grant{{g.Role, of}}, nil
	case []any:
		return r.each(g.Role, of)
	}
	return nil, refused("organisation_unknown", "an entry of the claim %s has an %s that is no text", r.Claim, r.Organisation)
}

// each gives a grant for each of an entry's organisations: none, no grant.
func (r Roles) each(role domain.Role, organisations []any) (grants []Grant, err error) {
	for _, o := range organisations {
		of, ok := o.(string)
		if !ok || of == "" || len(grants) == mostRoles {
			return nil, refused("organisation_unknown", "an entry of the claim %s has an %s that is no text, or too many", r.Claim, r.Organisation)
		}
		grants = append(grants, Grant{role, of})
	}
	return grants, nil
}

// Assignments are what the grants allow, where units are the municipality's, by
// their organisation. Forbidden if an organisation is unknown, a role needs one
// and has none, or a role cannot be bound to one unit and is.
func (s Settings) Assignments(grants []Grant, units map[string]domain.ID) (all []domain.Assignment, err error) {
	for _, g := range grants {
		a := domain.Assignment{Role: g.Role}
		unit, known := units[g.Organisation]
		switch whole := s.Whole != "" && g.Organisation == s.Whole; {
		case !known && !whole && g.Organisation != "":
			return nil, refused("organisation_unknown", "the claim %s binds a role to an organisation that is no unit's", s.Roles.Claim)
		case g.Role == domain.Caseworker && !known, g.Role == domain.TeamLeader && !known && !whole:
			return nil, refused("organisation_missing", "the claim %s binds the role %s to no unit", s.Roles.Claim, g.Role)
		case known && g.Role != domain.Caseworker && g.Role != domain.TeamLeader:
			return nil, refused("organisation_too_narrow", "the claim %s binds the role %s to one unit, and it is for the whole municipality", s.Roles.Claim, g.Role)
		case known:
			a.UnitID = &unit
		}
		if !slices.ContainsFunc(all, a.Same) {
			all = append(all, a)
		}
	}
	return all, nil
}
