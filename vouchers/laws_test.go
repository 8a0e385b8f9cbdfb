package vouchers

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// town is a small municipality in which anything may happen in any order.
type town struct {
	story
	t         *testing.T
	plans     []domain.Plan
	tills     []domain.Actor
	visits    []domain.ID
	vouchers  []domain.Voucher
	awards    []domain.ID
	purchases []domain.ID
	granted   int64
}

func newTown(t *testing.T, s *store.Store) *town {
	t.Helper()
	w := &town{t: t, story: story{desk: newDesk(t, s)}}
	short := []string{sixAtMost, "{count: 3, period: episode, at_limit: stop}", "valid_days: 365", "valid_days: 20"}
	for i, changes := range [][]string{short, append(short, "mode: automatic", "mode: proposes"),
		append([]string{constant, "{table: [10000, 5000, 20000, 7500]}", everySecond, "requirement: {met: 1}"},
			sixAtMost, "{amount: 30000, period: episode, basis: earned, at_limit: pay_rest}", "partial: true", "partial: false")} {
		plan, _ := w.join(t, fmt.Sprint("P-", i), w.variant(t, fmt.Sprint("programme-", i), changes...))
		w.plans = append(w.plans, plan)
	}
	w.tills = []domain.Actor{w.till(t, "Kiosk", "groceries"), w.till(t, "Vin", "wine")}
	return w
}

// did notes what came of a verb: it is done, or refused with a reason.
func (w *town) did(t *rapid.T, vouchers []domain.Voucher, err error) {
	if err != nil {
		require.NotEmpty(t, domain.KindOf(err), "%v", err)
		require.NotEqual(t, domain.Unavailable, domain.KindOf(err), "%v", err)
		require.NotEqual(t, "unknown_reference", domain.CodeOf(err), "%v", err)
	}
	w.vouchers = append(w.vouchers, vouchers...)
}

func (w *town) attendedThat(t *rapid.T, a Answer[Attended], err error) {
	w.did(t, a.Value.Vouchers, err)
	if err == nil {
		w.visits = append(w.visits, a.Value.Attendance.AttendanceID)
	}
	for _, award := range a.Value.Awards {
		w.awards = append(w.awards, award.ID)
	}
}

// anyMoment draws an hour of February 2026: few enough to meet again.
func anyMoment(t *rapid.T) time.Time {
	return instant("2026-02-01T08:00:00Z").Add(time.Duration(rapid.IntRange(0, 56).Draw(t, "half days")) * 12 * time.Hour)
}

func anyOutcome(t *rapid.T) string {
	return rapid.SampledFrom(append([]string{domain.Attended, domain.Attended}, domain.Outcomes...)).Draw(t, "outcome")
}

func oneOf[T any](t *rapid.T, list []T) T {
	if len(list) == 0 {
		t.Skip("there is none yet")
	}
	return rapid.SampledFrom(list).Draw(t, "which")
}

// verbs are all that can be done.
func (w *town) verbs() map[string]func(*rapid.T) {
	ctx, worker, leader, why := w.t.Context(), w.as(domain.Caseworker), w.as(domain.TeamLeader), "derfor"
	attend := func(t *rapid.T) {
		a, err := w.Attend(ctx, worker, Key{}, Visit{PlanID: oneOf(t, w.plans).ID, OccurredAt: anyMoment(t), Kind: "group", Outcome: anyOutcome(t)})
		w.attendedThat(t, a, err)
	}
	redeem := func(t *rapid.T) {
		v := oneOf(t, w.vouchers)
		secret, err := w.codes.Remake(v.ID, v.KeyID)
		require.NoError(t, err)
		r, err := w.Redeem(ctx, oneOf(t, w.tills), Key{}, Redeem{Code: secret.Reveal(), Amount: rapid.SampledFrom([]int64{0, 1, 5000, 20000}).Draw(t, "amount"), ClientRedemptionID: fmt.Sprint(len(w.purchases))})
		if w.did(t, nil, err); err == nil {
			w.purchases = append(w.purchases, r.Value.ID)
		}
	}
	voucher := func(do func(id domain.ID) ([]domain.Voucher, error)) func(*rapid.T) {
		return func(t *rapid.T) {
			vouchers, err := do(oneOf(t, w.vouchers).ID)
			w.did(t, vouchers, err)
		}
	}
	return map[string]func(*rapid.T){
		"attend": attend, "attend2": attend, "attend3": attend, "redeem": redeem, "redeem2": redeem,
		"correct": func(t *rapid.T) {
			c := Correction{AttendanceID: oneOf(t, w.visits), Outcome: anyOutcome(t), Reason: why}
			if rapid.Bool().Draw(t, "move") {
				c.OccurredAt = anyMoment(t)
			}
			a, err := w.Correct(ctx, worker, Key{}, c)
			w.attendedThat(t, a, err)
		},
		"cancel": func(t *rapid.T) {
			a, err := w.CancelAttendance(ctx, worker, Key{}, oneOf(t, w.visits), why)
			w.attendedThat(t, a, err)
		},
		"decide": func(t *rapid.T) {
			if rapid.IntRange(0, 3).Draw(t, "reject") == 0 {
				w.did(t, nil, second(w.Reject(ctx, leader, Key{}, oneOf(t, w.awards), why)))
				return
			}
			a, err := w.Approve(ctx, leader, Key{}, oneOf(t, w.awards), 0)
			if w.did(t, nil, err); err == nil {
				w.vouchers = append(w.vouchers, *a.Value.Voucher)
			}
		},
		"reverse": func(t *rapid.T) {
			w.did(t, nil, second(w.Reverse(ctx, w.as(domain.Finance), Key{}, oneOf(t, w.purchases), why)))
		},
		"block":   voucher(func(id domain.ID) ([]domain.Voucher, error) { return nil, second(w.Block(ctx, worker, id, why)) }),
		"unblock": voucher(func(id domain.ID) ([]domain.Voucher, error) { return nil, second(w.Unblock(ctx, worker, id, why)) }),
		"void": voucher(func(id domain.ID) ([]domain.Voucher, error) {
			w.granted = 0 // a person may take back what a correction made too much
			return nil, second(w.Void(ctx, leader, Key{}, id, why))
		}),
		"reissue": voucher(func(id domain.ID) ([]domain.Voucher, error) {
			r, err := w.Reissue(ctx, worker, Key{}, id, why)
			if err != nil {
				return nil, err
			}
			return []domain.Voucher{r.Value.New}, nil
		}),
		"days pass": func(t *rapid.T) {
			w.time.add(time.Duration(rapid.IntRange(1, 240).Draw(t, "hours")) * time.Hour)
			w.did(t, nil, second(w.Expire(ctx, w.home.MunicipalityID)))
		},
		"": w.laws,
	}
}

