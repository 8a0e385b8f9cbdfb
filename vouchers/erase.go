package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Erase destroys a citizen's key: name, CPR number, telephone number and what was
// written about the person can never be read again, in no copy of the database.
// What is counted and paid stays. The citizen's links and sign-ins end with it.
// Conflict while a plan runs.
func (s *Service) Erase(ctx context.Context, actor domain.Actor, id domain.ID) error {
	defer s.store.Forget() // who was signed in
	return s.write(ctx, actor, "eraseCitizen", func(tx *store.Tx) error {
		c, err := store.GetLocked[domain.Citizen](tx, id)
		if err != nil {
			return err
		}
		running, err := store.All[domain.Plan](tx, "id", store.Is("citizen_id", id), store.Is("end_reason", ""))
		if err != nil {
			return err
		}
		if len(running) > 0 {
			return domain.Errorf(domain.Conflict, "plan_running", "the plan %s still runs: end it first", running[0].Reference)
		}
		key, err := s.dataKey(tx, domain.KeyOfCitizen, &id)
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
		if err := store.Set[domain.Citizen](tx, id, c.Version, map[string]any{"cpr_hash": nil}); err != nil {
			return err
		}
		if _, err := access.EndCitizen(tx, id, now); err != nil {
			return err
		}
		return tx.Audit("eraseCitizen", "citizen", id, now, nil)
	})
}
