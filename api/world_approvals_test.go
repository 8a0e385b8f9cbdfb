package api

import (
	"fmt"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// approvals makes awards 41 to 43 and the withholdings 1 to 4, of awards that are
// issued, limits of programme 4's own, and deputies 1 and 2 of the team leader.
func (w *world) approvals() {
	ctx, leader, worker := w.t.Context(), w.as(domain.TeamLeader), w.as(domain.Caseworker)
	for n := range 2 {
		plan, _ := w.plan(41+n, 5)
		w.is("awd", 41+n, w.visits(plan, 2)[1].Awards[0].ID)
	}
	issued, enrolment := w.plan(43, 1)
	w.is("enr", 41, enrolment)
	var awards []domain.Award
	for _, result := range w.visits(issued, 10) {
		awards = append(awards, result.Awards...)
	}
	w.is("awd", 43, awards[0].ID)
	w.is("awd", 44, awards[1].ID)
	for n, by := range []domain.Actor{worker, worker, worker, leader} {
		w.is("wth", n+1, ok(w.service.ProposeWithholding(ctx, by, vouchers.Key{}, vouchers.WithholdingInput{
			AwardID: awards[n+1].ID, Reason: "Besøget var en andens.", Evidence: fmt.Sprintf("SAG-%d", 41+n),
		})).Value.ID)
	}
	programme := w.find("prg", 4)
	ok(w.service.UpdateApprovalLimits(ctx, w.as(domain.Finance), 1, vouchers.ApprovalLimitsInput{ProgrammeID: programme, Steps: domain.ApprovalSteps{{Role: domain.TeamLeader}}, RemindDays: 1}))
	const deputy = "anden.leder@eksempel.dk"
	ok(w.access.Assign(ctx, w.system(), access.AssignmentInput{Person: deputy, Role: domain.TeamLeader}))
	today := domain.Date{Year: 2026, Month: 11, Day: 21}
	for n := range 2 {
		w.is("dep", n+1, ok(w.service.CreateDeputy(ctx, leader, vouchers.DeputyInput{Deputy: deputy, FirstDay: today.AddDays(n), LastDay: today.AddDays(n)})).ID)
	}
}
