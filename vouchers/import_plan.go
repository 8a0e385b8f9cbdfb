package vouchers

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/sheet"
)

// read reads an export's files and sorts their rows by plan, so that the order
// of the lines makes no difference.
func read(plans, attendance []byte, loc *time.Location) ([]planRows, []domain.ImportRefusal, error) {
	if len(plans) == 0 && len(attendance) == 0 {
		return nil, nil, domain.InvalidField("plans", "required", "send a file of plans, a file of attendance, or both")
	}
	by := map[string]*planRows{}
	at := func(number string) *planRows {
		if by[number] == nil {
			by[number] = &planRows{number: number}
		}
		return by[number]
	}
	var refused []domain.ImportRefusal
	if len(plans) > 0 {
		rows, refusals, err := sheet.ReadPlans(plans, loc)
		if err != nil {
			return nil, nil, err
		}
		refused = append(refused, refusalsOf("plans", refusals)...)
		for _, r := range rows {
			at(r.Plan).plan = &r
		}
	}
	if len(attendance) > 0 {
		rows, refusals, err := sheet.ReadAttendance(attendance, loc)
		if err != nil {
			return nil, nil, err
		}
		refused = append(refused, refusalsOf("attendance", refusals)...)
		for _, r := range rows {
			at(r.Plan).visits = append(at(r.Plan).visits, r)
		}
	}
	sorted := make([]planRows, 0, len(by))
	for _, number := range slices.Sorted(maps.Keys(by)) {
		p := by[number]
		slices.SortFunc(p.visits, func(a, b sheet.AttendanceRow) int {
			return cmp.Or(a.OccurredAt.Compare(b.OccurredAt), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Revision, b.Revision))
		})
		sorted = append(sorted, *p)
	}
	return sorted, refused, nil
}

func refusalsOf(file string, refusals []sheet.Refusal) []domain.ImportRefusal {
	lines := make([]domain.ImportRefusal, len(refusals))
	for i, r := range refusals {
		lines[i] = domain.ImportRefusal{File: file, Line: r.Line, Column: r.Column, Reason: r.Reason}
	}
	return lines
}

// importPlan takes one plan in, with its citizen, enrolment and visits, and
// counts it done in the same transaction.
func (s *Service) importPlan(ctx context.Context, job importJob, im *domain.Import) error {
	rows, next := job.plans[im.PlansDone], *im
	err := s.store.Write(ctx, job.actor, func(tx *store.Tx) error {
		next = *im
		if err := turn(tx, next, map[string]any{"plans_done": next.PlansDone + 1}); err != nil {
			return err
		}
		in := planImport{Service: s, tx: tx, job: job}
		plan, err := in.plan(rows)
		if err == nil && plan != nil {
			err = in.visits(*plan, rows.visits)
		}
		if err != nil {
			return fmt.Errorf("plan %s: %w", rows.number, err)
		}
		next.PlansDone++
		next.LinesRefused += len(in.refused)
		next.LinesAccepted += in.accepted
		next.Vouchers += len(in.earned.Vouchers)
		for _, v := range in.earned.Vouchers {
			next.Amount += v.Amount
		}
		if err := refuse(tx, im.ID, in.refused); err != nil {
			return err
		}
		if err := saveImport(tx, &next); err != nil {
			return err
		}
		return tx.Audit("importPlan", "import", im.ID, s.now(), detail(map[string]any{"lines": in.accepted, "vouchers": len(in.earned.Vouchers)}))
	})
	if err == nil {
		*im = next
	}
	return err
}

// planImport is one plan being taken in.
type planImport struct {
	*Service
	tx       *store.Tx
	job      importJob
	refused  []domain.ImportRefusal
	accepted int
	earned   Attended
}

// refuse notes a line that is not taken; the column is named in English.
func (in *planImport) refuse(file string, at sheet.Place, column, format string, args ...any) {
	in.refused = append(in.refused, domain.ImportRefusal{File: file, Line: at.Line, Column: at.Column(column), Reason: fmt.Sprintf(format, args...)})
}

// plan finds the plan or makes it; nil when its visits cannot be taken.
func (in *planImport) plan(rows planRows) (*domain.Plan, error) {
	there, err := store.First[domain.Plan](in.tx, store.Is("reference", rows.number))
	known := err == nil
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return nil, err
	}
	if known && !in.job.actor.Reaches(there.UnitID) {
		if rows.plan != nil {
			in.refuse("plans", rows.plan.Place, "unit", "plan %s belongs to another unit: import your own unit's plans", rows.number)
		}
		known, rows.plan = false, nil
	}
	switch {
	case rows.plan == nil && !known:
		for _, v := range rows.visits {
			in.refuse("attendance", v.Place, "plan", "unknown plan %q: it is neither recorded nor in the file of plans", rows.number)
		}
		return nil, nil
	case known:
		return in.knownPlan(there, rows)
	default:
		return in.newPlan(rows)
	}
}

// knownPlan locks a plan that is recorded; a row that says otherwise is refused.
func (in *planImport) knownPlan(there domain.Plan, rows planRows) (*domain.Plan, error) {
	plan, err := lockPlan(in.tx, there.ID)
	if err != nil || rows.plan == nil {
		return &plan, err
	}
	if plan.StartDate != rows.plan.StartDate {
		in.refuse("plans", rows.plan.Place, "start_date", "plan %s is recorded with another start, %s: change it there first", rows.number, plan.StartDate)
		return &plan, nil
	}
	in.accepted++
	return &plan, in.enrolled(plan, *rows.plan)
}

