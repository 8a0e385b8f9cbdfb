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

// signedIn signs in the citizen who has the plan.
func (d desk) signedIn(t testing.TB, plan domain.Plan) domain.Actor {
	t.Helper()
	made, err := d.CreateCitizenLink(t.Context(), d.as(domain.Caseworker), "createCitizenLink", plan.CitizenID)
	require.NoError(t, err)
	visit, err := d.ExchangeCitizenLink(t.Context(), made.Text, "")
	require.NoError(t, err)
	return visit.Actor
}

// planOf is the plan that a voucher was earned in.
func (d desk) planOf(t testing.TB, v domain.Voucher) (plan domain.Plan) {
	t.Helper()
	require.NoError(t, d.store.Read(t.Context(), d.home.MunicipalityID, func(tx *store.Tx) error {
		award := must(store.Get[domain.Award](tx, v.AwardID))
		enrolment := must(store.Get[domain.Enrolment](tx, award.EnrolmentID))
		plan = must(store.Get[domain.Plan](tx, enrolment.PlanID))
		return nil
	}))
	return plan
}

func TestOwnPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		ctx, worker, shop := t.Context(), d.as(domain.Caseworker), d.till(t, "Kiosk", "groceries")
		must(d.CreatePartner(ctx, d.as(domain.Administrator), PartnerInput{Name: "Vinhandel", CVR: "87654338", Categories: []string{"wine"}}))
		mine, secret := d.earn(t, "P-1", d.move)
		others, _ := d.earn(t, "P-2", d.move)
		citizen, other := d.signedIn(t, d.planOf(t, mine)), d.signedIn(t, d.planOf(t, others))

		page := must(d.OwnPage(ctx, citizen, OwnAsked{Codes: true}))
		require.Equal(t, "Varde Kommune", page.Municipality)
		require.False(t, page.PIN)
		require.Len(t, page.Vouchers.Rows, 1)
		require.Equal(t, mine.ID, page.Vouchers.Rows[0].ID)
		require.Equal(t, secret, page.Vouchers.Rows[0].Code.Reveal())
		require.Equal(t, []string{"Kiosk"}, page.Vouchers.Rows[0].Shops)
		require.True(t, page.Vouchers.Rows[0].Usable)
		require.Len(t, page.Courses, 1)
		require.EqualValues(t, 20000, page.Received["DKK"])
		require.Empty(t, must(d.OwnPage(ctx, citizen, OwnAsked{})).Vouchers.Rows[0].Code)
		_, own, err := d.RevealOwn(ctx, citizen, "getOwnVoucherCode", mine.ID)
		require.NoError(t, err)
		require.Equal(t, secret, own.Reveal())

		d.redeemed(t, shop, secret, 5000)
		held := must(d.OwnPage(ctx, citizen, OwnAsked{Codes: true})).Vouchers.Rows[0]
		require.EqualValues(t, 15000, held.Balance)
		require.Equal(t, []Use{{At: d.time.now(), Shop: "Kiosk", Amount: 5000, Left: 15000}}, held.Uses)
		paper := must(d.Paper(ctx, worker, d.planOf(t, mine).CitizenID, 0))
		require.Equal(t, held.Uses, paper.Vouchers.Rows[0].Uses, "staff print the same")
		require.Equal(t, []string{"Kiosk"}, paper.Vouchers.Rows[0].Shops)
		require.Empty(t, paper.Vouchers.Rows[0].Code, "without codes")
		_, err = d.Paper(ctx, d.elsewhere(t), d.planOf(t, mine).CitizenID, 0)
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		_, err = d.Paper(ctx, d.as(domain.Finance), d.planOf(t, mine).CitizenID, 0)
		require.Equal(t, domain.Forbidden, domain.KindOf(err))
		_, err = d.BlockOwn(ctx, other, mine.ID)
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		blocked := must(d.BlockOwn(ctx, citizen, mine.ID))
		require.Equal(t, domain.Blocked, blocked.State)
		d.stands(t, mine, domain.Blocked, 15000)
		_, err = d.Check(ctx, shop, secret)
		because(t, err, "blocked")
		_, err = d.BlockOwn(ctx, citizen, mine.ID)
		because(t, err, "wrong_state")
		_, _, err = d.RevealOwn(ctx, citizen, "getOwnVoucherCode", mine.ID)
		because(t, err, "wrong_state")
		page = must(d.OwnPage(ctx, citizen, OwnAsked{Codes: true}))
		require.False(t, page.Vouchers.Rows[0].Usable)
		require.Empty(t, page.Vouchers.Rows[0].Code)
		require.Empty(t, page.Vouchers.Rows[0].Shops)
		require.Equal(t, lostByHolder, must(d.Voucher(ctx, worker, mine.ID)).Reason.Reveal())
		must(d.Unblock(ctx, worker, mine.ID, "fundet"))
		require.True(t, must(d.OwnPage(ctx, citizen, OwnAsked{Codes: true})).Vouchers.Rows[0].Usable)
		d.verified(t)
	})
}

