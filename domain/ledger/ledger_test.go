package ledger_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

// TestEntries books every event for any amount and checks that it balances and
// moves the right accounts.
func TestEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(1, 1_000_000_00).Draw(t, "amount")
		old := domain.Voucher{ID: uuid.New(), Amount: amount, Currency: "DKK"}
		replacement := domain.Voucher{ID: uuid.New(), Amount: 2 * amount, Balance: amount, Currency: "DKK"}
		award := domain.Award{ID: uuid.New(), Currency: "DKK"}
		payment := ledger.Payment{Reference: uuid.New(), Currency: "DKK", Shares: []ledger.Share{{Amount: amount}, {Amount: 0}, {Amount: -1}}}
		redemption := domain.Redemption{ID: uuid.New(), PartnerID: uuid.New(), Amount: amount}
		book := ledger.Book{At: time.Unix(0, 0), On: domain.Date{Year: 2026, Month: 11, Day: 21}, NewID: uuid.New}

		for _, c := range []struct {
			entry         ledger.Entry
			debit, credit ledger.Account
		}{
			{book.Reserve(award, amount), ledger.Budget, ledger.Reserved},
			{book.Release(award, amount), ledger.Reserved, ledger.Budget},
			{book.Issue(old), ledger.Reserved, ledger.Outstanding},
			{book.Redeem(old, redemption), ledger.Outstanding, ledger.Payable},
			{book.Reverse(old, redemption, uuid.New()), ledger.Payable, ledger.Outstanding},
			{book.Expire(old, old.ID, amount), ledger.Outstanding, ledger.Lapsed},
			{book.Void(old, old.ID, amount), ledger.Outstanding, ledger.Budget},
			{book.Reissue(old, replacement), ledger.Outstanding, ledger.Outstanding},
			{book.Disallow(old, redemption, uuid.New()), ledger.Payable, ledger.Budget},
			{book.Pay(payment), ledger.Payable, ledger.Settled},
			{book.Bounce(payment), ledger.Settled, ledger.Payable},
		} {
			require.NoError(t, c.entry.Check())
			require.Equal(t, c.debit, c.entry[0].Account)
			require.Equal(t, c.credit, c.entry[1].Account)
			require.Equal(t, amount, c.entry[0].Amount)
			for _, p := range c.entry {
				require.Equal(t, p.Account == ledger.Payable || p.Account == ledger.Settled, p.PartnerID != nil)
			}
		}
		require.Equal(t, &replacement.ID, book.Reissue(old, replacement)[1].VoucherID)
	})
}

func TestCheckRefuses(t *testing.T) {
	book := ledger.Book{NewID: uuid.New}
	good := func() ledger.Entry { return book.Issue(domain.Voucher{ID: uuid.New(), Amount: 100, Currency: "DKK"}) }
	for name, spoil := range map[string]func(ledger.Entry) ledger.Entry{
		"one posting":    func(e ledger.Entry) ledger.Entry { return e[:1] },
		"out of balance": func(e ledger.Entry) ledger.Entry { e[0].Amount++; return e },
		"nothing moved":  func(e ledger.Entry) ledger.Entry { e[0].Amount, e[1].Amount = 0, 0; return e },
		"two currencies": func(e ledger.Entry) ledger.Entry { e[0].Currency = "EUR"; return e },
		"two entries":    func(e ledger.Entry) ledger.Entry { e[0].EntryID = uuid.New(); return e },
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, good().Check())
			require.Error(t, spoil(good()).Check())
		})
	}
}
