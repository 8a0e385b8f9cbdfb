package vouchers

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/sheet"
)

// Export is a municipality's export to be taken in; either file may be empty.
type Export struct {
	ProgrammeID domain.ID // the plans in the file join this programme
	Plans       []byte
	Attendance  []byte
}

// StartImport keeps an export and queues it. RunImport does the work; an export
// that cannot be read at all is refused here.
func (s *Service) StartImport(ctx context.Context, actor domain.Actor, key Key, in Export) (Answer[domain.Import], error) {
	return once(ctx, s, actor, "startImport", key, func(tx *store.Tx) (domain.Import, error) {
		if _, err := store.Get[domain.Programme](tx, in.ProgrammeID); err != nil {
			return domain.Import{}, err
		}
		loc, err := s.zone(tx)
		if err != nil {
			return domain.Import{}, err
		}
		if _, _, err := read(in.Plans, in.Attendance, loc); err != nil {
			return domain.Import{}, err
		}
		who, err := json.Marshal(actor)
		if err != nil {
			return domain.Import{}, err
		}
		im := domain.Import{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), ProgrammeID: in.ProgrammeID, State: "queued",
			PlansFile: in.Plans, AttendanceFile: in.Attendance, Actor: who, CreatedAt: s.now(),
		}
		if err := store.Insert(tx, &im); err != nil {
			return im, err
		}
		im.PlansFile, im.AttendanceFile = nil, nil // not to be remembered under the key
		return im, tx.Audit("startImport", "import", im.ID, im.CreatedAt, detail(map[string]any{"bytes": len(in.Plans) + len(in.Attendance)}))
	})
}

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
		select {
		case <-ctx.Done():
			return im, ctx.Err()
		case <-time.After(importTurn):
		}
	}
}

// importTurn is how long a process that was overtaken leaves an import alone.
const importTurn = time.Second

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
		if err = s.importPlan(ctx, job, &im); err == nil {
			progress(im)
		}
	}
	if err == nil {
		return s.closeImport(ctx, actor, im, "")
	}
	if kind := domain.KindOf(err); kind == "" || kind == domain.Unavailable {
		return im, err // not the export's fault: it stays, to be run again
	}
	return s.closeImport(ctx, actor, im, err.Error())
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

// importJob is an opened export: its rows by plan.
type importJob struct {
	actor     domain.Actor
	programme domain.Programme
	plans     []planRows // in the order of their numbers
}

// planRows is all that an export says about one plan.
type planRows struct {
	number string
	plan   *sheet.PlanRow // nil when only visits are in the export
	visits []sheet.AttendanceRow
}

// openImport reads the export and, the first time, records which lines cannot
// be read.
func (s *Service) openImport(ctx context.Context, actor domain.Actor, im *domain.Import) (job importJob, err error) {
	job.actor = actor
	err = s.store.Write(ctx, actor, func(tx *store.Tx) error {
		loc, err := s.zone(tx)
		if err != nil {
			return err
		}
		if job.programme, err = store.Get[domain.Programme](tx, im.ProgrammeID); err != nil {
			return err
		}
		rows, refused, err := read(im.PlansFile, im.AttendanceFile, loc)
		if err != nil {
			return err
		}
		job.plans = rows
		if im.State == "queued" {
			if err := turn(tx, *im, map[string]any{"state": "running"}); err != nil {
				return err
			}
			im.State, im.PlansTotal, im.LinesRefused = "running", len(rows), len(refused)
			if err := refuse(tx, im.ID, refused); err != nil {
				return err
			}
			if err := saveImport(tx, im); err != nil {
				return err
			}
		}
		return tx.Audit("runImport", "import", im.ID, s.now(), detail(map[string]any{"from_plan": im.PlansDone}))
	})
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
		return tx.Audit("runImport", "import", im.ID, now, detail(map[string]any{"vouchers": im.Vouchers, "amount": im.Amount, "refused": im.LinesRefused}))
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

// refuse records lines that are not taken in.
func refuse(tx *store.Tx, im domain.ID, lines []domain.ImportRefusal) error {
	for i := range lines {
		lines[i].MunicipalityID, lines[i].ImportID = tx.Actor().MunicipalityID, im
		if err := tx.Append(&lines[i]); err != nil {
			return err
		}
	}
	return nil
}

// Import gives one import, without its files.
func (s *Service) Import(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Import, error) {
	return get(ctx, s, actor, "getImport", id, everyone[domain.Import])
}

// Imports lists imports, newest first.
func (s *Service) Imports(ctx context.Context, actor domain.Actor, page store.Page) (Listed[domain.Import], error) {
	return list[domain.Import](ctx, s, actor, "listImports", page)
}

// ImportRefusals lists the lines that an import did not take, in the order of
// the files.
func (s *Service) ImportRefusals(ctx context.Context, actor domain.Actor, id domain.ID) (lines []domain.ImportRefusal, err error) {
	err = s.read(ctx, actor, "listImportRefusals", func(tx *store.Tx) error {
		if _, err := store.Get[domain.Import](tx, id); err != nil {
			return err
		}
		lines, err = store.All[domain.ImportRefusal](tx, "file DESC, line", store.Is("import_id", id))
		return err
	})
	return lines, err
}

// Unfinished gives the imports that wait or were interrupted, oldest first.
func (s *Service) Unfinished(ctx context.Context, municipality domain.ID) (ids []domain.ID, err error) {
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		waiting, err := store.All[domain.Import](tx, "id", store.In("state", []string{"queued", "running"}))
		for _, im := range waiting {
			ids = append(ids, uuid.UUID(im.ID))
		}
		return err
	})
	return ids, err
}
