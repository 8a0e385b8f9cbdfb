package vouchers

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// settlement is what caused awards to be brought in line with the rules, and
// where what came of it is told.
type settlement struct {
	cause  string // the attendance event, another fact, the move or the award decided on, or "enrolment"
	result *Earned
	sunk   bool // the episode is known to be worth less than before
	alone  bool // those that share a cap with it are not evaluated again
}

// settle brings the stored awards, of an episode's milestones from the first one
// that is due, in line with what the rules say is due.
func (s *Service) settle(tx *store.Tx, st settlement, there []domain.Award, dues []due) error {
	for _, d := range dues {
		i := slices.IndexFunc(there, func(a domain.Award) bool { return a.Milestone == d.Milestone })
		var err error
		if i < 0 {
			err = s.award(tx, st, d)
		} else {
			err = s.adjust(tx, st, there[i], d)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unreached takes back the milestones that are stored and, says a replay, are
// no longer reached.
func (s *Service) unreached(tx *store.Tx, st settlement, there []domain.Award, dues []due) error {
	for _, a := range there {
		if reached := slices.ContainsFunc(dues, func(d due) bool { return d.Milestone == a.Milestone }); !reached && a.Amount > 0 {
			if err := s.takeBack(tx, st, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// awardsFrom reads the awards of an enrolment's episode from a milestone on; from
// 0 also those given by hand.
// Milestones of the enrolment before are there where a correction took them back.
func (s *Service) awardsFrom(tx *store.Tx, e domain.Enrolment, milestone int) ([]domain.Award, error) {
	of := store.Is("enrolment_id", e.ID)
	if e.ContinuesID != nil {
		ep, err := episodeOf(tx, e)
		if err != nil {
			return nil, err
		}
		of = store.In("enrolment_id", ep.ids())
	}
	return store.All[domain.Award](tx, "milestone", of, store.From("milestone", milestone))
}

// award stores a newly reached milestone and, in an automatic programme, issues
// its voucher.
func (s *Service) award(tx *store.Tx, st settlement, d due) error {
	doc, err := s.document(tx, d.version)
	if err != nil {
		return err
	}
	e := d.enrolment
	a := domain.Award{
		MunicipalityID: e.MunicipalityID, ID: store.NewID(), EnrolmentID: e.ID, UnitID: e.UnitID, ProgrammeID: e.ProgrammeID,
		VersionID: d.version, Milestone: d.Milestone, Amount: d.Amount, Currency: doc.Currency, ReachedOn: d.Date, Version: 1, CreatedAt: s.now(),
	}
	if err := explain(tx, &a, d.Award); err != nil {
		return err
	}
	if err := s.demand(tx, &a, doc, e); err != nil {
		return err
	}
	state, err := s.funded(tx, &a, openState(a))
	if err != nil {
		return err
	}
	a.Become(state, a.CreatedAt)
	var vouchers []domain.Voucher
	if a.State == domain.AwardIssued {
		v, err := s.issue(tx, &a, doc)
		if err != nil {
			return err
		}
		vouchers = []domain.Voucher{v}
	}
	if err := store.Insert(tx, &a); err != nil {
		return err
	}
	st.result.tell(a)
	st.result.Vouchers = append(st.result.Vouchers, vouchers...)
	return tx.Audit("award", "award", a.ID, a.CreatedAt, domain.Detail(map[string]any{"milestone": a.Milestone, "amount": a.Amount, "state": a.State}))
}

// funded asks the budget for what an award costs in a state, and gives the state
// that it then has: what would be issued waits as a proposal while there is no money.
func (s *Service) funded(tx *store.Tx, a *domain.Award, state string) (string, error) {
	a.State = state
	enough, err := s.fund(tx, a)
	if !enough && state == domain.AwardIssued {
		state = domain.AwardProposed
	}
	return state, err
}

// demand says in an award why it must be approved, and by which limits. What is
// issued for it before somebody had to stays issued.
func (s *Service) demand(tx *store.Tx, a *domain.Award, doc rules.Document, e domain.Enrolment) error {
	a.WaitsBecause, a.Limits = domain.Strings{}, 0
	if a.Amount == 0 {
		return nil
	}
	if doc.Mode == rules.Proposes {
		a.WaitsBecause = append(a.WaitsBecause, domain.BecauseProgramme)
	} else {
		l, err := limitsNow(tx, a.ProgrammeID)
		if err != nil {
			return err
		}
		if a.Limits = l.Number; l.Waits(a.Amount) {
			a.WaitsBecause = append(a.WaitsBecause, domain.BecauseAmount)
		}
	}
	today, err := s.today(tx)
	if err == nil && e.NeedsApproval(today) {
		a.WaitsBecause = append(a.WaitsBecause, domain.BecausePerson)
	}
	return err
}

// openState is the state of an award that nobody has decided on yet.
func openState(a domain.Award) string {
	switch {
	case a.Amount == 0:
		return unpaidState(a)
	case len(a.WaitsBecause) > 0:
		return domain.AwardProposed
	default:
		return domain.AwardIssued
	}
}

// laterState is the state of an award whose amount may have changed. A rejected or
// withheld one stays so. What is missing of one that somebody must approve waits:
// nobody has approved so much.
func laterState(a domain.Award) string {
	switch {
	case a.State == domain.AwardRejected, a.State == domain.AwardWithheld:
		return a.State
	case a.Granted == 0:
		return openState(a)
	case a.Granted < a.Amount && len(a.WaitsBecause) > 0:
		return domain.AwardProposed
	default:
		return domain.AwardIssued
	}
}

// unpaidState is the state of an award that pays nothing: denied, unless all that
// it drew were kind words, or the group's hat is not drawn yet.
func unpaidState(a domain.Award) string {
	var e rules.Explanation
	err := json.Unmarshal(a.Explanation, &e)
	switch {
	case err != nil || !e.Blank():
		return domain.AwardDenied
	case e.Draws.Commitment == "":
		return domain.AwardUndrawn
	default:
		return domain.AwardNoPrize
	}
}

// adjust brings a stored award to what is now due. What is missing is issued at
// once; what was issued too much is on record, and stays with the citizen unless
// the rules say otherwise.
func (s *Service) adjust(tx *store.Tx, st settlement, a domain.Award, d due) error {
	doc, err := s.document(tx, d.version)
	if err != nil {
		return err
	}
	before := a
	a.Amount, a.ReachedOn, a.VersionID = d.Amount, d.Date, d.version
	if err := explain(tx, &a, d.Award); err != nil {
		return err
	}
	if same(a, before) {
		return nil
	}
	if err := s.demand(tx, &a, doc, d.enrolment); err != nil {
		return err
	}
	return s.bring(tx, st, doc, before, a)
}

// same reports whether nothing is told differently of an award.
func same(a, b domain.Award) bool {
	return a.Amount == b.Amount && a.ReachedOn == b.ReachedOn && a.VersionID == b.VersionID &&
		slices.Equal(a.Explanation, b.Explanation) && slices.Equal(a.RecordedBy, b.RecordedBy)
}

// takeBack records that a milestone is no longer reached.
func (s *Service) takeBack(tx *store.Tx, st settlement, a domain.Award) error {
	doc, err := s.document(tx, a.VersionID)
	if err != nil {
		return err
	}
	before := a
	a.Amount, a.WaitsBecause, a.Limits = 0, domain.Strings{}, 0
	return s.bring(tx, st, doc, before, a)
}

// bring stores an award that is now worth another amount: it takes back what the
// rules say to take back, and issues what is missing.
func (s *Service) bring(tx *store.Tx, st settlement, doc rules.Document, before, a domain.Award) error {
	a.State = laterState(a)
	if doc.TakesBack() && a.Granted > a.Amount {
		var err error
		if before, err = s.clawBack(tx, st, before, a); err != nil {
			return err
		}
		a.Granted, a.Version = before.Granted, before.Version
		a.State = laterState(a)
	}
	state, err := s.funded(tx, &a, a.State)
	if err != nil {
		return err
	}
	a.Become(state, s.now())
	if a.State == domain.AwardIssued && a.Owed() > 0 {
		v, err := s.issue(tx, &a, doc)
		if err != nil {
			return err
		}
		st.result.Vouchers = append(st.result.Vouchers, v)
	}
	return s.saveAward(tx, st, before, a)
}

func (s *Service) saveAward(tx *store.Tx, st settlement, before, a domain.Award) error {
	err := store.Set[domain.Award](tx, a.ID, a.Version, map[string]any{
		"amount": a.Amount, "granted": a.Granted, "state": a.State, "version_id": a.VersionID, "reached_on": a.ReachedOn,
		"explanation": a.Explanation, "recorded_by": a.RecordedBy, "budget_id": a.BudgetID, "reserved": a.Reserved,
		"waits_because": a.WaitsBecause, "waits_since": a.WaitsSince, "limits": a.Limits,
	})
	if err != nil {
		return err
	}
	a.Version++
	st.result.tell(a)
	adjustment := domain.AwardAdjustment{
		MunicipalityID: a.MunicipalityID, ID: store.NewID(), AwardID: a.ID, AmountBefore: before.Amount, AmountAfter: a.Amount,
		GrantedBefore: before.Granted, GrantedAfter: a.Granted, Cause: st.cause, CreatedAt: s.now(),
	}
	if err := tx.Append(&adjustment); err != nil {
		return err
	}
	return tx.Audit("adjustAward", "award", a.ID, adjustment.CreatedAt, domain.Detail(map[string]any{"before": before.Amount, "after": a.Amount, "granted": a.Granted}))
}

// explain writes the rules' explanation into the award, and who recorded the
// facts that it rests on.
func explain(tx *store.Tx, a *domain.Award, d rules.Award) error {
	explanation, err := json.Marshal(d.Explanation)
	if err != nil {
		return err
	}
	names, err := recorders(tx, d.Explanation.Opportunities)
	a.Explanation, a.RecordedBy = explanation, distinct(names)
	return err
}

// recordersOf are those who recorded an event, here and in the system that it
// came from, in small letters.
func recordersOf(e domain.AttendanceEvent) []string {
	if e.SourceRecordedBy == "" {
		return []string{strings.ToLower(e.RecordedBy)}
	}
	return []string{strings.ToLower(e.RecordedBy), strings.ToLower(e.SourceRecordedBy)}
}

// distinct sorts names and leaves each once.
func distinct(names []string) domain.Strings {
	slices.Sort(names)
	return append(domain.Strings{}, slices.Compact(names)...)
}
