package vouchers

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// FactKind says what kind of thing a fact is that the rules have evaluated.
type FactKind string

// The kinds of fact.
const (
	AttendanceFact FactKind = "attendance" // a visit
	GoalFact       FactKind = "goal"       // a goal, sub-goal or phase that was reached
	PlanFact       FactKind = "plan"       // a plan that was completed
	PauseFact      FactKind = "pause"
	MoveFact       FactKind = "move"  // of the enrolment, to another version
	AwardFact      FactKind = "award" // one that was decided on, or of which a voucher was voided
)

// Fact names something that the rules have evaluated.
type Fact struct {
	Kind FactKind
	ID   domain.ID
}

// String is the fact's ID in the rules: of a visit the UUID alone, of others the
// kind before it.
func (f Fact) String() string {
	if f.Kind == AttendanceFact {
		return f.ID.String()
	}
	return string(f.Kind) + ":" + f.ID.String()
}

// ReadFact reads a fact's ID in the rules, as an explanation lists it.
func ReadFact(text string) (Fact, error) {
	kind, id, prefixed := strings.Cut(text, ":")
	if !prefixed {
		kind, id = string(AttendanceFact), text
	}
	f := Fact{Kind: FactKind(kind)}
	var err error
	if f.ID, err = uuid.Parse(id); err != nil || f.String() != text {
		return Fact{}, fmt.Errorf("%q names no fact", text)
	}
	return f, nil
}

// factID is the ID of the row that a fact's ID, which we wrote, names.
func factID(text string) domain.ID {
	f, _ := ReadFact(text)
	return f.ID
}

// recorders are those who recorded the facts, in small letters.
func recorders(tx *store.Tx, facts []string) (names []string, err error) {
	ids := map[FactKind][]domain.ID{}
	for _, text := range facts {
		fact, err := ReadFact(text)
		if err != nil {
			return nil, err
		}
		ids[fact.Kind] = append(ids[fact.Kind], fact.ID)
	}
	collect := func(more []string) { names = append(names, more...) }
	if err = each(tx, "attendance_id", ids[AttendanceFact], func(e domain.AttendanceEvent) { collect(recordersOf(e)) }); err == nil {
		err = each(tx, "id", ids[GoalFact], func(g domain.Goal) { collect(g.ReachedBy) })
	}
	if err == nil {
		err = each(tx, "id", ids[PlanFact], func(p domain.Plan) { collect([]string{p.EndedBy}) })
	}
	return names, err
}

// each hands the rows that have one of the IDs to fn; without IDs it asks nothing.
func each[T any](tx *store.Tx, column string, ids []domain.ID, fn func(T)) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := store.All[T](tx, "", store.In(column, ids))
	for _, row := range rows {
		fn(row)
	}
	return err
}
