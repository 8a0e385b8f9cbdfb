package vouchers

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
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
		switch {
		case e.SourceRevision > 0: // imported: the import has one entry for all
		case e.Revision == 1:
			v.traced("attendance", e.ID, "recordAttendance")
		case e.Withdrawn:
			v.traced("attendance", e.AttendanceID, "cancelAttendance")
		default:
			v.traced("attendance", e.AttendanceID, "correctAttendance")
		}
		if e.Revision == 1 {
			v.recorded[e.AttendanceID] = e.CreatedAt
		}
		visit := Fact{AttendanceFact, e.AttendanceID}
		v.recorders[visit] = append(v.recorders[visit], recordersOf(e)...)
		v.differ(e.LocalDate == domain.DateOf(e.OccurredAt, v.loc), "attendance event %s: stored for %s, was on %s", e.ID, e.LocalDate, domain.DateOf(e.OccurredAt, v.loc))
		return nil
	})
	for id, n := range events {
		v.differ(n == newest[id], "attendance %s: there are %d events, the newest is number %d", id, n, newest[id])
	}
	return rows, err
}

// awards replays every episode from its visits and compares what is due with
// what is stored, to the explanation's last letter.
func (v *verifier) awards() (rows int, err error) {
	episodes, whole, err := v.episodes()
	if err != nil || !whole { // what an episode counts beside it cannot be known
		return 0, err
	}
	if err := v.adjustments(); err != nil {
		return 0, err
	}
	for batch := range slices.Chunk(episodes, replayed) {
		if err := v.shelve(batch); err != nil {
			return rows, err
		}
		for _, ep := range batch {
			n, err := v.replay(ep)
			if err != nil {
				return rows, err
			}
			rows += n + len(ep)
		}
	}
	for _, voucher := range v.vouchers {
		v.like(voucher)
	}
	for award, amount := range v.granted {
		v.differ(false, "award %s: vouchers for %d were issued, no such award is stored", award, amount)
	}
	for award, list := range v.answers {
		v.differ(false, "award %s: %d approvals, no such award is stored", award, len(list))
	}
	return rows, nil
}

// replayed is how many episodes are told again from what was read in one go.
const replayed = 1000

// shelve reads what replaying these episodes asks for.
func (v *verifier) shelve(batch []episode) error {
	var plans, enrolments []domain.ID
	for _, ep := range batch {
		for _, c := range ep {
			plans, enrolments = append(plans, c.PlanID), append(enrolments, c.ID)
		}
	}
	if err := store.Shelve[domain.Plan](v.tx, "id", "", plans); err != nil {
		return err
	}
	all, err := store.All[domain.Plan](v.tx, "", store.In("id", plans))
	if err != nil {
		return err
	}
	citizens := make([]domain.ID, len(all))
	for i, p := range all {
		citizens[i] = p.CitizenID
	}
	return errors.Join(
		store.Shelve[domain.Plan](v.tx, "citizen_id", "", citizens),
		store.Shelve[domain.Enrolment](v.tx, "plan_id", "id", plans),
		store.Shelve[domain.AttendanceEvent](v.tx, "plan_id", "plan_id, attendance_id, revision", plans),
		store.Shelve[domain.Goal](v.tx, "plan_id", "", plans),
		store.Shelve[domain.Pause](v.tx, "plan_id", "", plans),
		store.Shelve[domain.Award](v.tx, "enrolment_id", "milestone, id", enrolments),
		store.Shelve[domain.DrawSeed](v.tx, "enrolment_id", "", enrolments),
		store.Shelve[domain.HatEntry](v.tx, "enrolment_id", "", enrolments),
	)
}

