package vouchers

import (
	"cmp"
	"fmt"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// NoticeNow is a notice and what there is to say of it as things stand now.
type NoticeNow struct {
	domain.Notice
	Text        string     // a sentence
	Percent     int        // of a budget that is used; 0: it is about none
	ProgrammeID *domain.ID // whose budget; nil likewise
	Year        int        // of the budget; 0 likewise
	Currency    string     // of the amounts
	Left        int64      // of the budget, minor units
	Missing     Missing    // what awards wait for
}

// sentences are those of the notices that are not about budgets.
var sentences = map[string]string{
	domain.EmergencyUsed:     "Somebody took access to a citizen of the unit without having it: look at what they saw, and review it.",
	domain.EmergencyReviewed: "Your emergency access was reviewed: see what was said.",
	domain.DeputyNamed:       "You stand in for somebody: see for whom and when.",
	domain.LongWaiting:       "Something of the unit has waited for long to be decided on.",
}

// noticesNow says what there is to say of notices now.
func (s *Service) noticesNow(tx *store.Tx, rows []domain.Notice) (list []NoticeNow, err error) {
	money, err := s.moneyNow(tx, rows)
	if err != nil {
		return nil, err
	}
	for _, n := range rows {
		told := NoticeNow{Notice: n, Text: sentences[n.Kind]}
		switch n.Kind {
		case domain.BudgetNearlyUsed, domain.BudgetUsedUp:
			told.ofBudget(money)
		case domain.BudgetMissing:
			told.ofNoBudget(money)
		}
		list = append(list, told)
	}
	return list, nil
}

// moneyNow is what notices about money have to say of: the budgets that they are about,
// what is free of these, and what awards wait for this year.
type moneyNow struct {
	budgets map[domain.ID]domain.Budget
	free    map[domain.ID]int64
	wants   []store.Want
}

// moneyNow reads what notices are about, with as many queries however many they are.
func (s *Service) moneyNow(tx *store.Tx, rows []domain.Notice) (m moneyNow, err error) {
	var of, programmes []domain.ID
	for _, n := range rows {
		switch n.Kind {
		case domain.BudgetNearlyUsed, domain.BudgetUsedUp:
			of = append(of, n.ObjectID)
		case domain.BudgetMissing:
			programmes = append(programmes, n.ObjectID)
		}
	}
	if len(of)+len(programmes) == 0 {
		return m, nil
	}
	m.budgets = map[domain.ID]domain.Budget{}
	budgets, err := store.All[domain.Budget](tx, "", store.In("id", of))
	if err != nil {
		return m, err
	}
	for _, b := range budgets {
		m.budgets[b.ID], programmes = b, append(programmes, b.ProgrammeID)
	}
	if m.free, err = tx.FreeOf(store.In("budget_id", of)); err != nil {
		return m, err
	}
	today, err := s.today(tx)
	if err == nil {
		m.wants, err = tx.Wants(today.Year, store.In("programme_id", programmes))
	}
	return m, err
}

// ofBudget tells of a budget that is nearly or wholly used. One of an earlier year pays
// for no award any more, so nothing waits for it.
func (t *NoticeNow) ofBudget(m moneyNow) {
	b := m.budgets[t.ObjectID]
	t.Percent, t.ProgrammeID, t.Year, t.Currency, t.Left = nearlyUsed, &b.ProgrammeID, b.Year, b.Currency, m.free[b.ID]
	for _, want := range m.wants {
		if want.BudgetID != nil && *want.BudgetID == b.ID {
			t.Missing.add(want)
		}
	}
	t.Missing.Short = max(t.Missing.Amount-t.Left, 0)
	t.Text = fmt.Sprintf("80 percent of the programme's budget of %d were used. Now %s of %s are left", b.Year, t.money(t.Left), t.money(b.Amount))
	if t.Kind == domain.BudgetUsedUp {
		t.Percent = usedUp
		t.Text = fmt.Sprintf("The programme's budget of %d had too little left for an award. Now %s of %s are left", b.Year, t.money(t.Left), t.money(b.Amount))
	}
	t.Text += t.waits()
}

// ofNoBudget tells of a programme in which awards wait and that has no budget; where they
// are in several currencies, of the first.
func (t *NoticeNow) ofNoBudget(m moneyNow) {
	for _, want := range m.wants {
		if want.ProgrammeID != t.ObjectID || want.BudgetID != nil {
			continue
		}
		if t.Currency = cmp.Or(t.Currency, want.Currency); t.Currency == want.Currency {
			t.Missing.add(want)
		}
	}
	t.ProgrammeID, t.Missing.Short = &t.ObjectID, t.Missing.Amount
	t.Text = "Awards of a programme waited without a budget that pays for them. Now" + t.waits()[len(","):]
}

// waits says how many awards wait, and what is missing.
func (t *NoticeNow) waits() string {
	switch t.Missing.Awards {
	case 0:
		return ", no award waits for money."
	case 1:
		return ", 1 award waits and " + t.money(t.Missing.Short) + " are missing: appropriate so much, and it is issued."
	default:
		return fmt.Sprintf(", %d awards wait and %s are missing: appropriate so much, and they are issued.", t.Missing.Awards, t.money(t.Missing.Short))
	}
}

func (t *NoticeNow) money(minor int64) string { return domain.FormatMoneyShort(minor, t.Currency) }
