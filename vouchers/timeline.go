package vouchers

import (
	"context"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Happening is one thing that was recorded about a plan: one of the pointers is
// there.
type Happening struct {
	ID    domain.ID
	At    time.Time // when it was recorded
	Visit *domain.AttendanceEvent
	Goal  *domain.Goal
	Pause *domain.Pause
	Enrol *domain.Enrolment
	Move  *domain.EnrolmentMove
	Award *domain.Award
	Given *domain.Voucher
}

// Timeline lists everything that was recorded about a plan within reach, newest
// first: each statement about a visit and each correction of it, goals, pauses,
// enrolments and their moves, awards and vouchers.
func (s *Service) Timeline(ctx context.Context, actor domain.Actor, plan domain.ID, page store.Page) (l Listed[Happening], err error) {
	err = s.read(ctx, actor, "getCitizen", func(tx *store.Tx) error {
		l = Listed[Happening]{}
		if _, err := reachPlan(tx, actor, plan); err != nil {
			return err
		}
		enrolments, err := store.All[domain.Enrolment](tx, "", store.Is("plan_id", plan))
		if err != nil {
			return err
		}
		t := timeline{tx: tx, page: page, plan: store.Is("plan_id", plan), enrolments: ids(enrolments, func(e domain.Enrolment) domain.ID { return e.ID })}
		if err := t.read(); err != nil {
			return err
		}
		slices.SortFunc(t.all, func(a, b Happening) int { return slices.Compare(b.ID[:], a.ID[:]) })
		l.More = len(t.all) > page.Limit
		l.Rows = t.all[:min(len(t.all), page.Limit)]
		return s.open(tx, t.sealed...)
	})
	return l, err
}

// timeline gathers a page of what happened: of each kind as many as the page may
// have, for all of them may be of one kind.
type timeline struct {
	tx         *store.Tx
	page       store.Page
	plan       store.Cond
	enrolments []domain.ID
	all        []Happening
	sealed     []any
}

func (t *timeline) read() error {
	enrolled := store.In("enrolment_id", t.enrolments)
	for _, read := range []func() error{
		func() error {
			return happened(t, func(e *domain.AttendanceEvent) Happening { return Happening{ID: e.ID, At: e.CreatedAt, Visit: e} }, t.plan)
		},
		func() error {
			return happened(t, func(g *domain.Goal) Happening { return Happening{ID: g.ID, At: g.CreatedAt, Goal: g} }, t.plan)
		},
		func() error {
			return happened(t, func(p *domain.Pause) Happening { return Happening{ID: p.ID, At: p.CreatedAt, Pause: p} }, t.plan)
		},
		func() error {
			return happened(t, func(e *domain.Enrolment) Happening { return Happening{ID: e.ID, At: e.CreatedAt, Enrol: e} }, t.plan)
		},
		func() error {
			return happened(t, func(m *domain.EnrolmentMove) Happening { return Happening{ID: m.ID, At: m.CreatedAt, Move: m} }, enrolled)
		},
		func() error {
			return happened(t, func(a *domain.Award) Happening { return Happening{ID: a.ID, At: a.CreatedAt, Award: a} }, enrolled)
		},
		func() error {
			return happened(t, func(v *domain.Voucher) Happening { return Happening{ID: v.ID, At: v.CreatedAt, Given: v} }, store.EarnedIn(t.enrolments))
		},
	} {
		if err := read(); err != nil {
			return err
		}
	}
	return nil
}

// happened reads a page of one kind.
func happened[T any](t *timeline, is func(*T) Happening, conds ...store.Cond) error {
	rows, _, err := store.List[T](t.tx, store.Page{Limit: t.page.Limit + 1, After: t.page.After}, conds...)
	for i := range rows {
		t.all = append(t.all, is(&rows[i]))
	}
	t.sealed = append(t.sealed, pointers(rows)...)
	return err
}
