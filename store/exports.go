package store

import (
	"context"
	"errors"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// ErrOvertaken says that another run makes an export now.
var ErrOvertaken = errors.New("store: another run is making this export")

// ClaimExport begins a run of the oldest export that waits, or whose run has not
// been heard of for so long that it must have been stopped; what that one made is
// dropped. False: there is none. Of several who ask at once, one gets it.
func (tx *Tx) ClaimExport(run domain.ID, now, until time.Time) (e domain.Export, found bool, err error) {
	m, lock := tx.actor.MunicipalityID, ""
	if tx.store.dialect == "postgres" {
		lock = " FOR UPDATE SKIP LOCKED"
	}
	var claimed []domain.Export
	err = tx.db().Raw(`UPDATE exports SET state = 'running', runs = runs + 1, rows_total = 0, rows_done = 0, run_id = ?, run_until = ?
		WHERE municipality_id = ? AND id = (SELECT id FROM exports WHERE municipality_id = ? AND state IN ('queued', 'running')
			AND (run_until IS NULL OR run_until < ?) ORDER BY id LIMIT 1`+lock+`) RETURNING *`, run, until, m, m, now).Scan(&claimed).Error
	if err != nil || len(claimed) == 0 {
		return e, false, err
	}
	_, err = tx.DropChunks(claimed[0].ID)
	return claimed[0], true, err
}

// DropChunks deletes what was made of an export's file, and counts the pieces.
func (tx *Tx) DropChunks(export domain.ID) (int, error) {
	done := scoped[domain.ExportChunk](tx, []Cond{Is("export_id", export)}).Delete(&domain.ExportChunk{})
	return int(done.RowsAffected), done.Error
}

// Work notes how far a run of an export is and that it goes on, and keeps the
// next piece of the file, if there is one. ErrOvertaken: another run has taken
// the export over, and nothing is kept. These rows are no facts: they leave no
// audit entry, that the export was asked for and made does.
func (s *Store) Work(ctx context.Context, e domain.Export, piece *domain.ExportChunk) error {
	release, err := s.lockWriter(ctx)
	if err != nil {
		return err
	}
	defer release()
	actor := domain.Actor{MunicipalityID: e.MunicipalityID, Role: domain.System, Person: "system:export"}
	return s.inTransaction(ctx, actor, true, func(tx *Tx) error {
		done := scoped[domain.Export](tx, []Cond{Is("id", e.ID), Is("run_id", *e.RunID)}).
			Updates(map[string]any{"rows_total": e.RowsTotal, "rows_done": e.RowsDone, "run_until": *e.RunUntil})
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return ErrOvertaken
		}
		if piece != nil {
			if err := tx.Append(piece); err != nil {
				return err
			}
		}
		return tx.commit(ctx)
	})
}
