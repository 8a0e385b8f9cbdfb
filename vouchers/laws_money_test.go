package vouchers

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// wanted is what must have happened at least once in all histories together, or
// the laws were not put to the test: every event of the books, and these actions.
var wanted = []string{
	"approveAward", "proposeGrant", "withdrawGrant", "proposeWithholding", "approveWithholding", "rejectWithholding", "updateApprovalLimits",
	"blockVoucher", "unblockVoucher", "changeBudget", "closePeriod",
	"createSettlementRun", "remakeSettlementRun", "approveSettlementRun", "fileSettlementRun", "paySettlementRun", "reverseSettlementRun", "reconcileSettlementRun",
	"holdRedemption", "releaseSettlementHold", "rejectSettlementHold",
	"createBankStatement", "matchBankEntry", "unmatchBankEntry", "setAsideBankEntry", "createInvoice", "acceptInvoice", "rejectInvoice",
	"bounceSettlement", "corrected: " + domain.PaidAfterAll, "corrected: " + domain.NotReturned, "corrected: " + domain.CameBack, "a correction was carried on",
	"eraseCitizen", "importPlan",
	"a settlement was carried on", "an invoice paid", "a payment came back", "an award by hand issued", "a budget refused",
}

// Whatever many do at once, with the books closed on it or not, everything stored
// follows from it, and no krone is lost or paid twice. Histories are played until
// all that is wanted has happened.
func TestLawsOfMoney(t *testing.T) {
	const atLeast, atMost = 4, 48
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		seen := map[string]int{}
		for n := 1; n <= atLeast || n <= atMost && len(missing(seen)) > 0; n++ {
			seed := rand.Uint64()
			if !t.Run(fmt.Sprintf("%#x", seed), func(t *testing.T) { played(t, s, seed, seen) }) {
				return
			}
		}
		t.Log(seen)
		require.Empty(t, missing(seen), "never happened")
	})
}

// played is one history, over which it asserts the laws; who meets whom is not drawn, so that
// the same seed may give another.
func played(t *testing.T, s *store.Store, seed uint64, seen map[string]int) {
	m, chance := newMarket(t, s), rand.New(rand.NewPCG(seed, 1))
	if most := int64(15000); seed%2 == 0 { // not later: it holds from a moment on, and here hours pass while it is stored
		_, err := m.UpdateApprovalLimits(t.Context(), m.money[0], 1, ApprovalLimitsInput{Steps: domain.ApprovalSteps{{Role: domain.TeamLeader}}, AutomaticMost: &most})
		require.NoError(t, err)
	}
	parts := []part{
		{treatment(), 60}, {deciding(), 40}, {cards(), 12}, {shop(0), 25}, {shop(0), 25}, {shop(2), 25}, {settling(), 40}, {settling(), 40}, {disputing(), 20},
		{banking(), 40}, {invoicing(), 30}, {appropriating(), 25}, {leaving(), 16}, {elapsing(), 12},
	}
	acts := make([][]act, len(parts))
	for i, p := range parts {
		acts[i] = p.acts(chance)
	}
	m.play(parts[:1], [][]act{firstVisits(len(m.plans))})
	m.play(parts, acts)
	t.Log(m.refusals)
	require.NoError(t, m.fault)
	m.agrees(t, seen)
}

// firstVisits are visits of the beginning, so that there is something to spend.
func firstVisits(plans int) (acts []act) {
	for i := range 6 * plans {
		acts = append(acts, act{"attend", uint(i % plans), i/plans*2*57*8 + i/plans*4 + 1})
	}
	return acts
}

// missing are those of the wanted that were not seen.
func missing(seen map[string]int) []string {
	all := slices.Clone(wanted)
	for _, event := range ledger.Events {
		all = append(all, "booked "+string(event))
	}
	return slices.DeleteFunc(all, func(what string) bool { return seen[what] > 0 })
}

// agrees compares what is stored with what happened, and the books with the
// settlements, and counts what happened.
func (m *market) agrees(t *testing.T, seen map[string]int) {
	var s stored
	require.NoError(t, m.town.store.Snapshot(t.Context(), m.home.MunicipalityID, s.read))
	s.lawful(t)
	s.count(seen)
	for what, times := range m.refusals {
		if strings.HasSuffix(what, "budget_exhausted") {
			seen["a budget refused"] += times
		}
	}
	v, err := m.Verify(t.Context(), m.home.MunicipalityID)
	require.NoError(t, err)
	require.Empty(t, v.Differences)
	m.reportsAgree()
	require.NoError(t, m.town.store.Snapshot(t.Context(), m.home.MunicipalityID, func(tx *store.Tx) error {
		for _, day := range []string{"2026-02-28", "2026-03-03", "2026-03-10", "2026-12-31"} { // as if the year ended on it
			y := YearEnd{Year: 2026, EndedOn: date(day), At: date("2028-12-31")}
			if err := y.read(tx); err != nil {
				return err
			}
			became(t, y)
		}
		return nil
	}))
}

// count counts what happened.
func (s *stored) count(seen map[string]int) {
	entries := map[domain.ID]ledger.Event{}
	for _, p := range s.postings {
		entries[p.EntryID] = p.Event
	}
	for event := range maps.Values(entries) {
		seen["booked "+string(event)]++
	}
	for _, a := range s.audit {
		seen[a.Action]++
	}
	for _, row := range s.settlements {
		if row.CarriedIntoID != nil {
			seen["a settlement was carried on"]++
		}
		if row.Method == domain.ByInvoice && row.State == domain.SettlementPaid {
			seen["an invoice paid"]++
		}
	}
	for _, c := range s.corrections {
		seen["corrected: "+c.Cause]++
		if c.CarriedIntoID != nil {
			seen["a correction was carried on"]++
		}
	}
	for _, e := range s.entries {
		if e.SettlementID != nil && e.Amount > 0 {
			seen["a payment came back"]++
		}
	}
	for _, a := range s.awards {
		if a.ByHand() && a.Granted > 0 {
			seen["an award by hand issued"]++
		}
		if a.WaitsForBudget() {
			seen["a budget refused"]++
		}
	}
}
