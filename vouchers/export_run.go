package vouchers

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/table"
)

const (
	exportLease = time.Minute    // how long a run may be silent before another takes the export over
	exportKept  = 24 * time.Hour // how long a file is kept
	exportRuns  = 5              // how often an export is begun before it is given up
	exportPiece = 1 << 20        // bytes of a piece of the file
	exportStep  = 10_000         // rows between two words on how far it is
)

// RunExports makes what waits, one export after the other, and what a stopped
// server left half made, and gives how many it made. Several servers at once do
// no harm: each export is made by one.
func (s *Service) RunExports(ctx context.Context, municipality domain.ID) (made int, err error) {
	var failed error
	for {
		e, found, err := s.claimExport(ctx, municipality)
		if err != nil || !found {
			return made, errors.Join(failed, err)
		}
		switch err := s.runExport(ctx, &e); {
		case errors.Is(err, store.ErrOvertaken):
		case err == nil:
			made++
		default:
			failed = errors.Join(failed, s.failedExport(ctx, e, err))
		}
	}
}

// failedExport gives an export up, or leaves it to be taken up again when its time is
// over, and gives what went wrong.
func (s *Service) failedExport(ctx context.Context, e domain.Export, err error) error {
	failed := fmt.Errorf("export %s: %w", e.ID, err)
	switch {
	case store.IsFull(err):
		return errors.Join(failed, s.endExport(ctx, e, "the database's disk is full: tell who runs the service, and ask for the export again when there is room"))
	case ctx.Err() != nil || e.Runs < exportRuns:
		return failed
	}
	return errors.Join(failed, s.endExport(ctx, e, "it could not be made: ask for it again, or for less at a time"))
}

func exportJob(municipality domain.ID) domain.Actor {
	return domain.Actor{MunicipalityID: municipality, Role: domain.System, Person: "system:export"}
}

// errNoExport ends a transaction in which there was nothing to begin.
var errNoExport = errors.New("no export waits")

// claimExport begins a run of the oldest export that waits; false when none does.
func (s *Service) claimExport(ctx context.Context, municipality domain.ID) (e domain.Export, found bool, err error) {
	waits := false // looking costs less than asking for the turn to write
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		unfinished, err := store.All[domain.Export](tx, "id", store.In("state", []string{domain.ExportQueued, domain.ExportRunning}))
		for _, e := range unfinished {
			waits = waits || e.RunUntil == nil || e.RunUntil.Before(s.now())
		}
		return err
	})
	if err != nil || !waits {
		return e, false, err
	}
	err = s.store.Write(ctx, exportJob(municipality), func(tx *store.Tx) error {
		now := s.now()
		if e, found, err = tx.ClaimExport(store.NewID(), now, now.Add(exportLease)); err != nil {
			return err
		}
		if !found {
			return errNoExport
		}
		return tx.Audit("runExport", "export", e.ID, now, domain.Detail(map[string]any{"run": e.Runs}))
	})
	if errors.Is(err, errNoExport) {
		return e, false, nil
	}
	return e, found, err
}

// runExport makes an export's file from one moment of the database, and says so.
func (s *Service) runExport(ctx context.Context, e *domain.Export) error {
	var f ExportFilters
	if err := json.Unmarshal(e.Filters, &f); err != nil {
		return err
	}
	kind, known := exportKinds[e.What]
	if !known {
		return s.endExport(ctx, *e, "this version of the service does not know what was asked for")
	}
	if err := s.makeExport(ctx, e, kind, f); err != nil {
		return err
	}
	return s.endExport(ctx, *e, "")
}

// makeExport writes the rows and keeps the file.
func (s *Service) makeExport(ctx context.Context, e *domain.Export, kind exportKind, f ExportFilters) error {
	out := &exportWriter{ctx: ctx, service: s, of: e}
	sheet, err := s.exportSheet(ctx, *e, kind, f)
	if err != nil {
		return err
	}
	file, err := out.begin(sheet)
	if err != nil {
		return err
	}
	err = s.store.Snapshot(ctx, e.MunicipalityID, func(tx *store.Tx) (err error) {
		if e.RowsTotal, err = kind.count(tx, f); err != nil {
			return err
		}
		if err := out.say(nil); err != nil {
			return err
		}
		return kind.each(tx, f, func(cells ...any) error {
			if e.RowsDone++; e.RowsDone%exportStep == 0 {
				if err := out.say(nil); err != nil {
					return err
				}
			}
			return file.Row(cells...)
		})
	})
	if err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Close(); err != nil {
		return err
	}
	return out.end()
}

