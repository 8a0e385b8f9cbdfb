package access

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// AssignmentInput says which role to give whom.
type AssignmentInput struct {
	Person    string
	Role      domain.Role
	UnitID    domain.ID // for a caseworker, always; for a team leader, if bound to one unit
	PartnerID domain.ID // for a partner, always
}

// Assign gives a person a role. Forbidden "own_assignment" for oneself, Conflict
// "already_exists" when they have it, "incompatible_roles" when one that they
// have, or have a token for, excludes it; Forbidden "second_administrator" to who
// invited the person. The role operator is given on the command line only.
func (s *Service) Assign(ctx context.Context, actor domain.Actor, in AssignmentInput) (made domain.Assignment, err error) {
	err = s.write(ctx, actor, "createAssignment", func(tx *store.Tx) error {
		now := s.now()
		var f domain.Fields
		made = domain.Assignment{MunicipalityID: actor.MunicipalityID, ID: store.NewID(), Person: person(&f, in.Person), Source: domain.Granted, CreatedAt: now, CreatedBy: actor.Person}
		if made.Person == actor.Person {
			return domain.Errorf(domain.Forbidden, "own_assignment", "nobody gives themself a role: ask another administrator")
		}
		checkRole(&f, actor, in.Role)
		if made.UnitID, made.PartnerID, err = bind(tx, &f, in.Role, in.UnitID, in.PartnerID); err != nil {
			return err
		}
		if err := f.Err(); err != nil {
			return err
		}
		made.Role = in.Role
		if err := lockAssignments(tx); err != nil {
			return err
		}
		if err := invitedByAnother(tx, made.Person); err != nil {
			return err
		}
		all, err := assignments(tx, made.Person)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all, made.Same) {
			return domain.Errorf(domain.Conflict, "already_exists", "they have that role already")
		}
		if err := s.compatible(tx, made.Person, made.Role, now); err != nil {
			return err
		}
		if err := store.Insert(tx, &made); err != nil {
			return err
		}
		return tx.Audit("createAssignment", "assignment", made.ID, now, domain.Detail(map[string]any{"person": made.Person, "role": made.Role, "unit": made.UnitID, "partner": made.PartnerID}))
	})
	return made, err
}

// Unassign takes a role back. The person's sign-ins and tokens under it end at
// once. Forbidden "own_assignment" for one's own, Conflict "already_revoked" when
// it was taken back before.
func (s *Service) Unassign(ctx context.Context, actor domain.Actor, id domain.ID) (a domain.Assignment, err error) {
	err = s.write(ctx, actor, "revokeAssignment", func(tx *store.Tx) error {
		if err := lockAssignments(tx); err != nil {
			return err
		}
		if a, err = store.Get[domain.Assignment](tx, id); err != nil {
			return err
		}
		switch {
		case a.Person == actor.Person:
			return domain.Errorf(domain.Forbidden, "own_assignment", "nobody takes a role from themself: ask another administrator")
		case a.RevokedAt != nil:
			return domain.Errorf(domain.Conflict, "already_revoked", "the role was taken back already")
		}
		return s.unassign(tx, &a, s.now())
	})
	s.store.Forget()
	return a, err
}

// unassign takes a role back and ends what was let in under it.
func (s *Service) unassign(tx *store.Tx, a *domain.Assignment, now time.Time) error {
	a.RevokedAt, a.RevokedBy = &now, tx.Actor().Person
	if err := store.Change[domain.Assignment](tx, map[string]any{"revoked_at": now, "revoked_by": a.RevokedBy}, store.Is("id", a.ID)); err != nil {
		return err
	}
	ended, err := revokeAll(tx, now, store.Is("assignment_id", a.ID))
	if err != nil {
		return err
	}
	return tx.Audit("revokeAssignment", "assignment", a.ID, now, domain.Detail(map[string]any{"person": a.Person, "role": a.Role, "ended": ended}))
}

// AssignmentFilter narrows a list of assignments; zero fields narrow nothing.
type AssignmentFilter struct {
	Person string
	Role   domain.Role
	UnitID domain.ID
	State  string // held or revoked
}

// Assignments lists who has which role, newest first.
func (s *Service) Assignments(ctx context.Context, actor domain.Actor, page store.Page, f AssignmentFilter) (store.Listed[domain.Assignment], error) {
	conds := []store.Cond{store.Eq("person", strings.ToLower(f.Person)), store.Eq("role", f.Role), store.Eq("unit_id", f.UnitID)}
	switch f.State {
	case "held":
		conds = append(conds, store.None("revoked_at"))
	case "revoked":
		conds = append(conds, store.Some("revoked_at"))
	}
	return store.Several[domain.Assignment](ctx, s.store, s.call(actor, "listAssignments"), page, conds...)
}

