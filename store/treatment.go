package store

import "github.com/fasthold/fasthold/domain"

// Outcomes counts the visits of one plan in one unit with one outcome.
type Outcomes struct {
	UnitID, PlanID domain.ID
	Outcome        string
	Visits         int64
}

// OutcomesBetween counts the visits of units from one day to another as they are told
// now, by plan.
func (tx *Tx) OutcomesBetween(units []domain.ID, first, last domain.Date) (all []Outcomes, err error) {
	err = scoped[domain.Attendance](tx, []Cond{In("unit_id", units), From("local_date", first), To("local_date", last), Is("withdrawn", false)}).
		Select("unit_id, plan_id, outcome, COUNT(*) AS visits").Group("unit_id, plan_id, outcome").Scan(&all).Error
	return all, err
}

// Received is that a citizen got vouchers that were earned under a programme in a unit.
type Received struct{ UnitID, ProgrammeID, CitizenID domain.ID }

// ReceivedBetween says who got vouchers that were earned from one day to another in the
// books, those that Delays counts.
func (tx *Tx) ReceivedBetween(units []domain.ID, first, last domain.Date) (all []Received, err error) {
	if len(units) == 0 {
		return nil, nil
	}
	err = tx.db().Raw(`SELECT DISTINCT v.unit_id, v.programme_id, p.citizen_id FROM ledger_postings AS issued
		JOIN vouchers AS v ON v.municipality_id = issued.municipality_id AND v.id = issued.voucher_id
		JOIN awards AS a ON a.municipality_id = v.municipality_id AND a.id = v.award_id
		JOIN enrolments AS e ON e.municipality_id = a.municipality_id AND e.id = a.enrolment_id
		JOIN plans AS p ON p.municipality_id = e.municipality_id AND p.id = e.plan_id
		WHERE issued.municipality_id = @home AND issued.account = 'outstanding' AND issued.event = 'issue' AND issued.booked_on >= @first AND issued.booked_on <= @last AND v.unit_id IN @units AND a.milestone > 0`,
		map[string]any{"home": tx.actor.MunicipalityID, "first": first, "last": last, "units": units}).Scan(&all).Error
	return all, err
}