func (v *verifier) replay(ep episode) (int, error) {
	if err := v.chapters(ep); err != nil {
		return 0, err
	}
	out, err := v.outside(ep)
	if err != nil {
		return 0, err
	}
	tale, err := v.tell(v.tx, ep, out, domain.Date{})
	if domain.KindOf(err) == domain.Invalid { // a move that cannot be
		v.differ(false, "enrolment %s: cannot be told again: %v", ep.last().ID, err)
		return len(ep), nil
	}
	if err != nil {
		return 0, err
	}
	for i, c := range ep {
		text, err := json.Marshal(tale.states[i])
		if err != nil {
			return 0, err
		}
		v.differ(slices.Equal(text, c.RuleState), "enrolment %s: the stored state is %s, its visits give %s", c.ID, c.RuleState, text)
		if err := v.committed(c.Enrolment); err != nil {
			return 0, err
		}
	}
	awards, err := store.All[domain.Award](v.tx, "milestone, id", store.In("enrolment_id", ep.ids()))
	if err != nil {
		return 0, err
	}
	for i, a := range awards {
		v.differ(i == 0 || a.Milestone != awards[i-1].Milestone, "award %s: its episode has milestone %d already", a.ID, a.Milestone)
		if a.ByHand() {
			err = v.byHand(ep, a)
		} else {
			err = v.award(ep, &tale, a)
		}
		if err != nil {
			return 0, err
		}
	}
	for _, d := range tale.due {
		v.differ(false, "enrolment %s: milestone %d earned %d, no award is stored", d.enrolment.ID, d.Milestone, d.Amount)
	}
	return len(awards), nil
}