// laws hold after every step: what was granted is never taken back but by a
// person, nor more than the caps allow.
func (w *town) laws(t *rapid.T) {
	all, err := w.Awards(w.t.Context(), w.as(domain.Finance), store.Page{Limit: 100}, AwardFilter{})
	require.NoError(t, err)
	granted, of := int64(0), map[domain.ID]int64{}
	for _, a := range all.Rows {
		granted += a.Granted
		of[a.EnrolmentID] += a.Granted
	}
	require.GreaterOrEqual(t, granted, w.granted)
	for _, sum := range of {
		require.LessOrEqual(t, sum, int64(60000), "three of 200 kr., or 300 kr.")
	}
	w.granted = granted
}

// Whatever is done in whatever order, everything stored follows from it.
func TestLawsOfAnyHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rapid.Check(t, func(r *rapid.T) {
			if rapid.IntRange(0, 11).Draw(r, "played when 0") > 0 {
				return // a few long histories find more than many short ones, and -rapid.checks plays more
			}
			w := newTown(t, s)
			r.Repeat(w.verbs())
			v, err := w.Verify(t.Context(), w.home.MunicipalityID)
			require.NoError(r, err)
			require.Empty(r, v.Differences)
			sums := w.balance(w.t)
			require.Zero(r, sums[0]+sums[1]+sums[2]+sums[3])
			require.LessOrEqual(r, sums[1], int64(0), "nobody has spent more than there was")
		})
	})
}

// The order in which visits are entered makes no difference to what they earn,
// nor does entering them before or after the enrolment.
func TestLawsOfEntry(t *testing.T) {
	type said struct {
		At      time.Time
		Outcome string
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, n := newStory(t, s), 0
		rapid.Check(t, func(r *rapid.T) {
			if rapid.IntRange(0, 9).Draw(r, "played when 0") > 0 {
				return
			}
			visits := rapid.SliceOfNDistinct(rapid.Custom(func(r *rapid.T) said { return said{anyMoment(r), anyOutcome(r)} }), 1, 12,
				func(v said) time.Time { return v.At }).Draw(r, "visits")
			earned := func(order []said, enrolAfter int) (result [][4]any) {
				n++
				plan := d.plan(t, fmt.Sprint("P-", n), "2026-02-02")
				var e domain.Enrolment
				for i := 0; i <= len(order); i++ {
					if i == enrolAfter {
						in, err := d.Enrol(t.Context(), d.as(domain.Caseworker), Key{}, Enrol{PlanID: plan.ID, ProgrammeID: d.move.ID})
						require.NoError(r, err)
						e = in.Value.Enrolment
					}
					if i < len(order) {
						_, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, Visit{PlanID: plan.ID, OccurredAt: order[i].At, Kind: "group", Outcome: order[i].Outcome})
						require.NoError(r, err)
					}
				}
				awards, err := d.Awards(t.Context(), d.as(domain.Finance), store.Page{Limit: 100}, AwardFilter{EnrolmentID: e.ID})
				require.NoError(r, err)
				for _, a := range awards.Rows {
					result = append(result, [4]any{a.Milestone, a.Amount, a.Granted, a.ReachedOn})
				}
				return result
			}
			want := earned(visits, 0)
			shuffled := rapid.Permutation(visits).Draw(r, "order")
			require.ElementsMatch(r, want, earned(shuffled, rapid.IntRange(0, len(visits)).Draw(r, "enrolled after")))
		})
	})
}
