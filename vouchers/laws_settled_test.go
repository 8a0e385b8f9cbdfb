package vouchers

import (
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

// settledOnce: every line is one redemption or reversal, follows what was carried
// on to one settlement, and what was paid is what the lines behind it add up to.
// So each krone that was paid has one redemption, and none was paid twice.
func (s *stored) settledOnce(t require.TestingT) {
	settlements, happened := map[domain.ID]domain.Settlement{}, map[domain.ID]int64{}
	for _, row := range s.settlements {
		settlements[row.ID] = row
	}
	for _, r := range s.redemptions {
		happened[r.ID] = r.Amount
	}
	for _, back := range s.reversals {
		happened[back.ID] = -back.Amount
	}
	rejected := map[domain.ID]bool{}
	for _, h := range s.holds {
		rejected[h.RedemptionID] = rejected[h.RedemptionID] || h.Decision == domain.HoldRejected
	}
	behind, seen := map[domain.ID]int64{}, map[domain.ID]bool{}
	for _, line := range s.lines {
		require.False(t, seen[line.ID], "two lines for %s", line.ID)
		seen[line.ID] = true
		require.Equal(t, happened[line.ID], line.Amount, "line %s", line.ID)
		at := settlements[line.SettlementID]
		require.False(t, rejected[line.RedemptionID] && at.State != domain.SettlementDraft, "%s was rejected", line.RedemptionID)
		for at.CarriedIntoID != nil {
			require.Contains(t, domain.CarriedOn, at.State)
			at = settlements[*at.CarriedIntoID]
		}
		behind[at.ID] += line.Amount
	}
	has := map[domain.ID]int64{} // what partners have after all, or not any more
	for _, c := range s.corrections {
		has[c.SettlementID] -= c.Amount
		if c.CarriedIntoID == nil {
			continue
		}
		at := settlements[*c.CarriedIntoID]
		for at.CarriedIntoID != nil {
			at = settlements[*at.CarriedIntoID]
		}
		behind[at.ID] += c.Amount
	}
	paid := credit(s, func(p ledger.Posting) (domain.ID, bool) { return orNobody(p.SettlementID), p.Account == ledger.Settled })
	for _, row := range s.settlements {
		if row.CarriedIntoID == nil {
			require.Equal(t, behind[row.ID], row.Total, "settlement %s", row.Number)
		}
		if row.State == domain.SettlementPaid {
			require.Equal(t, row.Total, paid[row.ID], "settlement %s", row.Number)
		} else {
			require.Contains(t, []int64{0, row.Total}, has[row.ID], "settlement %s", row.Number)
			require.Equal(t, has[row.ID], paid[row.ID], "settlement %s is %s", row.Number, row.State)
		}
	}
	s.owed(t, rejected)
}

// owed: what each shop is owed is what was redeemed there, less what was taken
// back, rejected and paid.
func (s *stored) owed(t require.TestingT, rejected map[domain.ID]bool) {
	owed, shopOf := map[domain.ID]int64{}, map[domain.ID]domain.Redemption{}
	for _, r := range s.redemptions {
		shopOf[r.ID] = r
		if !rejected[r.ID] {
			owed[r.PartnerID] += r.Amount
		}
	}
	for _, back := range s.reversals {
		r := shopOf[back.RedemptionID]
		require.False(t, rejected[r.ID], "%s was rejected and taken back", r.ID)
		owed[r.PartnerID] -= back.Amount
	}
	for _, row := range s.settlements {
		if row.State == domain.SettlementPaid {
			owed[row.PartnerID] -= row.Total
		}
	}
	for _, c := range s.corrections {
		owed[c.PartnerID] += c.Amount
	}
	payable := credit(s, func(p ledger.Posting) (domain.ID, bool) { return orNobody(p.PartnerID), p.Account == ledger.Payable })
	for shop, amount := range owed {
		require.Equal(t, amount, payable[shop], "shop %s", shop)
	}
}

// banked: what the bank paid is one settlement's, of just that amount, and a
// settlement is found in one entry or none; who is paid by invoice has sent one
// that counts.
func (s *stored) banked(t require.TestingT) {
	paid, invoiced := map[domain.ID]int64{}, map[domain.ID]int{}
	for _, e := range s.entries {
		require.Equal(t, e.State == domain.EntryMatched, e.SettlementID != nil)
		if e.SettlementID != nil && e.Amount < 0 {
			require.Zero(t, paid[*e.SettlementID], "two payments of settlement %s", *e.SettlementID)
			paid[*e.SettlementID] = -e.Amount
		}
	}
	for _, in := range s.invoices {
		if in.Kind == domain.KindInvoice && in.SettlementID != nil && (in.State == domain.InvoiceMatched || in.State == domain.InvoiceAccepted) {
			invoiced[*in.SettlementID]++
		}
	}
	for _, row := range s.settlements {
		require.Equal(t, row.ReconciledAt != nil, paid[row.ID] != 0 && row.State != domain.SettlementReversed, "settlement %s", row.Number)
		require.Contains(t, []int64{0, row.Total}, paid[row.ID], "settlement %s", row.Number)
		require.LessOrEqual(t, invoiced[row.ID], 1, "invoices of settlement %s", row.Number)
		if row.Method == domain.ByInvoice && !row.PaidOn.IsZero() {
			require.Equal(t, 1, invoiced[row.ID], "invoices of settlement %s", row.Number)
		}
	}
}
