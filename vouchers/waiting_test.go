package vouchers

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	partners "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// What waits for money and for approval is finance's alone until it has its money, and
// nobody jumps the queue for that: the oldest gets it first.
func TestMoneyBeforeApproval(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		d.limit(t, ApprovalLimitsInput{Steps: leaders(100000), AutomaticMost: new(int64(10000))})
		b := d.budget(t, d.move.ID, 5_000)
		var waiting []domain.Award
		for i := range 3 {
			plan, _ := d.join(t, fmt.Sprint("W-", i), d.move)
			d.attended(t, plan, "2026-02-03T09:00:00Z")
			waiting = append(waiting, d.attended(t, plan, "2026-02-10T09:00:00Z").Awards[0])
			require.Equal(t, domain.Strings{domain.BecauseAmount, domain.BecauseBudget}, waiting[i].Waits())
		}
		leader, finance := d.as(domain.TeamLeader), d.as(domain.Finance)
		require.Empty(t, d.queue(t, leader))
		require.Len(t, d.queue(t, finance), 3)
		require.Equal(t, Missing{Awards: 3, Amount: 60_000, Short: 55_000}, d.missing(t, b.ID))

		d.appropriates(t, b, 35_000)
		approve := func(i int) error {
			return second(d.Approve(t.Context(), leader, Key{}, waiting[i].ID, 0))
		}
		because(t, approve(2), "waits_for_budget")
		because(t, approve(1), "waits_for_budget")
		require.NoError(t, approve(0))
		d.fundedAll(t, 1)
		require.Equal(t, []string{"award " + waiting[1].ID.String() + " 1"}, d.queue(t, leader))
		require.Equal(t, []string{"award_budget " + waiting[2].ID.String() + " 0"}, d.queue(t, finance))
		require.Equal(t, Missing{Awards: 1, Amount: 20_000, Short: 20_000}, d.missing(t, b.ID))
		require.NoError(t, approve(1))
		because(t, approve(2), "budget_exhausted")
		d.verified(t)
	})
}

// missing is what awards that a budget would pay for wait for.
func (d desk) missing(t testing.TB, budget domain.ID) Missing {
	t.Helper()
	table, err := d.BudgetFigures(t.Context(), d.as(domain.Finance), BudgetQuery{})
	require.NoError(t, err)
	for _, r := range table.Rows {
		if r.Budget != nil && r.Budget.ID == budget {
			return *r.Missing
		}
	}
	require.Fail(t, "no such budget")
	return Missing{}
}

// A run says what is next, how much it is to pay and to how many: without an invoice
// nothing is to be filed.
func TestRunsWaiting(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDecember(t, s)
		d.time.setDate("2027-01-05")
		office, maker, other := partners.New(s, d.time.now), d.as(domain.Finance), d.as(domain.Finance)
		other.Person = "ak@varde.dk"
		waits := func() (list []string) {
			q, err := d.Waiting(t.Context(), other, store.Place{}, 100)
			require.NoError(t, err)
			for _, w := range q.Items {
				require.Equal(t, []any{WaitingRun, int64(1)}, []any{w.Kind, w.Run})
				list = append(list, fmt.Sprint(w.Next, " ", w.Amount, " to ", w.Partners))
			}
			return list
		}
		run, err := office.DraftRun(t.Context(), maker, store.Key{}, partners.Period{From: date("2026-12-01"), To: date("2027-01-05")})
		require.NoError(t, err)
		require.Equal(t, []string{"approve 5000 to 1"}, waits())
		_, err = office.ApproveRun(t.Context(), other, store.Key{}, run.Value.ID, 0)
		require.NoError(t, err)
		require.Equal(t, []string{"invoice 5000 to 1"}, waits())
		_, err = office.ReverseRun(t.Context(), maker, store.Key{}, run.Value.ID, "konto")
		require.NoError(t, err)
		require.Empty(t, waits())

		d.banked(t)
		run, err = office.DraftRun(t.Context(), maker, store.Key{}, partners.Period{From: date("2026-12-01"), To: date("2027-01-05")})
		require.NoError(t, err)
		_, err = office.ApproveRun(t.Context(), other, store.Key{}, run.Value.ID, 0)
		require.NoError(t, err)
		q, err := d.Waiting(t.Context(), other, store.Place{}, 100)
		require.NoError(t, err)
		require.Equal(t, []any{"file", int64(5000), int64(1)}, []any{q.Items[0].Next, q.Items[0].Amount, q.Items[0].Partners})
	})
}

