package vouchers

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// RunImport takes a queued or interrupted export in, plan by plan, each plan in
// one transaction, and tells progress after each. It can be stopped anywhere
// and run again: what is in stays in, once. Of several processes that run the
// same import at once, one goes on and the others look now and then whether it
// still does.
func (s *Service) RunImport(ctx context.Context, municipality, id domain.ID, progress func(domain.Import)) (im domain.Import, err error) {
	for {
		if err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
			im, err = store.Get[domain.Import](tx, id)
			return err
		}); err != nil || im.State == "done" || im.State == "failed" {
			return im, err
		}
		if im, err = s.runImport(ctx, im, progress); !errors.Is(err, errOvertaken) {
			return im, err
		}
		if err := pause(ctx, importTurn); err != nil {
			return im, err
		}
	}
}

const (
	importTurn    = time.Second           // how long a process that was overtaken leaves an import alone
	importPause   = 20 * time.Millisecond // before the first new attempt; twice as long before each further one
	importRetries = 5
)

// errOvertaken says that another process has carried the import on.
var errOvertaken = errors.New("another process is taking this import in")

// runImport goes on with an import from where it is.
func (s *Service) runImport(ctx context.Context, im domain.Import, progress func(domain.Import)) (domain.Import, error) {
	var actor domain.Actor
	if err := json.Unmarshal(im.Actor, &actor); err != nil {
		return im, err
	}
	job, err := s.openImport(ctx, actor, &im)
	for err == nil && im.PlansDone < im.PlansTotal {
		if err = patiently(ctx, importPause, func() error { return s.importPlan(ctx, job, &im) }); err == nil {
			progress(im)
		}
	}
	if err == nil {
		return s.closeImport(ctx, actor, im, "")
	}
	if kind := domain.KindOf(err); kind == "" || kind == domain.Unavailable {
		return im, err // not the export's fault: it stays, to be run again
	}
	failure := told(err)
	if passing(err) && im.PlansDone < len(job.plans) {
		failure = "plan " + job.plans[im.PlansDone].number + ": " + failure
	}
	return s.closeImport(ctx, actor, im, failure)
}

// turn changes columns of an import that is still as im says, and makes other
// processes wait for this transaction; errOvertaken when one was faster.
func turn(tx *store.Tx, im domain.Import, columns map[string]any) error {
	err := store.Change[domain.Import](tx, columns, store.Is("id", im.ID), store.Is("state", im.State), store.Is("plans_done", im.PlansDone))
	if domain.KindOf(err) == domain.Conflict {
		return errOvertaken
	}
	return err
}

// importJob is an opened export.
type importJob struct {
	exportRows
	actor     domain.Actor
	programme domain.Programme
	loc       *time.Location
}

// openImport reads the export, before any transaction, and the first time
// records which lines cannot be read.
func (s *Service) openImport(ctx context.Context, actor domain.Actor, im *domain.Import) (job importJob, err error) {
	job.actor = actor
	var plans, attendance []byte
	err = s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		if job.programme, err = store.Get[domain.Programme](tx, im.ProgrammeID); err != nil {
			return err
		}
		if job.loc, err = tx.Zone(); err != nil {
			return err
		}
		plans, attendance, err = s.openFiles(tx, *im)
		return err
	})
	if err != nil {
		return job, err
	}
	if job.exportRows, err = readFiles(plans, attendance, job.loc); err != nil {
		return job, err
	}
	opened := *im
	err = s.store.Write(ctx, actor, func(tx *store.Tx) error {
		if im.State == "queued" {
			opened.State, opened.PlansTotal, opened.LinesRefused = "running", len(job.plans), len(job.refused)
			if err := turn(tx, *im, map[string]any{"state": opened.State}); err != nil {
				return err
			}
			if err := refuse(tx, im.ID, job.refused); err != nil {
				return err
			}
			if err := saveImport(tx, &opened); err != nil {
				return err
			}
		}
		return tx.Audit("runImport", "import", im.ID, s.now(), domain.Detail(map[string]any{"from_plan": im.PlansDone}))
	})
	if err == nil {
		*im = opened
	}
	return job, err
}

// closeImport ends an import and forgets its files, which hold personal data.
func (s *Service) closeImport(ctx context.Context, actor domain.Actor, im domain.Import, failure string) (domain.Import, error) {
	now, before := s.now(), im
	im.State, im.Failure, im.FinishedAt = "done", failure, &now
	if failure != "" {
		im.State = "failed"
	}
	im.PlansFile, im.AttendanceFile = nil, nil
	err := s.store.Write(ctx, actor, func(tx *store.Tx) error {
		err := turn(tx, before, map[string]any{
			"state": im.State, "failure": im.Failure, "finished_at": im.FinishedAt, "plans_file": nil, "attendance_file": nil,
		})
		if err != nil {
			return err
		}
		return tx.Audit("runImport", "import", im.ID, now, domain.Detail(map[string]any{"vouchers": im.Vouchers, "amount": im.Amount, "refused": im.LinesRefused}))
	})
	return im, err
}

// saveImport stores how far an import has come.
func saveImport(tx *store.Tx, im *domain.Import) error {
	return store.Change[domain.Import](tx, map[string]any{
		"state": im.State, "plans_total": im.PlansTotal, "plans_done": im.PlansDone, "lines_accepted": im.LinesAccepted,
		"lines_refused": im.LinesRefused, "vouchers": im.Vouchers, "amount": im.Amount,
	}, store.Is("id", im.ID))
}

// together is how many rows are stored with one statement: databases bound how
// many values one may have.
const together = 500

// refuse records lines that are not taken in. What is wrong with them may quote
// a cell in which a CPR number is that belongs nowhere in an export: it is left out.
func refuse(tx *store.Tx, im domain.ID, lines []domain.ImportRefusal) error {
	for i := range lines {
		lines[i].MunicipalityID, lines[i].ImportID = tx.Actor().MunicipalityID, im
		lines[i].Reason = withoutCPR(lines[i].Reason)
	}
	for batch := range slices.Chunk(lines, together) {
		if err := tx.Append(&batch); err != nil {
			return err
		}
	}
	return nil
}
