package vouchers

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	partners "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// market is a town in which several people act at once: each does what was drawn
// for them, over what all have made so far.
type market struct {
	*town
	sync.Mutex
	office      *partners.Service
	money       [2]domain.Actor // two of finance
	runs        []domain.ID
	settlements []domain.ID
	holds       []domain.ID
	budgets     []domain.ID
	programmes  []domain.Programme
	fault       error // the first that is no refusal
	done        map[string]int
}

// act is one thing that somebody is to do: which of what there is, and how.
type act struct {
	verb   string
	which  uint
	choice int
}

func newMarket(t *testing.T, s *store.Store) *market {
	t.Helper()
	w := newTown(t, s)
	m := &market{town: w, office: partners.New(s, w.time.now), done: map[string]int{}}
	for i := range m.money {
		m.money[i] = w.as(domain.Finance)
		m.money[i].Person, m.money[i].TokenID = fmt.Sprintf("finance%d@varde.dk", i), store.NewID()
	}
	programmes, err := m.Programmes(t.Context(), m.money[0], ten, "")
	require.NoError(t, err)
	m.programmes = programmes.Rows
	shops, err := m.Partners(t.Context(), m.money[0], ten, PartnerFilter{})
	require.NoError(t, err)
	for i, partner := range shops.Rows {
		_, err = m.SetPartnerPayment(t.Context(), m.money[0], partner.ID, partner.Version, PaymentInput{Method: domain.ByBank, RegistrationNumber: "0040", AccountNumber: fmt.Sprint(1234567890 + i)})
		require.NoError(t, err)
	}
	_, err = m.office.UpdatePaymentSettings(t.Context(), m.money[0], 0, partners.PayerInput{Name: "Varde Kommune", IBAN: "DK50 0040 0440 1162 43", BIC: "DABADKKK", CVR: "12345674"})
	require.NoError(t, err)
	return m
}

// part is what one actor does, and in how many steps.
type part struct {
	verbs map[string]func(*market, act) error
	steps int
}

// choose gives one of what there is by now.
func choose[T any](m *market, list *[]T, a act) (one T, ok bool) {
	m.Lock()
	defer m.Unlock()
	if len(*list) == 0 {
		return one, false
	}
	return (*list)[a.which%uint(len(*list))], true
}

// made adds to what there is.
func made[T any](m *market, list *[]T, more ...T) {
	m.Lock()
	defer m.Unlock()
	*list = append(*list, more...)
}

// over does something to one of what there is, or nothing.
func over[T any](list func(*market) *[]T, do func(m *market, one T, a act) error) func(*market, act) error {
	return func(m *market, a act) error {
		one, ok := choose(m, list(m), a)
		if !ok {
			return nil
		}
		return do(m, one, a)
	}
}

func ofPlans(m *market) *[]domain.Plan            { return &m.plans }
func ofVisits(m *market) *[]domain.ID             { return &m.visits }
func ofVouchers(m *market) *[]domain.Voucher      { return &m.vouchers }
func ofAwards(m *market) *[]domain.ID             { return &m.awards }
func ofPurchases(m *market) *[]domain.ID          { return &m.purchases }
func ofRuns(m *market) *[]domain.ID               { return &m.runs }
func ofSettlements(m *market) *[]domain.ID        { return &m.settlements }
func ofHolds(m *market) *[]domain.ID              { return &m.holds }
func (m *market) worker() domain.Actor            { return m.as(domain.Caseworker) }
func (m *market) finance(choice int) domain.Actor { return m.money[choice%len(m.money)] }

// earned keeps what a visit gave.
func (m *market) earned(a Answer[Attended], err error) error {
	if err != nil {
		return err
	}
	made(m, &m.visits, a.Value.Attendance.AttendanceID)
	made(m, &m.vouchers, a.Value.Vouchers...)
	for _, award := range a.Value.Awards {
		made(m, &m.awards, award.ID)
	}
	return nil
}

const why = "derfor"

// hour is that of a visit: there are few, so that they meet.
func hour(choice int) time.Time {
	return instant("2026-02-01T08:00:00Z").Add(time.Duration(choice%57) * 12 * time.Hour)
}

func outcome(choice int) string {
	return append([]string{domain.Attended, domain.Attended, domain.Attended}, domain.Outcomes...)[choice%(3+len(domain.Outcomes))]
}

