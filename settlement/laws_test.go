package settlement

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// life is what happened to an office in a random order.
type life struct {
	office
	redeemed []domain.Redemption
	back     map[domain.ID]bool
	rejected map[domain.ID]bool
	claims   [2]int64 // by shop: redeemed, less taken back and rejected
}

// any step that is refused is refused as a conflict, and changes nothing.
func (l *life) happened(r *rapid.T, err error) bool {
	if err != nil {
		require.Contains(r, []domain.Kind{domain.Conflict, domain.Forbidden}, domain.KindOf(err), "%v", err)
	}
	return err == nil
}

func (l *life) pick(r *rapid.T) (domain.Redemption, int, bool) {
	if len(l.redeemed) == 0 {
		return domain.Redemption{}, 0, false
	}
	one := rapid.SampledFrom(l.redeemed).Draw(r, "redemption")
	shop := 0
	if one.PartnerID == l.shops[1].ID {
		shop = 1
	}
	return one, shop, true
}

// newest is the newest run, if there is one.
func (l *life) newest(r *rapid.T) (Run, bool) {
	runs, err := l.Runs(r.Context(), l.maker, store.Page{Limit: 1}, RunFilter{})
	require.NoError(r, err)
	return append(runs.Rows, Run{})[0], len(runs.Rows) > 0
}

func (l *life) decide(r *rapid.T, reject bool) {
	open, err := l.Holds(r.Context(), l.checker, store.Page{Limit: 1}, HoldFilter{Decision: HoldOpen})
	require.NoError(r, err)
	if len(open.Rows) == 0 {
		return
	}
	h := open.Rows[0]
	if !reject {
		_, err = l.ReleaseHold(r.Context(), l.checker, store.Key{}, h.ID, "ok")
		l.happened(r, err)
		return
	}
	if _, err = l.RejectHold(r.Context(), l.checker, store.Key{}, h.ID, "nej"); l.happened(r, err) {
		l.rejected[h.RedemptionID] = true
		for shop := range l.shops {
			if l.shops[shop].ID == h.PartnerID {
				l.claims[shop] -= h.Amount
			}
		}
	}
}

// correct says of a settlement that was bounced or reversed that its shop has the money
// after all, or that it came back then.
func (l *life) correct(r *rapid.T) {
	state := rapid.SampledFrom([]domain.SettlementState{domain.SettlementBounced, domain.SettlementReversed}).Draw(r, "undone")
	rows, err := l.Settlements(r.Context(), l.maker, store.Page{Limit: 1}, Filter{State: state})
	require.NoError(r, err)
	if len(rows.Rows) == 0 {
		return
	}
	row := rows.Rows[0]
	switch {
	case len(row.Corrections)%2 == 1:
		_, err = l.Bounce(r.Context(), l.maker, store.Key{}, row.ID, Bounced{Reason: "retur", AlthoughReconciled: true})
	case state == domain.SettlementBounced || len(row.Corrections) > 0:
		_, err = l.Unbounce(r.Context(), l.maker, store.Key{}, row.ID, "alligevel ikke")
	default:
		l.take(said(fmt.Sprintf("%d;%s;%d", -row.Total, row.Number, l.number.Add(1))))
		waiting := l.entries(domain.EntryUnmatched)
		_, err = l.MatchEntry(r.Context(), l.maker, store.Key{}, waiting[len(waiting)-1].ID, row.ID)
	}
	l.happened(r, err)
}

