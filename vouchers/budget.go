package vouchers

import (
	"cmp"
	"context"
	"fmt"
	"regexp"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// BudgetInput is what is said about a new budget.
type BudgetInput struct {
	ProgrammeID   domain.ID
	UnitID        *domain.ID // nil: every unit without a budget of its own
	Year          int
	Currency      string // "": DKK
	Amount        int64  // minor units, ≥ 0
	AccountString string
	Reason        string // why so much: the council's decision
}

// maxAppropriation is the largest appropriation, ten thousand million kroner: more
// is a slip of the keyboard.
const maxAppropriation = 1_000_000_000_000

// accountString is how municipalities write accounts: groups of digits and letters.
var accountString = regexp.MustCompile(`^([0-9A-Za-z]+([ ./-][0-9A-Za-z]+)*)?$`)

// CreateBudget makes a programme's budget of a year, in one unit or in all that
// have none of their own. From a programme's first budget on, nothing is issued in
// it without one. Conflict when there is one already.
func (s *Service) CreateBudget(ctx context.Context, actor domain.Actor, key Key, in BudgetInput) (Answer[domain.Budget], error) {
	return once(ctx, s, actor, "createBudget", key, func(tx *store.Tx) (domain.Budget, error) {
		b := domain.Budget{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), ProgrammeID: in.ProgrammeID, UnitID: in.UnitID, Year: in.Year,
			Currency: cmp.Or(in.Currency, "DKK"), AccountString: in.AccountString, Amount: in.Amount, Changes: 1, Version: 1, CreatedAt: s.now(),
		}
		var f domain.Fields
		f.Check(IsBudgetYear(b.Year), "year", "out_of_range", "must be a year, like 2026")
		f.Check(b.Amount >= 0 && b.Amount <= maxAppropriation, "amount", "out_of_range", "must be 0 to %d", maxAppropriation)
		checkAccountString(&f, b.AccountString)
		reason := f.Clean("reason", in.Reason, 500, false)
		_, err := store.Refer(tx, "programme_id", b.ProgrammeID, store.Everyone[domain.Programme])
		if err := f.Merge(err); err != nil {
			return b, err
		}
		if b.UnitID != nil {
			_, err := store.Refer(tx, "unit_id", *b.UnitID, store.Everyone[domain.Unit])
			if err := f.Merge(err); err != nil {
				return b, err
			}
		}
		if err := f.Err(); err != nil {
			return b, err
		}
		if err := store.Insert(tx, &b); store.IsDuplicate(err) {
			return b, domain.Errorf(domain.Conflict, "budget_exists", "there is a budget for that programme, unit and year already: change its appropriation instead")
		} else if err != nil {
			return b, err
		}
		return b, s.appropriate(tx, b, b.Amount, reason, "createBudget")
	})
}

func checkAccountString(f *domain.Fields, text string) {
	f.Check(len(text) <= 60 && accountString.MatchString(text), "account_string", "invalid",
		"must be at most 60 digits and letters with a point, dash, slash or space between groups, like 5.38.45.1.001")
}

// IsBudgetYear reports whether a budget can be of a year.
func IsBudgetYear(year int) bool { return year >= 2000 && year <= 9999 }

// appropriate stores a change of a budget, which has its amount already, for a reason
// that was checked, and what is free of it.
func (s *Service) appropriate(tx *store.Tx, b domain.Budget, amount int64, reason string, action domain.Action) error {
	now := s.now()
	book, err := tx.Book(now)
	if err != nil {
		return err
	}
	change := domain.BudgetChange{
		MunicipalityID: b.MunicipalityID, ID: store.NewID(), BudgetID: b.ID, Number: b.Changes, Amount: amount, Reason: reason,
		BookedOn: book.On, ChangedBy: domain.Fold(tx.Actor().Person), CreatedAt: now,
	}
	if err := tx.Append(&change); err != nil {
		return err
	}
	enough, err := tx.Gather(b.ID, amount)
	if err == nil && !enough {
		err = overCommitted(tx, b, amount)
	}
	if err != nil {
		return err
	}
	return tx.Audit(action, "budget", b.ID, now, domain.Detail(map[string]any{"number": change.Number, "amount": amount, "appropriated": b.Amount}))
}

