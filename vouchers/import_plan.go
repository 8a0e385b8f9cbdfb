package vouchers

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/sheet"
)

// importPlan takes one plan in, with its citizen, enrolment and visits, and
// counts it done in the same transaction.
func (s *Service) importPlan(ctx context.Context, job importJob, im *domain.Import) error {
	rows, next := job.plans[im.PlansDone], *im
	err := s.store.Write(ctx, job.actor, func(tx *store.Tx) error {
		tx.For("importPlan")
		if err := turn(tx, *im, map[string]any{"plans_done": im.PlansDone + 1}); err != nil {
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
		if tooMany(next.LinesRefused) != nil {
			return domain.Errorf(domain.Invalid, "too_many_refused", "%s; what was taken before stays", sheet.TooManyRefusals())
		}
		if err := refuse(tx, im.ID, in.refused); err != nil {
			return err
		}
		if err := saveImport(tx, &next); err != nil {
			return err
		}
		return tx.Audit("importPlan", "import", im.ID, s.now(), domain.Detail(map[string]any{"lines": in.accepted, "vouchers": len(in.earned.Vouchers)}))
	})
	if err == nil {
		*im = next
	}
	return err
}

// planImport is one plan being taken in. Each line is either accepted or
// refused.
type planImport struct {
	*Service
	tx       *store.Tx
	job      importJob
	refused  []domain.ImportRefusal
	accepted int
	earned   Attended
	erased   bool // whoever has the plan is erased: what is in stays in, and nothing comes to it
}

// refuse notes a line that is not taken; the column is named in English.
func (in *planImport) refuse(file string, at sheet.Place, column, format string, args ...any) {
	in.refused = append(in.refused, domain.ImportRefusal{File: file, Line: at.Line, Column: at.Column(column), Reason: fmt.Sprintf(format, args...)})
}

// plan finds the plan or makes it; nil when its visits cannot be taken. What is
// within reach is looked at before anything is compared, so that nobody learns
// from a refusal what other units have recorded.
func (in *planImport) plan(rows planRows) (*domain.Plan, error) {
	there, err := store.First[domain.Plan](in.tx, store.Is("reference", rows.number))
	known := err == nil
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return nil, err
	}
	switch {
	case known && !in.job.actor.Reaches(there.UnitID), !known && rows.plan == nil && in.job.actor.Restricted():
		in.outside(rows)
		return nil, nil
	case known:
		return in.knownPlan(there, rows)
	case rows.plan != nil:
		return in.newPlan(rows)
	}
	for _, v := range rows.visits {
		in.refuse("attendance", v.Place, "plan", "unknown plan%s: it is neither recorded nor in the file of plans", sheet.Shown(rows.number))
	}
	return nil, nil
}

// outside refuses all that is said about a plan that is not the actor's, in the
// same words whatever the reason.
func (in *planImport) outside(rows planRows) {
	if rows.plan != nil {
		in.refuse("plans", rows.plan.Place, "unit", "not within your reach: only plans and citizens of your own unit are taken")
	}
	for _, v := range rows.visits {
		in.refuse("attendance", v.Place, "plan", "plan %s is not within your reach: only visits of your own unit's plans are taken", rows.number)
	}
}

// skip refuses the visits of a plan that was refused.
func (in *planImport) skip(rows planRows) {
	for _, v := range rows.visits {
		in.refuse("attendance", v.Place, "plan", "plan%s was refused: see the refused lines of the file of plans", sheet.Shown(rows.number))
	}
}

// knownPlan locks a plan that is recorded; a row that says otherwise is refused,
// and unless only the start differs so are its visits: they may be another
// person's. Whose it was is not compared once the citizen is erased, so that an
// export which still has the plan brings nobody back and is not refused for it.
func (in *planImport) knownPlan(there domain.Plan, rows planRows) (*domain.Plan, error) {
	plan, err := lockPlan(in.tx, there.ID)
	if err != nil {
		return nil, err
	}
	citizen, err := store.Get[domain.Citizen](in.tx, plan.CitizenID)
	if err != nil {
		return nil, err
	}
	in.erased = citizen.Erased()
	if rows.plan == nil {
		return &plan, nil
	}
	columns, reasons, err := in.differences(plan, citizen, *rows.plan)
	switch {
	case err != nil:
		return nil, err
	case len(columns) == 0 && in.erased:
		in.accepted++
		return &plan, nil
	case len(columns) == 0:
		return &plan, in.enrolled(plan, *rows.plan)
	}
	in.refuse("plans", rows.plan.Place, columns[0], "plan %s is recorded %s", rows.number, strings.Join(reasons, "; "))
	if columns[0] != "start_date" {
		in.skip(rows)
		return nil, nil
	}
	return &plan, nil
}

// differences gives the columns in which a row differs from the plan that is
// recorded, the start last, and what is recorded instead.
func (in *planImport) differences(plan domain.Plan, citizen domain.Citizen, row sheet.PlanRow) (columns, reasons []string, err error) {
	unit, err := store.Get[domain.Unit](in.tx, plan.UnitID)
	if err != nil {
		return nil, nil, err
	}
	note := func(same bool, column, format string, args ...any) {
		if !same {
			columns, reasons = append(columns, column), append(reasons, fmt.Sprintf(format, args...))
		}
	}
	note(in.erased || citizen.Reference == row.Citizen, "citizen", "with another citizen")
	// Of a citizen who has moved to a unit out of reach, and of another one, nothing more is told.
	sameBirth := citizen.BirthDate == row.BirthDate || citizen.Reference != row.Citizen || !in.job.actor.Reaches(citizen.UnitID)
	note(sameBirth, "birth_date", "with another date of birth")
	note(unit.Name == row.Unit, "unit", "at another unit, %s", unit.Name)
	note(plan.StartDate == row.StartDate, "start_date", "with another start, %s", plan.StartDate)
	return columns, reasons, nil
}

// enrolled takes the row of a plan that is recorded as it says: it makes the
// enrolment, unless there is one. A row whose plan cannot be enrolled is refused.
func (in *planImport) enrolled(plan domain.Plan, row sheet.PlanRow) error {
	if row.Programme != in.job.programme.Slug {
		in.refuse("plans", row.Place, "programme", "the plan is taken in without enrolment: it names another programme than %q, which this import is for", in.job.programme.Slug)
		return nil
	}
	n, err := store.Count[domain.Enrolment](in.tx, store.Is("plan_id", plan.ID), store.Is("programme_id", in.job.programme.ID))
	if err != nil {
		return err
	}
	if n == 0 {
		enrolled, err := in.enrol(in.tx, plan, Enrol{PlanID: plan.ID, ProgrammeID: in.job.programme.ID})
		if domain.KindOf(err) == domain.Invalid {
			in.refuse("plans", row.Place, "start_date", "the plan is taken in without enrolment: %s", sentence(err))
			return nil
		}
		if err != nil {
			return err
		}
		in.earned.Vouchers = append(in.earned.Vouchers, enrolled.Vouchers...)
	}
	in.accepted++
	return nil
}

// sentence gives what was wrong without the field names, which are the API's
// and not the file's.
func sentence(err error) string {
	var said []string
	for _, f := range domain.FieldsOf(err) {
		said = append(said, f.Message)
	}
	return cmp.Or(strings.Join(said, "; "), err.Error())
}