// What can be used or is blocked is in the order of its last days; what ran out is
// among what was had, although nothing has expired it yet.
func TestOwnPage_order(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P-1", d.move)
		var made []domain.Voucher
		for _, day := range []string{"2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-09", "2026-03-10"} {
			d.time.setDate(day)
			made = append(made, d.attended(t, plan, day+"T08:00:00Z").Vouchers...)
		}
		require.Len(t, made, 3)
		citizen := d.signedIn(t, plan)
		must(d.Block(t.Context(), d.as(domain.Caseworker), made[0].ID, "tabt"))
		var order []domain.ID
		for _, v := range must(d.OwnPage(t.Context(), citizen, OwnAsked{Codes: true})).Vouchers.Rows {
			order = append(order, v.ID)
		}
		require.Equal(t, []domain.ID{made[0].ID, made[1].ID, made[2].ID}, order)
		d.time.set(made[1].ValidTo)
		citizen = d.signedIn(t, plan)
		page := must(d.OwnPage(t.Context(), citizen, OwnAsked{Codes: true}))
		require.Equal(t, made[2].ID, page.Vouchers.Rows[0].ID)
		require.Len(t, page.Vouchers.Rows, 1)
		require.Len(t, page.Had.Rows, 3)
		require.Equal(t, made[1].ID, page.Had.Rows[1].Vouchers[0].ID)
		require.False(t, page.Had.Rows[1].Vouchers[0].Usable)
	})
}

// A citizen reaches nothing of another's, in the same municipality or not, and
// nobody else may do what is a citizen's own.
func TestOwnIsNobodyElses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, abroad := newStory(t, s), newStory(t, s)
		var all []domain.Voucher
		owner := map[domain.ID]domain.Actor{}
		for _, town := range []story{d, abroad} {
			for _, reference := range []string{"P-1", "P-2", "P-3"} {
				v, _ := town.earn(t, reference, town.move)
				all = append(all, v)
				owner[v.ID] = town.signedIn(t, town.planOf(t, v))
			}
		}
		for id, actor := range owner {
			page := must(d.OwnPage(t.Context(), actor, OwnAsked{}))
			require.Len(t, page.Vouchers.Rows, 1)
			require.Equal(t, id, page.Vouchers.Rows[0].ID)
			for _, v := range all {
				if v.ID == id {
					continue
				}
				_, _, err := d.RevealOwn(t.Context(), actor, "getOwnVoucherQRSVG", v.ID)
				require.Equal(t, domain.NotFound, domain.KindOf(err))
				_, err = d.BlockOwn(t.Context(), actor, v.ID)
				require.Equal(t, domain.NotFound, domain.KindOf(err))
			}
			for action, roles := range domain.Permissions {
				mine := len(roles) > 0 && roles[0] == domain.CitizenRole
				require.Equal(t, mine, actor.May(action) == nil, action)
			}
		}
		for _, v := range all {
			require.Equal(t, domain.Issued, must(d.OwnPage(t.Context(), owner[v.ID], OwnAsked{})).Vouchers.Rows[0].State)
		}
		for _, role := range domain.Roles {
			actor := d.as(role)
			actor.CitizenID = owner[all[0].ID].CitizenID
			_, err := d.OwnPage(t.Context(), actor, OwnAsked{Codes: true})
			require.Equal(t, domain.Forbidden, domain.KindOf(err), role)
			_, err = d.BlockOwn(t.Context(), actor, all[0].ID)
			require.Equal(t, domain.Forbidden, domain.KindOf(err), role)
		}
		forged := owner[all[0].ID]
		forged.CitizenID = owner[all[1].ID].CitizenID
		_, err := d.OwnPage(t.Context(), forged, OwnAsked{Codes: true})
		require.Equal(t, domain.Unauthenticated, domain.KindOf(err), "the sign-in says whose it is")
	})
}