// overCommitted refuses to take away from a budget what is reserved, issued or paid.
func overCommitted(tx *store.Tx, b domain.Budget, amount int64) error {
	free, err := tx.FreeOf(store.Is("budget_id", b.ID))
	if err != nil {
		return err
	}
	left := func(minor int64) string { return domain.FormatMoneyShort(minor, b.Currency) }
	refusal := domain.Errorf(domain.Conflict, "budget_committed", "only %s of it is left, the rest is reserved, issued or paid: that is %s too little", left(free[b.ID]), left(-amount-free[b.ID]))
	refusal.Fields = []domain.FieldError{{Field: "amount", Code: "budget_committed", Message: fmt.Sprintf("must be at least %d", -free[b.ID])}}
	return refusal
}

// ChangeBudget appropriates more to a budget, or takes something away, for a
// reason. Awards that wait for money are issued by the next run of Fund. Conflict
// when it would leave less than is committed already.
func (s *Service) ChangeBudget(ctx context.Context, actor domain.Actor, key Key, budget domain.ID, amount int64, reason string) (Answer[domain.Budget], error) {
	return once(ctx, s, actor, "changeBudget", key, func(tx *store.Tx) (domain.Budget, error) {
		b, err := store.GetLocked[domain.Budget](tx, budget)
		if err != nil {
			return b, err
		}
		var f domain.Fields
		f.Check(amount != 0 && amount >= -b.Amount && b.Amount+amount <= maxAppropriation, "amount", "out_of_range",
			"must not be 0, and must leave the budget at 0 to %d: it is %d now", maxAppropriation, b.Amount)
		reason = f.Clean("reason", reason, 500, false)
		if err := f.Err(); err != nil {
			return b, err
		}
		b.Amount += amount
		b.Changes++
		if err := store.Set[domain.Budget](tx, b.ID, b.Version, map[string]any{"amount": b.Amount, "changes": b.Changes}); err != nil {
			return b, err
		}
		b.Version++
		return b, s.appropriate(tx, b, amount, reason, "changeBudget")
	})
}

// UpdateBudget changes the account that a budget's postings are exported under.
// Stale unless version is the one last read.
func (s *Service) UpdateBudget(ctx context.Context, actor domain.Actor, budget domain.ID, version int64, account string) (b domain.Budget, err error) {
	err = s.write(ctx, actor, "updateBudget", func(tx *store.Tx) error {
		if b, err = store.Get[domain.Budget](tx, budget); err != nil {
			return err
		}
		var f domain.Fields
		checkAccountString(&f, account)
		if err := f.Err(); err != nil {
			return err
		}
		before := b.AccountString
		if err := store.Set[domain.Budget](tx, b.ID, version, map[string]any{"account_string": account}); err != nil {
			return err
		}
		b.AccountString, b.Version = account, version+1
		return tx.Audit("updateBudget", "budget", b.ID, s.now(), domain.Detail(map[string]any{"from": before, "to": account}))
	})
	return b, err
}

// Budget gives one budget.
func (s *Service) Budget(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Budget, error) {
	return get(ctx, s, actor, "getBudget", id, store.Everyone[domain.Budget])
}

// BudgetFilter narrows a list of budgets; zero fields narrow nothing.
type BudgetFilter struct {
	ProgrammeID, UnitID domain.ID
	Year                int
}

func (f BudgetFilter) conds() []store.Cond {
	return []store.Cond{store.Eq("programme_id", f.ProgrammeID), store.Eq("unit_id", f.UnitID), store.Eq("year", f.Year)}
}

// Budgets lists budgets, newest first.
func (s *Service) Budgets(ctx context.Context, actor domain.Actor, page store.Page, f BudgetFilter) (Listed[domain.Budget], error) {
	return list[domain.Budget](ctx, s, actor, "listBudgets", page, f.conds()...)
}

// BudgetChanges lists what was appropriated to a budget and taken away, newest
// first.
func (s *Service) BudgetChanges(ctx context.Context, actor domain.Actor, page store.Page, budget domain.ID) (l Listed[domain.BudgetChange], err error) {
	err = s.read(ctx, actor, "listBudgetChanges", func(tx *store.Tx) error {
		if _, err := store.Get[domain.Budget](tx, budget); err != nil {
			return err
		}
		l.Rows, l.More, err = store.List[domain.BudgetChange](tx, page, store.Is("budget_id", budget))
		return err
	})
	return l, err
}
