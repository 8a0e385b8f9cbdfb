package vouchers

import (
	"encoding/json"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// attendance checks that each visit's events follow on each other and lie on
// the site's date.
func (v *verifier) attendance() (rows int, err error) {
	newest, events := map[domain.ID]int{}, map[domain.ID]int{}
	err = store.Each(v.tx, func(e domain.AttendanceEvent) error {
		rows++
		newest[e.AttendanceID] = max(e.Revision, newest[e.AttendanceID])
		events[e.AttendanceID]++
		if e.SourceRevision == 0 && e.Revision == 1 {
			v.traced("attendance", e.ID, "recordAttendance")
		}
		v.differ(e.LocalDate == domain.DateOf(e.OccurredAt, v.loc), "attendance event %s: stored for %s, was on %s", e.ID, e.LocalDate, domain.DateOf(e.OccurredAt, v.loc))
		return nil
	})
	for id, n := range events {
		v.differ(n == newest[id], "attendance %s: there are %d events, the newest is number %d", id, n, newest[id])
	}
	return rows, err
}

// awards replays every enrolment from its visits and compares what is due with
// what is stored, to the explanation's last letter.
func (v *verifier) awards() (rows int, err error) {
	enrolments, err := store.All[domain.Enrolment](v.tx, "id")
	if err != nil {
		return 0, err
	}
	for _, e := range enrolments {
		n, err := v.replay(e)
		if err != nil {
			return rows, err
		}
		rows += n + 1
	}
	for award, amount := range v.granted {
		v.differ(false, "award %s: vouchers for %d were issued, no such award is stored", award, amount)
	}
	return rows, nil
}

func (v *verifier) replay(e domain.Enrolment) (int, error) {
	doc, err := v.document(v.tx, e.VersionID)
	if err != nil {
		return 0, err
	}
	visits, err := history(v.tx, e)
	if err != nil {
		return 0, err
	}
	state, due := rules.Evaluate(doc, rules.Start(doc, e.StartDate), visits)
	text, err := json.Marshal(state)
	if err != nil {
		return 0, err
	}
	v.differ(slices.Equal(text, e.RuleState), "enrolment %s: the stored state is %s, its visits give %s", e.ID, e.RuleState, text)
	stored, err := store.All[domain.Award](v.tx, "milestone", store.Is("enrolment_id", e.ID))
	if err != nil {
		return 0, err
	}
	for _, a := range stored {
		i := slices.IndexFunc(due, func(d rules.Award) bool { return d.Milestone == a.Milestone })
		if i < 0 {
			v.differ(a.Amount == 0, "award %s: milestone %d is not reached, yet %d is due", a.ID, a.Milestone, a.Amount)
		} else {
			v.compare(a, due[i])
			due = slices.Delete(due, i, i+1)
		}
		v.differ(a.Granted == v.granted[a.ID], "award %s: %d is granted, vouchers for %d were issued", a.ID, a.Granted, v.granted[a.ID])
		v.traced("award", a.ID, "award")
		v.differ(a.State == wantedState(doc, a), "award %s: is %s, should be %s", a.ID, a.State, wantedState(doc, a))
		v.differ((a.State == domain.AwardRejected) == (v.audited[trace{"rejectAward", a.ID}] > 0), "award %s: is %s, the audit log says otherwise", a.ID, a.State)
		v.differ(a.State != domain.AwardIssued || a.Granted >= a.Amount, "award %s: %d is due, only %d was issued", a.ID, a.Amount, a.Granted)
		delete(v.granted, a.ID)
	}
	for _, d := range due {
		v.differ(false, "enrolment %s: milestone %d earned %d, no award is stored", e.ID, d.Milestone, d.Amount)
	}
	return len(stored), nil
}

// wantedState is the state in which an award with these amounts is, if nobody
// has rejected it.
func wantedState(doc rules.Document, a domain.Award) string {
	switch {
	case a.Granted > 0:
		return domain.AwardIssued
	case a.State == domain.AwardRejected:
		return a.State
	default:
		return openState(doc, a.Amount)
	}
}

func (v *verifier) compare(a domain.Award, d rules.Award) {
	explanation, err := json.Marshal(d.Explanation)
	v.differ(err == nil && a.Amount == d.Amount, "award %s: %d is stored, its visits earn %d", a.ID, a.Amount, d.Amount)
	v.differ(a.ReachedOn == d.Date, "award %s: stored as reached on %s, its visits say %s", a.ID, a.ReachedOn, d.Date)
	v.differ(slices.Equal(explanation, a.Explanation), "award %s: the stored explanation is not what its visits give", a.ID)
}
