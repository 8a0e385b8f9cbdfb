package vouchers

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// budgeting is what a verifier learns of budgets.
type budgeting struct {
	budgets    map[domain.ID]domain.Budget
	controlled map[domain.ID]bool  // by programme: whether it has a budget
	tied       map[domain.ID]int64 // by budget: what the postings say is committed
	kept       map[keeping]int64   // what the postings say is reserved; no zeros
}

// keeping is what something is reserved for, and of which budget.
type keeping struct {
	award, budget, programme, unit domain.ID // budget is zero for none
	currency                       string
}

// readBudgets learns the budgets, whose appropriations the audit log must know.
func (v verifier) readBudgets() (rows int, err error) {
	v.learnt.budgeting = budgeting{map[domain.ID]domain.Budget{}, map[domain.ID]bool{}, map[domain.ID]int64{}, map[keeping]int64{}}
	err = store.Each(v.tx, func(b domain.Budget) error {
		v.budgets[b.ID], v.controlled[b.ProgrammeID] = b, true
		v.traced("budget", b.ID, "createBudget")
		changed := v.audit.times("changeBudget", b.ID)
		v.differ(changed == b.Changes-1, "budget %s: has %d changes, the audit log says %d", b.ID, b.Changes-1, changed)
		return nil
	})
	if err != nil {
		return 0, err
	}
	sums, numbers := map[domain.ID]int64{}, map[domain.ID]int{}
	err = store.Each(v.tx, func(c domain.BudgetChange) error {
		rows++
		sums[c.BudgetID] += c.Amount
		numbers[c.BudgetID]++
		v.differ(v.closed.Opens(c.ID, domain.DateOf(c.CreatedAt, v.loc), c.BookedOn), "budget %s: its change %d is booked on %s, made at %s", c.BudgetID, c.Number, c.BookedOn, c.CreatedAt)
		return nil
	})
	for id, b := range v.budgets {
		v.differ(numbers[id] == b.Changes && sums[id] == b.Amount, "budget %s: %d is appropriated in %d changes, they are %d and sum to %d", id, b.Amount, b.Changes, numbers[id], sums[id])
	}
	return rows + len(v.budgets), err
}

// budgeted takes in what a posting says of its budget, and of what is reserved for
// its award.
func (v verifier) budgeted(p ledger.Posting) {
	budget := value(p.BudgetID)
	if p.BudgetID != nil {
		b, there := v.budgets[budget]
		if !there || b.ProgrammeID != p.ProgrammeID || b.UnitID != nil && *b.UnitID != p.UnitID || b.Currency != p.Currency {
			v.differ(false, "posting %s: its programme, unit or currency is not that of budget %s", p.ID, budget)
		}
		if p.Event == ledger.Reserving && p.BookedOn.Year != b.Year {
			v.differ(false, "posting %s: reserved on %s of budget %s, which is of %d", p.ID, p.BookedOn, budget, b.Year)
		}
		if p.Account.Commits() {
			v.tied[budget] -= p.Amount
		}
	}
	if p.Account != ledger.Reserved {
		return
	}
	award := value(p.AwardID)
	if p.VoucherID != nil {
		award = v.vouchers.get(*p.VoucherID).award
	}
	k := keeping{award, budget, p.ProgrammeID, p.UnitID, p.Currency}
	if v.kept[k] -= p.Amount; v.kept[k] == 0 {
		delete(v.kept, k)
	}
}

// reservation compares what an award has reserved with what is booked, and with
// what it is owed.
func (v verifier) reservation(a domain.Award) {
	if a.Reserved != 0 {
		k := keeping{a.ID, value(a.BudgetID), a.ProgrammeID, a.UnitID, a.Currency}
		v.Lock()
		kept := v.kept[k]
		delete(v.kept, k)
		v.Unlock()
		v.differ(kept == a.Reserved, "award %s: %d is reserved for it, %d is booked", a.ID, a.Reserved, kept)
	}
	v.differ(a.Reserved <= a.Owed(), "award %s: %d is reserved for it, it is owed only %d", a.ID, a.Reserved, a.Owed())
	b, there := v.budgets[value(a.BudgetID)]
	v.differ(a.BudgetID == nil || there && b.ProgrammeID == a.ProgrammeID && (b.UnitID == nil || *b.UnitID == a.UnitID), "award %s: budget %s is not of its programme and unit", a.ID, value(a.BudgetID))
}

// waits reports whether an award is a proposal only because its programme's budget
// has no money for it.
func (v verifier) waits(a domain.Award) bool {
	return v.controlled[a.ProgrammeID] && a.WaitsForBudget() && laterState(a) == domain.AwardIssued
}

// freeOfBudgets compares what is free of each budget with what is appropriated and
// what is committed.
func (v verifier) freeOfBudgets() (int, error) {
	free, err := v.tx.FreeOf()
	for id, b := range v.budgets {
		v.differ(free[id] == b.Amount-v.tied[id], "budget %s: %d is free, %d is appropriated and %d committed", id, free[id], b.Amount, v.tied[id])
	}
	for k, amount := range v.kept {
		v.differ(false, "award %s: %d is booked as reserved of budget %s, it has nothing reserved there", k.award, amount, k.budget)
	}
	return len(v.budgets), err
}