// treatment is what caseworkers and leaders do.
func treatment() map[string]func(*market, act) error {
	attend := over(ofPlans, func(m *market, p domain.Plan, a act) error {
		return m.earned(m.Attend(m.t.Context(), m.worker(), Key{}, Visit{PlanID: p.ID, OccurredAt: hour(a.choice), Kind: "group", Outcome: outcome(a.choice / 57)}))
	})
	return map[string]func(*market, act) error{
		"attend": attend, "attend again": attend, "attend still": attend,
		"correct": over(ofVisits, func(m *market, id domain.ID, a act) error {
			return m.earned(m.Correct(m.t.Context(), m.worker(), Key{}, Correction{AttendanceID: id, Outcome: outcome(a.choice), Reason: why}))
		}),
		"cancel": over(ofVisits, func(m *market, id domain.ID, _ act) error {
			return m.earned(m.CancelAttendance(m.t.Context(), m.worker(), Key{}, id, why))
		}),
		"approve": over(ofAwards, func(m *market, id domain.ID, _ act) error {
			d, err := m.Approve(m.t.Context(), m.as(domain.TeamLeader), Key{}, id, 0)
			if err == nil && d.Value.Voucher != nil {
				made(m, &m.vouchers, *d.Value.Voucher)
			}
			return err
		}),
		"reject": over(ofAwards, func(m *market, id domain.ID, a act) error {
			if a.choice%3 > 0 {
				return nil
			}
			return second(m.Reject(m.t.Context(), m.as(domain.TeamLeader), Key{}, id, why))
		}),
	}
}

// cards is what happens to vouchers but for spending them.
func cards() map[string]func(*market, act) error {
	reissue := over(ofVouchers, func(m *market, v domain.Voucher, _ act) error {
		r, err := m.Reissue(m.t.Context(), m.worker(), Key{}, v.ID, why)
		if err == nil {
			made(m, &m.vouchers, r.Value.New)
		}
		return err
	})
	return map[string]func(*market, act) error{
		"block": over(ofVouchers, func(m *market, v domain.Voucher, _ act) error {
			return second(m.Block(m.t.Context(), m.worker(), v.ID, why))
		}),
		"unblock": over(ofVouchers, func(m *market, v domain.Voucher, _ act) error {
			return second(m.Unblock(m.t.Context(), m.worker(), v.ID, why))
		}),
		"reissue": reissue,
		"void": over(ofVouchers, func(m *market, v domain.Voucher, a act) error {
			if a.choice%2 > 0 {
				return nil
			}
			return second(m.Void(m.t.Context(), m.as(domain.TeamLeader), Key{}, v.ID, why))
		}),
	}
}

// shop is what a till does.
func shop(till int) map[string]func(*market, act) error {
	redeem := over(ofVouchers, func(m *market, v domain.Voucher, a act) error {
		secret, err := m.codes.Remake(v.ID, v.KeyID)
		if err != nil {
			return err
		}
		r, err := m.Redeem(m.t.Context(), m.tills[till], Key{}, Redeem{Code: secret.Reveal(), Amount: []int64{0, 1, 5000, 20000}[a.choice%4], ClientRedemptionID: store.NewID().String()})
		if err == nil {
			made(m, &m.purchases, r.Value.ID)
		}
		return err
	})
	return map[string]func(*market, act) error{
		"redeem": redeem, "redeem more": redeem, "redeem again": redeem,
		"take back": over(ofPurchases, func(m *market, id domain.ID, _ act) error {
			return second(m.Reverse(m.t.Context(), m.tills[till], Key{}, id, why))
		}),
	}
}

