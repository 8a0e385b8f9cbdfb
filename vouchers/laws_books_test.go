package vouchers

import (
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// stored is everything about money, as the tables have it at one moment.
type stored struct {
	postings    []ledger.Posting
	vouchers    []domain.Voucher
	awards      []domain.Award
	redemptions []domain.Redemption
	reversals   []domain.Reversal
	budgets     []domain.Budget
	slices      []domain.BudgetSlice
	settlements []domain.Settlement
	corrections []domain.SettlementCorrection
	lines       []domain.SettlementLine
	holds       []domain.SettlementHold
	entries     []domain.BankEntry
	invoices    []domain.Invoice
	audit       []domain.AuditEntry
}

// everyRow reads one of the tables.
func everyRow[T any](into *[]T) func(*store.Tx) error {
	return func(tx *store.Tx) (err error) {
		*into, err = store.All[T](tx, "")
		return err
	}
}

// read reads all of it.
func (s *stored) read(tx *store.Tx) error {
	for _, read := range []func(*store.Tx) error{
		everyRow(&s.postings), everyRow(&s.vouchers), everyRow(&s.awards), everyRow(&s.redemptions), everyRow(&s.reversals), everyRow(&s.budgets), everyRow(&s.slices),
		everyRow(&s.settlements), everyRow(&s.corrections), everyRow(&s.lines), everyRow(&s.holds), everyRow(&s.entries), everyRow(&s.invoices), everyRow(&s.audit),
	} {
		if err := read(tx); err != nil {
			return err
		}
	}
	return nil
}

// credit adds up what is in credit, by a key of each posting; one without a key
// does not count.
func credit[K comparable](s *stored, key func(ledger.Posting) (K, bool)) map[K]int64 {
	sums := map[K]int64{}
	for _, p := range s.postings {
		if k, ok := key(p); ok {
			sums[k] -= p.Amount
		}
	}
	return sums
}

// lawful asserts the laws of the books, without asking verify.
func (s *stored) lawful(t require.TestingT) {
	s.balanced(t)
	s.perVoucher(t)
	s.perAward(t)
	s.perBudget(t)
	s.settledOnce(t)
	s.banked(t)
}

// balanced: the postings of every entry sum to zero, none is empty, and only what
// is lawful stands in credit.
func (s *stored) balanced(t require.TestingT) {
	for entry, sum := range credit(s, func(p ledger.Posting) (domain.ID, bool) { return p.EntryID, true }) {
		require.Zero(t, sum, "entry %s", entry)
	}
	for account, sum := range credit(s, func(p ledger.Posting) (ledger.Account, bool) { return p.Account, true }) {
		switch account {
		case ledger.Reserved, ledger.Outstanding, ledger.Settled, ledger.Lapsed:
			require.GreaterOrEqual(t, sum, int64(0), account)
		case ledger.Budget:
			require.LessOrEqual(t, sum, int64(0), account)
		case ledger.Payable: // below zero where what was paid for is taken back
		}
	}
}

// perVoucher: its balance is its postings, and it never gave more than it got.
func (s *stored) perVoucher(t require.TestingT) {
	type of struct {
		voucher domain.ID
		event   ledger.Event
	}
	left := credit(s, func(p ledger.Posting) (domain.ID, bool) {
		return orNobody(p.VoucherID), p.VoucherID != nil && p.Account == ledger.Outstanding
	})
	booked := credit(s, func(p ledger.Posting) (of, bool) {
		return of{orNobody(p.VoucherID), p.Event}, p.VoucherID != nil && p.Account == ledger.Outstanding
	})
	spent := map[domain.ID]int64{}
	for _, r := range s.redemptions {
		spent[r.VoucherID] += r.Amount
		require.Equal(t, r.Amount, credit(s, func(p ledger.Posting) (domain.ID, bool) {
			return r.ID, p.ReferenceID == r.ID && p.Account == ledger.Payable
		})[r.ID])
	}
	for _, v := range s.vouchers {
		require.Equal(t, v.Balance, left[v.ID], "voucher %s", v.ID)
		require.GreaterOrEqual(t, v.Balance, int64(0))
		require.Equal(t, spent[v.ID], -booked[of{v.ID, ledger.Redeeming}], "voucher %s", v.ID)
		if v.ReplacesID == nil {
			require.Equal(t, v.Amount, booked[of{v.ID, ledger.Issuing}], "voucher %s", v.ID)
		} else {
			require.Zero(t, booked[of{v.ID, ledger.Issuing}], "voucher %s has what another had", v.ID)
		}
		require.GreaterOrEqual(t, v.Amount+booked[of{v.ID, ledger.Reversing}], spent[v.ID], "voucher %s", v.ID)
	}
}

func orNobody(id *domain.ID) domain.ID {
	if id == nil {
		return domain.ID{}
	}
	return *id
}

// perAward: reserved ≥ issued ≥ redeemed, also over vouchers that were re-issued,
// and what is still reserved is what the award says.
func (s *stored) perAward(t require.TestingT) {
	awardOf := map[domain.ID]domain.ID{}
	for _, v := range s.vouchers {
		awardOf[v.ID] = v.AwardID
	}
	sum := func(sign int64, account ledger.Account, events ...ledger.Event) map[domain.ID]int64 {
		sums := credit(s, func(p ledger.Posting) (domain.ID, bool) {
			of := orNobody(p.AwardID)
			if p.VoucherID != nil {
				of = awardOf[*p.VoucherID]
			}
			return of, p.Account == account && slices.Contains(events, p.Event)
		})
		for id := range sums {
			sums[id] *= sign
		}
		return sums
	}
	reserved := sum(1, ledger.Reserved, ledger.Reserving, ledger.Releasing)
	issued := sum(1, ledger.Outstanding, ledger.Issuing)
	redeemed := sum(1, ledger.Payable, ledger.Redeeming, ledger.Reversing)
	for _, a := range s.awards {
		require.Equal(t, a.Reserved, reserved[a.ID]-issued[a.ID], "award %s", a.ID)
		require.GreaterOrEqual(t, reserved[a.ID], issued[a.ID], "award %s", a.ID)
		require.GreaterOrEqual(t, issued[a.ID], redeemed[a.ID], "award %s", a.ID)
		require.GreaterOrEqual(t, redeemed[a.ID], int64(0), "award %s", a.ID)
	}
}

// perBudget: none is overrun, and what is free of it is what is not committed.
func (s *stored) perBudget(t require.TestingT) {
	committed := credit(s, func(p ledger.Posting) (domain.ID, bool) {
		return orNobody(p.BudgetID), p.BudgetID != nil && p.Account.Commits()
	})
	free := map[domain.ID]int64{}
	for _, slice := range s.slices {
		require.GreaterOrEqual(t, slice.Free, int64(0))
		free[slice.BudgetID] += slice.Free
	}
	for _, b := range s.budgets {
		require.GreaterOrEqual(t, b.Amount, committed[b.ID], "budget %s", b.ID)
		require.Equal(t, b.Amount-committed[b.ID], free[b.ID], "budget %s", b.ID)
	}
}
