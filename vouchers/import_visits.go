package vouchers

import (
	"fmt"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/sheet"
)

// fromFile begins the key of a visit that came in a file; its ID there follows.
const fromFile = "import:"

// visits stores what an export says about a plan's visits and evaluates once
// for all of them. Lines that are already in are passed over.
func (in *planImport) visits(plan domain.Plan, rows []sheet.AttendanceRow) error {
	there, err := store.All[domain.AttendanceEvent](in.tx, "plan_id, attendance_id, revision", store.Is("plan_id", plan.ID))
	if err != nil {
		return err
	}
	book := newBook(plan, there)
	if rows, err = in.athome(book, rows); err != nil {
		return err
	}
	for _, row := range rows {
		in.read(book.visit(fromFile+row.ID), plan, row)
	}
	for v, holder := range book.clashes() {
		for _, row := range v.rows {
			in.refuse("attendance", row.Place, "time", "another visit of plan %s is recorded for that moment: %s", plan.Reference, holder)
		}
		v.said, v.rows = nil, nil
	}
	var added []domain.AttendanceEvent
	var said []sheet.AttendanceRow
	for _, v := range book.visits {
		added, said = append(added, v.said...), append(said, v.rows...)
	}
	if len(added) == 0 {
		return nil
	}
	if in.erased {
		for _, row := range said {
			in.refuse("attendance", row.Place, "plan", "the citizen of plan %s is erased: nothing can be added", plan.Reference)
		}
		return nil
	}
	if err := in.seal(in.tx, plan.CitizenID, reasons(added)...); err != nil {
		return err
	}
	in.accepted += len(said)
	for batch := range slices.Chunk(added, together) {
		if err := store.Insert(in.tx, &batch); err != nil {
			return err
		}
	}
	earned, err := in.evaluate(in.tx, plan, added...)
	in.earned.Vouchers = append(in.earned.Vouchers, earned.Vouchers...)
	return err
}

// reasons are the events as rows to be sealed.
func reasons(events []domain.AttendanceEvent) []domain.Personal {
	rows := make([]domain.Personal, len(events))
	for i := range events {
		rows[i] = &events[i]
	}
	return rows
}

// read notes what a line, which comes after its visit's lower versions, says.
func (in *planImport) read(v *visit, plan domain.Plan, row sheet.AttendanceRow) {
	if v.versions[row.Revision] {
		in.accepted++ // it is in already
		return
	}
	if row.Revision > v.highest && v.byHand() {
		in.refuse("attendance", row.Place, "version", "corrected or cancelled by hand since: correct attendance %s there", attendanceRef(v.newest.AttendanceID))
		return
	}
	e := in.event(*v, plan, row)
	var f domain.Fields
	checkVisit(&f, e, plan, in.now(), in.job.loc)
	if err := f.Err(); err != nil {
		column := domain.FieldsOf(err)[0].Field
		if column == "occurred_at" { // the API's word for it
			column = "time"
		}
		in.refuse("attendance", row.Place, column, "%s", sentence(err))
		return
	}
	if row.Revision < v.highest {
		in.accepted++ // a newer one is in already
		return
	}
	v.said, v.rows = append(v.said, e), append(v.rows, row)
}

// event makes the event that follows on what is known of a visit.
func (in *planImport) event(v visit, plan domain.Plan, row sheet.AttendanceRow) domain.AttendanceEvent {
	e := domain.AttendanceEvent{
		MunicipalityID: plan.MunicipalityID, ID: store.NewID(), Revision: 1, PlanID: plan.ID, UnitID: plan.UnitID, Key: v.key,
		OccurredAt: row.OccurredAt, LocalDate: domain.DateOf(row.OccurredAt, in.job.loc), Kind: row.Kind, Outcome: row.Outcome,
		SourceRevision: row.Revision, RecordedBy: in.job.actor.Person, SourceRecordedBy: row.RecordedBy, CreatedAt: in.now(),
	}
	e.AttendanceID = e.ID
	if before, known := v.last(); known {
		e.AttendanceID, e.Revision, e.SessionID = before.AttendanceID, before.Revision+1, before.SessionID
		e.Reason = domain.NewPrivate(fmt.Sprintf("import: version %d of the line", row.Revision))
	}
	return e
}

// athome refuses the lines of visits that belong to another plan, and gives the
// others. A visit belongs to the plan it is recorded under; when it is new, to
// the one that the export's lowest version names.
func (in *planImport) athome(book *visitBook, rows []sheet.AttendanceRow) (left []sheet.AttendanceRow, err error) {
	var keys []string
	for _, row := range rows {
		if key := fromFile + row.ID; book.by[key] == nil {
			keys = append(keys, key)
		}
	}
	elsewhere := map[string]domain.AttendanceEvent{}
	for batch := range slices.Chunk(slices.Compact(keys), together) {
		events, err := store.All[domain.AttendanceEvent](in.tx, "", store.In("key", batch), store.Is("revision", 1))
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			elsewhere[e.Key] = e
		}
	}
	numbers := map[domain.ID]string{}
	for _, row := range rows {
		e, recorded := elsewhere[fromFile+row.ID]
		home := in.job.homes[row.ID]
		switch {
		case book.by[fromFile+row.ID] != nil, !recorded && home == row.Plan:
			left = append(left, row)
			continue
		case recorded && !in.job.actor.Reaches(e.UnitID):
			in.refuse("attendance", row.Place, "plan", "the visit%s belongs to another plan: export it under a new id", sheet.Shown(row.ID))
			continue
		case recorded && numbers[e.PlanID] == "":
			plan, err := store.Get[domain.Plan](in.tx, e.PlanID)
			if err != nil {
				return nil, err
			}
			numbers[e.PlanID] = plan.Reference
			home = plan.Reference
		case recorded:
			home = numbers[e.PlanID]
		}
		in.refuse("attendance", row.Place, "plan", "the visit%s belongs to plan%s: cancel it there, and export it to another plan under a new id", sheet.Shown(row.ID), sheet.Shown(home))
	}
	return left, nil
}
