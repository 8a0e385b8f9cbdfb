package vouchers

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/sheet"
)

// exportRows is what an export says, sorted so that the order of its lines
// makes no difference.
type exportRows struct {
	plans   []planRows // in the order of their numbers
	refused []domain.ImportRefusal
	homes   map[string]string // the plan of each visit, by ID: its lowest version's, of two the smaller number
}

// planRows is all that an export says about one plan.
type planRows struct {
	number string
	plan   *sheet.PlanRow // nil when only visits are in the export
	visits []sheet.AttendanceRow
}

// readFiles reads an export's files.
func readFiles(plans, attendance []byte, loc *time.Location) (x exportRows, err error) {
	if len(plans) == 0 && len(attendance) == 0 {
		return x, domain.InvalidField("plans", "required", "send a file of plans, a file of attendance, or both")
	}
	var planned []sheet.PlanRow
	var visits []sheet.AttendanceRow
	var refusals []sheet.Refusal
	if len(plans) > 0 {
		if planned, refusals, err = sheet.ReadPlans(plans, loc); err != nil {
			return x, err
		}
		x.refused = append(x.refused, refusalsOf("plans", refusals)...)
	}
	if len(attendance) > 0 {
		if visits, refusals, err = sheet.ReadAttendance(attendance, loc); err != nil {
			return x, err
		}
		x.refused = append(x.refused, refusalsOf("attendance", refusals)...)
	}
	x.sort(planned, visits)
	return x, tooMany(len(x.refused))
}

// sort puts the rows to their plans.
func (x *exportRows) sort(planned []sheet.PlanRow, visits []sheet.AttendanceRow) {
	// An ID's versions in their order, whatever time each of them says.
	slices.SortFunc(visits, func(a, b sheet.AttendanceRow) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Revision, b.Revision), cmp.Compare(a.Plan, b.Plan))
	})
	by := map[string]*planRows{}
	at := func(number string) *planRows {
		if by[number] == nil {
			by[number] = &planRows{number: number}
		}
		return by[number]
	}
	for _, row := range planned {
		at(row.Plan).plan = &row
	}
	x.homes = map[string]string{}
	for _, row := range visits {
		p := at(row.Plan)
		p.visits = append(p.visits, row)
		if _, known := x.homes[row.ID]; !known {
			x.homes[row.ID] = row.Plan
		}
	}
	for _, number := range slices.Sorted(maps.Keys(by)) {
		x.plans = append(x.plans, *by[number])
	}
}

func refusalsOf(file string, refusals []sheet.Refusal) []domain.ImportRefusal {
	lines := make([]domain.ImportRefusal, len(refusals))
	for i, r := range refusals {
		lines[i] = domain.ImportRefusal{File: file, Line: r.Line, Column: r.Column, Reason: r.Reason}
	}
	return lines
}

// checkKnown refuses an export most of whose lines are about plans that are
// neither recorded nor in it, or not within the actor's reach: taking those in
// one by one would only make a long list.
func checkKnown(tx *store.Tx, actor domain.Actor, x exportRows) error {
	own := domain.Unit{}
	if actor.Restricted() {
		var err error
		if own, err = store.Get[domain.Unit](tx, actor.UnitID); err != nil {
			return err
		}
	}
	lines := len(x.refused)
	strange := map[string]int{} // lines by plan
	for _, p := range x.plans {
		switch {
		case p.plan == nil:
			strange[p.number] = len(p.visits)
			lines += len(p.visits)
		case actor.Restricted() && p.plan.Unit != own.Name:
			lines += 1 + len(p.visits)
		}
	}
	if tooMany(lines) == nil {
		return nil
	}
	recorded, err := store.All[domain.Plan](tx, "", store.Eq("unit_id", actor.UnitID))
	for _, p := range recorded {
		lines -= strange[p.Reference]
	}
	if err != nil {
		return err
	}
	return tooMany(lines)
}

// tooMany is the error for an import of which that many lines are refused.
func tooMany(lines int) error {
	if lines > sheet.MaxRefusals {
		return sheet.TooManyRefusals()
	}
	return nil
}
