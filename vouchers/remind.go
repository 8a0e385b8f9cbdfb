package vouchers

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Remind tells the leaders of each unit in which an award or a withholding has waited
// for a decision longer than the limits say, once until somebody has seen it, however
// many servers do this at once. It gives how many units were told.
func (s *Service) Remind(ctx context.Context, municipality domain.ID) (told int, err error) {
	actor := domain.Actor{MunicipalityID: municipality, Role: domain.System, Person: domain.SystemPerson + "remind"}
	var units []domain.ID
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		units, err = s.longWaiting(tx)
		return err
	})
	for _, unit := range units {
		if err != nil {
			break
		}
		err = s.store.Write(ctx, actor, func(tx *store.Tx) error {
			if err := claimUnit(tx, unit); err != nil {
				return err
			}
			if err := s.notify(tx, domain.Notice{Kind: domain.LongWaiting, Role: domain.TeamLeader, UnitID: &unit, Object: "unit", ObjectID: unit}); err != nil {
				return err
			}
			return tx.Audit("remind", "unit", unit, s.now(), nil)
		})
		switch {
		case err == nil:
			told++
		case errors.Is(err, errTold):
			err = nil
		}
	}
	return told, err
}

// errTold says that another server has told a unit's leaders meanwhile.
var errTold = errors.New("told already")

// claimUnit locks a unit, so that one server at a time tells its leaders: errTold when
// another has meanwhile.
func claimUnit(tx *store.Tx, unit domain.ID) error {
	if _, err := store.GetLocked[domain.Unit](tx, unit); err != nil {
		return err
	}
	n, err := store.Count[domain.Notice](tx, store.Is("kind", domain.LongWaiting), store.Is("unit_id", unit), store.None("seen_at"))
	if err == nil && n > 0 {
		err = errTold
	}
	return err
}

// longWaiting are the units in which something has waited too long, and whose
// leaders have seen all that they were told of that.
func (s *Service) longWaiting(tx *store.Tx) (units []domain.ID, err error) {
	limits, err := store.All[domain.ApprovalLimits](tx, "number")
	if err != nil {
		return nil, err
	}
	now := s.now()
	late := func(programme domain.ID, since time.Time) bool {
		days := limitsOf(tx, limits, programme).RemindDays
		return days > 0 && now.Sub(since) >= time.Duration(days)*24*time.Hour
	}
	awards, err := store.All[domain.Award](tx, "unit_id, waits_since, id", store.Is("state", domain.AwardProposed))
	if err != nil {
		return nil, err
	}
	for _, a := range awards {
		if domain.Approvable(a.WaitsBecause) && late(a.ProgrammeID, *a.WaitsSince) {
			units = append(units, a.UnitID)
		}
	}
	withholdings, err := store.All[domain.Withholding](tx, "unit_id, id", store.Is("state", domain.WithholdingProposed))
	if err != nil {
		return nil, err
	}
	for _, w := range withholdings {
		if late(domain.ID{}, w.CreatedAt) {
			units = append(units, w.UnitID)
		}
	}
	unseen, err := store.All[domain.Notice](tx, "", store.Is("kind", domain.LongWaiting), store.None("seen_at"))
	slices.SortFunc(units, func(a, b domain.ID) int { return slices.Compare(a[:], b[:]) })
	return slices.DeleteFunc(slices.Compact(units), func(unit domain.ID) bool {
		return slices.ContainsFunc(unseen, func(n domain.Notice) bool { return n.UnitID != nil && *n.UnitID == unit })
	}), err
}
