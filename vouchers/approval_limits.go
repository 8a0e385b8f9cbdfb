package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// ApprovalLimitsInput says up to which amounts, in minor units, people may decide on
// awards (domain.ApprovalLimits).
type ApprovalLimitsInput struct {
	LeaderAlone     int64
	LeaderMost      *int64 // nil: no such limit; else not below LeaderAlone
	LeaderGrant     int64
	CaseworkerGrant int64
	OwnCaseload     int64
}

// maxLimit is the largest limit, a million kroner: more is a slip of the keyboard.
const maxLimit = 100_000_000

// ApprovalLimits gives the limits in force.
func (s *Service) ApprovalLimits(ctx context.Context, actor domain.Actor) (l domain.ApprovalLimits, err error) {
	err = s.read(ctx, actor, "getApprovalLimits", func(tx *store.Tx) error {
		l, err = limitsNow(tx)
		return err
	})
	return l, err
}

// UpdateApprovalLimits sets the limits anew; they hold at once, also for what waits. Stale
// unless number is that of those last read.
func (s *Service) UpdateApprovalLimits(ctx context.Context, actor domain.Actor, number int64, in ApprovalLimitsInput) (l domain.ApprovalLimits, err error) {
	err = s.write(ctx, actor, "updateApprovalLimits", func(tx *store.Tx) error {
		var f domain.Fields
		for _, limit := range []struct {
			field  string
			amount int64
		}{{"leader_alone", in.LeaderAlone}, {"leader_most", value(in.LeaderMost)}, {"leader_grant", in.LeaderGrant}, {"caseworker_grant", in.CaseworkerGrant}, {"own_caseload", in.OwnCaseload}} {
			f.Check(limit.amount >= 0 && limit.amount <= maxLimit, limit.field, "out_of_range", "must be 0 to %d", maxLimit)
		}
		f.Check(in.LeaderMost == nil || *in.LeaderMost >= in.LeaderAlone, "leader_most", "below_alone", "must not be below leader_alone, %d", in.LeaderAlone)
		if err := f.Err(); err != nil {
			return err
		}
		now, err := limitsNow(tx)
		if err != nil {
			return err
		}
		stale := domain.Errorf(domain.Stale, "stale", "someone else changed them meanwhile: read them again and repeat the change")
		if int64(now.Number) != number {
			return stale
		}
		l = domain.ApprovalLimits{
			MunicipalityID: actor.MunicipalityID, Number: now.Number + 1, LeaderAlone: in.LeaderAlone, LeaderMost: in.LeaderMost,
			LeaderGrant: in.LeaderGrant, CaseworkerGrant: in.CaseworkerGrant, OwnCaseload: in.OwnCaseload, ChangedBy: domain.Fold(actor.Person), CreatedAt: s.now(),
		}
		if err := store.Insert(tx, &l); store.IsDuplicate(err) { // two at once
			return stale
		} else if err != nil {
			return err
		}
		return tx.Audit("updateApprovalLimits", "approval_limits", actor.MunicipalityID, l.CreatedAt, domain.Detail(map[string]any{
			"number": l.Number, "leader_alone": l.LeaderAlone, "leader_most": l.LeaderMost, "leader_grant": l.LeaderGrant,
			"caseworker_grant": l.CaseworkerGrant, "own_caseload": l.OwnCaseload,
		}))
	})
	return l, err
}

// limitsNow reads the limits in force.
func limitsNow(tx *store.Tx) (domain.ApprovalLimits, error) {
	all, err := store.All[domain.ApprovalLimits](tx, "number")
	if err != nil || len(all) == 0 {
		return domain.FirstApprovalLimits(tx.Actor().MunicipalityID), err
	}
	return all[len(all)-1], nil
}
