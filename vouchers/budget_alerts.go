package vouchers

import (
	"context"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// The shares of a budget, in percent, at which finance is told that so much of it
// is reserved, issued or paid. At used up new awards wait.
const (
	nearlyUsed = 80
	usedUp     = 100
)

// tellBudgets tells finance, once for each appropriation, which budgets of this
// year are nearly or wholly used; and of lines in which awards wait without any
// budget. Dry are the lines that had too little for an award.
func (s *Service) tellBudgets(ctx context.Context, municipality domain.ID, dry []store.Line) error {
	due, missing, err := s.budgetAlerts(ctx, municipality, dry)
	if err != nil || len(due)+len(missing) == 0 {
		return err
	}
	actor := domain.Actor{MunicipalityID: municipality, Role: domain.System, Person: domain.SystemPerson + "fund"}
	for _, alert := range due {
		err := s.store.Write(ctx, actor, func(tx *store.Tx) error {
			if err := store.Insert(tx, &alert); err != nil { // another server was faster
				return err
			}
			kind := domain.BudgetNearlyUsed
			if alert.Percent == usedUp {
				kind = domain.BudgetUsedUp
			}
			if err := s.notify(tx, domain.Notice{Kind: kind, Role: domain.Finance, Object: "budget", ObjectID: alert.BudgetID}); err != nil {
				return err
			}
			return tx.Audit("tellBudget", "budget", alert.BudgetID, alert.CreatedAt, domain.Detail(map[string]any{"percent": alert.Percent}))
		})
		if err != nil && !store.IsDuplicate(err) {
			return err
		}
	}
	for _, programme := range missing {
		if err := s.tellMissing(ctx, actor, programme); err != nil {
			return err
		}
	}
	return nil
}

// budgetAlerts finds the alerts that are due, and the programmes in which awards
// wait where there is no budget for them.
func (s *Service) budgetAlerts(ctx context.Context, municipality domain.ID, dry []store.Line) (due []domain.BudgetAlert, missing []domain.ID, err error) {
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		empty := map[domain.ID]bool{}
		for _, line := range dry {
			line.Year = today.Year
			funds, err := tx.FundsOf(line)
			switch {
			case err != nil:
				return err
			case funds.BudgetID != nil:
				empty[*funds.BudgetID] = true
			case !slices.Contains(missing, line.ProgrammeID):
				told, err := toldMissing(tx, line.ProgrammeID, today)
				if err != nil {
					return err
				}
				if !told {
					missing = append(missing, line.ProgrammeID)
				}
			}
		}
		due, err = s.unalerted(tx, today.Year, empty)
		return err
	})
	return due, missing, err
}

// unalerted are the alerts of a year's budgets that nobody was told of yet.
func (s *Service) unalerted(tx *store.Tx, year int, empty map[domain.ID]bool) (due []domain.BudgetAlert, err error) {
	budgets, err := store.All[domain.Budget](tx, "id", store.Is("year", year))
	if err != nil || len(budgets) == 0 {
		return nil, err
	}
	ids := make([]domain.ID, len(budgets))
	for i, b := range budgets {
		ids[i] = b.ID
	}
	free, err := tx.FreeOf(store.In("budget_id", ids))
	if err != nil {
		return nil, err
	}
	told, err := store.All[domain.BudgetAlert](tx, "", store.In("budget_id", ids))
	if err != nil {
		return nil, err
	}
	now, known := s.now(), map[domain.BudgetAlert]bool{}
	for _, alert := range told {
		alert.CreatedAt = now
		known[alert] = true
	}
	for _, b := range budgets {
		for _, percent := range []int{nearlyUsed, usedUp} {
			alert := domain.BudgetAlert{MunicipalityID: b.MunicipalityID, BudgetID: b.ID, Changes: b.Changes, Percent: percent, CreatedAt: now}
			used := (b.Amount-free[b.ID])*usedUp >= b.Amount*int64(percent) && b.Amount > 0
			if (used || empty[b.ID]) && !known[alert] {
				due = append(due, alert)
			}
		}
	}
	return due, nil
}

// tellMissing tells finance, once a year, that awards of a programme wait where it
// has no budget: at New Year, or in a unit that was forgotten.
func (s *Service) tellMissing(ctx context.Context, actor domain.Actor, programme domain.ID) error {
	return s.store.Write(ctx, actor, func(tx *store.Tx) error {
		if _, err := store.GetLocked[domain.Programme](tx, programme); err != nil { // one server at a time
			return err
		}
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		told, err := toldMissing(tx, programme, today)
		if err == nil && !told {
			err = s.notify(tx, domain.Notice{Kind: domain.BudgetMissing, Role: domain.Finance, Object: "programme", ObjectID: programme})
		}
		if err != nil {
			return err
		}
		return tx.Audit("tellBudget", "programme", programme, s.now(), nil)
	})
}

// toldMissing reports whether finance was told so this year.
func toldMissing(tx *store.Tx, programme domain.ID, today domain.Date) (bool, error) {
	loc, err := tx.Zone()
	if err != nil {
		return false, err
	}
	first := domain.Date{Year: today.Year, Month: time.January, Day: 1}
	told, err := store.Count[domain.Notice](tx, store.Is("kind", domain.BudgetMissing), store.Is("object_id", programme), store.From("created_at", first.In(loc).UTC()))
	return told > 0, err
}
