package access

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// keepEnded is how long a sign-in and a citizen's visit are kept after they
// ended, so that it can be seen from where somebody was let in. What they did is
// in the audit log for good.
const keepEnded = 90 * 24 * time.Hour

// Sweep deletes a municipality's sign-ins and citizens' visits that ended long
// ago, and says how many, and the counts of attempts whose time is over. API
// tokens and tills' stay.
func (s *Service) Sweep(ctx context.Context, municipality domain.ID) (deleted int, err error) {
	now := s.now()
	if err := s.store.SweepAttempts(ctx, municipality, now); err != nil {
		return 0, err
	}
	before := now.Add(-keepEnded)
	var ended int64
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		ended, err = store.Count[domain.Token](tx, store.LongEnded(before))
		return err
	})
	if err != nil || ended == 0 {
		return 0, err
	}
	actor := domain.Actor{MunicipalityID: municipality, Role: domain.System, Person: "system:sweep"}
	err = s.store.Write(ctx, actor, func(tx *store.Tx) error {
		if deleted, err = tx.DeleteLongEnded(before); err != nil {
			return err
		}
		return tx.Audit("sweep", "sign_in", domain.ID{}, now, domain.Detail(map[string]any{"deleted": deleted, "ended_before": before}))
	})
	return deleted, err
}
