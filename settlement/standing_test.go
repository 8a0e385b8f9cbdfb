package settlement

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// stands gives where the payment of redemptions is, with the number of the settlement.
func (o office) stands(rows ...domain.Redemption) (said []string) {
	o.t.Helper()
	var ids []domain.ID
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	require.NoError(o.t, o.store.Read(o.t.Context(), o.home, func(tx *store.Tx) error {
		found, err := Standings(tx, ids)
		for _, id := range ids {
			number := ""
			if row := found[id].Settlement; row != nil {
				number = " " + row.Number
			}
			said = append(said, found[id].State+number)
		}
		return err
	}))
	return said
}

// A redemption tells its settlement from the approval on, and is paid when the money is
// with the shop: by its own settlement or by the one that it was carried into.
func TestStandings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		a, b, other := o.redeemed(0, 2, 5000), o.redeemed(0, 3, 700), o.redeemed(1, 4, 30)
		require.Equal(t, []string{"unsettled", "unsettled", "unsettled"}, o.stands(a, b, other))
		hold := o.held(b)
		draft := o.drafted()
		require.Equal(t, []string{"unsettled", "held", "unsettled"}, o.stands(a, b, other), "a draft settles nothing")
		_, err := o.RejectHold(t.Context(), o.checker, store.Key{}, hold.ID, "samme køb")
		require.NoError(t, err)
		must(o.ApproveRun(t.Context(), o.checker, store.Key{}, draft.ID, 0))
		first, its := o.of(draft, 0), o.of(draft, 1)
		require.Equal(t, []string{"settled " + first.Number, "rejected", "settled " + its.Number}, o.stands(a, b, other))
		o.paid(draft)
		require.Equal(t, []string{"paid " + first.Number, "rejected", "paid " + its.Number}, o.stands(a, b, other))

		must(o.Bounce(t.Context(), o.maker, store.Key{}, first.ID, Bounced{Reason: "lukket konto"}))
		require.Equal(t, []string{"settled " + first.Number, "paid " + its.Number}, o.stands(a, other), "it came back")
		late := o.redeemed(0, 20, 900)
		second := o.approved()
		require.Equal(t, []string{"settled " + first.Number, "settled " + o.of(second, 0).Number}, o.stands(a, late))
		must(o.ReverseRun(t.Context(), o.maker, store.Key{}, second.ID, "forkert"))
		third := o.approved()
		require.Equal(t, []string{"settled " + first.Number, "settled " + o.of(second, 0).Number}, o.stands(a, late), "a reversed run keeps its lines")
		o.paid(third)
		require.Equal(t, []string{"paid " + first.Number, "paid " + o.of(second, 0).Number}, o.stands(a, late), "through two others")
	})
}

// What is set off against what the shop owed is paid, what the bank paid of a reversed
// run too, and a released redemption waits for a run.
func TestStandingsWithoutPayment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		a := o.redeemed(0, 2, 5000)
		o.paid(o.approved())
		o.takenBack(a, 5)
		b := o.redeemed(0, 6, 700)
		require.Equal(t, []string{"unsettled"}, o.stands(b))
		run := o.approved()
		require.Equal(t, domain.SettlementForward, o.of(run, 0).State)
		require.Equal(t, []string{"paid " + o.of(run, 0).Number}, o.stands(b))
		c := o.redeemed(0, 7, 30)
		hold := o.held(c)
		require.Equal(t, []string{"held"}, o.stands(c))
		_, err := o.ReleaseHold(t.Context(), o.checker, store.Key{}, hold.ID, "to køb")
		require.NoError(t, err)
		require.Equal(t, []string{"unsettled"}, o.stands(c))
	})
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		row := o.of(o.reversedRun(), 0)
		line := must(o.SettlementLines(t.Context(), o.maker, row.ID, store.Page{Limit: 1})).Rows[0]
		r := domain.Redemption{ID: line.ID}
		require.Equal(t, []string{"settled " + row.Number}, o.stands(r))
		o.entered()
		o.take(said("-5000;" + row.Number + ";x"))
		o.match(o.waits(), row)
		require.Equal(t, []string{"paid " + row.Number}, o.stands(r))
	})
}

// A statement shows the shop the last four letters of its account.
func TestStatementMasksTheAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		row := o.of(o.filedRun(), 0)
		require.Equal(t, "DK", row.IBAN[:2])
		shop := domain.Actor{MunicipalityID: o.home, Person: "terminal:x", Role: domain.PartnerRole, Partner: o.shops[0]}
		for want, actor := range map[string]domain.Actor{row.IBAN: o.maker, domain.MaskIBAN(row.IBAN): shop} {
			require.NoError(t, o.store.Look(t.Context(), o.call(actor, "getSettlementStatement"), func(tx *store.Tx) error {
				stated, err := stated(tx, row, "da")
				require.Equal(t, want, stated.IBAN)
				return err
			}))
		}
	})
}
