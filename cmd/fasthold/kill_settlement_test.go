package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// The steps of a settlement run, each killed until it was cut off before its answer
// this often.
const (
	stepDraft = iota
	stepApprove
	stepFile
	stepPay
	steps

	cuts = 4
)

// Whenever the server dies, who settles asks the same again with the same key, and
// goes on from there: nobody is paid twice and nothing is left out.
func killedSettlement(t *testing.T, e environment, binary string) {
	e["FASTHOLD_LISTEN"] = "127.0.0.1:0"
	s := openSite(t, e)
	built, home := buildInto(t, e, s, time.Now())
	till, err := s.access.Authenticate(t.Context(), built.Tokens[domain.PartnerRole])
	require.NoError(t, err)
	secrets := codes(t, s, home)
	k := &killing{environment: e, binary: binary, maker: built.Tokens[domain.Finance], checker: built.Finance2}
	for step := range k.within {
		k.within[step] = 100 * time.Millisecond
	}
	draft := k.standing(t, s, home)
	for k.fewestCuts() < cuts {
		require.Less(t, k.round, 40, "cut off %v of the %d steps", k.cut, steps)
		for i, code := range secrets[:3] {
			number := fmt.Sprintf("round-%d-%d", k.round, i)
			_, err := s.Redeem(t.Context(), till, vouchers.Key{}, vouchers.Redeem{Code: code, Amount: 100, ClientRedemptionID: number})
			require.NoError(t, err)
		}
		k.settle(t, draft)
		draft = ""
		k.round++
	}
	t.Logf("%d runs, %d kills: %v before the answer, by step; %d steps were found done when they were asked for again", k.round, k.kills, k.cut, k.replayed)
	requirePaidOnce(t, s, home)
	require.Contains(t, e.must(t, "verify"), "no differences")
}

// killing settles with a program that is killed at every step.
type killing struct {
	environment
	binary, maker, checker string
	round, kills, replayed int
	cut                    [steps]int           // kills before the answer
	within                 [steps]time.Duration // the next kill comes about this soon: as long as the step takes
}

func (k *killing) fewestCuts() int {
	fewest := k.cut[0]
	for _, n := range k.cut {
		fewest = min(fewest, n)
	}
	return fewest
}

// standing is the path of the draft that waits for approval already; "": none does.
func (k *killing) standing(t *testing.T, s *site, home domain.Actor) string {
	t.Helper()
	finance := domain.Actor{MunicipalityID: home.MunicipalityID, Role: domain.Finance, Person: "okonomi@varde.dk"}
	l, err := s.settlement.Runs(t.Context(), finance, store.Page{Limit: 1}, settlement.RunFilter{State: domain.RunDraft})
	require.NoError(t, err)
	if len(l.Rows) == 0 {
		return ""
	}
	return fmt.Sprintf("/srn_%x/remake", l.Rows[0].ID[:])
}

// settle takes a run from its draft, a new one or one that stands, to its payment.
func (k *killing) settle(t *testing.T, draft string) {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(t, err)
	today := domain.DateOf(time.Now(), loc)
	made := k.step(t, stepDraft, k.maker, draft, fmt.Sprintf(`{"period_from": "%s", "period_to": "%s"}`, today.AddDays(-40), today))
	require.Equal(t, domain.RunDraft, made.State)
	for _, next := range []struct {
		step        int
		token, path string
		body        string
		state       domain.RunState
	}{
		{stepApprove, k.checker, "/approve", "", domain.RunApproved},
		{stepFile, k.checker, "/file", fmt.Sprintf(`{"execute_on": "%s"}`, domain.BankDayFrom(today.AddDays(1))), domain.RunFiled},
		{stepPay, k.maker, "/paid", fmt.Sprintf(`{"paid_on": "%s"}`, today), domain.RunPaid},
	} {
		now := k.step(t, next.step, next.token, "/"+made.ID+next.path, next.body)
		require.Equal(t, made.ID, now.ID)
		require.Equal(t, next.state, now.State)
	}
}

// settled is what the answer to a step says.
type settled struct {
	ID       string          `json:"id"`
	State    domain.RunState `json:"state"`
	status   int
	replayed bool
}

// step asks for a step until it is answered. Each program that it asks is killed,
// at a moment near to the answer; and half of the answers are lost on their way.
func (k *killing) step(t *testing.T, step int, token, path, body string) settled {
	t.Helper()
	key, lost := fmt.Sprintf("step-%d-%d", k.round, step), false
	for range 30 {
		process, said := k.killable(t, k.binary, "serve")
		address, answered := listening(t, said), make(chan settled, 1)
		go func() { answered <- settling(t.Context(), address+"/v1/settlement-runs"+path, token, key, body) }()
		time.Sleep(k.within[step]/2 + rand.N(k.within[step]))
		kill(t, process)
		k.kills++
		answer := <-answered
		if answer.status == 0 {
			k.cut[step]++
			k.within[step] = k.within[step] * 4 / 3
			continue
		}
		require.Contains(t, []int{http.StatusOK, http.StatusCreated}, answer.status, "%s: %s", path, said)
		k.within[step] = max(k.within[step]*3/4, time.Millisecond)
		if answer.replayed {
			k.replayed++
			return answer
		}
		require.False(t, lost, "%s was done again", path)
		if lost = rand.N(2) == 0; !lost {
			return answer
		}
	}
	require.Fail(t, "never answered", path)
	return settled{}
}

// settling sends a step; the status is 0 without an answer, or with half of one.
func settling(ctx context.Context, url, token, key, body string) (got settled) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return settled{}
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Idempotency-Key", key)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return settled{}
	}
	defer func() { _ = answer.Body.Close() }()
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		return settled{}
	}
	got.status, got.replayed = answer.StatusCode, answer.Header.Get("Idempotency-Replayed") != ""
	return got
}

// requirePaidOnce asserts that every redemption is in one line, and that what each
// settlement owes was booked as paid, once.
func requirePaidOnce(t *testing.T, s *site, home domain.Actor) {
	t.Helper()
	lines, paid := map[domain.ID]int{}, map[domain.ID]int64{}
	require.NoError(t, s.store.Read(t.Context(), home.MunicipalityID, func(tx *store.Tx) error {
		taken, err := store.All[domain.SettlementLine](tx, "", store.Is("kind", domain.LineRedemption))
		require.NoError(t, err)
		for _, line := range taken {
			lines[line.RedemptionID]++
		}
		redemptions, err := store.All[domain.Redemption](tx, "")
		require.NoError(t, err)
		require.NotEmpty(t, redemptions)
		for _, r := range redemptions {
			require.Equal(t, 1, lines[r.ID], r.ID)
		}
		postings, err := store.All[ledger.Posting](tx, "", store.Is("event", ledger.Paying), store.Is("account", ledger.Settled))
		require.NoError(t, err)
		for _, p := range postings {
			paid[*p.SettlementID] -= p.Amount
		}
		settlements, err := store.All[domain.Settlement](tx, "")
		require.NoError(t, err)
		for _, row := range settlements {
			require.Equal(t, max(row.Total, 0), paid[row.ID], row.Number)
		}
		return nil
	}))
}