// newPlan makes the citizen, where new, the plan and its enrolment.
func (in *planImport) newPlan(rows planRows) (*domain.Plan, error) {
	row := *rows.plan
	unit, err := in.unit(row)
	if err != nil || unit == nil {
		in.skip(rows)
		return nil, err
	}
	citizen, err := in.citizen(row, *unit)
	if err != nil || citizen == nil {
		in.skip(rows)
		return nil, err
	}
	plan := domain.Plan{
		MunicipalityID: unit.MunicipalityID, ID: store.NewID(), CitizenID: citizen.ID, UnitID: unit.ID, Reference: row.Plan,
		StartDate: row.StartDate, Version: 1, CreatedAt: in.now(),
	}
	if err := in.addPlan(in.tx, "importPlan", plan); err != nil {
		return nil, err
	}
	in.accepted++
	return &plan, in.enrolled(plan, row)
}

// enrolled makes the plan's enrolment if the row names the import's programme
// and there is none yet.
func (in *planImport) enrolled(plan domain.Plan, row sheet.PlanRow) error {
	if row.Programme != in.job.programme.Slug {
		in.refuse("plans", row.Place, "programme", "the plan is taken in without enrolment: it names the programme %q, this import is for %q", row.Programme, in.job.programme.Slug)
		return nil
	}
	n, err := store.Count[domain.Enrolment](in.tx, store.Is("plan_id", plan.ID), store.Is("programme_id", in.job.programme.ID))
	if err != nil || n > 0 {
		return err
	}
	enrolled, err := in.enrol(in.tx, plan, Enrol{PlanID: plan.ID, ProgrammeID: in.job.programme.ID})
	if domain.KindOf(err) == domain.Invalid {
		in.refuse("plans", row.Place, "start_date", "the plan is taken in without enrolment: %s", sentence(err))
		return nil
	}
	in.earned.Vouchers = append(in.earned.Vouchers, enrolled.Vouchers...)
	return err
}

// unit finds the row's unit by name, or makes it.
func (in *planImport) unit(row sheet.PlanRow) (*domain.Unit, error) {
	unit, err := store.First[domain.Unit](in.tx, store.Is("name", row.Unit))
	switch {
	case err == nil && in.job.actor.Reaches(unit.ID):
		return &unit, nil
	case err == nil || domain.KindOf(err) == domain.NotFound && in.job.actor.Restricted():
		in.refuse("plans", row.Place, "unit", "the unit %q is not yours: import your own unit's plans", row.Unit)
		return nil, nil
	case domain.KindOf(err) != domain.NotFound:
		return nil, err
	}
	unit = domain.Unit{MunicipalityID: in.job.actor.MunicipalityID, ID: store.NewID(), Name: row.Unit, Version: 1, CreatedAt: in.now()}
	if err := store.Insert(in.tx, &unit); err != nil {
		return nil, err
	}
	return &unit, in.tx.Audit("createUnit", "unit", unit.ID, unit.CreatedAt, nil)
}

// citizen finds the row's citizen by reference, or makes it, without a name.
func (in *planImport) citizen(row sheet.PlanRow, unit domain.Unit) (*domain.Citizen, error) {
	there, err := store.First[domain.Citizen](in.tx, store.Is("reference", row.Citizen))
	switch {
	case err == nil && there.BirthDate != row.BirthDate:
		in.refuse("plans", row.Place, "birth_date", "citizen %s is recorded with another date of birth", row.Citizen)
		return nil, nil
	case err == nil && !in.job.actor.Reaches(there.UnitID):
		in.refuse("plans", row.Place, "citizen", "citizen %s belongs to another unit", row.Citizen)
		return nil, nil
	case err == nil:
		return &there, nil
	case domain.KindOf(err) != domain.NotFound:
		return nil, err
	}
	today, err := in.today(in.tx)
	if err != nil {
		return nil, err
	}
	c := domain.Citizen{
		MunicipalityID: unit.MunicipalityID, ID: store.NewID(), UnitID: unit.ID, Reference: row.Citizen, BirthDate: row.BirthDate,
		Version: 1, CreatedAt: in.now(),
	}
	var f domain.Fields
	checkCitizen(&f, &c, today)
	if err := f.Err(); err != nil {
		in.refuse("plans", row.Place, "citizen", "%s", sentence(err))
		return nil, nil
	}
	return &c, in.addCitizen(in.tx, "importPlan", c)
}

// skip refuses the visits of a plan that was refused.
func (in *planImport) skip(rows planRows) {
	for _, v := range rows.visits {
		in.refuse("attendance", v.Place, "plan", "plan %s was refused: see the refused lines of the file of plans", rows.number)
	}
}

// sentence gives what was wrong without the field names, which are the API's
// and not the file's.
func sentence(err error) string {
	var said []string
	for _, f := range fieldsOf(err) {
		said = append(said, f.Message)
	}
	return cmp.Or(strings.Join(said, "; "), err.Error())
}