// award compares one stored award with what is due, and takes that off the tale.
func (v *verifier) award(ep episode, tale *tale, a domain.Award) error {
	doc, err := v.document(v.tx, a.VersionID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(tale.due, func(d due) bool { return d.Milestone == a.Milestone })
	if i < 0 {
		v.differ(a.Amount == 0, "award %s: milestone %d is not reached, yet %d is due", a.ID, a.Milestone, a.Amount)
	} else {
		v.compare(a, tale.due[i])
		tale.due = slices.Delete(tale.due, i, i+1)
	}
	v.traced("award", a.ID, "award")
	v.differ(a.State == laterState(doc, a), "award %s: is %s, should be %s", a.ID, a.State, laterState(doc, a))
	v.differ(a.State != domain.AwardIssued || a.Granted >= a.Amount, "award %s: %d is due, only %d was issued", a.ID, a.Amount, a.Granted)
	v.differ(!doc.TakesBack() || a.Granted <= a.Amount || !v.untouched[a.ID], "award %s: %d is granted and %d due, yet a voucher that nobody has used is not taken back", a.ID, a.Granted, a.Amount)
	return v.issuedFor(ep, a)
}

// issuedFor compares an award with its enrolment, its vouchers and who decided on
// it.
func (v *verifier) issuedFor(ep episode, a domain.Award) error {
	doc, err := v.document(v.tx, a.VersionID)
	if err != nil {
		return err
	}
	e := ep[slices.IndexFunc(ep, func(c chapter) bool { return c.ID == a.EnrolmentID })]
	granted := v.granted[a.ID] - v.returned[a.ID]
	v.differ(a.Granted == granted, "award %s: %d is granted, vouchers for %d were issued and not taken back", a.ID, a.Granted, granted)
	v.differ(a.UnitID == e.UnitID && a.ProgrammeID == e.ProgrammeID && slices.Contains(ep.versions(), a.VersionID) && a.Currency == doc.Currency,
		"award %s: its unit, programme, version or currency is not that of its enrolment", a.ID)
	v.decided(a)
	v.answered(a)
	v.terms[a.ID] = terms{a, ep.versions()}
	delete(v.granted, a.ID)
	return nil
}

// terms are what an award's vouchers must be like: issued under one of the
// versions that its episode has been in.
type terms struct {
	award    domain.Award
	versions []domain.ID
}

// like compares a voucher with its award and the document of its version.
func (v *verifier) like(voucher domain.Voucher) {
	t, ok := v.terms[voucher.AwardID]
	if !ok {
		return // told already: vouchers of an award that is not stored
	}
	v.differ(voucher.UnitID == t.award.UnitID && voucher.ProgrammeID == t.award.ProgrammeID && voucher.Currency == t.award.Currency,
		"voucher %s: its unit, programme or currency is not that of its award", voucher.ID)
	if !slices.Contains(t.versions, voucher.VersionID) {
		v.differ(false, "voucher %s: is issued under version %s, in which its enrolment never was", voucher.ID, voucher.VersionID)
		return
	}
	doc, err := v.document(v.tx, voucher.VersionID)
	if err != nil {
		v.differ(false, "voucher %s: its version cannot be read: %v", voucher.ID, err)
		return
	}
	says := doc.Voucher
	v.differ(voucher.Partial == says.Partial && slices.Equal(voucher.Categories, domain.Strings(says.Categories)) && slices.Equal(voucher.Excluded, domain.Strings(says.Excluded)),
		"voucher %s: what it may be used for is not what its programme says", voucher.ID)
	from, to := voucher.CreatedAt, validTo(voucher.CreatedAt, says.ValidDays, v.loc)
	if voucher.ReplacesID != nil {
		old := v.vouchers[*voucher.ReplacesID]
		from, to = old.ValidFrom, old.ValidTo
	}
	v.differ(voucher.ValidFrom.Equal(from) && voucher.ValidTo.Equal(to), "voucher %s: is valid from %s to %s, should be from %s to %s", voucher.ID, voucher.ValidFrom, voucher.ValidTo, from, to)
}

// adjustments learns what was taken off the granted amounts because a voucher
// was voided.
func (v *verifier) adjustments() error {
	return store.Each(v.tx, func(a domain.AwardAdjustment) error {
		if back := a.GrantedBefore - a.GrantedAfter; back > 0 {
			v.returned[a.AwardID] += back
			voucher, err := uuid.Parse(a.Cause)
			v.differ(err == nil && v.vouchers[voucher].State == domain.Void && v.vouchers[voucher].AwardID == a.AwardID,
				"award adjustment %s: takes %d back for a voucher that is not void", a.ID, back)
		}
		return nil
	})
}

// decided checks that an award was decided on as the audit log says.
func (v *verifier) decided(a domain.Award) {
	approved, rejected := v.audited[trace{"approveAward", a.ID}] > 0, v.audited[trace{"rejectAward", a.ID}] > 0
	v.differ((a.State == domain.AwardRejected) == rejected, "award %s: is %s, the audit log says rejected %t", a.ID, a.State, rejected)
	v.differ((a.DecidedBy != "") == (approved || rejected), "award %s: decided by %q, the audit log says decided %t", a.ID, a.DecidedBy, approved || rejected)
}

func (v *verifier) compare(a domain.Award, d due) {
	explanation, err := json.Marshal(d.Explanation)
	v.differ(err == nil && a.Amount == d.Amount, "award %s: %d is stored, its visits earn %d", a.ID, a.Amount, d.Amount)
	v.differ(a.VersionID == d.version, "award %s: stored under version %s, its visits were under %s", a.ID, a.VersionID, d.version)
	v.differ(a.ReachedOn == d.Date, "award %s: stored as reached on %s, its visits say %s", a.ID, a.ReachedOn, d.Date)
	v.differ(slices.Equal(explanation, a.Explanation), "award %s: the stored explanation is not what its visits give", a.ID)
	var recorders []string
	for _, text := range d.Explanation.Opportunities {
		fact, err := ReadFact(text)
		v.differ(err == nil, "award %s: rests on %q, which is no fact", a.ID, text)
		recorders = append(recorders, v.recorders[fact]...)
	}
	v.differ(slices.Equal(distinct(recorders), a.RecordedBy), "award %s: what it rests on was recorded by others than it says", a.ID)
}
