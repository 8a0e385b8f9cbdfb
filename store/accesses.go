package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fasthold/fasthold/domain"
)

// audited are the tables of the things that audit entries name, by what they
// call them.
var audited = map[string]string{
	"citizen": "citizens", "plan": "plans", "goal": "goals", "session": "sessions", "pause": "pauses", "attendance": "attendance_events",
	"enrolment": "enrolments", "move": "enrolment_moves", "award": "awards", "voucher": "vouchers",
	"withholding": "withholdings",
}

// concerned is whom the rows tell of that a transaction has read or written.
type concerned struct {
	subjects map[domain.Subject]bool           // nearest to the citizen that the rows themselves say
	links    map[domain.Subject]domain.Subject // which row is a part of which
}

// concern notes whom a row tells of.
func (tx *Tx) concern(row any) {
	if r, is := row.(domain.Concerning); is && tx.subjects != nil {
		self, of := r.Concerns()
		if of != (domain.Subject{}) {
			tx.links[self] = of
			tx.Concern(of)
		}
	}
}

// concerns notes whom rows tell of that were read.
func concerns[T any](tx *Tx, rows ...T) {
	if tx.subjects == nil {
		return
	}
	for _, row := range rows {
		tx.concern(row)
	}
}

// Concern notes whom the transaction concerns, where no row that it reads or
// writes says so.
func (tx *Tx) Concern(subjects ...domain.Subject) {
	if tx.subjects == nil { // nobody watches
		return
	}
	for _, s := range subjects {
		tx.subjects[s] = true
	}
}

// Concerned gives what was noted so far.
func (tx *Tx) Concerned() (subjects []domain.Subject) {
	for s := range tx.subjects {
		subjects = append(subjects, s)
	}
	return subjects
}

// UnderEmergency marks what the transaction leaves in the access log.
func (tx *Tx) UnderEmergency(id domain.ID) { tx.emergency = &id }

// watch makes the transaction note whom it concerns.
func (tx *Tx) watch() {
	tx.concerned = concerned{subjects: map[domain.Subject]bool{}, links: map[domain.Subject]domain.Subject{}}
}

// Show is Read for an actor who does action, and leaves an entry in the access
// log, dated at, for each citizen of whom fn has read something. There is no
// answer without it.
func (s *Store) Show(ctx context.Context, actor domain.Actor, action domain.Action, at time.Time, fn func(tx *Tx) error) error {
	return s.show(ctx, actor, action, at, s.Read, fn)
}

// ShowMoment is Show with every query seeing the same moment of the database.
func (s *Store) ShowMoment(ctx context.Context, actor domain.Actor, action domain.Action, at time.Time, fn func(tx *Tx) error) error {
	return s.show(ctx, actor, action, at, s.Snapshot, fn)
}

func (s *Store) show(ctx context.Context, actor domain.Actor, action domain.Action, at time.Time,
	read func(context.Context, domain.ID, func(*Tx) error) error, fn func(tx *Tx) error,
) error {
	var entries []domain.Access
	err := read(ctx, actor.MunicipalityID, func(tx *Tx) (err error) {
		tx.actor = actor
		if _, personal := actor.Handles(action); !personal {
			return fn(tx)
		}
		tx.watch()
		if err := fn(tx); err != nil {
			return err
		}
		entries, err = tx.accesses(action, at)
		return err
	})
	if err != nil || len(entries) == 0 {
		return err
	}
	if group, is := ctx.Value(besideKey{}).(*errgroup.Group); is {
		group.Go(func() error { return s.enter(ctx, actor, entries) })
		return nil
	}
	return s.enter(ctx, actor, entries)
}

// besideKey is where a context has what Show does beside its caller.
type besideKey struct{}

// Beside lets Show under the context write its entries while the caller makes its
// answer of what was read. entered waits for them: no answer may be given before it
// has said that they are there.
func Beside(ctx context.Context) (_ context.Context, entered func() error) {
	group := &errgroup.Group{}
	return context.WithValue(ctx, besideKey{}, group), group.Wait
}

// enter writes entries into the access log, in a transaction of their own.
func (s *Store) enter(ctx context.Context, actor domain.Actor, entries []domain.Access) error {
	release, err := s.lockWriter(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.inTransaction(ctx, actor, true, func(tx *Tx) error {
		if err := tx.Append(&entries); err != nil {
			return err
		}
		return tx.commit(ctx)
	})
}

// log appends to the access log what a writing transaction has done.
func (tx *Tx) log() error {
	entries, err := tx.accesses(tx.action, tx.auditedAt)
	if err != nil || len(entries) == 0 {
		return err
	}
	return tx.Append(&entries)
}

// accesses makes an entry of the access log for each citizen concerned; none
// when the action handles nobody's data.
func (tx *Tx) accesses(action domain.Action, at time.Time) ([]domain.Access, error) {
	handling, personal := tx.actor.Handles(action)
	if !personal {
		return nil, nil
	}
	citizens, err := tx.citizens()
	if err != nil {
		return nil, err
	}
	if tx.emergency != nil {
		handling.Purpose = domain.ForEmergency
	}
	a, entries := tx.actor, make([]domain.Access, len(citizens))
	for i, id := range citizens {
		entries[i] = domain.Access{
			MunicipalityID: a.MunicipalityID, ID: NewID(), CitizenID: id, Person: a.Person, Role: a.Role, Action: action,
			Act: handling.Act, Purpose: handling.Purpose, EmergencyID: tx.emergency, RequestID: a.RequestID, CreatedAt: at,
		}
	}
	return entries, nil
}

// citizens gives the citizens of all subjects. Those that the transaction has
// read itself cost nothing; one query finds the others.
func (tx *Tx) citizens() (found []domain.ID, err error) {
	unknown := map[string][]domain.ID{}
	for subject := range tx.subjects {
		for subject.Table != "citizens" && tx.links[subject] != (domain.Subject{}) {
			subject = tx.links[subject]
		}
		if subject.Table == "citizens" {
			found = append(found, subject.ID)
		} else {
			unknown[subject.Table] = append(unknown[subject.Table], subject.ID)
		}
	}
	query, args := "", []any(nil)
	for _, table := range slices.Sorted(maps.Keys(unknown)) {
		if query != "" {
			query += " UNION "
		}
		query += "SELECT " + ownerOf[table] + " AS citizen_id FROM " + table + " t WHERE t.municipality_id = ? AND t.id IN ?"
		args = append(args, tx.actor.MunicipalityID, unknown[table])
	}
	if query != "" {
		var more []domain.ID
		if err := tx.db().Raw(query, args...).Scan(&more).Error; err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	slices.SortFunc(found, func(a, b domain.ID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(found), nil
}
