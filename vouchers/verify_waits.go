package vouchers

import (
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// clocksApart is how far apart the clocks of two servers may be: what one of them
// booked as the limits changed may have been under those before.
const clocksApart = 10 * time.Second

// demands learns which enrolments' awards need approval, as the audit log says too.
func (v verifier) demands() (rows int, err error) {
	err = store.Each(v.tx, func(d domain.ApprovalDemand) error {
		rows++
		v.demandsOf[d.EnrolmentID] = append(v.demandsOf[d.EnrolmentID], d)
		v.differ(v.audit.times("demandApproval", d.EnrolmentID)+v.audit.times("createEnrolment", d.EnrolmentID) >= len(v.demandsOf[d.EnrolmentID]),
			"approval demand %s: the audit log does not say that it was made", d.ID)
		return nil
	})
	return rows, err
}

// needsApproval checks that an enrolment says of approval what was said last.
func (v verifier) needsApproval(e domain.Enrolment) {
	last := domain.ApprovalDemand{}
	if all := v.demandsOf[e.ID]; len(all) > 0 {
		last = all[len(all)-1]
	}
	v.differ(e.RequiresApproval == last.Required && e.ApprovalUntil == last.Until, "enrolment %s: says approval %t until %s, what was said last is %t until %s",
		e.ID, e.RequiresApproval, e.ApprovalUntil, last.Required, last.Until)
}

// demanded checks why an award of a milestone says that it must be approved.
func (v verifier) demanded(ep episode, a domain.Award, doc rules.Document) {
	says := func(reason string) bool { return slices.Contains(a.WaitsBecause, reason) }
	l, there := v.limits[a.Limits]
	known := func() bool {
		return slices.ContainsFunc(ep, func(c chapter) bool { return len(v.demandsOf[c.ID]) > 0 })
	}
	right := true
	switch {
	case a.Amount == 0:
		right = !domain.Approvable(a.WaitsBecause)
	case says(domain.BecauseProgramme) != (doc.Mode == rules.Proposes):
		right = false
	case a.Limits != 0 && (!there || says(domain.BecauseAmount) != l.Waits(a.Amount)), a.Limits == 0 && says(domain.BecauseAmount):
		right = false
	case says(domain.BecausePerson):
		right = known()
	}
	if !right {
		v.differ(false, "award %s: of %d, in a programme that is %s, under limits %d, must not say that it waits because of %v", a.ID, a.Amount, doc.Mode, a.Limits, a.WaitsBecause)
	}
}

// hadToWait reports whether a voucher that an automatic programme issued then, and which
// made its award's vouchers worth so much, needed approval: the limits or the person
// demanded it then, and shortly before.
func (v verifier) hadToWait(a domain.Award, at time.Time, worth int64) bool {
	return v.waitedFor(a, worth, at) && v.waitedFor(a, worth, at.Add(-clocksApart))
}

// waitedFor reports whether an automatic programme's award of that worth had to wait
// at a moment.
func (v verifier) waitedFor(a domain.Award, worth int64, at time.Time) bool {
	after := slices.IndexFunc(v.policies, func(l domain.ApprovalLimits) bool { return l.CreatedAt.After(at) })
	if after < 0 {
		after = len(v.policies)
	}
	if limitsOf(v.tx, v.policies[:after], a.ProgrammeID).Waits(worth) {
		return true
	}
	last := domain.ApprovalDemand{}
	for _, d := range v.demandsOf[a.EnrolmentID] {
		if !d.CreatedAt.After(at) {
			last = d
		}
	}
	return last.Required && (last.Until.IsZero() || !last.Until.Before(domain.DateOf(at, v.loc)))
}

// deputies learns who stood in for whom, as the audit log says too.
func (v verifier) deputies() (rows int, err error) {
	err = store.Each(v.tx, func(d domain.Deputy) error {
		rows++
		v.deputyOf[d.Deputy] = append(v.deputyOf[d.Deputy], d)
		v.traced("deputy", d.ID, "createDeputy")
		withdrawn := v.audit.did("withdrawDeputy", d.ID)
		v.differ(withdrawn == (d.WithdrawnAt != nil), "deputy %s: is withdrawn %t, the audit log says %t", d.ID, d.WithdrawnAt != nil, withdrawn)
		return nil
	})
	return rows, err
}

// stoodIn checks that who decided for somebody was their deputy then.
func (v verifier) stoodIn(what, person, away string, at time.Time) {
	if away == "" {
		return
	}
	day := domain.DateOf(at, v.loc)
	was := slices.ContainsFunc(v.deputyOf[person], func(d domain.Deputy) bool {
		standing := d.WithdrawnAt == nil || d.WithdrawnAt.After(at.Add(-clocksApart))
		return d.Person == away && standing && !day.Before(d.FirstDay) && !d.LastDay.Before(day)
	})
	v.differ(was, "%s: %s decided for %s, whose deputy they were not", what, person, away)
}

// withholdings learns which awards were withheld, by whom.
func (v verifier) withholdings() (rows int, err error) {
	err = store.Each(v.tx, func(w domain.Withholding) error {
		rows++
		v.traced("withholding", w.ID, "proposeWithholding")
		for state, action := range map[string]domain.Action{
			domain.WithholdingApproved: "approveWithholding", domain.WithholdingRejected: "rejectWithholding", domain.WithholdingWithdrawn: "withdrawWithholding",
		} {
			said := v.audit.did(action, w.ID)
			v.differ((w.State == state) == said, "withholding %s: is %s, the audit log says %s %t", w.ID, w.State, action, said)
		}
		v.differ(w.State == domain.WithholdingWithdrawn || w.ProposedBy != w.DecidedBy && w.ProposedBy != w.OnBehalfOf, "withholding %s: %s proposed and decided it", w.ID, w.ProposedBy)
		if w.DecidedAt != nil {
			v.stoodIn("withholding "+w.ID.String(), w.DecidedBy, w.OnBehalfOf, *w.DecidedAt)
		}
		if w.State == domain.WithholdingApproved {
			v.heldBack[w.AwardID] = true
		}
		return nil
	})
	return rows, err
}

// withheld checks that an award is withheld exactly when two people said so, and that
// none of its vouchers lives.
func (v verifier) withheld(a domain.Award) {
	held := v.heldBack[a.ID]
	if held {
		v.Lock()
		v.heldMet++
		v.Unlock()
	}
	if (a.State == domain.AwardWithheld) != held {
		v.differ(false, "award %s: is %s, an approved withholding is there %t", a.ID, a.State, held)
	}
	if held && a.Granted != 0 {
		v.differ(false, "award %s: is withheld, yet %d is granted", a.ID, a.Granted)
	}
}
