package vouchers

import (
	"fmt"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/sheet"
)

// visits stores what an export says about a plan's visits and evaluates once
// for all of them. Lines that are already in are passed over.
func (in *planImport) visits(plan domain.Plan, rows []sheet.AttendanceRow) error {
	there, err := store.All[domain.AttendanceEvent](in.tx, "plan_id, attendance_id, revision", store.Is("plan_id", plan.ID))
	if err != nil {
		return err
	}
	loc, err := in.zone(in.tx)
	if err != nil {
		return err
	}
	book := visitBook{plan: plan, loc: loc, now: in.now(), newest: map[string]domain.AttendanceEvent{}, source: map[string]int{}}
	for _, e := range there {
		book.put(e)
	}
	// An ID's versions in their order, whatever time each of them says.
	slices.SortStableFunc(rows, func(a, b sheet.AttendanceRow) int { return a.Revision - b.Revision })
	var added []domain.AttendanceEvent
	for _, row := range rows {
		e, fresh, refusal := book.next(row, in.job.actor)
		switch {
		case refusal != "":
			in.refuse("attendance", row.Place, "time", "%s", refusal)
		case fresh:
			added = append(added, e)
			book.put(e)
			in.accepted++
		default:
			in.accepted++
		}
	}
	if len(added) == 0 {
		return nil
	}
	if err := store.Insert(in.tx, &added); err != nil {
		return err
	}
	earned, err := in.evaluate(in.tx, plan, added...)
	in.earned.Vouchers = append(in.earned.Vouchers, earned.Vouchers...)
	return err
}

// visitBook knows a plan's visits while an export is taken in.
type visitBook struct {
	plan   domain.Plan
	loc    *time.Location
	now    time.Time
	newest map[string]domain.AttendanceEvent // by key
	source map[string]int                    // the highest version taken in, by key
}

func (b *visitBook) put(e domain.AttendanceEvent) {
	b.newest[e.Key] = e
	b.source[e.Key] = max(b.source[e.Key], e.SourceRevision)
}

// next makes the event that a line adds; fresh is false when it is
// already in, and refusal says why it cannot be taken.
func (b *visitBook) next(row sheet.AttendanceRow, actor domain.Actor) (e domain.AttendanceEvent, fresh bool, refusal string) {
	key := "import:" + row.ID
	e, known := b.newest[key]
	if known && row.Revision <= b.source[key] {
		return e, false, ""
	}
	before := e
	if known {
		e.Reason = fmt.Sprintf("import: version %d of the line", row.Revision)
	} else {
		e = domain.AttendanceEvent{MunicipalityID: b.plan.MunicipalityID, PlanID: b.plan.ID, UnitID: b.plan.UnitID, Key: key}
	}
	e.ID, e.Revision, e.SourceRevision = store.NewID(), before.Revision+1, row.Revision
	if !known {
		e.AttendanceID = e.ID
	}
	e.OccurredAt, e.LocalDate = row.OccurredAt, domain.DateOf(row.OccurredAt, b.loc)
	e.Kind, e.Outcome, e.Withdrawn, e.RecordedBy, e.CreatedAt = row.Kind, row.Outcome, false, row.RecordedBy, b.now
	if e.RecordedBy == "" {
		e.RecordedBy = actor.Person
	}
	var f domain.Fields
	checkVisit(&f, e, b.plan, b.now, b.loc)
	if err := f.Err(); err != nil {
		return e, false, sentence(err)
	}
	for _, other := range b.newest {
		if other.Key != key && !other.Withdrawn && other.OccurredAt.Equal(e.OccurredAt) {
			return e, false, "another visit of plan " + b.plan.Reference + " is recorded for that moment"
		}
	}
	return e, true, ""
}
