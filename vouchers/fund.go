package vouchers

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// fund is where budgets are asked, and nowhere else: it brings what is reserved for
// an award in line with what the award, in the state that it is in, still has to
// be issued for. What is reserved too much goes back to its budget. It reports
// whether enough is reserved then; if not, nothing more is, and the award must
// wait. Whoever calls it stores the award.
func (s *Service) fund(tx *store.Tx, a *domain.Award) (enough bool, err error) {
	owed := a.Owed()
	switch {
	case owed == a.Reserved:
		return true, nil
	case owed < a.Reserved:
		return true, s.release(tx, a, a.Reserved-owed)
	default:
		return s.reserve(tx, a, owed)
	}
}

// reserve keeps what an award is owed, of this year's budget. What was kept of
// another one goes back there when it succeeds.
func (s *Service) reserve(tx *store.Tx, a *domain.Award, owed int64) (bool, error) {
	book, err := tx.Book(s.now())
	if err != nil {
		return false, err
	}
	line, more := store.Line{ProgrammeID: a.ProgrammeID, UnitID: a.UnitID, Year: book.On.Year, Currency: a.Currency}, owed
	if a.Reserved > 0 {
		now, err := tx.FundsOf(line)
		if err != nil {
			return false, err
		}
		if sameID(now.BudgetID, a.BudgetID) {
			more -= a.Reserved
		}
	}
	funds, err := tx.Draw(line, more)
	if err != nil || !funds.Taken && funds.Controlled {
		return false, err
	}
	if more == owed && a.Reserved > 0 {
		if err := s.release(tx, a, a.Reserved); err != nil {
			return false, err
		}
	}
	a.BudgetID = funds.BudgetID
	a.Reserved += more
	return true, tx.Post(book.Reserve(*a, more))
}

// release gives something of what is reserved for an award back.
func (s *Service) release(tx *store.Tx, a *domain.Award, amount int64) error {
	book, err := tx.Book(s.now())
	if err != nil {
		return err
	}
	a.Reserved -= amount
	return tx.Post(book.Release(*a, amount))
}

// mustFund is fund for an award that somebody decides on now, and stores what it
// changed: Conflict, and nothing changed, when there is no money for it.
func (s *Service) mustFund(tx *store.Tx, a domain.Award) (domain.Award, error) {
	before := a
	enough, err := s.fund(tx, &a)
	if err == nil && !enough {
		err = budgetExhausted(a)
	}
	if err != nil || a.Reserved == before.Reserved {
		return a, err
	}
	return a, saveFunds(tx, a)
}

// saveFunds stores what is reserved for an award. That is no change to what was
// proposed or approved, so its version stays.
func saveFunds(tx *store.Tx, a domain.Award) error {
	return store.Change[domain.Award](tx, map[string]any{"budget_id": a.BudgetID, "reserved": a.Reserved}, store.Is("id", a.ID), store.Is("version", a.Version))
}

func budgetExhausted(a domain.Award) *domain.Error {
	return domain.Errorf(domain.Conflict, "budget_exhausted",
		"the programme's budget of this year has less than %s left for this unit: nothing is lost, the award waits until finance appropriates more", domain.FormatMoneyShort(a.Owed()-a.Reserved, a.Currency))
}

// nothingToGive refuses an award by hand for which there is no money: none is made.
func nothingToGive(a domain.Award) *domain.Error {
	err := budgetExhausted(a)
	err.Message = "the programme's budget of this year has less than " + domain.FormatMoneyShort(a.Owed(), a.Currency) +
		" left for this unit: no award was made. Ask finance to appropriate more, and propose it again then"
	return err
}

// inTurn refuses somebody who would take money for an award that waits for it before
// older ones of its programme and unit that wait for it too.
func inTurn(tx *store.Tx, a domain.Award) error {
	if !a.WaitsForBudget() {
		return nil
	}
	first, err := tx.NextUnfunded(store.Line{ProgrammeID: a.ProgrammeID, UnitID: a.UnitID, Currency: a.Currency}, domain.ID{})
	if err != nil || len(first) == 0 || first[0].ID == a.ID {
		return err
	}
	return domain.Errorf(domain.Conflict, "waits_for_budget",
		"older awards wait for money too, and get it first: when finance has appropriated enough, this one has its money within a minute; approve it then")
}
