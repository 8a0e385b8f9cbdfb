package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// mostYearsKept is how far ahead somebody can say that a citizen's data is kept: for
// longer it is said again.
const mostYearsKept = 10

// KeepInput says until when a citizen's data is kept in any case, and why.
type KeepInput struct {
	Until  domain.Date // the last day: today at the earliest, which ends it
	Reason string      // a complaint, supervision, a court
}

// Keep keeps what is known of a citizen from being erased until a day, whatever the
// municipality's setting says. What was said before about the same citizen gives way.
// Stale unless version is the one last read.
func (s *Service) Keep(ctx context.Context, actor domain.Actor, id domain.ID, version int64, in KeepInput) (c domain.Citizen, err error) {
	err = s.write(ctx, actor, "keepCitizen", func(tx *store.Tx) error {
		if c, err = store.GetLocked[domain.Citizen](tx, id); err != nil {
			return err
		}
		if !actor.Reaches(c.UnitID) {
			return domain.OutOfReach()
		}
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		var f domain.Fields
		c.KeptUntil, c.KeptBy, c.KeptBecause = in.Until, domain.Fold(actor.Person), domain.NewPrivate(f.Clean("reason", in.Reason, 500, false))
		last := today.AddMonths(12 * mostYearsKept)
		switch {
		case in.Until.IsZero():
			f.Add("until", "required", "must not be empty")
		case in.Until.Before(today) || last.Before(in.Until):
			f.Add("until", "out_of_range", "must be from today, which ends it, to %s", last)
		}
		if err := f.Err(); err != nil {
			return err
		}
		if err := s.seal(tx, id, &c); err != nil {
			return err
		}
		err = store.Set[domain.Citizen](tx, id, version, map[string]any{"kept_until": c.KeptUntil, "kept_because": c.KeptBecause, "kept_by": c.KeptBy})
		if err != nil {
			return err
		}
		c.Version = version + 1
		if err := tx.Audit("keepCitizen", "citizen", id, s.now(), domain.Detail(map[string]any{"until": c.KeptUntil})); err != nil {
			return err
		}
		return s.open(tx, &c)
	})
	return c, err
}