// steps are what can happen.
func (l *life) steps() map[string]func(*rapid.T) {
	ofRun := func(do func(r *rapid.T, run Run) error) func(*rapid.T) {
		return func(r *rapid.T) {
			if run, ok := l.newest(r); ok {
				l.happened(r, do(r, run))
			}
		}
	}
	redeem := func(r *rapid.T) {
		shop, amount := rapid.IntRange(0, 1).Draw(r, "shop"), rapid.Int64Range(1, 5000).Draw(r, "amount")
		l.redeemed = append(l.redeemed, l.office.redeemed(shop, rapid.IntRange(1, 30).Draw(r, "day"), amount))
		l.claims[shop] += amount
	}
	return map[string]func(*rapid.T){
		"redeem": redeem, "redeem more": redeem,
		"take back": func(r *rapid.T) {
			if one, shop, ok := l.pick(r); ok && !l.back[one.ID] && !l.rejected[one.ID] {
				l.takenBack(one, 30)
				l.back[one.ID] = true
				l.claims[shop] -= one.Amount
			}
		},
		"hold": func(r *rapid.T) {
			if one, _, ok := l.pick(r); ok {
				_, err := l.Hold(r.Context(), l.maker, store.Key{}, one.ID, "se på den")
				l.happened(r, err)
			}
		},
		"release": func(r *rapid.T) { l.decide(r, false) },
		"reject":  func(r *rapid.T) { l.decide(r, true) },
		"draft": func(r *rapid.T) {
			_, err := l.DraftRun(r.Context(), l.maker, store.Key{}, november)
			l.happened(r, err)
		},
		"remake": ofRun(func(r *rapid.T, run Run) error {
			_, err := l.RemakeRun(r.Context(), l.maker, store.Key{}, run.ID, Period{})
			return err
		}),
		"approve": ofRun(func(r *rapid.T, run Run) error {
			_, err := l.ApproveRun(r.Context(), l.checker, store.Key{}, run.ID, 0)
			return err
		}),
		"pay": ofRun(func(r *rapid.T, run Run) error {
			l.invoiceIfDue(run)
			_, err := l.PayRun(r.Context(), l.maker, store.Key{}, run.ID, Paid{On: today})
			return err
		}),
		"reverse": ofRun(func(r *rapid.T, run Run) error {
			_, err := l.ReverseRun(r.Context(), l.maker, store.Key{}, run.ID, "fejl")
			return err
		}),
		"bounce": func(r *rapid.T) {
			paid, err := l.Settlements(r.Context(), l.maker, store.Page{Limit: 1}, Filter{State: domain.SettlementPaid})
			require.NoError(r, err)
			if len(paid.Rows) > 0 {
				_, err := l.Bounce(r.Context(), l.maker, store.Key{}, paid.Rows[0].ID, Bounced{Reason: "retur"})
				l.happened(r, err)
			}
		},
		"correct": l.correct,
	}
}

// holds demands that each shop is owed by the books what it may claim and was not
// paid, and that it was paid what its paid settlements say.
func (l *life) holds(r *rapid.T) {
	for shop := range l.shops {
		var paid int64
		rows, err := l.Settlements(r.Context(), l.maker, store.Page{Limit: 1000}, Filter{PartnerID: l.shops[shop].ID, State: domain.SettlementPaid})
		require.NoError(r, err)
		for _, row := range rows.Rows {
			paid += row.Total
		}
		for _, state := range []domain.SettlementState{domain.SettlementBounced, domain.SettlementReversed} {
			undone, err := l.Settlements(r.Context(), l.maker, store.Page{Limit: 1000}, Filter{PartnerID: l.shops[shop].ID, State: state})
			require.NoError(r, err)
			for _, row := range undone.Rows {
				for _, c := range row.Corrections {
					paid -= c.Amount
				}
			}
		}
		require.Equal(r, paid, l.booked(shop, ledger.Settled))
		require.Equal(r, l.claims[shop]-paid, l.owed(shop))
	}
	require.Empty(r, l.faults())
	require.Empty(r, l.bankDiffers())
}

// Whatever happens in whatever order, a shop is owed what it may claim and was not
// paid; and when all is decided and paid, each krone was paid once.
func TestEachKroneIsPaidOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rapid.Check(t, func(r *rapid.T) {
			if rapid.IntRange(0, 9).Draw(r, "played when 0") > 0 {
				return // a database is no pure function: fewer, longer lives
			}
			l := &life{office: newOffice(t, s), back: map[domain.ID]bool{}, rejected: map[domain.ID]bool{}}
			steps := l.steps()
			names := []string{"redeem", "redeem more", "take back", "hold", "release", "reject", "draft", "draft", "remake", "approve", "approve", "pay", "pay", "bounce", "reverse", "reverse", "correct", "correct"}
			for range rapid.IntRange(10, 40).Draw(r, "steps") {
				steps[rapid.SampledFrom(names).Draw(r, "step")](r)
			}
			l.holds(r)
			for range 100 { // what is held is released, and what is due is paid
				l.decide(r, false)
			}
			for _, name := range []string{"remake", "approve", "draft", "approve"} {
				steps[name](r)
			}
			approved, err := l.Runs(r.Context(), l.maker, store.Page{Limit: 100}, RunFilter{State: domain.RunApproved})
			require.NoError(r, err)
			for _, run := range approved.Rows {
				l.office.paid(run)
			}
			l.holds(r)
			for shop := range l.shops {
				require.LessOrEqual(r, l.owed(shop), int64(0), "all that is owed is paid")
				require.Equal(r, max(l.claims[shop], l.booked(shop, ledger.Settled)), l.booked(shop, ledger.Settled), "nothing is paid twice")
				if l.owed(shop) == 0 {
					require.Equal(r, l.claims[shop], l.booked(shop, ledger.Settled))
				}
			}
		})
	})
}
