package main

import (
	"context"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// demoCareful are the citizens whose awards the team leader wants to see one by one:
// of units other than that of the caseworker whose token is shown, whose next visit
// pays at once.
var demoCareful = []int{37, 43, 46, 51, 54}

// demoGrants are the citizens to whom a caseworker wants to give something by hand, and
// how many days ago they proposed it.
var demoGrants = map[int]int{40: 9, 47: 2}

// kept is a voucher that nobody has used, and the caseworker who handed it out.
type kept struct {
	by      domain.Actor
	voucher domain.Voucher
}

// leaveWaiting plans what of a citizen's waits for the team leader at the end.
func (b *demoBuild) leaveWaiting(n int, by domain.Actor, enrolment domain.ID) {
	if slices.Contains(demoCareful, n) {
		b.then(b.until.AddDate(0, 0, -24), func(ctx context.Context) error {
			_, err := b.DemandApproval(ctx, b.staff[domain.TeamLeader], enrolment, vouchers.DemandInput{Required: true, Reason: "Vi følger fremmødet tæt efter en pause."})
			return err
		})
	}
	if days, gets := demoGrants[n]; gets {
		b.then(b.until.AddDate(0, 0, -days).Add(-3*time.Hour), func(ctx context.Context) error {
			_, err := b.ProposeGrant(ctx, by, vouchers.Key{}, vouchers.GrantInput{
				EnrolmentID: enrolment, Amount: 15_000, Grounds: "Hjalp to nye i gang i gruppen og mødte hver gang.", Evidence: "Sag 2026/4107",
			})
			return err
		})
	}
}

// doubt proposes, the day before the end, to withhold the voucher that was handed out
// last and not used.
func (b *demoBuild) doubt(context.Context) error {
	b.then(b.until.Add(-30*time.Hour), func(ctx context.Context) error {
		if len(b.kept) == 0 {
			return nil
		}
		last := b.kept[len(b.kept)-1]
		_, err := b.ProposeWithholding(ctx, last.by, vouchers.Key{}, vouchers.WithholdingInput{
			AwardID: last.voucher.AwardID, Reason: "Fremmødet er registreret på den forkerte borger.", Evidence: "Sag 2026/4112",
		})
		return err
	})
	return nil
}
