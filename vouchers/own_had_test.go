package vouchers

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// What can be used comes a few at a time, by its last day; what was had likewise,
// the newest first, with what became of it. Nothing is twice in either, nothing left
// out, and on paper each year has its own.
func TestOwnHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		ctx, worker, shop := t.Context(), d.as(domain.Caseworker), d.till(t, "Kiosk", "groceries")
		lasting := d.variant(t, "aar-2026", "days: 140", "days: 900", "count: 6", "count: 90")
		first, _ := d.join(t, "P-1", lasting)
		var made []domain.Voucher
		for week := range 60 {
			d.time.set(instant("2026-02-03T09:00:00Z").AddDate(0, 0, 7*week))
			made = append(made, d.attended(t, first, d.time.now().Add(-time.Minute).Format(time.RFC3339)).Vouchers...)
		}
		require.Len(t, made, 30)
		_, secret, err := d.Reveal(ctx, worker, "getVoucherCode", made[29].ID)
		require.NoError(t, err)
		d.redeemed(t, shop, secret.Reveal(), 20000)
		must(d.Block(ctx, worker, made[28].ID, "tabt"))
		grant := must(d.ProposeGrant(ctx, worker, Key{}, GrantInput{EnrolmentID: d.awardOf(t, made[29]).EnrolmentID, Amount: 5000, Grounds: "Hjalp til.", Evidence: "SAG-1"}))
		require.Equal(t, domain.AwardProposed, grant.Value.Award.State)
		citizen := d.signedIn(t, first)

		page := must(d.OwnPage(ctx, citizen, OwnAsked{Codes: true}))
		require.Len(t, page.Vouchers.Rows, heldShown)
		require.True(t, page.Vouchers.More)
		require.Len(t, page.Had.Rows, latestShown)
		require.True(t, page.Had.More)
		require.EqualValues(t, 30*20000, page.Received["DKK"])
		require.Len(t, page.Courses, 1)
		require.NotNil(t, page.Courses[0].Next)
		latest := page.Had.Rows[0]
		require.Equal(t, []string{"30 redeemed", toldGiven}, []string{fmt.Sprint(latest.Award.Milestone, " ", latest.Vouchers[0].State), latest.State}, "what is only proposed is no promise")
		require.Equal(t, "Kiosk", latest.Vouchers[0].Uses[0].Shop)
		require.Empty(t, latest.Vouchers[0].Code)

		var held, had []domain.ID
		for after, more := (store.Place{}), true; more; {
			l := must(d.OwnVouchers(ctx, citizen, after, 7))
			for _, v := range l.Rows {
				held, after = append(held, v.ID), v.Place()
			}
			more = l.More
		}
		var want []domain.ID
		for _, v := range made[:29] {
			if v.ValidTo.After(d.time.now()) {
				want = append(want, v.ID)
			}
		}
		require.Equal(t, want, held)
		for asked := (store.Page{Limit: 8}); ; {
			l := must(d.OwnHistory(ctx, citizen, asked))
			require.EqualValues(t, 30*20000, l.Received["DKK"])
			for _, x := range l.Rows {
				had, asked.After = append(had, x.Vouchers[0].ID), x.Award.ID
			}
			if !l.More {
				break
			}
		}
		require.Len(t, had, 30)
		for i, id := range had {
			require.Equal(t, made[29-i].ID, id)
		}
		d.onPaper(t, citizen, len(held))
		other, _ := d.join(t, "P-2", d.move)
		empty := must(d.OwnPage(ctx, d.signedIn(t, other), OwnAsked{After: page.Vouchers.Rows[0].Place()}))
		require.Empty(t, empty.Vouchers.Rows)
		require.Empty(t, empty.Had.Rows)
		require.Empty(t, must(d.OwnHistory(ctx, d.signedIn(t, other), store.Page{Limit: 9, After: latest.Award.ID})).Rows)
	})
}

// awardOf is the award that a voucher came of.
func (d story) awardOf(t *testing.T, v domain.Voucher) (a domain.Award) {
	t.Helper()
	require.NoError(t, d.store.Read(t.Context(), d.home.MunicipalityID, func(tx *store.Tx) error {
		a = must(store.Get[domain.Award](tx, v.AwardID))
		return nil
	}))
	return a
}

// onPaper wants both years to have their own, and the current one what can be used.
func (d story) onPaper(t *testing.T, citizen domain.Actor, held int) {
	t.Helper()
	now, before := must(d.OwnPaper(t.Context(), citizen, 0)), must(d.OwnPaper(t.Context(), citizen, 2026))
	require.Equal(t, []int{2027, 2026}, now.Years)
	require.Equal(t, []int{2027, 2026}, []int{now.Year, before.Year})
	require.Len(t, now.Vouchers.Rows, held)
	require.Len(t, now.Courses, 1)
	require.Empty(t, before.Vouchers.Rows)
	require.Empty(t, before.Courses)
	require.Len(t, append(now.Had.Rows, before.Had.Rows...), 30)
	require.EqualValues(t, 30*20000, now.Received["DKK"]+before.Received["DKK"])
	for _, x := range before.Had.Rows {
		require.Equal(t, 2026, x.Award.ReachedOn.Year)
	}
}
