package vouchers

import (
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

// noticeNow says what there is to say of a notice now.
func (s *Service) noticeNow(tx *store.Tx, n domain.Notice) (told NoticeNow, err error) {
	told = NoticeNow{Notice: n, Text: sentences[n.Kind]}
	switch n.Kind {
	case domain.BudgetNearlyUsed, domain.BudgetUsedUp:
		err = told.ofBudget(tx)
	case domain.BudgetMissing:
		err = told.ofNoBudget(tx, s)
	}
	return told, err
}

// ofBudget tells of a budget that is nearly or wholly used.
func (t *NoticeNow) ofBudget(tx *store.Tx) error {
	b, err := store.Get[domain.Budget](tx, t.ObjectID)
	if err != nil {
		return err
	}
	free, err := tx.FreeOf(store.Is("budget_id", b.ID))
	if err != nil {
		return err
	}
	t.Percent, t.ProgrammeID, t.Year, t.Currency, t.Left = nearlyUsed, &b.ProgrammeID, b.Year, b.Currency, free[b.ID]
	if t.Missing, err = missingOf(tx, b, t.Left); err != nil {
		return err
	}
	t.Text = fmt.Sprintf("80 percent of the programme's budget of %d were used. Now %s of %s are left", b.Year, t.money(t.Left), t.money(b.Amount))
	if t.Kind == domain.BudgetUsedUp {
		t.Percent = usedUp
		t.Text = fmt.Sprintf("The programme's budget of %d had too little left for an award. Now %s of %s are left", b.Year, t.money(t.Left), t.money(b.Amount))
	}
	t.Text += t.waits()
	return nil
}

// ofNoBudget tells of a programme in which awards wait and that has no budget.
func (t *NoticeNow) ofNoBudget(tx *store.Tx, s *Service) error {
	today, err := s.today(tx)
	if err != nil {
		return err
	}
	wants, err := tx.Wants(store.Is("programme_id", t.ObjectID))
	if err != nil {
		return err
	}
	for _, want := range wants {
		want.Year = today.Year
		funds, err := tx.FundsOf(want.Line)
		if err != nil {
			return err
		}
		if funds.BudgetID == nil {
			t.Currency = want.Currency
			t.Missing.add(want)
		}
	}
	t.ProgrammeID, t.Missing.Short = &t.ObjectID, t.Missing.Amount
	t.Text = "Awards of a programme waited without a budget that pays for them. Now" + t.waits()[len(","):]
	return nil
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
