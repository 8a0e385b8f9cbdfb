package vouchers

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// eventLine is what the checks need of an attendance event.
type eventLine struct {
	ID             domain.ID
	AttendanceID   domain.ID
	Revision       int
	OccurredAt     time.Time
	LocalDate      domain.Date
	Withdrawn      bool
	SourceRevision int
	CreatedAt      time.Time
}

// TableName names the table.
func (eventLine) TableName() string { return "attendance_events" }

// attendance checks that each visit's events follow on each other and lie on
// the site's date.
func (v verifier) attendance() (rows int, err error) {
	if err := v.wanted(); err != nil {
		return 0, err
	}
	newest, events := map[domain.ID]int{}, map[domain.ID]int{} // of the visits with more than one
	err = store.Sweep(v.tx, func(e eventLine) error {
		newest[e.AttendanceID] = max(e.Revision, newest[e.AttendanceID])
		return nil
	}, store.Not("revision", 1))
	if err != nil {
		return 0, err
	}
	zone := dates{loc: v.loc}
	err = store.Sweep(v.tx, func(e eventLine) error {
		rows++
		if _, more := newest[e.AttendanceID]; more {
			events[e.AttendanceID]++
		}
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
			v.record(e.AttendanceID, e.CreatedAt)
		}
		if on := zone.of(e.OccurredAt); e.LocalDate != on {
			v.differ(false, "attendance event %s: stored for %s, was on %s", e.ID, e.LocalDate, on)
		}
		return nil
	})
	for id, n := range newest {
		v.differ(n == events[id], "attendance %s: there are %d events, the newest is number %d", id, events[id], n)
	}
	return rows, err
}

// enrolments puts the enrolments that continue each other together.
func (v verifier) enrolments() (rows int, err error) {
	list, whole, err := v.told()
	if err != nil {
		return 0, err
	}
	if !whole { // what an episode counts beside it cannot be known
		for i := range v.vouchers.list {
			v.vouchers.list[i].seen = true // no award is read
		}
		return 0, store.Each(v.tx, v.drawAgain, store.Is("state", domain.AwardIssued))
	}
	v.episodes = list
	for _, ep := range list {
		rows += len(ep)
	}
	return rows, v.adjustments()
}

// awards replays every episode from its visits and compares what is due with
// what is stored, to the explanation's last letter: the nth part of so many.
func (v verifier) awards(n, parts int) (rows int, err error) {
	i := 0
	for batch := range slices.Chunk(v.episodes, replayed) {
		if i++; i%parts != n {
			continue
		}
		if err := v.shelve(batch); err != nil {
			return rows, err
		}
		for _, ep := range batch {
			n, err := v.replay(ep)
			if err != nil {
				return rows, err
			}
			rows += n
		}
	}
	return rows, nil
}

// leftOver names the vouchers and the approvals of awards that are not stored.
func (v verifier) leftOver() (rows int, err error) {
	granted := map[domain.ID]int64{}
	for i := range v.vouchers.list {
		if voucher := &v.vouchers.list[i]; !voucher.seen && voucher.original() {
			granted[voucher.award] += voucher.amount
		}
	}
	for award, amount := range granted {
		v.differ(false, "award %s: vouchers for %d were issued, no such award is stored", award, amount)
	}
	for award, list := range v.answers {
		v.differ(len(v.episodes) == 0, "award %s: %d approvals, no such award is stored", award, len(list))
	}
	v.differ(len(v.episodes) == 0 || v.heldMet == len(v.heldBack), "withholdings: %d awards are withheld, only %d of them are stored", len(v.heldBack), v.heldMet)
	return len(granted), nil
}

// replayed is how many episodes are told again from what was read in one go.
const replayed = 1000