// banked lets every partner be paid to its account.
func (d desk) banked(t testing.TB) {
	t.Helper()
	list, err := d.Partners(t.Context(), d.as(domain.Finance), ten, PartnerFilter{})
	require.NoError(t, err)
	for _, p := range list.Rows {
		_, err = d.SetPartnerPayment(t.Context(), d.as(domain.Finance), p.ID, p.Version, PaymentInput{Method: domain.ByBank, RegistrationNumber: "0040", AccountNumber: "1234567890"})
		require.NoError(t, err)
	}
}

// A unit's own budget and the shared one each say what is missing in them; a
// programme with none says it in a row of its own; and no other day does.
func TestMissing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shared := d.budget(t, d.move.ID, 0)
		own, err := d.CreateBudget(t.Context(), d.as(domain.Finance), Key{}, BudgetInput{ProgrammeID: d.move.ID, UnitID: &d.unit.ID, Year: 2026, Amount: 15_000, Reason: "Budget 2026"})
		require.NoError(t, err)
		plan, _ := d.join(t, "P-1", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		d.attended(t, plan, "2026-02-10T09:00:00Z")
		require.Equal(t, Missing{}, d.missing(t, shared.ID))
		require.Equal(t, Missing{Awards: 1, Amount: 20_000, Short: 5_000}, d.missing(t, own.Value.ID))
		d.fundedAll(t, 0)
		l, err := d.Notices(t.Context(), d.as(domain.Finance), store.Page{Limit: 1}, true)
		require.NoError(t, err)
		require.Equal(t, "The programme's budget of 2026 had too little left for an award. Now 150 kr. of 150 kr. are left, 1 award waits and 50 kr. are missing: appropriate so much, and it is issued.", l.Rows[0].Text)
		require.Equal(t, []any{100, d.move.ID, int64(15_000)}, []any{l.Rows[0].Percent, *l.Rows[0].ProgrammeID, l.Rows[0].Left})

		past, err := d.BudgetFigures(t.Context(), d.as(domain.Finance), BudgetQuery{At: date("2026-03-01")})
		require.NoError(t, err)
		require.Nil(t, past.Rows[0].Missing)
		d.time.setDate("2027-01-04")
		d.fundedAll(t, 0)
		next, err := d.BudgetFigures(t.Context(), d.as(domain.Finance), BudgetQuery{})
		require.NoError(t, err)
		require.Len(t, next.Rows, 1)
		require.Nil(t, next.Rows[0].Budget)
		require.Equal(t, &Missing{Awards: 1, Amount: 20_000, Short: 20_000}, next.Rows[0].Missing)
		l, err = d.Notices(t.Context(), d.as(domain.Finance), store.Page{Limit: 1}, true)
		require.NoError(t, err)
		require.Equal(t, "Awards of a programme waited without a budget that pays for them. Now 1 award waits and 200 kr. are missing: appropriate so much, and it is issued.", l.Rows[0].Text)
		l, err = d.Notices(t.Context(), d.as(domain.Finance), ten, false)
		require.NoError(t, err)
		require.Equal(t, "The programme's budget of 2026 had too little left for an award. Now 150 kr. of 150 kr. are left, no award waits for money.", l.Rows[1].Text, "this year's does not pay for it any more")
	})
}
