package vouchers

import (
	"context"
	"fmt"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// ApprovalLimitsInput says who must approve awards, in which order, and up to which
// amounts, in minor units, people may decide on them (domain.ApprovalLimits).
type ApprovalLimitsInput struct {
	ProgrammeID     domain.ID // zero: of all programmes that have none of their own
	Steps           domain.ApprovalSteps
	AutomaticMost   *int64 // nil: automatic awards never wait
	LeaderMost      *int64 // nil: no such limit
	LeaderGrant     int64
	CaseworkerGrant int64
	OwnCaseload     int64
	RemindDays      int // 0: nobody is reminded
	Key             Key // under which they are set once, however often that is asked for; zero: each time
}

const (
	maxLimit      = 100_000_000 // the largest limit, a million kroner: more is a slip of the keyboard
	maxSteps      = 5
	maxRemindDays = 366
)

// ApprovalLimits gives the limits in force for a programme; zero: for those that have
// none of their own.
func (s *Service) ApprovalLimits(ctx context.Context, actor domain.Actor, programme domain.ID) (l domain.ApprovalLimits, err error) {
	err = s.read(ctx, actor, "getApprovalLimits", func(tx *store.Tx) error {
		if programme != (domain.ID{}) {
			if _, err := store.Get[domain.Programme](tx, programme); err != nil {
				return err
			}
		}
		l, err = limitsNow(tx, programme)
		return err
	})
	return l, err
}

// UpdateApprovalLimits sets the limits anew; they hold at once, also for what waits. Stale
// unless number is that of those last read, which for a programme without limits of its
// own are those of all.
func (s *Service) UpdateApprovalLimits(ctx context.Context, actor domain.Actor, number int64, in ApprovalLimitsInput) (l domain.ApprovalLimits, err error) {
	call := s.call(actor, "updateApprovalLimits")
	call.Key = in.Key
	set, err := store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (domain.ApprovalLimits, error) {
		var f domain.Fields
		in.check(&f)
		if in.ProgrammeID != (domain.ID{}) {
			if _, err := store.Refer(tx, "programme_id", in.ProgrammeID, store.Everyone[domain.Programme]); err != nil {
				if err := f.Merge(err); err != nil {
					return l, err
				}
			}
		}
		if err := f.Err(); err != nil {
			return l, err
		}
		l = in.row()
		err := s.setLimits(tx, "updateApprovalLimits", number, &l)
		return l, err
	})
	return set.Value, err
}

// DeleteApprovalLimits gives up a programme's own limits: at once those of all hold there
// again, which it gives. NotFound when it has none of its own.
func (s *Service) DeleteApprovalLimits(ctx context.Context, actor domain.Actor, programme domain.ID) (l domain.ApprovalLimits, err error) {
	err = s.write(ctx, actor, "deleteApprovalLimits", func(tx *store.Tx) error {
		if _, err := store.Get[domain.Programme](tx, programme); err != nil {
			return err
		}
		own, err := limitsNow(tx, programme)
		if err != nil {
			return err
		}
		if own.ProgrammeID == nil {
			return domain.Errorf(domain.NotFound, "no_own_limits", "the programme has no limits of its own: those of all hold there already")
		}
		own.Removed = true
		if err := s.setLimits(tx, "deleteApprovalLimits", int64(own.Number), &own); err != nil {
			return err
		}
		l, err = limitsNow(tx, programme)
		return err
	})
	return l, err
}

