package vouchers

import (
	"encoding/json"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// earnedBy gives what the visits of appointments have earned, by the attendance
// that reached it.
func earnedBy(tx *store.Tx, list []Appointment, enrolments []domain.ID) (map[domain.ID][]Reward, error) {
	visits, on := map[domain.ID]bool{}, map[domain.Date]bool{}
	for _, a := range list {
		if a.Visit != nil {
			visits[a.Visit.AttendanceID], on[a.Visit.LocalDate] = true, true
		}
	}
	if len(visits) == 0 {
		return nil, nil //nolint:nilnil // nothing was recorded, so nothing is earned
	}
	awards, err := awardedOn(tx, enrolments, on)
	if err != nil {
		return nil, err
	}
	earned := map[domain.ID][]Reward{}
	for _, a := range awards {
		why, visit, err := earnedWith(a)
		if err != nil {
			return nil, err
		}
		if visits[visit] {
			earned[visit] = append(earned[visit], Reward{Award: a, Why: why})
		}
	}
	return earned, complete(tx, earned)
}

// awardedOn reads the awards that enrolments have reached on some days.
func awardedOn(tx *store.Tx, enrolments []domain.ID, on map[domain.Date]bool) (awards []domain.Award, err error) {
	var days []domain.Date
	for day := range on {
		days = append(days, day)
	}
	err = gatherRows(tx, "enrolment_id", enrolments, func(a domain.Award) { awards = append(awards, a) }, store.From("milestone", 1), store.In("reached_on", days))
	return awards, err
}

// earnedWith gives an award's sentence, and the visit that reached it: the last of
// those that it rests on.
func earnedWith(a domain.Award) (why rules.Text, visit domain.ID, err error) {
	var e struct {
		rules.Explanation
		Text rules.Text `json:"text"`
	}
	if err := json.Unmarshal(a.Explanation, &e); err != nil {
		return why, visit, err
	}
	if n := len(e.Opportunities); n > 0 {
		visit = factID(e.Opportunities[n-1])
	}
	return e.Text, visit, nil
}

// voucherLine is what is read of a voucher that a visit has earned.
type voucherLine struct {
	ID, AwardID     domain.ID
	Amount, Balance int64
	Serial          string
	Currency        string
	State           domain.VoucherState
}

// TableName is the vouchers'.
func (voucherLine) TableName() string { return "vouchers" }

// Concerns says whose it is.
func (v voucherLine) Concerns() (row, of domain.Subject) {
	return domain.Voucher{ID: v.ID, AwardID: v.AwardID}.Concerns()
}

// complete adds the vouchers to what was earned, and whose approval it waits for.
func complete(tx *store.Tx, earned map[domain.ID][]Reward) error {
	var awards []domain.ID
	var waiting []domain.Award
	for _, list := range earned {
		for _, r := range list {
			awards = append(awards, r.Award.ID)
			if r.Award.State == domain.AwardProposed && domain.Approvable(r.Award.WaitsBecause) {
				waiting = append(waiting, r.Award)
			}
		}
	}
	issued := map[domain.ID][]domain.Voucher{}
	err := gatherRows(tx, "award_id", awards, func(v voucherLine) {
		if v.State != domain.Replaced {
			issued[v.AwardID] = append(issued[v.AwardID], domain.Voucher{ID: v.ID, Serial: v.Serial, AwardID: v.AwardID, Amount: v.Amount, Balance: v.Balance, Currency: v.Currency, State: v.State})
		}
	})
	if err != nil {
		return err
	}
	needs, err := needsOf(tx, waiting)
	if err != nil {
		return err
	}
	for _, list := range earned {
		for i := range list {
			r := &list[i]
			r.Needs, r.Vouchers = needs[r.Award.ID], issued[r.Award.ID]
			slices.SortFunc(r.Vouchers, func(a, b domain.Voucher) int { return slices.Compare(a.ID[:], b.ID[:]) })
		}
	}
	return nil
}

// needsOf gives the approval that each of some awards waits for.
func needsOf(tx *store.Tx, awards []domain.Award) (map[domain.ID]domain.Wanted, error) {
	if len(awards) == 0 {
		return nil, nil //nolint:nilnil // nothing waits
	}
	around, err := aroundAwards(tx, awards)
	if err != nil {
		return nil, err
	}
	needs := map[domain.ID]domain.Wanted{}
	for _, a := range awards {
		w := asked{limits: limitsOf(tx, around.limits, a.ProgrammeID), hands: handsIn(a, around.plans[around.enrolments[a.EnrolmentID].PlanID]), before: around.approvals[a.ID]}
		w.weigh(a)
		needs[a.ID] = w.wanted
	}
	return needs, nil
}
