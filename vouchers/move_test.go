package vouchers

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// editions adopts a programme with two versions: move-2026 with the first
// changes until 15 February 2026, and with the second from the 16th on.
func (d desk) editions(t testing.TB, slug string, first, second []string) (domain.Programme, [2]domain.ProgrammeVersion) {
	t.Helper()
	leader := d.as(domain.TeamLeader)
	p, err := d.CreateProgramme(t.Context(), leader, ProgrammeInput{Slug: slug, Title: rules.Text{DA: slug, EN: slug}})
	require.NoError(t, err)
	var versions [2]domain.ProgrammeVersion
	for i, changes := range [][]string{first, second} {
		in := Adoption{AdoptedBy: "Byrådet", AdoptedOn: date("2025-12-10"), InForceFrom: date("2026-01-01"), InForceTo: date("2026-02-15")}
		if i == 1 {
			in.InForceFrom, in.InForceTo = date("2026-02-16"), domain.Date{}
		}
		draft, err := d.DraftVersion(t.Context(), d.as(domain.Administrator), p.ID, []byte(edition(slug, changes...)))
		require.NoError(t, err)
		versions[i], err = d.AdoptVersion(t.Context(), leader, draft.ID, draft.Version, in)
		require.NoError(t, err)
	}
	return p, versions
}

// edition is move-2026 under another slug with texts replaced.
func edition(slug string, changes ...string) string {
	text := string(must(rules.Preset("move-2026")))
	return strings.NewReplacer(append(changes, "programme: move-2026", "programme: "+slug)...).Replace(text)
}

// fifty is 50 kr. at each visit, 30 times at most.
var fifty = []string{everySecond, "requirement: {met: 1}", constant, "{constant: 5000}", sixAtMost, "{count: 30, period: episode, at_limit: stop}"}

func (d desk) moved(t testing.TB, e domain.Enrolment, to domain.ProgrammeVersion, on string) Moved {
	t.Helper()
	m, err := d.Move(t.Context(), d.as(domain.Caseworker), Key{}, e.ID, Move{VersionID: to.ID, On: date(on), Reason: "nye regler"})
	require.NoError(t, err)
	return m.Value
}

// Visits before the move are under the old version and those from its day on
// under the new, whenever they are recorded or corrected. Vouchers carry the
// terms of the version under which they were earned.
func TestMove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme, versions := d.editions(t, "prog", []string{"valid_days: 365", "valid_days: 100"}, fifty)
		plan, e := d.join(t, "P-1", programme)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		require.Equal(t, int64(20000), d.attended(t, plan, "2026-02-10T09:00:00Z").Vouchers[0].Amount)
		require.Equal(t, versions[0].ID, e.VersionID)

		moved := d.moved(t, e, versions[1], "2026-02-17")
		require.Equal(t, versions[1].ID, moved.Enrolment.VersionID)
		require.Equal(t, "treatment", moved.Move.Phase)
		require.Empty(t, moved.Awards)
		require.Equal(t, []any{1, int64(20000), int64(5000), 1}, []any{moved.Progress.Progress.Milestones, moved.Progress.Progress.Earned, moved.Progress.Progress.NextAmount, moved.Progress.Progress.NeededForNext})

		after := d.attended(t, plan, "2026-02-18T09:00:00Z")
		require.Equal(t, []any{int64(5000), 2, versions[1].ID, versions[1].ID}, []any{after.Awards[0].Amount, after.Awards[0].Milestone, after.Awards[0].VersionID, after.Vouchers[0].VersionID})
		d.attended(t, plan, "2026-02-11T09:00:00Z")
		late := d.attended(t, plan, "2026-02-16T09:00:00Z") // before the move: two of them earn 200 kr.
		require.Len(t, late.Vouchers, 2)
		require.Equal(t, []any{int64(15000), versions[0].ID}, []any{late.Vouchers[0].Amount, late.Vouchers[0].VersionID}, "milestone 2 is now the old version's")
		require.Equal(t, []any{int64(5000), versions[1].ID}, []any{late.Vouchers[1].Amount, late.Vouchers[1].VersionID})
		require.Equal(t, int64(45000), d.balance(t)[0])
		corrected := d.correct(t, late, domain.NoShow)
		require.Empty(t, corrected.Vouchers, "what is issued stays")
	})
}

// A move to a day with visits on or after it evaluates them again at once, and a
// preview tells it beforehand and changes nothing.
func TestMoveBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		programme, versions := d.editions(t, "prog", nil, []string{constant, "{constant: 30000}"})
		plan, e := d.join(t, "P-1", programme)
		for _, at := range []string{"2026-02-03T09:00:00Z", "2026-02-10T09:00:00Z", "2026-02-17T09:00:00Z", "2026-02-20T09:00:00Z"} {
			d.attended(t, plan, at)
		}
		in := Move{VersionID: versions[1].ID, On: date("2026-02-16"), Reason: "x"}
		preview, err := d.PreviewMove(t.Context(), worker, e.ID, in)
		require.NoError(t, err)
		require.Len(t, preview.Changes, 1)
		require.Equal(t, "phases[0].magnitude", preview.Changes[0].Path)
		require.Equal(t, []int64{20000, 30000}, []int64{preview.Before.Progress.NextAmount, preview.After.Progress.NextAmount})
		require.Len(t, preview.Awards, 1)
		change := preview.Awards[0]
		require.Equal(t, []any{2, int64(20000), int64(30000), int64(20000)}, []any{change.Milestone, change.Before, change.After, change.Granted})
		require.Equal(t, int64(40000), d.balance(t)[0])
		unmoved, err := d.Enrolment(t.Context(), worker, e.ID)
		require.NoError(t, err)
		require.Equal(t, versions[0].ID, unmoved.VersionID)

		moved, err := d.Move(t.Context(), worker, keyed("m", ""), e.ID, in)
		require.NoError(t, err)
		require.Equal(t, change.AwardID, moved.Value.Awards[0].ID)
		require.Equal(t, int64(10000), moved.Value.Vouchers[0].Amount)
		require.Equal(t, preview.After, moved.Value.Progress)
		again, err := d.Move(t.Context(), worker, keyed("m", ""), e.ID, in)
		require.NoError(t, err)
		require.True(t, again.Replayed)
		list, err := d.Moves(t.Context(), worker, e.ID)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, moved.Value.Move, list[0])
	})
}

func TestMoveRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		programme, versions := d.editions(t, "prog", nil, fifty)
		_, e := d.join(t, "P-1", programme)
		old := d.variant(t, "old", "age: {from: 18}", "age: {from: 18, to: 25}")
		other := must(d.Versions(t.Context(), worker, old.ID, ten, "")).Rows[0]
		draft, err := d.DraftVersion(t.Context(), d.as(domain.TeamLeader), programme.ID, []byte(edition("prog")))
		require.NoError(t, err)
		good := Move{VersionID: versions[1].ID, On: date("2026-02-20"), Reason: "ny aftale"}
		for name, c := range map[string]struct {
			change      func(*Move)
			field, code string
		}{
			"no version":      {func(m *Move) { m.VersionID = domain.ID{} }, "version_id", "required"},
			"unknown":         {func(m *Move) { m.VersionID = store.NewID() }, "version_id", "unknown"},
			"other programme": {func(m *Move) { m.VersionID = other.ID }, "version_id", "other_programme"},
			"same version":    {func(m *Move) { m.VersionID = versions[0].ID }, "version_id", "same_version"},
			"draft":           {func(m *Move) { m.VersionID = draft.ID }, "version_id", "not_adopted"},
			"not yet":         {func(m *Move) { m.On = date("2026-02-15") }, "version_id", "not_in_force"},
			"too early":       {func(m *Move) { m.On = date("2026-01-31") }, "on", "before_start"},
			"ahead":           {func(m *Move) { m.On = date("2026-03-03") }, "on", "in_the_future"},
			"no reason":       {func(m *Move) { m.Reason = " " }, "reason", "required"},
			"phase":           {func(m *Move) { m.Phase = "harvest" }, "phase", "invalid_value"},
			"level":           {func(m *Move) { m.Level = 2 }, "level", "contradiction"},
		} {
			in := good
			c.change(&in)
			_, err := d.Move(t.Context(), worker, Key{}, e.ID, in)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			fields := domain.FieldsOf(err)
			require.NotEmpty(t, fields, name)
			require.Equal(t, [2]string{c.field, c.code}, [2]string{fields[0].Field, fields[0].Code}, name)
			if name != "no reason" {
				_, err = d.PreviewMove(t.Context(), worker, e.ID, in)
				require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			}
		}
		stale := good
		stale.FromVersionID = versions[1].ID
		_, err = d.Move(t.Context(), worker, Key{}, e.ID, stale)
		because(t, err, "stale")
		_, err = d.Move(t.Context(), d.elsewhere(t), Key{}, e.ID, good)
		because(t, err, "not_found")
		d.moved(t, e, versions[1], "2026-02-20")
		_, err = d.Move(t.Context(), worker, Key{}, e.ID, Move{VersionID: versions[0].ID, On: date("2026-02-10"), Reason: "x"})
		named(t, err, "on", "before_last_move")
		_, err = d.EndEnrolment(t.Context(), worker, e.ID, date("2026-03-01"))
		require.NoError(t, err)
		_, err = d.Move(t.Context(), worker, Key{}, e.ID, good)
		because(t, err, "wrong_state")
	})
}

// Under the rules' phases of another name a move says where to go on, and
// corrections before it never undo that.
func TestMoveIntoAnotherPhase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		programme, versions := d.editions(t, "prog", nil, []string{"name: treatment", "name: harvest", constant, "{table: [1000, 2000, 3000]}", sixAtMost, "{count: 3, period: episode, at_limit: stop}"})
		plan, e := d.join(t, "P-1", programme)
		first := d.attended(t, plan, "2026-02-03T09:00:00Z")
		in := Move{VersionID: versions[1].ID, On: date("2026-02-20"), Reason: "x"}
		_, err := d.Move(t.Context(), worker, Key{}, e.ID, in)
		named(t, err, "phase", "required")
		in.Phase, in.Level = "harvest", 2
		moved, err := d.Move(t.Context(), worker, Key{}, e.ID, in)
		require.NoError(t, err)
		require.Equal(t, int64(2000), moved.Value.Progress.Progress.NextAmount)
		d.correct(t, first, domain.NoShow)
		d.attended(t, plan, "2026-02-21T09:00:00Z")
		require.Equal(t, int64(2000), d.attended(t, plan, "2026-02-22T09:00:00Z").Vouchers[0].Amount)
	})
}
