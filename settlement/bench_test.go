package settlement

import (
	"flag"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// redemptions is how many a benchmark's run is of.
var redemptions = flag.Int("redemptions", 500, "of a benchmark's settlement run")

// What each step of a settlement run costs that is of many vouchers, each spent
// once at one of two shops.
func BenchmarkRun(b *testing.B) {
	for _, d := range storetest.Dialects {
		b.Run(d.Name, func(b *testing.B) {
			took := map[string]time.Duration{}
			b.ReportAllocs()
			for range b.N {
				b.StopTimer()
				o := newOffice(b, storetest.Open(b, d.URL(b)))
				o.sold(*redemptions)
				runtime.GC()
				b.StartTimer()
				var run Run
				lap := func(step string, fn func()) {
					began := time.Now()
					fn()
					took[step] += time.Since(began)
				}
				lap("draft", func() { run = o.drafted() })
				lap("remake", func() { run = must(o.RemakeRun(b.Context(), o.maker, store.Key{}, run.ID, Period{})).Value })
				lap("approve", func() { run = must(o.ApproveRun(b.Context(), o.checker, store.Key{}, run.ID, 0)).Value })
				lap("pay", func() { run = o.paid(run) })
				require.Equal(b, int64(*redemptions), run.Sum.Lines)
				require.Equal(b, domain.RunPaid, run.State)
				lap("verify", func() { require.Empty(b, o.faults()) })
				o.redeemed(0, 30, 5)
				lap("next", func() { o.drafted() })
			}
			for step, sum := range took {
				b.ReportMetric(float64(sum.Milliseconds())/float64(b.N), step+"-ms/op")
			}
		})
	}
}

// sold stores vouchers of 1 kr. of one programme and ten units, that are spent, in
// turns at the two shops: a few at a time, as SQLite takes long over long statements,
// and not booked, since a run books only what it pays.
func (o office) sold(n int) {
	o.t.Helper()
	var units [10]domain.ID
	for i := range units {
		units[i] = store.NewID()
	}
	for done := 0; done < n; {
		var vouchers []domain.Voucher
		var spent []domain.Redemption
		for ; done < n && len(spent) < 50; done++ {
			v, at := o.issued(100), time.Date(2026, 11, 1+done%30, 12, 0, 0, 0, time.UTC)
			v.ProgrammeID, v.UnitID = o.voucher.ProgrammeID, units[done%len(units)]
			r := domain.Redemption{
				MunicipalityID: o.home, ID: store.NewID(), VoucherID: v.ID, PartnerID: o.shops[done%2].ID, TerminalID: o.tills[done%2].ID,
				ClientRedemptionID: v.Serial, Amount: v.Amount, Currency: v.Currency, CreatedAt: at,
			}
			vouchers, spent = append(vouchers, v), append(spent, r)
		}
		o.writes(&vouchers, &spent)
	}
}