// setLimits adds limits to those there were, in place of those of a number.
func (s *Service) setLimits(tx *store.Tx, action domain.Action, number int64, l *domain.ApprovalLimits) error {
	all, err := store.All[domain.ApprovalLimits](tx, "number")
	if err != nil {
		return err
	}
	stale := domain.Errorf(domain.Stale, "stale", "someone else changed them meanwhile: read them again and repeat the change")
	if int64(limitsOf(tx, all, value(l.ProgrammeID)).Number) != number {
		return stale
	}
	l.MunicipalityID, l.Number, l.ChangedBy, l.CreatedAt = tx.Actor().MunicipalityID, len(all)+2, domain.Fold(tx.Actor().Person), s.now()
	if err := store.Insert(tx, l); store.IsDuplicate(err) { // two at once
		return stale
	} else if err != nil {
		return err
	}
	return tx.Audit(action, "approval_limits", l.MunicipalityID, l.CreatedAt, domain.Detail(map[string]any{
		"number": l.Number, "programme": l.ProgrammeID, "steps": l.Steps, "automatic_most": l.AutomaticMost, "leader_most": l.LeaderMost,
		"leader_grant": l.LeaderGrant, "caseworker_grant": l.CaseworkerGrant, "own_caseload": l.OwnCaseload, "remind_days": l.RemindDays,
	}))
}

// check notes what is wrong with limits.
func (in ApprovalLimitsInput) check(f *domain.Fields) {
	for _, limit := range []struct {
		field  string
		amount int64
	}{
		{"automatic_most", value(in.AutomaticMost)}, {"leader_most", value(in.LeaderMost)}, {"leader_grant", in.LeaderGrant},
		{"caseworker_grant", in.CaseworkerGrant}, {"own_caseload", in.OwnCaseload},
	} {
		f.Check(limit.amount >= 0 && limit.amount <= maxLimit, limit.field, "out_of_range", "must be 0 to %d", maxLimit)
	}
	f.Check(in.RemindDays >= 0 && in.RemindDays <= maxRemindDays, "remind_days", "out_of_range", "must be 0 to %d", maxRemindDays)
	f.Check(len(in.Steps) >= 1 && len(in.Steps) <= maxSteps, "steps", "out_of_range", "must be 1 to %d steps", maxSteps)
	before := int64(0)
	for i, step := range in.Steps {
		f.Check(slices.Contains(domain.ApprovingRoles, step.Role), fmt.Sprintf("steps[%d].role", i), "unknown", "must be caseworker or team_leader: nobody else approves awards")
		above := fmt.Sprintf("steps[%d].above", i)
		switch {
		case i == 0 && step.Above != 0:
			f.Add(above, "not_the_first", "must be 0: somebody approves every award that waits")
		case step.Above < before:
			f.Add(above, "out_of_order", "must not be less than in the step before, %d", before)
		case step.Above > maxLimit:
			f.Add(above, "out_of_range", "must be 0 to %d", maxLimit)
		}
		before = max(before, step.Above)
	}
}

// row makes the row of limits, but for its number and who set them when.
func (in ApprovalLimitsInput) row() domain.ApprovalLimits {
	l := domain.ApprovalLimits{
		Steps: in.Steps, AutomaticMost: in.AutomaticMost, LeaderMost: in.LeaderMost,
		LeaderGrant: in.LeaderGrant, CaseworkerGrant: in.CaseworkerGrant, OwnCaseload: in.OwnCaseload, RemindDays: in.RemindDays,
	}
	if in.ProgrammeID != (domain.ID{}) {
		l.ProgrammeID = &in.ProgrammeID
	}
	return l
}

// limitsNow reads the limits in force for a programme.
func limitsNow(tx *store.Tx, programme domain.ID) (domain.ApprovalLimits, error) {
	all, err := store.All[domain.ApprovalLimits](tx, "number")
	return limitsOf(tx, all, programme), err
}

// limitsOf picks, of all limits there were, those in force for a programme: its own,
// unless it gave them up, else those of all programmes.
func limitsOf(tx *store.Tx, all []domain.ApprovalLimits, programme domain.ID) domain.ApprovalLimits {
	now, own := domain.FirstApprovalLimits(tx.Actor().MunicipalityID), (*domain.ApprovalLimits)(nil)
	for i, l := range all { // in order
		switch {
		case l.ProgrammeID == nil:
			now = l
		case *l.ProgrammeID == programme && l.Removed:
			own = nil
		case *l.ProgrammeID == programme:
			own = &all[i]
		}
	}
	if own != nil {
		return *own
	}
	return now
}