// shelve reads what replaying these episodes asks for.
func (v verifier) shelve(batch []episode) error {
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

func (v verifier) replay(ep episode) (int, error) {
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
		v.needsApproval(c.Enrolment)
		if err := v.committed(c.Enrolment); err != nil {
			return 0, err
		}
	}
	awards, err := store.All[domain.Award](v.tx, "milestone, id", store.In("enrolment_id", ep.ids()))
	if err != nil {
		return 0, err
	}
	recorders, err := v.recorders(ep)
	if err != nil {
		return 0, err
	}
	for i, a := range awards {
		v.differ(i == 0 || a.Milestone != awards[i-1].Milestone, "award %s: its episode has milestone %d already", a.ID, a.Milestone)
		if a.ByHand() {
			err = v.byHand(ep, a)
		} else {
			err = v.award(ep, &tale, a, recorders)
		}
		if err == nil {
			err = v.drawAgain(a)
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

// recorders tells of each fact of an episode who said something of it.
func (v verifier) recorders(ep episode) (map[Fact][]string, error) {
	said := map[Fact][]string{}
	for _, c := range ep {
		events, err := store.All[domain.AttendanceEvent](v.tx, "plan_id, attendance_id, revision", store.Is("plan_id", c.PlanID))
		if err != nil {
			return nil, err
		}
		goals, err := store.All[domain.Goal](v.tx, "", store.Is("plan_id", c.PlanID))
		if err != nil {
			return nil, err
		}
		plan, err := store.Get[domain.Plan](v.tx, c.PlanID)
		if err != nil && domain.KindOf(err) != domain.NotFound {
			return nil, err
		}
		for _, g := range goals {
			said[Fact{GoalFact, g.ID}] = g.ReachedBy
		}
		said[Fact{PlanFact, plan.ID}] = []string{plan.EndedBy}
		if len(ep) > 1 { // a plan may have several chapters
			for _, e := range events {
				delete(said, Fact{AttendanceFact, e.AttendanceID})
			}
		}
		for _, e := range events {
			visit := Fact{AttendanceFact, e.AttendanceID}
			said[visit] = append(said[visit], recordersOf(e)...)
		}
	}
	return said, nil
}

// award compares one stored award with what is due, and takes that off the tale.
func (v verifier) award(ep episode, tale *tale, a domain.Award, recorders map[Fact][]string) error {
	doc, err := v.document(v.tx, a.VersionID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(tale.due, func(d due) bool { return d.Milestone == a.Milestone })
	if i < 0 {
		v.differ(a.Amount == 0, "award %s: milestone %d is not reached, yet %d is due", a.ID, a.Milestone, a.Amount)
	} else {
		v.compare(a, tale.due[i], recorders)
		tale.due = slices.Delete(tale.due, i, i+1)
	}
	v.traced("award", a.ID, "award")
	v.differ(a.State == laterState(a) || v.waits(a), "award %s: is %s, should be %s", a.ID, a.State, laterState(a))
	v.demanded(ep, a, doc)
	v.differ(a.State != domain.AwardIssued || a.Granted >= a.Amount, "award %s: %d is due, only %d was issued", a.ID, a.Amount, a.Granted)
	v.differ(!doc.TakesBack() || a.Granted <= a.Amount || !slices.ContainsFunc(v.vouchers.of(a.ID), (*held).fresh), "award %s: %d is granted and %d due, yet a voucher that nobody has used is not taken back", a.ID, a.Granted, a.Amount)
	return v.issuedFor(ep, a)
}

// decided checks that an award was decided on as the audit log says.
func (v verifier) decided(a domain.Award) {
	approved, rejected := v.audit.did("approveAward", a.ID), v.audit.did("rejectAward", a.ID)
	v.differ((a.State == domain.AwardRejected) == rejected, "award %s: is %s, the audit log says rejected %t", a.ID, a.State, rejected)
	v.differ((a.DecidedBy != "") == (approved || rejected), "award %s: decided by %q, the audit log says decided %t", a.ID, a.DecidedBy, approved || rejected)
}

func (v verifier) compare(a domain.Award, d due, said map[Fact][]string) {
	explanation, err := d.Explanation.MarshalJSON() // as json.Marshal, which would read it once more
	v.differ(err == nil && a.Amount == d.Amount, "award %s: %d is stored, its visits earn %d", a.ID, a.Amount, d.Amount)
	v.differ(a.VersionID == d.version, "award %s: stored under version %s, its visits were under %s", a.ID, a.VersionID, d.version)
	v.differ(a.ReachedOn == d.Date, "award %s: stored as reached on %s, its visits say %s", a.ID, a.ReachedOn, d.Date)
	v.differ(slices.Equal(explanation, a.Explanation), "award %s: the stored explanation is not what its visits give", a.ID)
	var recorders []string
	for _, text := range d.Explanation.Opportunities {
		fact, err := ReadFact(text)
		v.differ(err == nil, "award %s: rests on %q, which is no fact", a.ID, text)
		recorders = append(recorders, said[fact]...)
	}
	v.differ(slices.Equal(distinct(recorders), a.RecordedBy), "award %s: what it rests on was recorded by others than it says", a.ID)
}
