package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A blocked voucher keeps its balance and cannot be spent until it is unblocked.
func TestBlock(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker, shop := d.as(domain.Caseworker), d.till(t, "Kiosk", "groceries")
		v, secret := d.earn(t, "P-1", d.move)
		_, err := d.Unblock(t.Context(), worker, v.ID, "x")
		because(t, err, "wrong_state")
		for _, left := range []int64{20000, 15000} {
			blocked, err := d.Block(t.Context(), worker, v.ID, "tabt")
			require.NoError(t, err)
			require.Equal(t, d.reread(t, v), blocked, "the answer is what is stored")
			d.stands(t, v, domain.Blocked, left)
			_, err = d.Block(t.Context(), worker, v.ID, "igen")
			because(t, err, "wrong_state")
			_, err = d.Check(t.Context(), shop, secret)
			because(t, err, "blocked")
			_, _, err = d.Reveal(t.Context(), worker, "getVoucherCode", v.ID)
			because(t, err, "wrong_state")
			back, err := d.Unblock(t.Context(), worker, v.ID, "fundet")
			require.NoError(t, err)
			require.Equal(t, d.reread(t, v), back)
			d.redeemed(t, shop, secret, 5000)
		}
		d.redeemed(t, shop, secret, 0)
		_, err = d.Block(t.Context(), worker, v.ID, "for sent")
		because(t, err, "wrong_state")
	})
}

// Voiding gives what is left back to the budget, with a reason, once.
func TestVoid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader, shop := d.as(domain.TeamLeader), d.till(t, "Kiosk", "groceries")
		v, secret := d.earn(t, "P-1", d.move)
		d.redeemed(t, shop, secret, 5000)
		_, err := d.Block(t.Context(), leader, v.ID, "undersøges")
		require.NoError(t, err)
		void, err := d.Void(t.Context(), leader, keyed("v", ""), v.ID, "udstedt ved en fejl")
		require.NoError(t, err)
		require.Equal(t, d.reread(t, v), void.Value)
		require.Equal(t, "udstedt ved en fejl", void.Value.Reason.Reveal())
		d.stands(t, v, domain.Void, 0)
		require.Equal(t, [4]int64{5000, 0, -5000, 0}, d.balance(t))
		again, err := d.Void(t.Context(), leader, keyed("v", ""), v.ID, "udstedt ved en fejl")
		require.NoError(t, err)
		require.True(t, again.Replayed)
		_, err = d.Void(t.Context(), leader, Key{}, v.ID, "igen")
		because(t, err, "wrong_state")
		_, err = d.Check(t.Context(), shop, secret)
		because(t, err, "blocked")
		for _, dead := range []error{
			second(d.Block(t.Context(), leader, v.ID, "x")), second(d.Unblock(t.Context(), leader, v.ID, "x")), second(d.Reissue(t.Context(), leader, Key{}, v.ID, "x")),
		} {
			because(t, dead, "wrong_state")
		}
	})
}

// Another unit's vouchers, and another municipality's, do not exist.
func TestVoucherReach(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		v, _ := d.earn(t, "P-1", d.move)
		bound := d.as(domain.TeamLeader)
		bound.UnitID = d.elsewhere(t).UnitID
		for who, actor := range map[string]domain.Actor{"another unit": bound, "another municipality": newDesk(t, s).as(domain.TeamLeader)} {
			_, _, reveal := d.Reveal(t.Context(), actor, "getVoucherCode", v.ID)
			for what, err := range map[string]error{
				"get": second(d.Voucher(t.Context(), actor, v.ID)), "reveal": reveal,
				"block": second(d.Block(t.Context(), actor, v.ID, "x")), "unblock": second(d.Unblock(t.Context(), actor, v.ID, "x")),
				"reissue": second(d.Reissue(t.Context(), actor, Key{}, v.ID, "x")), "void": second(d.Void(t.Context(), actor, Key{}, v.ID, "x")),
			} {
				require.Equal(t, domain.NotFound, domain.KindOf(err), "%s as %s: %v", what, who, err)
			}
			list, err := d.Vouchers(t.Context(), actor, ten, VoucherFilter{UnitID: d.unit.ID, Serial: v.Serial})
			require.NoError(t, err)
			require.Empty(t, list.Rows)
		}
		list, err := d.Vouchers(t.Context(), d.as(domain.Caseworker), ten, VoucherFilter{Serial: v.Serial, State: domain.Issued, Issued: Period{From: d.time.now()}})
		require.NoError(t, err)
		require.Len(t, list.Rows, 1)
		d.stands(t, v, domain.Issued, 20000)
		entries, err := d.AuditEntries(t.Context(), d.as(domain.Auditor), ten, AuditFilter{Object: "voucher", ObjectID: v.ID, Action: "getVoucherCode"})
		require.NoError(t, err)
		require.Len(t, entries.Rows, 1, "that the code was taken out is on record, the refused tries are not")
	})
}
