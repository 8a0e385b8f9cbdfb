package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A time that is withheld is null, and empty in CSV; money is there for one
// voucher too.
func TestVoucherFiguresShown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		day := w.now.Format("2006-01-02")
		var all, none VoucherFiguresReport
		read(t, w, base+"/reports/vouchers?group_by=month", &all)
		require.NotEmpty(t, all.Rows)
		want := "month,label,vouchers,amount,currency,average_amount,award_to_voucher_seconds,voucher_to_redemption_seconds,suppressed," +
			"lapsed_vouchers,lapsed_amount,lapsed_vouchers_per_10000,lapsed_amount_per_10000\n"
		for _, r := range all.Rows {
			cells := []any{r.Key, r.Label, r.Vouchers, r.Amount, "DKK", r.AverageAmount, "", "", r.Suppressed, r.LapsedVouchers, r.LapsedAmount, r.LapsedVouchersPer10000, r.LapsedAmountPer10000}
			for i, time := range map[int]*int64{6: r.AwardToVoucherSeconds, 7: r.VoucherToRedemptionSeconds} {
				if time != nil {
					cells[i] = *time
				}
			}
			want += strings.Join(each(cells, func(cell any) string { return fmt.Sprint(cell) }), ",") + "\n"
			require.Positive(t, r.AverageAmount)
		}
		require.Equal(t, want, w.do(domain.Auditor, "GET", "/reports/vouchers?group_by=month&format=csv", "").Body.String())
		one := w.do(domain.Finance, "GET", "/reports/vouchers?currency=EUR&to="+day, "")
		require.Equal(t, 200, one.Code)
		require.Contains(t, one.Body.String(), `"award_to_voucher_seconds":null`)
		require.Contains(t, one.Body.String(), `"suppressed":true`)
		read(t, w, base+"/reports/vouchers?from=2031-01-01", &none)
		require.NotNil(t, none.Rows)
		require.Empty(t, none.Rows)
	})
}
