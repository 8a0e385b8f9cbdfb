package vouchers

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

const prizes = "[{slips: 1, value: 5000}, {slips: 1, value: 5000}]"

// group is a hat with the visits of so many people in it.
func (d desk) group(t testing.TB, people int) (Hat, []Attended) {
	t.Helper()
	p := d.bowls(t, "gruppe", prizes+"\n    hat: {names: 2}")
	made, err := d.CreateHat(t.Context(), d.as(domain.Caseworker), Key{}, HatInput{ProgrammeID: p.ID, UnitID: d.unit.ID, HeldAt: instant("2026-02-03T09:00:00Z"), Title: "Tirsdagsgruppen"})
	require.NoError(t, err)
	var visits []Attended
	for n := range people {
		plan, _ := d.join(t, fmt.Sprint("gruppe", n), p)
		visit := visitAt(plan, "2026-02-03T09:00:00Z", domain.Attended)
		visit.HatID = made.Value.ID
		a, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, visit)
		require.NoError(t, err)
		require.Equal(t, domain.AwardUndrawn, a.Value.Awards[0].State)
		require.Empty(t, a.Value.Vouchers)
		visits = append(visits, a.Value)
	}
	return made.Value, visits
}

func (d desk) drawHat(t testing.TB, hat Hat) Hat {
	t.Helper()
	drawn, err := d.DrawHat(t.Context(), d.as(domain.Caseworker), Key{}, hat.ID)
	require.NoError(t, err)
	return drawn.Value
}

// won says of each visit in a drawn hat whether it has won.
func (h Hat) won() (winners map[domain.ID]bool) {
	winners = map[domain.ID]bool{}
	for _, e := range h.Entries {
		winners[e.AttendanceID] = *e.Place > 0
	}
	return winners
}

// The commitment comes first; names go in; the draw reveals the seed, anyone can
// draw again, and the winners have their vouchers at once.
func TestHat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		hat, visits := d.group(t, 5)
		require.Empty(t, hat.Revealed)
		require.NotContains(t, fmt.Sprintf("%+v", hat), d.seedOf(t, hat))
		missed := d.correct(t, visits[0], domain.NoShow)
		drawn := d.drawHat(t, hat)
		require.Equal(t, hat.Commitment, must(rules.Commit(drawn.Revealed)))
		require.Len(t, drawn.Vouchers, 2)
		var entries []rules.Entry
		for _, e := range drawn.Entries {
			entries = append(entries, rules.Entry{Visit: e.AttendanceID.String(), Tickets: *e.Tickets})
			if e.AttendanceID == missed.Attendance.AttendanceID {
				require.Zero(t, *e.Tickets, "who was not met has no slip in it")
			}
		}
		winners, err := rules.Hat{Names: 2}.Draw(drawn.Revealed, hat.ID.String(), entries)
		require.NoError(t, err)
		for _, e := range drawn.Entries {
			if *e.Place > 0 {
				require.Equal(t, winners[*e.Place-1], e.AttendanceID.String())
			}
		}
		states := map[string]int{}
		for _, a := range drawn.Awards {
			states[a.State]++
		}
		require.Equal(t, map[string]int{domain.AwardIssued: 2, domain.AwardNoPrize: 2}, states)
		again, err := d.GetHat(t.Context(), d.as(domain.TeamLeader), hat.ID)
		require.NoError(t, err)
		require.Equal(t, drawn.Entries, again.Entries)
		l, err := d.Hats(t.Context(), d.as(domain.Caseworker), ten, HatFilter{})
		require.NoError(t, err)
		require.Equal(t, drawn.Revealed, l.Rows[0].Revealed)
		require.NotContains(t, string(must(json.Marshal(again))), "Eksempel")
	})
}

// seedOf is the seed that a hat has, drawn or not.
func (d desk) seedOf(t testing.TB, hat Hat) string {
	t.Helper()
	var there domain.Hat
	require.NoError(t, d.store.Read(t.Context(), d.home.MunicipalityID, func(tx *store.Tx) (err error) {
		there, err = store.Get[domain.Hat](tx, hat.ID)
		return err
	}))
	return there.Seed
}

