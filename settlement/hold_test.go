package settlement

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// held holds a redemption by hand.
func (o office) held(r domain.Redemption) domain.SettlementHold {
	o.t.Helper()
	h, err := o.Hold(o.t.Context(), o.maker, store.Key{}, r.ID, "samme bon to gange")
	require.NoError(o.t, err)
	return h.Value
}

// A held redemption and its reversal are in no run until another releases it; a
// rejected one never is, and its money is the budget's again.
func TestHold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		a, b, c := o.redeemed(0, 2, 5000), o.redeemed(0, 3, 700), o.redeemed(0, 4, 30)
		first, second := o.held(a), o.held(b)
		_, err := o.Hold(t.Context(), o.checker, store.Key{}, a.ID, "igen")
		refused(t, err, "already_held")
		back := o.takenBack(a, 5)
		run := o.approved()
		require.Equal(t, []domain.ID{c.ID}, o.lines(run, 0))
		require.Equal(t, int64(2), run.Held)
		o.paid(run)
		_, err = o.Hold(t.Context(), o.maker, store.Key{}, c.ID, "for sent")
		refused(t, err, "already_settled")

		for _, decide := range []func() (store.Answer[domain.SettlementHold], error){
			func() (store.Answer[domain.SettlementHold], error) {
				return o.ReleaseHold(t.Context(), o.maker, store.Key{}, first.ID, "ok")
			},
			func() (store.Answer[domain.SettlementHold], error) {
				return o.RejectHold(t.Context(), o.maker, store.Key{}, second.ID, "nej")
			},
		} {
			_, err := decide()
			refused(t, err, "own_hold")
		}
		_, err = o.RejectHold(t.Context(), o.checker, store.Key{}, first.ID, "nej")
		refused(t, err, "already_reversed")
		_, err = o.RejectHold(t.Context(), o.checker, store.Key{}, second.ID, "samme køb")
		require.NoError(t, err)
		_, err = o.ReleaseHold(t.Context(), o.checker, store.Key{}, second.ID, "alligevel")
		refused(t, err, "already_decided")
		require.Equal(t, int64(0), o.owed(0), "5000 redeemed and taken back, 700 rejected, 30 paid")
		_, err = o.ReleaseHold(t.Context(), o.checker, store.Key{}, first.ID, "to køb")
		require.NoError(t, err)
		next := o.approved()
		require.ElementsMatch(t, []domain.ID{a.ID, back.ID}, o.lines(next, 0), "both, however late")
		require.Zero(t, o.of(next, 0).Total)
		require.Equal(t, int64(30), o.booked(0, ledger.Settled))
	})
}

// A hold on what a draft has taken makes the draft wait for being made again.
func TestHoldInADraft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		a := o.redeemed(0, 2, 5000)
		o.redeemed(0, 3, 700)
		run := o.drafted()
		o.held(a)
		_, err := o.ApproveRun(t.Context(), o.checker, store.Key{}, run.ID, 0)
		refused(t, err, "draft_outdated")
		again, err := o.RemakeRun(t.Context(), o.maker, store.Key{}, run.ID, Period{})
		require.NoError(t, err)
		require.Equal(t, int64(700), again.Value.Sum.Payable)
		o.does(func(tx *store.Tx) error {
			return store.Change[domain.Partner](tx, map[string]any{"method": domain.ByBank, "iban": "DK5000400440116243"}, store.Is("id", o.shops[0].ID))
		})
		_, err = o.ApproveRun(t.Context(), o.checker, store.Key{}, run.ID, 0)
		refused(t, err, "draft_outdated")
		_, err = o.RemakeRun(t.Context(), o.maker, store.Key{}, run.ID, Period{})
		require.NoError(t, err)
		approved, err := o.ApproveRun(t.Context(), o.checker, store.Key{}, run.ID, 0)
		require.NoError(t, err)
		_, err = o.PayRun(t.Context(), o.maker, store.Key{}, approved.Value.ID, Paid{On: today})
		refused(t, err, "no_payment_file")
	})
}

