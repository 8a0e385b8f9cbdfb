package vouchers

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Finance is told at 80 percent, at 100 percent, and where awards wait without any
// budget: once for each appropriation, and by mail where it has an address.
func TestBudgetAlerts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		_, err := d.UpdateMunicipality(t.Context(), d.as(domain.Administrator), d.home.Version, MunicipalityChange{FinanceEmail: new("oekonomi@eksempel.dk")})
		require.NoError(t, err)
		told := func() (kinds []string) {
			for range 2 { // the second run tells nothing more
				_, err := d.Fund(t.Context(), d.home.MunicipalityID)
				require.NoError(t, err)
			}
			l, err := d.Notices(t.Context(), d.as(domain.Finance), store.Page{Limit: 25}, true)
			require.NoError(t, err)
			for i := len(l.Rows) - 1; i >= 0; i-- {
				kinds = append(kinds, l.Rows[i].Kind)
			}
			return kinds
		}
		b := d.budget(t, d.move.ID, 50_000)
		d.earn(t, "P-1", d.move)
		require.Empty(t, told())
		d.earn(t, "P-2", d.move)
		require.Equal(t, []string{domain.BudgetNearlyUsed}, told())
		plan, _ := d.join(t, "P-3", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		d.attended(t, plan, "2026-02-10T09:00:00Z")
		require.Equal(t, []string{domain.BudgetNearlyUsed, domain.BudgetUsedUp}, told(), "too little for an award")
		d.appropriates(t, b, 10_000)
		require.Equal(t, []string{domain.BudgetNearlyUsed, domain.BudgetUsedUp, domain.BudgetNearlyUsed, domain.BudgetUsedUp}, told(), "a new appropriation is told of anew")
		plan, _ = d.join(t, "P-4", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		d.attended(t, plan, "2026-02-10T09:00:00Z")
		d.time.setDate("2027-01-04")
		require.Equal(t, domain.BudgetMissing, told()[4], "a new year without a budget")
		sent, err := d.SendMail(t.Context(), d.home.MunicipalityID, to("oekonomi@eksempel.dk", t))
		require.NoError(t, err)
		require.Equal(t, 1, sent, "one mail for all of them")
		d.verified(t)
	})
}

// What is said of a budget is checked, and it is not lowered below what is
// committed.
func TestBudgetRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		finance := d.as(domain.Finance)
		good := BudgetInput{ProgrammeID: d.move.ID, Year: 2026, Amount: 50_000, Reason: "Budget 2026"}
		for field, spoil := range map[string]func(*BudgetInput){
			"year": func(in *BudgetInput) { in.Year = 26 }, "amount": func(in *BudgetInput) { in.Amount = -1 }, "reason": func(in *BudgetInput) { in.Reason = "" },
			"account_string": func(in *BudgetInput) { in.AccountString = "=1+1" }, "programme_id": func(in *BudgetInput) { in.ProgrammeID = store.NewID() },
			"unit_id": func(in *BudgetInput) { in.UnitID = new(store.NewID()) },
		} {
			in := good
			spoil(&in)
			_, err := d.CreateBudget(t.Context(), finance, Key{}, in)
			refused(t, err, domain.Invalid, field)
		}
		b := d.budget(t, d.move.ID, 50_000)
		_, err := d.CreateBudget(t.Context(), finance, Key{}, good)
		because(t, err, "budget_exists")
		d.earn(t, "P-1", d.move)
		_, err = d.ChangeBudget(t.Context(), finance, Key{}, b.ID, -30_001, "mindre")
		because(t, err, "budget_committed")
		named(t, err, "amount", "budget_committed")
		require.ErrorContains(t, err, "only 300 kr. of it is left, the rest is reserved, issued or paid: that is 0,01 kr. too little")
		_, err = d.ChangeBudget(t.Context(), finance, Key{}, b.ID, -50_001, "mindre")
		refused(t, err, domain.Invalid, "amount")
		d.appropriates(t, b, -30_000)
		require.Equal(t, [6]int64{0, 20_000, 0, 0, 0, 0}, d.stood(t, b, ""))
		_, e := d.join(t, "P-2", d.move)
		_, err = d.ProposeGrant(t.Context(), d.as(domain.Caseworker), Key{}, GrantInput{EnrolmentID: e.ID, Amount: 100, Grounds: "god indsats", Evidence: "SAG-1"})
		because(t, err, "budget_exhausted")
		require.ErrorContains(t, err, "no award was made")
		_, err = d.UpdateBudget(t.Context(), finance, b.ID, 2, "5.38.45.1.002")
		require.NoError(t, err)
		_, err = d.UpdateBudget(t.Context(), finance, b.ID, 2, "5.38.45.1.003")
		because(t, err, "stale")
		d.verified(t)
	})
}

// to is a Post that demands an address.
func to(address string, t *testing.T) Post {
	return func(_ context.Context, got string) error {
		require.Equal(t, address, got)
		return nil
	}
}