// Many who draw the same hat at once draw it once, and all get the same winners.
func TestRaceHat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		hat, _ := d.group(t, 4)
		var issued atomic.Int64
		results := make([]Hat, crowd)
		atOnce(times(crowd, func(i int) {
			drawn, err := d.DrawHat(t.Context(), d.as(domain.Caseworker), Key{}, hat.ID)
			require.NoError(t, err)
			results[i] = drawn.Value
			issued.Add(int64(len(drawn.Value.Vouchers)))
		})...)
		require.Equal(t, int64(2), issued.Load())
		for _, r := range results {
			require.Equal(t, results[0].Entries, r.Entries)
			require.Equal(t, results[0].Revealed, r.Revealed)
		}
	})
}

// Corrections never draw again: who won and was not there loses the award, who
// was there and is told so too late wins nothing, and no name goes in any more.
func TestHatIsDrawnOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		hat, visits := d.group(t, 4)
		late := d.correct(t, visits[3], domain.NoShow)
		drawn := d.drawHat(t, hat)
		winners := drawn.won()
		for _, v := range visits[:3] {
			if winners[v.Attendance.AttendanceID] {
				require.Zero(t, d.correct(t, v, domain.NoShow).Awards[0].Amount)
				back := d.correct(t, v, domain.Attended)
				require.Equal(t, int64(5000), back.Awards[0].Amount, "met again: the same draw")
				require.Empty(t, back.Vouchers, "the voucher was never taken")
			}
		}
		require.Equal(t, domain.AwardNoPrize, d.correct(t, late, domain.Attended).Awards[0].State)
		require.Equal(t, drawn.Entries, d.drawHat(t, hat).Entries)
		plan, err := d.Plan(t.Context(), d.as(domain.Caseworker), visits[0].Attendance.PlanID)
		require.NoError(t, err)
		visit := visitAt(plan, "2026-02-04T09:00:00Z", domain.Attended)
		visit.HatID = hat.ID
		_, err = d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, visit)
		require.Equal(t, "hat_drawn", domain.CodeOf(err))
	})
}

func TestHatRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		in := HatInput{ProgrammeID: d.move.ID, UnitID: d.unit.ID, HeldAt: instant("2026-02-03T09:00:00Z"), Title: "Gruppen"}
		_, err := d.CreateHat(t.Context(), worker, Key{}, in)
		refused(t, err, domain.Invalid, "programme_id")
		_, err = d.CreateHat(t.Context(), worker, Key{}, HatInput{ProgrammeID: d.move.ID, UnitID: d.unit.ID})
		refused(t, err, domain.Invalid, "title", "held_at")
		hat, visits := d.group(t, 1)
		_, err = d.GetHat(t.Context(), d.elsewhere(t), hat.ID)
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		plan, _ := d.join(t, "P-1", d.move)
		visit := visitAt(plan, "2026-02-03T09:00:00Z", domain.Attended)
		visit.HatID = hat.ID
		_, err = d.Attend(t.Context(), worker, Key{}, visit)
		refused(t, err, domain.Invalid, "hat_id")
		in.ProgrammeID, in.HeldAt = hat.ProgrammeID, instant("2026-04-01T09:00:00Z")
		ahead, err := d.CreateHat(t.Context(), worker, Key{}, in)
		require.NoError(t, err)
		_, err = d.DrawHat(t.Context(), worker, Key{}, ahead.Value.ID)
		require.Equal(t, "hat_not_held", domain.CodeOf(err))
		_, err = d.Correct(t.Context(), worker, Key{}, Correction{AttendanceID: visits[0].Attendance.AttendanceID, HatID: ahead.Value.ID, Reason: "forkert hat"})
		refused(t, err, domain.Invalid, "hat_id")
	})
}
