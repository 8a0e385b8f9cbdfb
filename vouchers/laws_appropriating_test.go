package vouchers

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// appropriating is what finance does about budgets, limits and closed periods, and
// what follows by itself.
func appropriating() verbs {
	return verbs{
		"budget": func(m *market, a act) error {
			in := BudgetInput{ProgrammeID: m.programmes[a.which%uint(len(m.programmes))].ID, Year: m.today().Year, Amount: []int64{40000, 200000, 500000}[a.choice%3], Reason: why}
			if a.choice%2 == 0 {
				in.UnitID = &m.unit.ID
			}
			b, err := m.CreateBudget(m.t.Context(), m.finance(a.choice), Key{}, in)
			if err == nil {
				made(m, &m.budgets, b.Value.ID)
			}
			return err
		},
		"appropriate": over(func(m *market) *[]domain.ID { return &m.budgets }, func(m *market, id domain.ID, a act) error {
			return second(m.ChangeBudget(m.t.Context(), m.finance(a.choice), Key{}, id, []int64{20000, -20000, 100000, -5000, 1}[a.choice%5], why))
		}),
		"fund": func(m *market, _ act) error { return second(m.Fund(m.t.Context(), m.home.MunicipalityID)) },
		"limits": func(m *market, a act) error {
			now, err := m.ApprovalLimits(m.t.Context(), m.finance(a.choice), domain.ID{})
			if err != nil {
				return err
			}
			in := ApprovalLimitsInput{AutomaticMost: now.AutomaticMost, Steps: domain.ApprovalSteps{{Role: domain.TeamLeader}}, CaseworkerGrant: []int64{0, 5000}[a.choice%2]}
			if a.choice%3 == 0 {
				in.Steps = append(in.Steps, domain.ApprovalStep{Role: domain.TeamLeader, Above: 10000})
			}
			return second(m.UpdateApprovalLimits(m.t.Context(), m.finance(a.choice), int64(now.Number), in))
		},
		"close": func(m *market, a act) error {
			if a.choice%3 > 0 {
				return nil
			}
			return second(m.office.Close(m.t.Context(), m.finance(a.choice), store.Key{}, m.today().AddDays(-2-a.choice%4)))
		},
	}
}

// elapsing is what happens by itself: days pass, and rarely a year ends or the
// clock is set back.
func elapsing() verbs {
	pass := func(m *market, a act) error {
		m.time.add(time.Duration(1+a.choice%36) * time.Hour)
		return second(m.Expire(m.t.Context(), m.home.MunicipalityID))
	}
	return verbs{
		"days pass": pass, "days pass again": pass, "days pass still": pass,
		"the clock is set back": func(m *market, a act) error {
			back := -time.Duration(1+a.choice%60) * time.Hour
			if to := m.time.now().Add(back); to.Month() != m.time.now().Month() || to.Before(instant("2026-03-02T09:00:00Z")) {
				return nil // a report by month of issue goes by the first posting, and who pays is known from then on
			}
			m.time.add(back)
			return second(m.Expire(m.t.Context(), m.home.MunicipalityID))
		},
		"the year ends": func(m *market, a act) error {
			if a.choice%4 > 0 || m.today().Year > 2026 {
				return nil
			}
			m.time.setDate("2027-01-02")
			return second(m.Expire(m.t.Context(), m.home.MunicipalityID))
		},
	}
}
