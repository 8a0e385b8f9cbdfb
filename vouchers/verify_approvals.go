package vouchers

import (
	"cmp"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// answering are the actions of which the audit log must know who answers for an
// award's amount.
var answering = []domain.Action{"proposeGrant", actionFirstApproval, "approveAward"}

// approvals learns the limits and who has answered for which award, as the audit
// log says too.
func (v verifier) approvals() (rows int, err error) {
	first := domain.FirstApprovalLimits(v.tx.Actor().MunicipalityID)
	v.limits[first.Number] = first
	limits, err := store.All[domain.ApprovalLimits](v.tx, "number")
	if err != nil {
		return 0, err
	}
	v.policies = limits
	for i, l := range limits {
		if !l.Removed { // nobody approves under what is no longer
			v.limits[l.Number] = l
		}
		v.differ(l.Number == i+first.Number+1, "limits %d: should be number %d", l.Number, i+first.Number+1)
	}
	said := v.audit.times("updateApprovalLimits", first.MunicipalityID) + v.audit.times("deleteApprovalLimits", first.MunicipalityID)
	v.differ(said == len(limits), "limits: were changed %d times, the audit log says %d", len(limits), said)
	err = store.Each(v.tx, func(p domain.Approval) error {
		rows++
		v.answers[p.AwardID] = append(v.answers[p.AwardID], p)
		known := slices.ContainsFunc(v.audit.said[p.AwardID], func(s saying) bool { return s.person == p.Person && slices.Contains(answering, s.action) })
		v.differ(known, "approval %s of award %s: the audit log does not say that %s answered for it", p.ID, p.AwardID, p.Person)
		_, there := v.limits[p.Limits]
		v.differ(there || p.Limits == 0, "approval %s of award %s: was under limits %d, which never were", p.ID, p.AwardID, p.Limits)
		v.stoodIn("approval "+p.ID.String(), p.Person, p.OnBehalfOf, p.CreatedAt)
		return nil
	})
	return rows, err
}

// adoptions checks that nobody recorded the adoption of what they wrote.
func (v verifier) adoptions() (rows int, err error) {
	err = store.Each(v.tx, func(p domain.ProgrammeVersion) error {
		rows++
		by := domain.Fold(p.RecordedBy)
		if doc, err := rules.Parse(p.Document); err == nil {
			v.learnt.documents[p.ID] = doc
		}
		v.differ(by == "" || by != p.WrittenBy || strings.HasPrefix(by, domain.SystemPerson), "programme version %s: %s wrote it and recorded its adoption", p.ID, by)
		return nil
	})
	return rows, err
}

// answered checks that what was issued for an award was answered for by as many
// people as the limits of then demanded, in order, none of whom had proposed it.
func (v verifier) answered(a domain.Award) {
	rounds, most, proposal := map[int64][]domain.Approval{}, int64(0), domain.Approval{}
	v.Lock()
	answers := v.answers[a.ID]
	v.Unlock()
	for _, p := range answers {
		if p.Step == domain.StepProposed {
			proposal = p
			continue
		}
		own := a.ByHand() && slices.ContainsFunc(p.People(), func(name string) bool { return slices.Contains(a.RecordedBy, name) })
		v.differ(!own, "award %s: %v proposed and approved it", a.ID, p.People())
		v.inTurn(a, p, len(rounds[p.AwardVersion]))
		rounds[p.AwardVersion] = append(rounds[p.AwardVersion], p)
	}
	for _, round := range rounds {
		last := round[len(round)-1]
		if last.Limits == 0 || v.limits[last.Limits].Needs(last.Amount, round) == (domain.Wanted{}) {
			most = max(most, last.Amount)
		}
	}
	decided := slices.ContainsFunc(answers, func(p domain.Approval) bool {
		return p.Step == domain.StepApproved && p.Person == domain.Fold(a.DecidedBy)
	})
	v.differ(a.DecidedBy == "" || a.State == domain.AwardRejected || decided, "award %s: decided by %s, who has not approved it", a.ID, a.DecidedBy)
	if a.ByHand() {
		most = max(most, v.proposedAs(a, proposal))
	}
	if needed := v.needed(a); needed > most {
		v.differ(false, "award %s: vouchers for %d were issued, people who may have approved only %d", a.ID, needed, most)
	}
	v.Lock()
	delete(v.answers, a.ID)
	v.Unlock()
}

// inTurn checks that an approval took a step of the limits that its role may take,
// after those before it.
func (v verifier) inTurn(a domain.Award, p domain.Approval, before int) {
	steps := v.limits[p.Limits].Steps
	if p.Number == 0 || p.Limits == 0 { // before steps were kept
		return
	}
	v.differ(p.Number <= len(steps) && steps[p.Number-1].Role == p.Role && p.Number <= before+1,
		"award %s: %s as %s took step %d after %d others, which the limits %d do not say", a.ID, p.Person, p.Role, p.Number, before, p.Limits)
}

// proposedAs checks the proposal of an award by hand, and gives what the limits let
// who proposed it give alone.
func (v verifier) proposedAs(a domain.Award, p domain.Approval) int64 {
	ended := a.State == domain.AwardRejected || a.State == domain.AwardWithdrawn || a.State == domain.AwardWithheld
	v.differ(slices.Equal(a.RecordedBy, []string{p.Person}) && (a.Amount == p.Amount || ended && a.Amount == 0),
		"award %s: %d by %v, %s proposed %d", a.ID, a.Amount, a.RecordedBy, p.Person, p.Amount)
	alone := v.limits[p.Limits].Grant(p.Role)
	if p.Amount <= alone {
		return p.Amount
	}
	return 0
}

// needed is the amount of an award's vouchers that somebody had to approve, less what
// was taken back.
func (v verifier) needed(a domain.Award) (amount int64) {
	issued := int64(0)
	list := slices.DeleteFunc(v.vouchers.of(a.ID), func(h *held) bool { return !h.original() })
	slices.SortFunc(list, func(a, b *held) int { return cmp.Compare(a.created, b.created) })
	for _, voucher := range list {
		issued += voucher.amount
		doc, err := v.document(v.tx, v.sorts.list[voucher.kind].version)
		if err != nil || a.ByHand() || doc.Mode == rules.Proposes || v.hadToWait(a, voucher.createdAt(), max(voucher.amount, issued-v.returned[a.ID])) {
			amount = issued
		}
	}
	return amount - v.returned[a.ID]
}

// byHand compares an award by hand with what was said of it: no visit says
// anything of it.
func (v verifier) byHand(ep episode, a domain.Award) error {
	v.traced("award", a.ID, "proposeGrant")
	withdrawn := v.audit.did("withdrawGrant", a.ID)
	v.differ((a.State == domain.AwardWithdrawn) == withdrawn, "award %s: is %s, the audit log says withdrawn %t", a.ID, a.State, withdrawn)
	v.differ(slices.Contains(a.WaitsBecause, domain.BecauseByHand), "award %s: is given by hand, it says that it waits because of %v", a.ID, a.WaitsBecause)
	v.differ(string(a.Explanation) == "{}" && a.ReachedOn == domain.DateOf(a.CreatedAt, v.loc), "award %s: is given by hand, yet explained, or on another day than it was proposed", a.ID)
	var state bool
	switch a.State {
	case domain.AwardProposed:
		state = a.Granted == 0 && a.Amount > 0
	case domain.AwardIssued:
		state = a.Granted == a.Amount && a.Amount > 0
	case domain.AwardRejected, domain.AwardWithdrawn, domain.AwardWithheld:
		state = a.Granted == 0 && a.Amount == 0
	}
	v.differ(state, "award %s: is %s at %d, of which %d is granted", a.ID, a.State, a.Amount, a.Granted)
	return v.issuedFor(ep, a)
}

// known gives the document of a version.
func (v verifier) known(version domain.ID) (rules.Document, error) {
	doc, ok := v.learnt.documents[version]
	if !ok {
		return doc, domain.OutOfReach()
	}
	return doc, nil
}
