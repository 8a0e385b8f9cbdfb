package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Immediacy is how soon the rewards of one programme were there: a reward works
// by coming soon. In an automatic programme a voucher is issued when the visit is
// recorded; where someone approves, it waits for that.
type Immediacy struct {
	ProgrammeID string
	Programme   string        // its slug
	Vouchers    int64         // issued, those re-issued counted once
	AtOnce      int64         // of them, when the visit was recorded
	LongestWait time.Duration // from there to the approval of the others
	SameDay     int64         // issued on the date of the visit that earned it
	WithinWeek  int64         // or on one of the seven after
	LongestDays int           // most days from that visit to the voucher
}

// IssuedFilter narrows vouchers by the date on which they were issued, at the
// site and both included, and by what they were issued for.
type IssuedFilter struct {
	From, To            domain.Date
	ProgrammeID, UnitID domain.ID
}

// Immediacy measures how soon the vouchers of each programme were there.
func (s *Service) Immediacy(ctx context.Context, actor domain.Actor, f IssuedFilter) (all []Immediacy, err error) {
	err = s.read(ctx, actor, "getImmediacy", func(tx *store.Tx) error {
		conds := append(store.IssuedBetween(day(f.From), day(f.To)), store.Eq("v.unit_id", actor.UnitID), store.Eq("v.unit_id", f.UnitID), store.Eq("v.programme_id", f.ProgrammeID))
		delays, err := tx.Delays(conds...)
		if err != nil {
			return err
		}
		slugs, err := store.Names[domain.Programme](tx, "slug")
		if err != nil {
			return err
		}
		for _, d := range delays {
			if n := len(all); n == 0 || all[n-1].ProgrammeID != d.ProgrammeID {
				all = append(all, Immediacy{ProgrammeID: d.ProgrammeID, Programme: slugs[d.ProgrammeID]})
			}
			all[len(all)-1].add(d)
		}
		return nil
	})
	return all, err
}

// add counts what was so many days late.
func (i *Immediacy) add(d store.Delay) {
	i.Vouchers += d.Vouchers
	i.AtOnce += d.AtOnce
	i.LongestWait = max(i.LongestWait, time.Duration(d.LongestWait)*time.Second)
	i.LongestDays = max(i.LongestDays, d.Days)
	if d.Days <= 0 {
		i.SameDay += d.Vouchers
	}
	if d.Days <= 7 {
		i.WithinWeek += d.Vouchers
	}
}