// settling is what finance does.
func settling() map[string]func(*market, act) error {
	until := func(m *market) partners.Period {
		to := domain.DateOf(m.time.now(), time.UTC)
		return partners.Period{From: to.AddDays(-40), To: to}
	}
	run := func(do func(m *market, id domain.ID, a act) (store.Answer[partners.Run], error)) func(*market, act) error {
		return over(ofRuns, func(m *market, id domain.ID, a act) error { return second(do(m, id, a)) })
	}
	return map[string]func(*market, act) error{
		"reverse": over(ofPurchases, func(m *market, id domain.ID, a act) error {
			return second(m.Reverse(m.t.Context(), m.finance(a.choice), Key{}, id, why))
		}),
		"draft": func(m *market, a act) error {
			r, err := m.office.DraftRun(m.t.Context(), m.finance(a.choice), store.Key{}, until(m))
			if err == nil {
				made(m, &m.runs, r.Value.ID)
			}
			return err
		},
		"remake": run(func(m *market, id domain.ID, a act) (store.Answer[partners.Run], error) {
			return m.office.RemakeRun(m.t.Context(), m.finance(a.choice), store.Key{}, id, until(m))
		}),
		"approve run": run(func(m *market, id domain.ID, a act) (store.Answer[partners.Run], error) {
			r, err := m.office.ApproveRun(m.t.Context(), m.finance(a.choice), store.Key{}, id, 0)
			if err == nil {
				all, err := m.office.Settlements(m.t.Context(), m.finance(0), store.Page{Limit: 100}, partners.Filter{RunID: id})
				for _, one := range all.Rows {
					made(m, &m.settlements, one.ID)
				}
				return r, err
			}
			return r, err
		}),
		"file": run(func(m *market, id domain.ID, a act) (store.Answer[partners.Run], error) {
			return m.office.FileRun(m.t.Context(), m.finance(a.choice), store.Key{}, id, domain.DateOf(m.time.now(), time.UTC).AddDays(a.choice%2))
		}),
		"pay": run(func(m *market, id domain.ID, a act) (store.Answer[partners.Run], error) {
			return m.office.PayRun(m.t.Context(), m.finance(a.choice), store.Key{}, id, partners.Paid{On: domain.DateOf(m.time.now(), time.UTC)})
		}),
		"reverse run": run(func(m *market, id domain.ID, a act) (store.Answer[partners.Run], error) {
			return m.office.ReverseRun(m.t.Context(), m.finance(a.choice), store.Key{}, id, why)
		}),
		"bounce": over(ofSettlements, func(m *market, id domain.ID, a act) error {
			return second(m.office.Bounce(m.t.Context(), m.finance(a.choice), store.Key{}, id, why))
		}),
		"hold": over(ofPurchases, func(m *market, id domain.ID, a act) error {
			h, err := m.office.Hold(m.t.Context(), m.finance(a.choice), store.Key{}, id, why)
			if err == nil {
				made(m, &m.holds, h.Value.ID)
			}
			return err
		}),
		"release": over(ofHolds, func(m *market, id domain.ID, a act) error {
			return second(m.office.ReleaseHold(m.t.Context(), m.finance(a.choice), store.Key{}, id, why))
		}),
		"reject hold": over(ofHolds, func(m *market, id domain.ID, a act) error {
			return second(m.office.RejectHold(m.t.Context(), m.finance(a.choice), store.Key{}, id, why))
		}),
	}
}

// appropriating is what finance does about budgets and closed periods, and what
// follows by itself.
func appropriating() map[string]func(*market, act) error {
	return map[string]func(*market, act) error{
		"budget": func(m *market, a act) error {
			in := BudgetInput{ProgrammeID: m.programmes[a.which%uint(len(m.programmes))].ID, Year: 2026, Amount: []int64{20000, 60000, 500000}[a.choice%3], Reason: why}
			if a.choice%2 == 0 {
				in.UnitID = &m.unit.ID
			}
			b, err := m.CreateBudget(m.t.Context(), m.finance(a.choice), Key{}, in)
			if err == nil {
				made(m, &m.budgets, b.Value.ID)
			}
			return err
		},
		"appropriate": over(func(m *market) *[]domain.ID { return &m.budgets }, func(m *market, id domain.ID, a act) error {
			return second(m.ChangeBudget(m.t.Context(), m.finance(a.choice), Key{}, id, []int64{20000, -20000, 100000, -5000, 1}[a.choice%5], why))
		}),
		"fund": func(m *market, _ act) error { return second(m.Fund(m.t.Context(), m.home.MunicipalityID)) },
		"close": func(m *market, a act) error {
			if a.choice%3 > 0 {
				return nil
			}
			return second(m.office.Close(m.t.Context(), m.finance(a.choice), store.Key{}, domain.DateOf(m.time.now(), time.UTC).AddDays(-1-a.choice%4)))
		},
	}
}

// jobs is what happens by itself.
func jobs() map[string]func(*market, act) error {
	return map[string]func(*market, act) error{
		"days pass": func(m *market, a act) error {
			m.time.add(time.Duration(1+a.choice%48) * time.Hour)
			return second(m.Expire(m.t.Context(), m.home.MunicipalityID))
		},
	}
}

