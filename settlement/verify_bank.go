package settlement

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// VerifyBank checks that every statement closes with its opening balance and its
// entries, and that what is matched is: the same amount and currency, a settlement
// that was paid or came back, and no payment confirmed without an entry. It gives how
// many entries there are, and calls differ for what is not so.
func VerifyBank(tx *store.Tx, differ func(same bool, format string, args ...any)) (entries int, err error) {
	rows, err := store.All[domain.Settlement](tx, "")
	if err != nil {
		return 0, err
	}
	settlements, confirmed := map[domain.ID]domain.Settlement{}, map[domain.ID]bool{}
	for _, row := range rows {
		settlements[row.ID] = row
	}
	sums, counts := map[domain.ID]int64{}, map[domain.ID]int64{}
	err = store.Each(tx, func(e domain.BankEntry) error {
		entries++
		sums[e.StatementID] += e.Amount
		counts[e.StatementID]++
		if e.State != domain.EntryMatched {
			return nil
		}
		row := settlements[*e.SettlementID]
		differ(max(e.Amount, -e.Amount) == row.Total && e.Currency == row.Currency, "bank entry %s: is %d %s, settlement %s is %d %s", e.ID, e.Amount, e.Currency, row.Number, row.Total, row.Currency)
		if e.Amount < 0 {
			confirmed[row.ID] = true
			differ(row.ReconciledAt != nil && !row.PaidOn.IsZero(), "bank entry %s: paid settlement %s, which does not know it", e.ID, row.Number)
			return nil
		}
		differ(row.State == domain.SettlementBounced, "bank entry %s: brought back settlement %s, which is %s", e.ID, row.Number, row.State)
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		differ(row.ReconciledAt == nil || confirmed[row.ID], "settlement %s: is confirmed by no bank entry", row.Number)
	}
	return entries, store.Each(tx, func(s domain.BankStatement) error {
		differ(s.Opening+sums[s.ID] == s.Closing && counts[s.ID] == s.Entries, "bank statement %s: %d and its %d entries of %d do not give %d", s.ID, s.Opening, s.Entries, sums[s.ID], s.Closing)
		return nil
	})
}
