package domain

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every combination of what somebody has done, and what it keeps them from.
func TestDuties(t *testing.T) {
	const kl = "kl@varde.dk"
	for bits := range 1 << 5 {
		done := func(bit int) []string {
			if bits&(1<<bit) != 0 {
				return []string{"other@varde.dk", "KL@varde.DK "}
			}
			return []string{"other@varde.dk"}
		}
		recorded, proposed, approved, settled, caseload := bits&1 != 0, bits&2 != 0, bits&4 != 0, bits&8 != 0, bits&16 != 0
		h := Hands{Recorded: done(0), Proposed: done(1), Approved: done(2), Settled: done(3), Caseworker: "other@varde.dk"}
		if caseload {
			h.Caseworker = "Kl@Varde.dk"
		}
		actor, award, limits := Actor{Person: kl, Role: TeamLeader}, Award{Amount: 20000, Currency: "DKK"}, FirstApprovalLimits(ID{})
		want := ""
		switch {
		case proposed:
			want = "own_proposal"
		case recorded:
			want = "own_record"
		case settled:
			want = "own_settlement"
		case caseload:
			want = "own_caseload"
		}
		require.Equal(t, want, CodeOf(h.MayDecide(actor, award, limits)), "%05b", bits)
		if want == "" && approved {
			want = "already_approved"
		}
		require.Equal(t, want, CodeOf(h.MayApprove(actor, award, limits)), "%05b", bits)
		want = ""
		switch {
		case approved:
			want = "own_approval"
		case recorded, proposed:
			want = "own_record"
		}
		require.Equal(t, want, CodeOf(h.MaySettle(actor)), "%05b", bits)
	}
}

// Only people decide, and no more than their role may.
func TestDutiesOfRoles(t *testing.T) {
	limits := ApprovalLimits{Steps: leaders(1000), LeaderMost: new(int64(5000)), CaseworkerGrant: 100, OwnCaseload: 2000}
	for name, c := range map[string]struct {
		actor  Actor
		amount int64
		code   string
	}{
		"a leader":           {Actor{Person: "ml", Role: TeamLeader}, 5000, ""},
		"too much":           {Actor{Person: "ml", Role: TeamLeader}, 5001, "over_limit"},
		"a caseworker":       {Actor{Person: "ml", Role: Caseworker}, 5001, ""}, // whose step says so
		"finance":            {Actor{Person: "ml", Role: Finance}, 1, "over_limit"},
		"own caseload":       {Actor{Person: "KL", Role: TeamLeader}, 2001, "own_caseload"},
		"a little of it":     {Actor{Person: "kl", Role: TeamLeader}, 2000, ""},
		"a job":              {Actor{Person: "system:expire", Role: System}, 1, "not_a_person"},
		"a job as a leader":  {Actor{Person: "System:expire", Role: TeamLeader}, 1, "not_a_person"},
		"a till":             {Actor{Person: "terminal:1", Role: TeamLeader}, 1, "not_a_person"},
		"a citizen":          {Actor{Person: "citizen:1", Role: TeamLeader}, 1, "not_a_person"},
		"nobody":             {Actor{Role: TeamLeader}, 1, "not_a_person"},
		"System with a name": {Actor{Person: "kl@varde.dk", Role: System}, 1, "not_a_person"},
	} {
		err := Hands{Caseworker: "kl"}.MayApprove(c.actor, Award{Amount: c.amount, Currency: "DKK"}, limits)
		require.Equal(t, c.code, CodeOf(err), name)
		if c.code == "not_a_person" {
			require.Equal(t, c.code, CodeOf(Hands{}.MaySettle(c.actor)), name)
		}
	}
	require.Equal(t, int64(100), limits.Grant(Caseworker))
	require.Zero(t, limits.Grant(Administrator))
	require.Zero(t, *limits.Most(Administrator))
}