// endExport notes that an export is done, or why there is no file.
func (s *Service) endExport(ctx context.Context, e domain.Export, failure string) error {
	state := domain.ExportDone
	if failure != "" {
		state = domain.ExportFailed
	}
	return s.store.Write(ctx, exportJob(e.MunicipalityID), func(tx *store.Tx) error {
		now := s.now()
		err := store.Change[domain.Export](tx, map[string]any{
			"state": state, "failure": failure, "rows_total": e.RowsTotal, "rows_done": e.RowsDone, "bytes": e.Bytes, "run_id": nil, "run_until": nil, "finished_at": now,
		}, store.Is("id", e.ID), store.Is("run_id", *e.RunID))
		if domain.KindOf(err) == domain.Conflict {
			return store.ErrOvertaken
		}
		if err == nil && failure != "" {
			_, err = tx.DropChunks(e.ID)
		}
		if err != nil {
			return err
		}
		return tx.Audit("endExport", "export", e.ID, now, domain.Detail(map[string]any{"state": state, "rows": e.RowsDone, "bytes": e.Bytes}))
	})
}

// exportWriter keeps what is written to it in pieces, under the lease of a run.
type exportWriter struct {
	ctx     context.Context //nolint:containedctx // of the one run that writes
	service *Service
	of      *domain.Export
	packed  *gzip.Writer // nil: what is written is packed already
	piece   []byte
	number  int
}

// begin gives the file to write rows to. CSV is kept packed.
func (w *exportWriter) begin(sheet table.Sheet) (table.Writer, error) {
	if w.of.Format == table.XLSX {
		return table.New(w.of.Format, counted{w, &w.of.Bytes}, sheet)
	}
	var err error
	if w.packed, err = gzip.NewWriterLevel(w, gzip.BestSpeed); err != nil {
		return nil, err
	}
	return table.New(w.of.Format, counted{w.packed, &w.of.Bytes}, sheet)
}

// counted counts the bytes of the file as it is handed out.
type counted struct {
	io.Writer
	bytes *int64
}

func (c counted) Write(b []byte) (int, error) {
	*c.bytes += int64(len(b))
	return c.Writer.Write(b)
}

func (w *exportWriter) Write(b []byte) (int, error) {
	w.piece = append(w.piece, b...)
	for len(w.piece) >= exportPiece {
		if err := w.keep(exportPiece); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

// keep stores the next n bytes.
func (w *exportWriter) keep(n int) error {
	w.number++
	err := w.say(&domain.ExportChunk{MunicipalityID: w.of.MunicipalityID, ExportID: w.of.ID, Number: w.number, Content: w.piece[:n]})
	w.piece = append(w.piece[:0], w.piece[n:]...)
	return err
}

// end stores what is left.
func (w *exportWriter) end() error {
	if w.packed != nil {
		if err := w.packed.Close(); err != nil {
			return err
		}
	}
	if len(w.piece) == 0 {
		return nil
	}
	return w.keep(len(w.piece))
}

// say tells how far the run is, with the next piece where there is one.
func (w *exportWriter) say(piece *domain.ExportChunk) error {
	until := w.service.now().Add(exportLease)
	w.of.RunUntil = &until
	return w.service.store.Work(w.ctx, *w.of, piece)
}

// SweepExports deletes the files that were kept for a day, and counts them.
func (s *Service) SweepExports(ctx context.Context, municipality domain.ID) (swept int, err error) {
	var old []domain.Export
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) (err error) {
		old, err = store.All[domain.Export](tx, "id", store.Is("state", domain.ExportDone), store.Before("finished_at", s.now().Add(-exportKept)))
		return err
	})
	for _, e := range old {
		if err == nil {
			err = s.sweepExport(ctx, e)
			swept++
		}
	}
	return swept, err
}

func (s *Service) sweepExport(ctx context.Context, e domain.Export) error {
	return s.store.Write(ctx, exportJob(e.MunicipalityID), func(tx *store.Tx) error {
		if err := store.Change[domain.Export](tx, map[string]any{"state": domain.ExportDeleted}, store.Is("id", e.ID), store.Is("state", domain.ExportDone)); err != nil {
			return err
		}
		if _, err := tx.DropChunks(e.ID); err != nil {
			return err
		}
		return tx.Audit("deleteExport", "export", e.ID, s.now(), nil)
	})
}
