package vouchers

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A file that is no export costs little and is refused whole.
func TestImportGarbage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader := d.as(domain.TeamLeader)
		strange := func(lines int) string {
			var text strings.Builder
			for i := range lines {
				text.WriteString(visitOn(fmt.Sprint(i), 1, fmt.Sprint("P", i), "03 10:00"))
			}
			return text.String()
		}
		for name, text := range map[string]string{
			"no lines":      strings.Repeat("x\n", 512<<10),
			"unknown plans": strange(10_001),
			"both":          strange(5_001) + strings.Repeat("x\n", 5_000),
		} {
			before := memory()
			began := time.Now()
			_, err := d.StartImport(t.Context(), leader, Key{}, Export{d.move.ID, nil, []byte(visitHeading + text)})
			t.Log(name, time.Since(began), (memory()-before)>>20, "MiB allocated")
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			require.ErrorContains(t, err, "more than 10000 lines")
			require.Less(t, time.Since(began), 5*time.Second)
		}
		bound := leader
		bound.UnitID = d.unit.ID
		var plans strings.Builder
		for i := range 10_001 {
			fmt.Fprintf(&plans, "P%d;B%d;01-06-1995;Nord;02-02-2026;move-2026\n", i, i)
		}
		_, err := d.StartImport(t.Context(), bound, Key{}, Export{d.move.ID, []byte(planHeading + plans.String()), nil})
		require.ErrorContains(t, err, "more than 10000 lines", "of another unit")
		require.Empty(t, must(d.Imports(t.Context(), leader, ten)).Rows)
		d.offer(t, leader, northern, strings.Repeat("x\n", 10_000))
	})
}

// What turns out to be garbage only on the way ends the import.
func TestImportGarbageOnTheWay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		var text strings.Builder
		for i := range 10_001 {
			text.WriteString(visitLine(fmt.Sprint(i), 1, "P2", "03-02-1999 10:00", "mødt"))
		}
		im := d.started(t, d.as(domain.TeamLeader), []byte(planHeading+northern+strings.ReplaceAll(northern, "1;", "2;")), []byte(visitHeading+text.String()))
		done, err := d.RunImport(t.Context(), d.home.MunicipalityID, im.ID, func(domain.Import) {})
		require.NoError(t, err)
		require.Equal(t, []any{"failed", 1, 0}, []any{done.State, done.PlansDone, done.LinesRefused})
		require.Equal(t, "more than 10000 lines are refused: this is not the export of this municipality, or of another shape; what was taken before stays", done.Failure)
		require.Empty(t, must(d.Unfinished(t.Context(), d.home.MunicipalityID)))
	})
}

// memory is how many bytes were ever allocated.
func memory() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// A file is read while somebody else writes, not instead.
func TestImportReadsBesideWriters(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	d := newStory(t, s)
	leader := d.as(domain.TeamLeader)
	require.NoError(t, s.Write(t.Context(), leader, func(tx *store.Tx) error {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err := d.StartImport(ctx, leader, keyed("k", ""), Export{d.move.ID, []byte("hello"), nil})
		require.Equal(t, domain.Invalid, domain.KindOf(err), "%v", err)
		return tx.Audit("startImport", "import", store.NewID(), d.now(), nil)
	}))
}

func TestImportProgrammeWithoutRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader := d.as(domain.TeamLeader)
		p, err := d.CreateProgramme(t.Context(), leader, ProgrammeInput{Slug: "empty-2026", Title: rules.Text{DA: "Tom", EN: "Empty"}})
		require.NoError(t, err)
		_, err = d.StartImport(t.Context(), leader, Key{}, Export{p.ID, []byte(planHeading), nil})
		refused(t, err, domain.Invalid, "programme_id")
		_, err = d.DraftVersion(t.Context(), leader, p.ID, []byte(strings.Replace(string(must(rules.Preset("move-2026"))), "programme: move-2026", "programme: empty-2026", 1)))
		require.NoError(t, err)
		_, err = d.StartImport(t.Context(), leader, Key{}, Export{p.ID, []byte(planHeading), nil})
		refused(t, err, domain.Invalid, "programme_id")
	})
}

// Where somebody sat when they sent the file is not kept.
func TestImportForgetsTheAddress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		im := d.started(t, d.as(domain.TeamLeader), []byte(planHeading), nil)
		require.NotContains(t, string(im.Actor), "192.0.2.1")
		require.Contains(t, string(im.Actor), "req-team_leader")
	})
}

// Imports that make the same units at the same moment all come through.
func TestImportsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		var imports []domain.Import
		for f := range 3 {
			var plans, visits strings.Builder
			for i := range 10 {
				fmt.Fprintf(&plans, "P%d-%02d;B%d-%02d;01-01-1995;Ny enhed %d;02-02-2026;move-2026\n", f, i, f, i, i)
				visits.WriteString(visitOn(fmt.Sprint("a", i), 1, fmt.Sprintf("P%d-%02d", f, i), "03 10:00"))
			}
			imports = append(imports, d.started(t, d.as(domain.TeamLeader), []byte(planHeading+plans.String()), []byte(visitHeading+visits.String())))
		}
		var all sync.WaitGroup
		var done [3]domain.Import
		for i, im := range imports {
			all.Go(func() { done[i], _ = d.RunImport(t.Context(), d.home.MunicipalityID, im.ID, func(domain.Import) {}) })
		}
		all.Wait()
		accepted := 0
		for _, im := range done {
			require.Equal(t, []any{"done", ""}, []any{im.State, im.Failure})
			accepted += im.LinesAccepted
		}
		require.Equal(t, 40, accepted, "30 plans; each of the 10 visits in one of its three plans")
		require.Len(t, d.events(t), 10)
	})
}

// A conflict that does not go away ends the import, in words for people.
func TestImportGivesUp(t *testing.T) {
	tries := 0
	err := patiently(t.Context(), time.Millisecond, func() error {
		tries++
		return fmt.Errorf("plan P1: %w", domain.Errorf(domain.Stale, "stale", "someone else changed it"))
	})
	require.Equal(t, domain.Stale, domain.KindOf(err))
	require.Equal(t, 6, tries, "once and five times more")
	require.Equal(t, "someone else changed it", told(err))

	tries = 0
	require.NoError(t, patiently(t.Context(), time.Millisecond, func() error {
		if tries++; tries < 3 {
			return domain.Errorf(domain.Conflict, "already_exists", "there already")
		}
		return nil
	}))
	require.Equal(t, 3, tries)
	tries = 0
	require.ErrorIs(t, patiently(t.Context(), time.Millisecond, func() error { tries++; return errOvertaken }), errOvertaken)
	require.Equal(t, 1, tries)
}
