package vouchers

import (
	"context"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

const (
	inboxShown = 50 // to be decided on, of one page
	asideShown = 25 // that wait for something else
)

// Inbox is what waits in the units that somebody decides in, as they need it to decide.
type Inbox struct {
	Site      *time.Location
	Deputed   []domain.Deputy // under which the actor stands in for somebody who is away
	Mine      []Matter        // what the actor may decide on, the oldest first
	More      bool            // there is more behind the last of them
	Aside     []Matter        // what waits for something else first, the oldest first
	MoreAside bool
	Emergency int64 // emergency accesses that wait for the actor's review
}

// Matter is one thing that waits, or was just decided: an award, or a withholding of one.
type Matter struct {
	Award       domain.Award
	Withholding *domain.Withholding // nil: the award itself is to be decided on
	Citizen     domain.Citizen      // of the private texts only the name is opened, and that only to who has the unit
	Unit        string
	Programme   rules.Text
	Why         rules.Text // how it was earned; zero of one given by hand
	Days        int        // that it has waited, of 24 hours
	Long        bool       // long enough that the leaders are told again
	Needs       domain.Wanted
	Approved    []domain.Approval // of the award as it is
	Away        []domain.Deputy   // for whom the actor would decide; none: in their own right
	Refused     error             // why the actor may not decide on it now; nil: they may
}

// Since is when it began to wait; zero of what is decided.
func (m Matter) Since() time.Time {
	switch {
	case m.Withholding != nil:
		return m.Withholding.CreatedAt
	case m.Award.WaitsSince != nil:
		return *m.Award.WaitsSince
	}
	return time.Time{}
}

// Place is where in the queue it is.
func (m Matter) Place() store.Place {
	if m.Withholding != nil {
		return store.Place{Since: m.Since(), ID: m.Withholding.ID}
	}
	return store.Place{Since: m.Since(), ID: m.Award.ID}
}

// Inbox gives what waits for the actor from behind a place on, themself or for whom
// they stand in, and on the first page what waits for something else as well.
func (s *Service) Inbox(ctx context.Context, actor domain.Actor, after store.Place) (in Inbox, err error) {
	err = s.read(ctx, actor, "listApprovalDemands", func(tx *store.Tx) error { // who may approve, and not finance
		in = Inbox{}
		if in.Site, err = tx.Zone(); err != nil {
			return err
		}
		if in.Emergency, err = unreviewed(tx, actor); err != nil {
			return err
		}
		r, err := s.reachOf(tx, actor)
		if err != nil {
			return err
		}
		in.Deputed = r.deputed
		if err := in.awards(tx, r, after); err != nil {
			return err
		}
		if err := in.withholdings(tx, r, after); err != nil {
			return err
		}
		in.Mine, in.More = oldestOf(in.Mine, inboxShown)
		in.Aside, in.MoreAside = oldestOf(in.Aside, asideShown)
		if !after.Since.IsZero() {
			in.Aside, in.MoreAside = nil, false
		}
		return s.describe(tx, r, in.Mine, in.Aside)
	})
	return in, err
}

// oldestOf gives up to limit matters, the oldest first, and whether there are more.
func oldestOf(list []Matter, limit int) ([]Matter, bool) {
	slices.SortFunc(list, func(a, b Matter) int { return a.Place().Compare(b.Place()) })
	return list[:min(limit, len(list))], len(list) > limit
}

// awards reads those that the actor may approve, what is passed over on the way to
// them, and those that wait for money.
func (in *Inbox) awards(tx *store.Tx, r reach, after store.Place) error {
	proposed := []store.Cond{store.Is("state", domain.AwardProposed), r.units()}
	mine, err := gather(after, inboxShown+1,
		func(after store.Place) ([]domain.Award, error) {
			return store.Oldest[domain.Award](tx, "waits_since", after, inboxShown+1, append(proposed, store.WithMoney())...)
		},
		func(a domain.Award) store.Place { return store.Place{Since: *a.WaitsSince, ID: a.ID} },
		func(awards []domain.Award) (list []Matter, err error) {
			all, err := weighAll(tx, r.own, r, awards)
			for _, w := range all {
				m := Matter{Award: w.award, Needs: w.wanted, Approved: w.before, Refused: w.refused}
				switch {
				case w.refused == nil:
					list = append(list, m)
				case domain.CodeOf(w.refused) != "withholding_waits": // which is there itself
					in.Aside = append(in.Aside, m)
				}
			}
			return list, err
		})
	if err != nil {
		return err
	}
	in.Mine = mine
	poor, err := store.Oldest[domain.Award](tx, "waits_since", store.Place{}, asideShown+1, append(proposed, store.WithoutMoney())...)
	for _, a := range poor {
		in.Aside = append(in.Aside, Matter{Award: a, Refused: waitsForMoney()})
	}
	return err
}

// withholdings reads those to be decided on.
func (in *Inbox) withholdings(tx *store.Tx, r reach, after store.Place) error {
	if r.own.Role != domain.TeamLeader {
		return nil
	}
	list, err := gather(after, inboxShown+1,
		func(after store.Place) ([]domain.Withholding, error) {
			return store.Oldest[domain.Withholding](tx, "created_at", after, inboxShown+1, store.Is("state", domain.WithholdingProposed), r.units())
		},
		func(w domain.Withholding) store.Place { return store.Place{Since: w.CreatedAt, ID: w.ID} },
		func(rows []domain.Withholding) (list []Matter, err error) {
			for i := range rows {
				m := Matter{Withholding: &rows[i]}
				if _, m.Refused = mayDecideWithholding(rows[i], r.own, r.away(rows[i].UnitID)); m.Refused != nil {
					in.Aside = append(in.Aside, m)
					continue
				}
				list = append(list, m)
			}
			return list, nil
		})
	in.Mine = append(in.Mine, list...)
	return err
}

// Matters gives awards and withholdings as they are now, those within reach of the
// actor: to say what became of them.
func (s *Service) Matters(ctx context.Context, actor domain.Actor, awards, withholdings []domain.ID) (list []Matter, err error) {
	err = s.read(ctx, actor, "listApprovalDemands", func(tx *store.Tx) error {
		list = nil
		r, err := s.reachOf(tx, actor)
		if err != nil {
			return err
		}
		rows, err := store.All[domain.Award](tx, "", store.In("id", awards), r.units())
		if err != nil {
			return err
		}
		waiting := slices.DeleteFunc(slices.Clone(rows), func(a domain.Award) bool { return a.State != domain.AwardProposed })
		all, err := weighAll(tx, r.own, r, waiting)
		if err != nil {
			return err
		}
		for _, a := range rows {
			m := Matter{Award: a}
			if i := slices.IndexFunc(all, func(w weighed) bool { return w.award.ID == a.ID }); i >= 0 {
				m.Needs, m.Approved, m.Refused = all[i].wanted, all[i].before, all[i].refused
			}
			list = append(list, m)
		}
		held, err := store.All[domain.Withholding](tx, "", store.In("id", withholdings), r.units())
		if err != nil {
			return err
		}
		for i := range held {
			m := Matter{Withholding: &held[i]}
			_, m.Refused = mayDecideWithholding(held[i], r.own, r.away(held[i].UnitID))
			list = append(list, m)
		}
		return s.describe(tx, r, list)
	})
	return list, err
}
