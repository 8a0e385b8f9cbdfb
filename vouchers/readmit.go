package vouchers

import (
	"cmp"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// What a new enrolment is to the citizen's story in the programme.
const (
	FirstEpisode     = "first"       // the citizen was never in the programme
	ContinuedEpisode = "continued"   // it goes on with the episode of an earlier enrolment
	NewEpisode       = "new_episode" // the citizen was in it before, and begins anew
)

// readmit finds out what a new enrolment is to those before it. One that
// continues another gets its ID and, into another version, the move that takes it
// there. Whether awards need approval is as before. Conflict when the rules take nobody back who comes so late.
func (s *Service) readmit(tx *store.Tx, plan domain.Plan, in Enrol, doc rules.Document, e *domain.Enrolment) (episode string, move *domain.EnrolmentMove, err error) {
	before, found, err := left(tx, plan, e.ProgrammeID)
	if err != nil || !found {
		return FirstEpisode, nil, err
	}
	e.RequiresApproval, e.ApprovalUntil = before.RequiresApproval, before.ApprovalUntil
	apart := before.EndedOn.Before(e.StartDate)
	if !apart && (doc.Readmission != nil || before.PlanID == e.PlanID) {
		return "", nil, domain.InvalidField("start_date", "before_end", "must be after %s, when the citizen's last enrolment in the programme ended", before.EndedOn)
	}
	switch {
	case doc.Readmission == nil:
		return NewEpisode, nil, nil
	case !doc.Readmits(before.EndedOn, e.StartDate) && doc.Readmission.Later == rules.Refuse:
		return "", nil, domain.Errorf(domain.Conflict, "readmission_refused", "the citizen left the programme on %s, and its rules take nobody back after more than %d days",
			before.EndedOn, doc.Readmission.WithinDays)
	case !doc.Readmits(before.EndedOn, e.StartDate):
		return NewEpisode, nil, nil
	}
	e.ContinuesID = &before.ID
	if before.VersionID == e.VersionID {
		return ContinuedEpisode, nil, nil
	}
	e.MovedOn = e.StartDate
	move = &domain.EnrolmentMove{
		MunicipalityID: e.MunicipalityID, ID: store.NewID(), EnrolmentID: e.ID, Number: 1, FromVersionID: before.VersionID, ToVersionID: e.VersionID,
		MovedOn: e.StartDate, Phase: in.Phase, Level: in.Level, Reason: domain.NewPrivate("readmission"), MovedBy: tx.Actor().Person, CreatedAt: e.CreatedAt,
	}
	ep, err := episodeOf(tx, before)
	if err == nil {
		err = s.settlePhase(tx, ep, move)
	}
	return ContinuedEpisode, move, err
}

// goesOn refuses a phase of someone who does not come back into another version.
func goesOn(in Enrol, move *domain.EnrolmentMove) error {
	if move == nil && (in.Phase != "" || in.Level != 0) {
		return domain.InvalidField("phase", "contradiction", "must be left out: phase and level are for someone who comes back into another version")
	}
	return nil
}

// left gives the citizen's enrolment in a programme that ended last, under
// whichever plan.
func left(tx *store.Tx, plan domain.Plan, programme domain.ID) (last domain.Enrolment, found bool, err error) {
	ended, err := enrolmentsOf(tx, plan.CitizenID, store.Is("programme_id", programme), store.Is("state", "ended"))
	if err != nil || len(ended) == 0 {
		return last, false, err
	}
	return slices.MaxFunc(ended, func(a, b domain.Enrolment) int {
		return cmp.Or(-a.EndedOn.Days(b.EndedOn), slices.Compare(a.ID[:], b.ID[:]))
	}), true, nil
}

// enrolmentsOf gives the enrolments of all of a citizen's plans, in order of age.
func enrolmentsOf(tx *store.Tx, citizen domain.ID, conds ...store.Cond) ([]domain.Enrolment, error) {
	plans, err := store.All[domain.Plan](tx, "", store.Is("citizen_id", citizen))
	if err != nil {
		return nil, err
	}
	ids := make([]domain.ID, len(plans))
	for i, p := range plans {
		ids[i] = p.ID
	}
	return store.All[domain.Enrolment](tx, "id", append(conds, store.In("plan_id", ids))...)
}
