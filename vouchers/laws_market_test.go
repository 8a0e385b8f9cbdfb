package vouchers

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	partners "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
)

// market is a town in which several people act at once: each does what was drawn
// for them, over what all have made so far.
type market struct {
	*town
	sync.Mutex
	office       *partners.Service
	workers      [2]domain.Actor
	leaders      [2]domain.Actor
	money        [2]domain.Actor // two of finance
	programmes   []domain.Programme
	enrolments   []domain.Enrolment
	partners     []domain.ID
	runs         []domain.ID
	settlements  []domain.ID
	holds        []domain.ID
	budgets      []domain.ID
	withholdings []domain.ID
	invoices     []domain.Invoice
	fault        error          // the first that is no refusal
	refusals     map[string]int // by verb and code
}

// act is one thing that somebody is to do: which of what there is, and how.
type act struct {
	verb   string
	which  uint
	choice int
}

// newMarket is a town with more citizens and shops, two of which are paid by bank
// and one by invoice, and with two people in each role.
func newMarket(t *testing.T, s *store.Store) *market {
	t.Helper()
	w := newTown(t, s)
	m := &market{town: w, office: partners.New(s, w.time.now), refusals: map[string]int{}}
	two := func(role domain.Role) (both [2]domain.Actor) {
		for i := range both {
			both[i] = w.as(role)
			both[i].Person, both[i].TokenID = fmt.Sprintf("%s%d@varde.dk", role, i), store.NewID()
		}
		return both
	}
	m.workers, m.leaders, m.money = two(domain.Caseworker), two(domain.TeamLeader), two(domain.Finance)
	programmes, err := m.Programmes(t.Context(), m.money[0], ten, "")
	require.NoError(t, err)
	m.programmes = programmes.Rows
	for i := range 2 * len(m.programmes) {
		plan, _ := m.join(t, fmt.Sprint("Q-", i), m.programmes[i%len(m.programmes)])
		m.plans = append(m.plans, plan)
	}
	require.NoError(t, s.Read(t.Context(), m.home.MunicipalityID, func(tx *store.Tx) (err error) {
		m.enrolments, err = store.All[domain.Enrolment](tx, "id")
		return err
	}))
	m.tills = append(m.tills, w.till(t, "Bager", "groceries"))
	week := maxReversalMinutes
	_, err = m.UpdateMunicipality(t.Context(), m.as(domain.Administrator), m.home.Version, MunicipalityChange{ReversalMinutes: &week})
	require.NoError(t, err)
	for i, till := range m.tills {
		m.partners = append(m.partners, till.Partner.ID)
		if i < 2 {
			require.NoError(t, m.account(m.money[0], till.Partner.ID, i))
		}
	}
	_, err = m.office.UpdatePaymentSettings(t.Context(), m.money[0], 0, partners.PayerInput{Name: "Varde Kommune", IBAN: "DK50 0040 0440 1162 43", BIC: "DABADKKK", CVR: "12345674"})
	require.NoError(t, err)
	return m
}

// account says to which account a shop is paid.
func (m *market) account(actor domain.Actor, shop domain.ID, number int) error {
	p, err := m.Partner(m.t.Context(), actor, shop)
	if err != nil {
		return err
	}
	return second(m.SetPartnerPayment(m.t.Context(), actor, shop, p.Version, PaymentInput{Method: domain.ByBank, RegistrationNumber: "0040", AccountNumber: fmt.Sprint(1234567890 + number)}))
}

func (m *market) worker(choice int) domain.Actor  { return m.workers[choice%len(m.workers)] }
func (m *market) leader(choice int) domain.Actor  { return m.leaders[choice%len(m.leaders)] }
func (m *market) finance(choice int) domain.Actor { return m.money[choice%len(m.money)] }

// why is the reason for everything.
const why = "derfor"

// verbs are what somebody can do. One that is there twice is done twice as often.
type verbs map[string]func(*market, act) error

// part is what one actor does, and in how many steps.
type part struct {
	verbs verbs
	steps int
}

// choose gives one of what there is by now, more likely a new one.
func choose[T any](m *market, list *[]T, a act) (one T, ok bool) {
	m.Lock()
	defer m.Unlock()
	n := uint(len(*list))
	if n == 0 {
		return one, false
	}
	if a.choice%2 == 0 { // of the last four
		return (*list)[n-1-a.which%min(n, 4)], true
	}
	return (*list)[a.which%n], true
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

// play has everybody do their part at once, each a tenth before anybody goes on:
// who finds nothing to do would be done before the others have begun.
func (m *market) play(parts []part, acts [][]act) {
	for round := range rounds {
		var wait sync.WaitGroup
		for i, p := range parts {
			n := len(acts[i])
			wait.Go(func() {
				for _, a := range acts[i][n*round/rounds : n*(round+1)/rounds] {
					m.noted(a, p.verbs[a.verb](m, a))
				}
			})
		}
		wait.Wait()
	}
}

const rounds = 10

// noted counts a refusal, and keeps the first error that is none.
func (m *market) noted(a act, err error) {
	if err == nil {
		return
	}
	m.Lock()
	defer m.Unlock()
	kind := domain.KindOf(err)
	meanwhile := kind == domain.Unavailable && strings.Contains(err.Error(), "the books were closed meanwhile")
	if (kind == "" || domain.CodeOf(err) == "unknown_reference" || kind == domain.Unavailable && !meanwhile) && m.fault == nil {
		m.fault = fmt.Errorf("%s: %w", a.verb, err)
	}
	m.refusals[a.verb+" "+domain.CodeOf(err)]++
}

// acts are what somebody does, by a seed.
func (p part) acts(chance *rand.Rand) (acts []act) {
	names := slices.Sorted(maps.Keys(p.verbs))
	for range p.steps {
		acts = append(acts, act{names[chance.IntN(len(names))], uint(chance.IntN(1 << 20)), chance.IntN(1 << 20)})
	}
	return acts
}
