package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// RefusalsKept is for how long refused lines of an import are kept: what was wrong with
// them may quote a person, and who mends a file does so within days. When a citizen is
// erased all of them go at once.
const RefusalsKept = 90 * 24 * time.Hour

// SweepRefusals deletes the refused lines of imports that were sent long ago, and counts
// them. How many there were stays with the import.
func (s *Service) SweepRefusals(ctx context.Context, municipality domain.ID) (swept int, err error) {
	old := store.OfImportsBefore(s.now().Add(-RefusalsKept))
	var there int64
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		there, err = store.Count[domain.ImportRefusal](tx, old)
		return err
	})
	if err != nil || there == 0 {
		return 0, err
	}
	actor := domain.Actor{MunicipalityID: municipality, Role: domain.System, Person: domain.SystemPerson + "sweep"}
	err = s.store.Write(ctx, actor, func(tx *store.Tx) error {
		if swept, err = tx.DropRefusals(old); err != nil {
			return err
		}
		return tx.Audit("deleteImportRefusals", "municipality", municipality, s.now(), domain.Detail(map[string]any{"lines": swept}))
	})
	return swept, err
}
