package vouchers

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// settlement carries what settling one enrolment's awards needs.
type settlement struct {
	enrolment domain.Enrolment
	doc       rules.Document
	cause     string // the attendance event, or "enrolment"
	result    *Attended
}

// settle brings the stored awards in line with what the rules say is due. After
// a replay, due is the whole truth, and a milestone that is no longer reached is
// worth nothing; otherwise due holds only what is new.
func (s *Service) settle(tx *store.Tx, e domain.Enrolment, doc rules.Document, due []rules.Award, replay bool, event domain.ID, result *Attended) error {
	if len(due) == 0 && !replay {
		return nil
	}
	st := settlement{enrolment: e, doc: doc, cause: event.String(), result: result}
	if event == (domain.ID{}) {
		st.cause = "enrolment"
	}
	first := 0 // of the milestones that can change: all of them after a replay
	if !replay {
		first = due[0].Milestone
	}
	there, err := store.All[domain.Award](tx, "milestone", store.Is("enrolment_id", e.ID), store.From("milestone", first))
	if err != nil {
		return err
	}
	for _, d := range due {
		i := slices.IndexFunc(there, func(a domain.Award) bool { return a.Milestone == d.Milestone })
		if i < 0 {
			err = s.award(tx, st, d)
		} else {
			err = s.adjust(tx, st, there[i], d)
		}
		if err != nil {
			return err
		}
	}
	if !replay {
		return nil
	}
	for _, a := range there {
		if reached := slices.ContainsFunc(due, func(d rules.Award) bool { return d.Milestone == a.Milestone }); !reached && a.Amount > 0 {
			if err := s.takeBack(tx, st, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// award stores a newly reached milestone and, in an automatic programme, issues
// its voucher.
func (s *Service) award(tx *store.Tx, st settlement, d rules.Award) error {
	a := domain.Award{
		MunicipalityID: st.enrolment.MunicipalityID, ID: store.NewID(), EnrolmentID: st.enrolment.ID, UnitID: st.enrolment.UnitID,
		ProgrammeID: st.enrolment.ProgrammeID, VersionID: st.enrolment.VersionID, Milestone: d.Milestone, Amount: d.Amount,
		Currency: st.doc.Currency, ReachedOn: d.Date, Version: 1, CreatedAt: s.now(),
	}
	if err := explain(tx, &a, d); err != nil {
		return err
	}
	a.State = openState(st.doc, a.Amount)
	var vouchers []domain.Voucher
	if a.State == domain.AwardIssued {
		v, err := s.issue(tx, a, a.Amount, st.doc)
		if err != nil {
			return err
		}
		a.Granted, vouchers = a.Amount, []domain.Voucher{v}
	}
	if err := store.Insert(tx, &a); err != nil {
		return err
	}
	st.result.Awards, st.result.Vouchers = append(st.result.Awards, a), append(st.result.Vouchers, vouchers...)
	return tx.Audit("award", "award", a.ID, a.CreatedAt, detail(map[string]any{"milestone": a.Milestone, "amount": a.Amount, "state": a.State}))
}

// openState is the state of an award that nobody has decided on yet.
func openState(doc rules.Document, amount int64) string {
	switch {
	case amount == 0:
		return domain.AwardDenied
	case doc.Mode == "proposes":
		return domain.AwardProposed
	default:
		return domain.AwardIssued
	}
}

// adjust brings a stored award to what is now due. What is missing is issued at
// once; what was issued too much stays with the citizen and is on record.
func (s *Service) adjust(tx *store.Tx, st settlement, a domain.Award, d rules.Award) error {
	before := a
	a.Amount, a.ReachedOn = d.Amount, d.Date
	if err := explain(tx, &a, d); err != nil {
		return err
	}
	if a.Amount == before.Amount && a.ReachedOn == before.ReachedOn && slices.Equal(a.Explanation, before.Explanation) && slices.Equal(a.RecordedBy, before.RecordedBy) {
		return nil
	}
	if a.State != domain.AwardRejected && a.Granted == 0 {
		a.State = openState(st.doc, a.Amount)
	}
	if missing := a.Amount - a.Granted; missing > 0 && a.State == domain.AwardIssued {
		v, err := s.issue(tx, a, missing, st.doc)
		if err != nil {
			return err
		}
		a.Granted = a.Amount
		st.result.Vouchers = append(st.result.Vouchers, v)
	}
	return s.saveAward(tx, st, before, a)
}

// takeBack records that a milestone is no longer reached.
func (s *Service) takeBack(tx *store.Tx, st settlement, a domain.Award) error {
	before := a
	a.Amount = 0
	if a.Granted == 0 && a.State != domain.AwardRejected {
		a.State = domain.AwardDenied
	}
	return s.saveAward(tx, st, before, a)
}

func (s *Service) saveAward(tx *store.Tx, st settlement, before, a domain.Award) error {
	err := store.Set[domain.Award](tx, a.ID, a.Version, map[string]any{
		"amount": a.Amount, "granted": a.Granted, "state": a.State, "reached_on": a.ReachedOn,
		"explanation": a.Explanation, "recorded_by": a.RecordedBy,
	})
	if err != nil {
		return err
	}
	a.Version++
	st.result.Awards = append(st.result.Awards, a)
	adjustment := domain.AwardAdjustment{
		MunicipalityID: a.MunicipalityID, ID: store.NewID(), AwardID: a.ID, AmountBefore: before.Amount, AmountAfter: a.Amount,
		GrantedBefore: before.Granted, GrantedAfter: a.Granted, Cause: st.cause, CreatedAt: s.now(),
	}
	if err := tx.Append(&adjustment); err != nil {
		return err
	}
	return tx.Audit("adjustAward", "award", a.ID, adjustment.CreatedAt, detail(map[string]any{"before": before.Amount, "after": a.Amount, "granted": a.Granted}))
}

// explain writes the rules' explanation into the award, and who recorded the
// visits that it rests on.
func explain(tx *store.Tx, a *domain.Award, d rules.Award) error {
	explanation, err := json.Marshal(d.Explanation)
	if err != nil {
		return err
	}
	ids := make([]domain.ID, len(d.Explanation.Opportunities))
	for i, text := range d.Explanation.Opportunities {
		if ids[i], err = uuid.Parse(text); err != nil {
			return fmt.Errorf("explain award: %w", err)
		}
	}
	events, err := store.All[domain.AttendanceEvent](tx, "", store.In("attendance_id", ids))
	if err != nil {
		return err
	}
	var recorders []string
	for _, e := range events {
		recorders = append(recorders, recordersOf(e)...)
	}
	a.Explanation, a.RecordedBy = explanation, distinct(recorders)
	return nil
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