// A draft holds out by itself what looks wrong, once, and says why.
func TestSuspects(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		day := func(n int) time.Time { return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC) }
		buy := func(shop int, at time.Time) (domain.Voucher, domain.Redemption) {
			v := o.issued(1000)
			o.writes(&v)
			return v, o.redeemedAt(v, shop, at, 100)
		}
		blocked, soon := buy(0, day(10))
		late, calm := buy(0, day(5))
		reissued, lost := buy(0, day(11))
		_, stolen := buy(1, day(20))
		_, early := buy(1, day(10))
		_, uncontracted := buy(0, day(28))
		done := func(action domain.Action, v domain.Voucher, at time.Time) {
			require.NoError(t, o.store.Write(t.Context(), o.maker, func(tx *store.Tx) error { return tx.Audit(action, "voucher", v.ID, at, nil) }))
		}
		done("blockVoucher", blocked, day(12))
		done("blockOwnVoucher", late, day(9))
		done("reissueVoucher", reissued, day(12))
		revoked := day(21)
		key := store.NewID()
		o.writes(&domain.Token{MunicipalityID: o.home, ID: key, Hash: key[:], Kind: domain.ByTerminal, Person: "terminal:" + o.tills[1].ID.String(), Role: domain.PartnerRole, PartnerID: &o.shops[1].ID, TerminalID: &o.tills[1].ID, Scopes: domain.Strings{}, CreatedAt: day(1), RevokedAt: &revoked})
		o.does(func(tx *store.Tx) error {
			if err := store.Change[domain.Partner](tx, map[string]any{"contract_to": november.From.AddDays(26)}, store.Is("id", o.shops[0].ID)); err != nil {
				return err
			}
			return store.Change[domain.Terminal](tx, map[string]any{"state": domain.TerminalRevoked}, store.Is("id", o.tills[1].ID))
		})

		run := o.approved()
		require.Equal(t, []domain.ID{calm.ID}, o.lines(run, 0))
		require.Equal(t, []domain.ID{early.ID}, o.lines(run, 1))
		l, err := o.Holds(t.Context(), o.checker, store.Page{Limit: 10}, HoldFilter{Decision: HoldOpen})
		require.NoError(t, err)
		causes := map[domain.ID]string{}
		for _, h := range l.Rows {
			require.Equal(t, holder, h.HeldBy)
			causes[h.RedemptionID] = h.Cause
			_, err := o.ReleaseHold(t.Context(), o.maker, store.Key{}, h.ID, "set på")
			require.NoError(t, err, "nobody held it")
		}
		require.Equal(t, map[domain.ID]string{soon.ID: domain.HeldVoucherBlocked, lost.ID: domain.HeldVoucherReissued, stolen.ID: domain.HeldTerminalRevoked, uncontracted.ID: domain.HeldNoContract}, causes)
		next := o.approved()
		require.Equal(t, int64(400), next.Sum.Amount, "what was released is not held again")
	})
}

// Who recorded, issued, proposed or approved what a run pays for has no hand in
// paying it.
func TestDuties(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.redeemed(0, 2, 5000)
		finance := o.checker
		finance.Person = "CW@varde.dk" // who issued the voucher, in another role
		_, err := o.DraftRun(t.Context(), finance, store.Key{}, november)
		refused(t, err, "own_record")
		run := o.drafted()
		_, err = o.ApproveRun(t.Context(), finance, store.Key{}, run.ID, 0)
		refused(t, err, "own_record")
		job := domain.Actor{MunicipalityID: o.home, Person: "system:settle", Role: domain.System}
		_, err = o.ApproveRun(t.Context(), job, store.Key{}, run.ID, 0)
		refused(t, err, "not_a_person")
		h := o.held(o.redeemed(0, 3, 100))
		_, err = o.ReleaseHold(t.Context(), finance, store.Key{}, h.ID, "ok")
		refused(t, err, "own_record")
		for _, role := range []domain.Role{domain.Auditor, domain.PartnerRole, domain.TeamLeader, domain.Administrator} {
			other := o.checker
			other.Role = role
			_, err = o.ApproveRun(t.Context(), other, store.Key{}, run.ID, 0)
			require.Equal(t, domain.Forbidden, domain.KindOf(err), role)
		}
	})
}

// Nor has it when the money is carried on: what a run did not pay, the next one does.
func TestDutiesCarriedOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.redeemed(0, 2, 5000)
		for range 2 {
			_, err := o.ReverseRun(t.Context(), o.maker, store.Key{}, o.approved().ID, "fortrudt")
			require.NoError(t, err)
		}
		finance := o.checker
		finance.Person = "CW@varde.dk" // who issued the voucher, in another role
		_, err := o.DraftRun(t.Context(), finance, store.Key{}, november)
		refused(t, err, "own_record")
		run := o.drafted()
		require.Zero(t, run.Sum.Lines)
		_, err = o.ApproveRun(t.Context(), finance, store.Key{}, run.ID, 0)
		refused(t, err, "own_record")
		_, err = o.ApproveRun(t.Context(), o.checker, store.Key{}, run.ID, 0)
		require.NoError(t, err)
		require.Empty(t, o.faults())
	})
}

// A partner sees its own settlements, from the approval on.
func TestPartnerSeesItsOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.redeemed(0, 2, 5000)
		o.redeemed(1, 2, 700)
		shop := domain.Actor{MunicipalityID: o.home, Person: "terminal:x", Role: domain.PartnerRole, Partner: o.shops[0]}
		run := o.drafted()
		mine, its := o.of(run, 0), o.of(run, 1)
		seen := func() int {
			l, err := o.Settlements(t.Context(), shop, store.Page{Limit: 10}, Filter{})
			require.NoError(t, err)
			return len(l.Rows)
		}
		require.Zero(t, seen(), "a draft")
		_, err := o.Settlement(t.Context(), shop, mine.ID)
		refused(t, err, "not_found")
		_, err = o.SettlementLines(t.Context(), shop, mine.ID, store.Page{Limit: 10})
		refused(t, err, "not_found")
		_, err = o.ApproveRun(t.Context(), o.checker, store.Key{}, run.ID, 0)
		require.NoError(t, err)
		require.Equal(t, 1, seen())
		_, err = o.Settlement(t.Context(), shop, mine.ID)
		require.NoError(t, err)
		_, err = o.SettlementLines(t.Context(), shop, its.ID, store.Page{Limit: 10})
		refused(t, err, "not_found")
	})
}
