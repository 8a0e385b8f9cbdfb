package vouchers

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	partners "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// accounting is finance of two people, who pay a shop by the bank.
type accounting struct {
	december
	office       *partners.Service
	maker, other domain.Actor
}

func newAccounting(t *testing.T, s *store.Store) accounting {
	t.Helper()
	a := accounting{december: newDecember(t, s)}
	a.office, a.maker, a.other = partners.New(s, a.time.now), a.as(domain.Finance), a.as(domain.Finance)
	a.other.Person, a.other.TokenID = "ak@varde.dk", store.NewID()
	a.banked(t)
	_, err := a.office.UpdatePaymentSettings(t.Context(), a.maker, 0, partners.PayerInput{Name: "Varde Kommune", IBAN: "DK50 0040 0440 1162 43", BIC: "DABADKKK", CVR: "12345674"})
	require.NoError(t, err)
	return a
}

// waiting are what waits of some kinds, and what is to be done.
func (a accounting) waiting(t *testing.T, actor domain.Actor, kinds ...string) (list [][2]string) {
	t.Helper()
	q, err := a.Waiting(t.Context(), actor, store.Place{}, 100)
	require.NoError(t, err)
	for _, w := range q.Items {
		if slices.Contains(kinds, w.Kind) {
			list = append(list, [2]string{w.ID.String(), w.Next})
		}
	}
	return list
}

// A run waits for another to approve it, then for both to file it and to pay it; a
// purchase that is held waits for another than who held it.
func TestRunsAndHoldsWait(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := newAccounting(t, s)
		held := a.redeemed(t, a.shop, a.codes[1], 2_000)
		hold, err := a.office.Hold(t.Context(), a.maker, store.Key{}, held.ID, "to gange samme minut")
		require.NoError(t, err)
		require.Empty(t, a.waiting(t, a.maker, WaitingHold), "their own")
		require.Equal(t, [][2]string{{hold.Value.ID.String(), "decide"}}, a.waiting(t, a.other, WaitingHold))
		recorder := a.other
		recorder.Person = a.as(domain.Caseworker).Person
		require.Empty(t, a.waiting(t, recorder, WaitingHold), "they recorded what its award rests on")
		_, err = a.office.ReleaseHold(t.Context(), a.other, store.Key{}, hold.Value.ID, "set efter")
		require.NoError(t, err)
		require.Empty(t, a.waiting(t, a.other, WaitingHold))

		day := date("2026-12-20")
		run, err := a.office.DraftRun(t.Context(), a.maker, store.Key{}, partners.Period{From: date("2026-12-01"), To: day})
		require.NoError(t, err)
		waits := func(next string) [][2]string { return [][2]string{{run.Value.ID.String(), next}} }
		require.Empty(t, a.waiting(t, a.maker, WaitingRun), "their own")
		require.Equal(t, waits("approve"), a.waiting(t, a.other, WaitingRun))
		_, err = a.office.ApproveRun(t.Context(), a.other, store.Key{}, run.Value.ID, 0)
		require.NoError(t, err)
		for _, who := range []domain.Actor{a.maker, a.other} {
			require.Equal(t, waits("file"), a.waiting(t, who, WaitingRun))
		}
		_, err = a.office.FileRun(t.Context(), a.maker, store.Key{}, run.Value.ID, domain.BankDayFrom(day))
		require.NoError(t, err)
		require.Equal(t, waits("pay"), a.waiting(t, a.maker, WaitingRun))
		_, err = a.office.PayRun(t.Context(), a.maker, store.Key{}, run.Value.ID, partners.Paid{On: day})
		require.NoError(t, err)
		require.Empty(t, a.waiting(t, a.maker, WaitingRun))
	})
}

// What the bank says of nothing known, and what a partner invoices otherwise than it
// is owed, wait for finance until somebody decides; not for anybody else.
func TestBankAndInvoicesWait(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := newAccounting(t, s)
		_, err := a.office.TakeStatement(t.Context(), a.maker, store.Key{}, partners.BankFile{Currency: "DKK", Data: []byte("Dato;Tekst;Beløb;Saldo\n18-12-2026;Gebyr;-10,00;-10,00\n19-12-2026;Rente;1,00;-9,00\n")})
		require.NoError(t, err)
		a.time.setDate("2026-12-22")
		bill, err := a.office.TakeInvoice(t.Context(), a.maker, paper("Invoice", "A-1", "2026-0001-01", "", 12_300))
		require.NoError(t, err)
		require.Equal(t, domain.InvoiceDiffers, bill.State)

		q, err := a.Waiting(t.Context(), a.other, store.Place{}, 2)
		require.NoError(t, err)
		require.True(t, q.More)
		fee, interest := q.Items[0], q.Items[1]
		require.Equal(t, Waiting{Kind: WaitingEntry, ID: fee.ID, Version: 1, Since: fee.Since, Days: 2, Day: date("2026-12-18"), Amount: -1_000, Currency: "DKK", Next: "match"}, fee)
		require.Equal(t, int64(100), interest.Amount)
		q, err = a.Waiting(t.Context(), a.other, interest.Place(), 2)
		require.NoError(t, err)
		require.Equal(t, []Waiting{{Kind: WaitingInvoice, ID: bill.ID, Version: 1, Since: q.Items[0].Since, Day: date("2026-03-01"), Amount: 12_300, Currency: "DKK", Next: "decide"}}, q.Items)
		require.False(t, q.More)
		for _, who := range []domain.Role{domain.TeamLeader, domain.Caseworker} {
			require.Empty(t, a.waiting(t, a.as(who), WaitingEntry, WaitingInvoice))
		}

		_, err = a.office.SetAside(t.Context(), a.maker, fee.ID, "gebyr")
		require.NoError(t, err)
		_, err = a.office.RejectInvoice(t.Context(), a.maker, bill.ID, "ikke vores")
		require.NoError(t, err)
		require.Equal(t, [][2]string{{interest.ID.String(), "match"}}, a.waiting(t, a.other, WaitingEntry, WaitingInvoice))
	})
}