// An erased citizen's links and sign-ins end with the erasure, and there are no
// new ones.
func TestErase_endsAccess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		ctx, worker := t.Context(), d.as(domain.Caseworker)
		v, _ := d.earn(t, "P-1", d.move)
		plan := d.planOf(t, v)
		citizen := d.signedIn(t, plan)
		unused, err := d.CreateCitizenLink(ctx, worker, "createCitizenLetter", plan.CitizenID)
		require.NoError(t, err)
		plan = must(d.Plan(ctx, worker, plan.ID))
		must(d.UpdatePlan(ctx, worker, plan.ID, plan.Version, PlanChange{EndDate: new(date("2026-03-01")), EndReason: new("completed")}))
		require.NoError(t, d.Erase(ctx, keyJob(d.home.MunicipalityID), plan.CitizenID))
		_, err = d.OwnPage(ctx, citizen, OwnAsked{Codes: true})
		require.Equal(t, domain.Unauthenticated, domain.KindOf(err))
		_, err = d.ExchangeCitizenLink(ctx, unused.Text, "")
		because(t, err, "link_unusable")
		_, err = d.CreateCitizenLink(ctx, worker, "createCitizenLink", plan.CitizenID)
		because(t, err, "erased")
	})
}

// A page that is left alone wants the PIN for everything but the PIN itself and
// signing out.
func TestOwnPage_locked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		ctx := t.Context()
		v, _ := d.earn(t, "P-1", d.move)
		citizen := d.signedIn(t, d.planOf(t, v))
		require.NoError(t, d.SetOwnPIN(ctx, citizen, "25804193", ""))
		require.True(t, must(d.OwnPage(ctx, citizen, OwnAsked{})).PIN)
		d.time.add(15 * time.Minute)
		locked := map[domain.Action]func() error{
			"getOwnPage":      func() error { _, err := d.OwnPage(ctx, citizen, OwnAsked{}); return err },
			"listOwnAwards":   func() error { _, err := d.OwnHistory(ctx, citizen, ten); return err },
			"listOwnVouchers": func() error { _, err := d.OwnVouchers(ctx, citizen, store.Place{}, 10); return err },
			"getOwnVoucherCode": func() error {
				_, _, err := d.RevealOwn(ctx, citizen, "getOwnVoucherCode", v.ID)
				return err
			},
			"getOwnVoucherQRSVG": func() error {
				_, _, err := d.RevealOwn(ctx, citizen, "getOwnVoucherQRSVG", v.ID)
				return err
			},
			"blockOwnVoucher": func() error { _, err := d.BlockOwn(ctx, citizen, v.ID); return err },
			"setOwnPIN":       func() error { return d.SetOwnPIN(ctx, citizen, "83917264", "") },
			"removeOwnPIN":    func() error { return d.RemoveOwnPIN(ctx, citizen, "") },
			"unlockOwnPage":   func() error { _, err := d.Unlock(ctx, citizen, ""); return err },
		}
		for action, roles := range domain.Permissions { // every one of the citizen's is here
			if len(roles) > 0 && roles[0] == domain.CitizenRole && action != "leaveOwnPage" {
				because(t, locked[action](), "pin_required")
			}
		}
		_, err := d.Unlock(ctx, citizen, "25804193")
		require.NoError(t, err)
		require.NoError(t, locked["getOwnPage"]())
		require.NoError(t, d.LeaveOwnPage(ctx, citizen))
		_, err = d.OwnPage(ctx, citizen, OwnAsked{})
		require.Equal(t, domain.Unauthenticated, domain.KindOf(err))
	})
}

// BenchmarkPaper reads all that a citizen holds on their second week and after five
// years of two visits a week.
func BenchmarkPaper(b *testing.B) {
	for _, weeks := range []int{2, 520} {
		b.Run(fmt.Sprint(weeks), func(b *testing.B) {
			d, citizen := yearsOf(b, storetest.Open(b, storetest.SQLite(b)), weeks)
			for b.Loop() {
				must(d.Paper(b.Context(), d.as(domain.Caseworker), citizen, 0))
			}
		})
	}
}