// Whatever people do in whatever order: nobody has two of these hands in one
// award, and what is above the limit has been approved by two.
func TestDutiesOverAnyStory(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	people := []string{"a@varde.dk", "b@varde.dk", "c@varde.dk", "D@varde.dk", "d@Varde.dk"}
	for range 5000 {
		var h Hands
		alone := rnd.Int64N(3) * 1000
		limits := ApprovalLimits{Steps: leaders(alone), OwnCaseload: rnd.Int64N(2) * 5000}
		award := Award{Amount: 1 + rnd.Int64N(3000)}
		if rnd.IntN(2) == 0 {
			h.Caseworker = people[rnd.IntN(len(people))]
		}
		var approvals []Approval
		issued, first := false, people[rnd.IntN(len(people))]
		if rnd.IntN(2) == 0 {
			h.Recorded = []string{first}
		} else {
			h.Proposed = []string{first}
		}
		for range 12 {
			actor := Actor{Person: people[rnd.IntN(len(people))], Role: TeamLeader}
			if !issued && h.MayApprove(actor, award, limits) == nil {
				h.Approved, approvals = append(h.Approved, actor.Person), append(approvals, Approval{Person: actor.Person, Role: actor.Role})
				issued = limits.Needs(award.Amount, approvals) == (Wanted{})
			} else if issued && h.MaySettle(actor) == nil {
				h.Settled = append(h.Settled, actor.Person)
			}
		}
		seen := map[string]int{}
		for _, hand := range [][]string{append(h.Recorded, h.Proposed...), h.Approved, h.Settled} {
			names := []string{}
			for _, person := range hand {
				names = append(names, strings.ToLower(person))
			}
			slices.Sort(names)
			for _, person := range slices.Compact(names) {
				seen[person]++
			}
		}
		for person, hands := range seen {
			require.Equal(t, 1, hands, "%s in %+v", person, h)
		}
		if issued && award.Amount > alone {
			require.Len(t, h.Approved, 2)
			require.NotEqual(t, Fold(h.Approved[0]), Fold(h.Approved[1]))
		}
		require.True(t, issued || len(h.Settled) == 0)
	}
}

// leaders are steps of two team leaders, the second above an amount.
func leaders(alone int64) ApprovalSteps {
	return ApprovalSteps{{Role: TeamLeader}, {Role: TeamLeader, Above: alone}}
}

// One approval within the limit is enough, above it two are, by different people
// and not the same one twice, in their own name or by a deputy.
func TestNeeds(t *testing.T) {
	l := FirstApprovalLimits(ID{})
	by := func(people ...string) (list []Approval) {
		for _, p := range people {
			list = append(list, Approval{Person: p, Role: TeamLeader})
		}
		return list
	}
	alone := l.Steps[1].Above
	first, second := Wanted{1, 1, TeamLeader}, Wanted{2, 2, TeamLeader}
	require.Equal(t, first, l.Needs(1, nil))
	require.Equal(t, Wanted{1, 2, TeamLeader}, l.Needs(alone+1, nil))
	require.Empty(t, l.Needs(alone, by("a")))
	require.Equal(t, second, l.Needs(alone+1, by("a")))
	require.Equal(t, second, l.Needs(alone+1, by("a", "A ")))
	require.Empty(t, l.Needs(alone+1, by("a", "b")))
	deputy := by("a", "b")
	deputy[1].OnBehalfOf = "A"
	require.Equal(t, second, l.Needs(alone+1, deputy), "for the first one")
	deputy[0].OnBehalfOf, deputy[1].OnBehalfOf = "c", "c"
	require.Equal(t, second, l.Needs(alone+1, deputy), "both for one")
}

// Steps are of roles and in order: what a caseworker must approve first, a leader's
// approval does not do.
func TestNeedsRoles(t *testing.T) {
	l := ApprovalLimits{Steps: ApprovalSteps{{Role: Caseworker}, {Role: TeamLeader, Above: 100}, {Role: TeamLeader, Above: 100}, {Role: Caseworker, Above: 500}}}
	worker, leader, other, second := Approval{Person: "w", Role: Caseworker}, Approval{Person: "l", Role: TeamLeader}, Approval{Person: "o", Role: TeamLeader}, Approval{Person: "v", Role: Caseworker}
	for _, c := range []struct {
		amount int64
		there  []Approval
		want   Wanted
	}{
		{100, nil, Wanted{1, 1, Caseworker}},
		{100, []Approval{leader}, Wanted{1, 1, Caseworker}},
		{100, []Approval{worker}, Wanted{}},
		{101, []Approval{worker}, Wanted{2, 3, TeamLeader}},
		{500, []Approval{worker, leader}, Wanted{3, 3, TeamLeader}},
		{500, []Approval{worker, leader, other}, Wanted{}},
		{501, []Approval{worker, leader, other}, Wanted{4, 4, Caseworker}},
		{501, []Approval{worker, leader, other, second}, Wanted{}},
		{501, []Approval{worker, second, leader}, Wanted{3, 4, TeamLeader}},
	} {
		require.Equal(t, c.want, l.Needs(c.amount, c.there), "%d %v", c.amount, c.there)
	}
}

// Who wrote a version does not record its adoption, whatever letters they are
// called by; the command line may.
func TestMayAdopt(t *testing.T) {
	v := ProgrammeVersion{WrittenBy: "ml@varde.dk"}
	require.Equal(t, "own_draft", CodeOf(MayAdopt(Actor{Person: "ML@varde.dk", Role: TeamLeader}, v)))
	require.NoError(t, MayAdopt(Actor{Person: "kl@varde.dk", Role: TeamLeader}, v))
	require.NoError(t, MayAdopt(Actor{Person: "ml@varde.dk", Role: TeamLeader}, ProgrammeVersion{}), "written before who wrote it was kept")
	v.WrittenBy = "system:import"
	require.NoError(t, MayAdopt(Actor{Person: "system:import", Role: System}, v))
}
