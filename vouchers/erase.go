package vouchers

import (
	"context"
	"slices"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Erase destroys a citizen's key: name, CPR number, telephone number and what was
// written about the person can never be read again, in no copy of the database. The
// reference and the date of birth go too, and what was wrong with lines of imports,
// which may quote them. What is counted and paid stays. The citizen's links and
// sign-ins end with it.
// Conflict while a plan runs, and while somebody has said that it is kept.
func (s *Service) Erase(ctx context.Context, actor domain.Actor, id domain.ID) error {
	defer s.store.Forget() // who was signed in
	return s.write(ctx, actor, "eraseCitizen", func(tx *store.Tx) error {
		c, err := lockCitizen(tx, id)
		if err != nil {
			return err
		}
		today, err := s.today(tx)
		if err == nil && !c.KeptUntil.Before(today) {
			err = domain.Errorf(domain.Conflict, "kept", "what is known of the citizen is kept until %s: a team leader says so, and can change it", c.KeptUntil)
		}
		if err != nil {
			return err
		}
		return s.erase(tx, c, nil)
	})
}

// lockCitizen reads a citizen none of whose plans runs. Nobody else can begin one or
// change what they led to before this transaction ends.
func lockCitizen(tx *store.Tx, id domain.ID) (c domain.Citizen, err error) {
	if _, err := store.AllLocked[domain.Plan](tx, "id", store.Is("citizen_id", id)); err != nil {
		return c, err
	}
	if c, err = store.GetLocked[domain.Citizen](tx, id); err != nil {
		return c, err
	}
	plans, err := store.All[domain.Plan](tx, "", store.Is("citizen_id", id)) // one may have begun before the citizen was locked
	runs := func(p domain.Plan) bool { return p.EndDate.IsZero() }
	if i := slices.IndexFunc(plans, runs); i >= 0 {
		return c, domain.Errorf(domain.Conflict, "plan_running", "the plan %s still runs: end it first", plans[i].Reference)
	}
	return c, err
}

// erase erases a citizen who is locked. The detail is why, for the audit log.
func (s *Service) erase(tx *store.Tx, c domain.Citizen, why domain.Raw) error {
	key, err := s.dataKey(tx, domain.KeyOfCitizen, &c.ID)
	if err != nil {
		return err
	}
	if key.DestroyedAt != nil {
		return domain.Errorf(domain.Conflict, "erased", "the citizen is erased already")
	}
	now := s.now()
	if err := store.Change[domain.DataKey](tx, map[string]any{"wrapped": nil, "destroyed_at": now}, store.Is("id", key.ID)); err != nil {
		return err
	}
	if err := store.Set[domain.Citizen](tx, c.ID, c.Version, map[string]any{"reference": c.Pseudonym(), "birth_date": nil, "cpr_hash": nil, "closed_on": nil}); err != nil {
		return err
	}
	if _, err := tx.DropRefusals(); err != nil {
		return err
	}
	if _, err := access.EndCitizen(tx, c.ID, now); err != nil {
		return err
	}
	return tx.Audit("eraseCitizen", "citizen", c.ID, now, why)
}