// lockAssignments makes everybody who changes who has which role in the
// municipality, or lets somebody in under one, wait for each other: of two who
// give one person roles that exclude each other, the second sees what the first
// did.
func lockAssignments(tx *store.Tx) error {
	_, err := store.AllLocked[domain.Municipality](tx, "municipality_id")
	return err
}

// assignments are those that a person has, oldest first.
func assignments(tx *store.Tx, name string) ([]domain.Assignment, error) {
	return store.All[domain.Assignment](tx, "id", store.Is("person", name), store.None("revoked_at"))
}

// held gives a person's assignments, once what the claims say has taken the place
// of what they said before; nil claims say nothing. Refused is why the person
// cannot come in: what the claims took away stays taken away.
func (s *Service) held(tx *store.Tx, name string, claims []domain.Assignment, now time.Time) (all []domain.Assignment, refused, err error) {
	if err := lockAssignments(tx); err != nil {
		return nil, nil, err
	}
	if refused, err = suspended(tx, name); err != nil || refused != nil {
		return nil, refused, err
	}
	if claims != nil {
		if refused, err = s.sync(tx, name, claims, now); err != nil || refused != nil {
			return nil, refused, err
		}
	}
	if all, err = assignments(tx, name); err == nil && len(all) == 0 {
		refused = noRole()
	}
	return all, refused, err
}

func noRole() error {
	return domain.Errorf(domain.Forbidden, "no_role", "you have no role here: ask an administrator of your municipality")
}

// sync makes the assignments from claims those that the claims say now.
func (s *Service) sync(tx *store.Tx, name string, claims []domain.Assignment, now time.Time) (refused, err error) {
	all, err := assignments(tx, name)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Source == domain.FromClaims && !slices.ContainsFunc(claims, all[i].Same) {
			if err := s.unassign(tx, &all[i], now); err != nil {
				return nil, err
			}
		}
	}
	for i, claim := range claims { // all are looked at before any is made
		for _, other := range claims[:i] {
			if domain.Incompatible(claim.Role, other.Role) {
				return exclude(name, other.Role, claim.Role), nil
			}
		}
		if err := s.compatible(tx, name, claim.Role, now); domain.CodeOf(err) == "incompatible_roles" {
			return err, nil
		} else if err != nil {
			return nil, err
		}
	}
	for _, claim := range claims {
		if slices.ContainsFunc(all, func(a domain.Assignment) bool { return a.RevokedAt == nil && a.Same(claim) }) {
			continue
		}
		made := domain.Assignment{
			MunicipalityID: tx.Actor().MunicipalityID, ID: store.NewID(), Person: name, Role: claim.Role, UnitID: claim.UnitID, PartnerID: claim.PartnerID,
			Source: domain.FromClaims, CreatedAt: now, CreatedBy: name,
		}
		if err := store.Insert(tx, &made); err != nil {
			return nil, err
		}
		if err := tx.Audit("createAssignment", "assignment", made.ID, now, domain.Detail(map[string]any{"person": name, "role": made.Role, "unit": made.UnitID, "partner": made.PartnerID, "source": made.Source})); err != nil {
			return nil, err
		}
		all = append(all, made)
	}
	return nil, nil
}

func exclude(name string, has, wanted domain.Role) error {
	return domain.Errorf(domain.Conflict, "incompatible_roles", "%s is %s, and nobody may be that and %s: take that role back first", name, has, wanted)
}

// compatible refuses a role that another one which the person has, or has a
// token for, excludes. Call it under lockAssignments.
func (s *Service) compatible(tx *store.Tx, name string, role domain.Role, now time.Time) error {
	all, err := assignments(tx, name)
	if err != nil {
		return err
	}
	tokens, err := store.All[domain.Token](tx, "id", store.Is("person", name), store.None("revoked_at"), store.After("expires_at", now))
	if err != nil {
		return err
	}
	has := make([]domain.Role, 0, len(all)+len(tokens))
	for _, a := range all {
		has = append(has, a.Role)
	}
	for _, token := range tokens {
		has = append(has, token.Role)
	}
	for _, other := range has {
		if domain.Incompatible(role, other) {
			return exclude(name, other, role)
		}
	}
	return nil
}
