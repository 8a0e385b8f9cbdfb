package vouchers

import (
	"context"
	"errors"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// previewedPlans is how many plans of an export a preview goes through: enough to
// see what is wrong with a file, and short enough to wait for.
const previewedPlans = 300

// ImportPreview is what taking an export in would do, as things stand.
type ImportPreview struct {
	Plans    int // in the export
	Lines    int // that can be read
	Checked  int // plans that were gone through, from the first one on
	Accepted int // lines of those plans
	Vouchers int
	Amount   int64 // of those vouchers
	Refused  []domain.ImportRefusal
}

// errPreviewed undoes what a preview has done.
var errPreviewed = errors.New("only a preview")

// PreviewImport tells what StartImport and RunImport would take and refuse, and
// leaves nothing but a line in the audit log: each plan is taken in, and undone.
// Of a plan that another one of the same export changes, it may tell otherwise.
func (s *Service) PreviewImport(ctx context.Context, actor domain.Actor, in Export) (p ImportPreview, err error) {
	if err := s.checkExport(ctx, actor, in); err != nil {
		return p, err
	}
	job := importJob{actor: actor}
	err = s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		if job.programme, err = store.Get[domain.Programme](tx, in.ProgrammeID); err == nil {
			job.loc, err = tx.Zone()
		}
		return err
	})
	if err != nil {
		return p, err
	}
	if job.exportRows, err = readFiles(in.Plans, in.Attendance, job.loc); err != nil {
		return p, err
	}
	p = ImportPreview{Plans: len(job.plans), Lines: job.lines(), Refused: job.refused}
	for _, rows := range job.plans[:min(len(job.plans), previewedPlans)] {
		err := patiently(ctx, 20*time.Millisecond, func() error { return s.previewPlan(ctx, job, rows, &p) })
		if err != nil {
			return ImportPreview{}, err
		}
		p.Checked++
	}
	for i := range p.Refused {
		p.Refused[i].Reason = withoutCPR(p.Refused[i].Reason)
	}
	return p, s.write(ctx, actor, "startImport", func(tx *store.Tx) error {
		return tx.Audit("startImport", "import", domain.ID{}, s.now(), domain.Detail(map[string]any{"preview": p.Checked, "refused": len(p.Refused)}))
	})
}

// lines counts the lines that could be read.
func (x exportRows) lines() (n int) {
	for _, p := range x.plans {
		if p.plan != nil {
			n++
		}
		n += len(p.visits)
	}
	return n
}

// previewPlan takes a plan in as importPlan does, notes what that led to, and
// undoes it.
func (s *Service) previewPlan(ctx context.Context, job importJob, rows planRows, p *ImportPreview) error {
	var in planImport
	err := s.store.Write(ctx, job.actor, func(tx *store.Tx) error {
		tx.For("importPlan")
		in = planImport{Service: s, tx: tx, job: job}
		plan, err := in.plan(rows)
		if err == nil && plan != nil {
			err = in.visits(*plan, rows.visits)
		}
		if err != nil {
			return err
		}
		return errPreviewed
	})
	if !errors.Is(err, errPreviewed) {
		return err
	}
	p.Accepted += in.accepted
	p.Refused = append(p.Refused, in.refused...)
	p.Vouchers += len(in.earned.Vouchers)
	for _, v := range in.earned.Vouchers {
		p.Amount += v.Amount
	}
	return nil
}
