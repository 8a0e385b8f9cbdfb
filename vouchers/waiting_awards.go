package vouchers

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// awardsWaiting are the awards that the actor may approve now: what waits for money
// too comes when it has it.
func (s *Service) awardsWaiting(tx *store.Tx, actor domain.Actor, after store.Place, limit int) ([]Waiting, error) {
	r, err := s.reachOf(tx, actor)
	if err != nil {
		return nil, err
	}
	return gather(after, limit,
		func(after store.Place) ([]domain.Award, error) {
			return store.Oldest[domain.Award](tx, "waits_since", after, limit, store.Is("state", domain.AwardProposed), r.units())
		},
		func(a domain.Award) store.Place { return store.Place{Since: *a.WaitsSince, ID: a.ID} },
		func(awards []domain.Award) ([]Waiting, error) { return waitingFor(tx, actor, r, awards) })
}

// waitingFor leaves, of awards that are proposed, those that the actor may approve.
func waitingFor(tx *store.Tx, actor domain.Actor, r reach, awards []domain.Award) (list []Waiting, err error) {
	all, err := weighAll(tx, actor, r, awards)
	if err != nil {
		return nil, err
	}
	for _, w := range all {
		if w.refused != nil {
			continue
		}
		a := w.award
		list = append(list, Waiting{
			Kind: WaitingAward, ID: a.ID, Version: a.Version, Since: *a.WaitsSince, Amount: a.Amount - a.Granted, Currency: a.Currency,
			UnitID: &a.UnitID, ProgrammeID: &a.ProgrammeID, Because: a.Waits(), Needs: w.wanted, Next: nextApprove, OnBehalfOf: r.away(a.UnitID),
		})
	}
	return list, nil
}

// weighed is an award that is proposed, with how far its approval has come.
type weighed struct {
	asked
	award   domain.Award
	refused error // why the actor may not approve it now; nil: they may
}

// weighAll says of awards that are proposed whether the actor may approve them now.
func weighAll(tx *store.Tx, actor domain.Actor, r reach, awards []domain.Award) ([]weighed, error) {
	around, err := aroundAwards(tx, awards)
	if err != nil {
		return nil, err
	}
	all := make([]weighed, len(awards))
	for i, a := range awards {
		w := asked{limits: limitsOf(tx, around.limits, a.ProgrammeID), hands: handsIn(a, around.plans[around.enrolments[a.EnrolmentID].PlanID]), before: around.approvals[a.ID]}
		w.weigh(a)
		all[i] = weighed{asked: w, award: a, refused: w.refuses(actor, r, a, around.withheld[a.ID])}
	}
	return all, nil
}

// refuses says why the actor may not approve an award that is proposed, and that
// somebody has proposed to withhold or not; nil: they may.
func (w asked) refuses(actor domain.Actor, r reach, a domain.Award, withheld bool) error {
	switch {
	case withheld:
		return withholdingWaits()
	case !domain.Approvable(a.WaitsBecause), a.WaitsForBudget():
		return waitsForMoney()
	}
	if err := w.turn(actor); err != nil {
		return err
	}
	if w.enough {
		w.hands.Approved = nil
	}
	_, err := mayApprove(w.hands, actor, r.away(a.UnitID), a, w.limits)
	return err
}

// around is what must be known of awards to say who may decide on them.
type around struct {
	limits     []domain.ApprovalLimits
	enrolments map[domain.ID]domain.Enrolment
	plans      map[domain.ID]domain.Plan
	approvals  map[domain.ID][]domain.Approval // of the awards as they are
	withheld   map[domain.ID]bool              // awards that somebody has proposed to withhold
}

// aroundAwards reads it, with as many queries however many the awards.
func aroundAwards(tx *store.Tx, awards []domain.Award) (x around, err error) {
	x = around{enrolments: map[domain.ID]domain.Enrolment{}, plans: map[domain.ID]domain.Plan{}, approvals: map[domain.ID][]domain.Approval{}, withheld: map[domain.ID]bool{}}
	if x.limits, err = store.All[domain.ApprovalLimits](tx, "number"); err != nil {
		return x, err
	}
	enrolments, err := store.All[domain.Enrolment](tx, "", store.In("id", ids(awards, func(a domain.Award) domain.ID { return a.EnrolmentID })))
	if err != nil {
		return x, err
	}
	for _, e := range enrolments {
		x.enrolments[e.ID] = e
	}
	plans, err := store.All[domain.Plan](tx, "", store.In("id", ids(enrolments, func(e domain.Enrolment) domain.ID { return e.PlanID })))
	if err != nil {
		return x, err
	}
	for _, p := range plans {
		x.plans[p.ID] = p
	}
	return x, x.said(tx, awards)
}

// said reads what people have said of awards.
func (x *around) said(tx *store.Tx, awards []domain.Award) error {
	of := store.In("award_id", ids(awards, func(a domain.Award) domain.ID { return a.ID }))
	approvals, err := store.All[domain.Approval](tx, "id", of, store.Is("step", domain.StepApproved))
	if err != nil {
		return err
	}
	for _, a := range awards {
		for _, p := range approvals {
			if p.AwardID == a.ID && p.AwardVersion == a.Version {
				x.approvals[a.ID] = append(x.approvals[a.ID], p)
			}
		}
	}
	proposed, err := store.All[domain.Withholding](tx, "", of, store.Is("state", domain.WithholdingProposed))
	for _, w := range proposed {
		x.withheld[w.AwardID] = true
	}
	return err
}

// withholdingsWaiting are the withholdings that the actor may decide on.
func (s *Service) withholdingsWaiting(tx *store.Tx, actor domain.Actor, after store.Place, limit int) ([]Waiting, error) {
	if actor.Role != domain.TeamLeader {
		return nil, nil
	}
	r, err := s.reachOf(tx, actor)
	if err != nil {
		return nil, err
	}
	return gather(after, limit,
		func(after store.Place) ([]domain.Withholding, error) {
			return store.Oldest[domain.Withholding](tx, "created_at", after, limit, store.Is("state", domain.WithholdingProposed), r.units())
		},
		func(w domain.Withholding) store.Place { return store.Place{Since: w.CreatedAt, ID: w.ID} },
		func(rows []domain.Withholding) (list []Waiting, err error) {
			for _, w := range rows {
				away := r.away(w.UnitID)
				if _, refused := mayDecideWithholding(w, actor, away); refused == nil {
					list = append(list, Waiting{
						Kind: WaitingWithholding, ID: w.ID, Version: w.Version, Since: w.CreatedAt, Amount: w.Amount, UnitID: &w.UnitID, AwardID: &w.AwardID, Next: nextDecide, OnBehalfOf: away,
					})
				}
			}
			return list, nil
		})
}