// play has everybody do their part at once.
func (m *market) play(parts []part, acts [][]act) {
	var wait sync.WaitGroup
	for i, p := range parts {
		wait.Go(func() {
			for _, a := range acts[i] {
				m.noted(a, p.verbs[a.verb](m, a))
			}
		})
	}
	wait.Wait()
}

// noted keeps the first error that is no refusal.
func (m *market) noted(a act, err error) {
	m.Lock()
	defer m.Unlock()
	switch domain.KindOf(err) {
	case "":
		if err != nil && m.fault == nil {
			m.fault = fmt.Errorf("%s: %w", a.verb, err)
		}
		m.done[a.verb]++
	case domain.Unavailable:
		if strings.Contains(err.Error(), "the books were closed meanwhile") {
			m.done["closed meanwhile"]++
		} else if m.fault == nil {
			m.fault = fmt.Errorf("%s: %w", a.verb, err)
		}
	default:
		m.done["refused "+a.verb+" "+domain.CodeOf(err)]++
	}
}

// acts are what somebody does, by a seed.
func (p part) acts(seed uint64) (acts []act) {
	verbs, chance := slices.Sorted(maps.Keys(p.verbs)), rand.New(rand.NewPCG(seed, uint64(len(p.verbs))))
	for range p.steps {
		acts = append(acts, act{verbs[chance.IntN(len(verbs))], uint(chance.IntN(1 << 20)), chance.IntN(1 << 20)})
	}
	return acts
}

// Whatever many do at once, with the books closed on it or not, everything stored
// follows from it, and no krone is lost or paid twice.
func TestLawsOfMoney(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rapid.Check(t, func(r *rapid.T) {
			if rapid.IntRange(0, 24).Draw(r, "played when 0") > 0 {
				return // a few long histories find more than many short ones, and -rapid.checks plays more
			}
			m := newMarket(t, s)
			parts := []part{{treatment(), 40}, {cards(), 12}, {shop(0), 20}, {shop(0), 20}, {settling(), 30}, {settling(), 30}, {appropriating(), 20}, {jobs(), 10}}
			acts := make([][]act, len(parts))
			for i, p := range parts {
				acts[i] = p.acts(rapid.Uint64().Draw(r, fmt.Sprint("seed ", i)))
			}
			m.play([]part{parts[0]}, [][]act{treatment0()})
			m.play(parts, acts)
			if m.fault != nil {
				t.Log(m.fault) // who meets whom is not drawn, so it may not fail again
			}
			require.NoError(r, m.fault)
			m.agrees(r)
			if testing.Verbose() {
				t.Log(m.done)
			}
		})
	})
}

// treatment0 are visits of the beginning, so that there is something to spend.
func treatment0() (acts []act) {
	for i := range 18 {
		acts = append(acts, act{"attend", uint(i % 3), i / 3 * 2})
	}
	return acts
}

// agrees compares what is stored with what happened, and the books with the
// settlements.
func (m *market) agrees(r *rapid.T) {
	v, err := m.Verify(m.t.Context(), m.home.MunicipalityID)
	require.NoError(r, err)
	if len(v.Differences) > 0 {
		m.t.Log(v.Differences)
	}
	require.Empty(r, v.Differences)
	m.reportsAgree()
	balances, err := m.Balances(m.t.Context(), m.as(domain.Finance), domain.Date{})
	require.NoError(r, err)
	at, sum := map[ledger.Account]int64{}, int64(0)
	for _, b := range balances {
		at[b.Account], sum = at[b.Account]+b.Amount, sum+b.Amount
	}
	require.Zero(r, sum, "postings sum to zero")
	for _, account := range []ledger.Account{ledger.Reserved, ledger.Outstanding, ledger.Lapsed} {
		require.LessOrEqual(r, at[account], int64(0), account)
	}
	var paid int64
	require.NoError(r, m.town.store.Snapshot(m.t.Context(), m.home.MunicipalityID, func(tx *store.Tx) error {
		for _, day := range []string{"2026-02-28", "2026-03-03", "2026-03-10", "2026-12-31"} { // as if the year ended on it
			y := YearEnd{Year: 2026, EndedOn: date(day), At: date("2027-12-31")}
			if err := y.read(tx); err != nil {
				return err
			}
			became(r, y)
		}
		return store.Sweep(tx, func(s domain.Settlement) error {
			if s.State == domain.SettlementPaid {
				paid += s.Total
			}
			return nil
		})
	}))
	require.Equal(r, paid, -at[ledger.Settled], "what the books say was paid is what the settlements say")
}
