package vouchers

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// export is a municipality's export, or every nth plan of it, with what must
// come of it.
type export struct {
	plans, attendance [][]byte // lines, the heading first
	awards            map[string][2]int64
	refused           map[int]bool // lines of the attendance file
	vouchers, amount  int64
}

// readExport reads the export, of which it keeps every nth plan and the lines
// that name no plan of it.
func readExport(t testing.TB, every int) export {
	t.Helper()
	x := export{awards: map[string][2]int64{}, refused: map[int]bool{}}
	lines := func(name string) [][]byte {
		return bytes.Split(bytes.TrimSpace(must(os.ReadFile("../testdata/export/"+name))), []byte("\r\n"))
	}
	dropped := map[string]bool{}
	for i, line := range lines("planer.csv") {
		if i == 0 || i%every == 0 {
			x.plans = append(x.plans, line)
		} else {
			dropped[string(line[:bytes.IndexByte(line, ';')])] = true
		}
	}
	wrong := map[int]bool{}
	for _, row := range expected(t, "expected_rejects.csv") {
		wrong[must(strconv.Atoi(row[0]))] = true
	}
	for i, line := range lines("fremmoede.csv") {
		if cells := strings.Split(string(line), ";"); len(cells) < 3 || !dropped[cells[2]] {
			x.attendance = append(x.attendance, line)
			if wrong[i+1] {
				x.refused[len(x.attendance)] = true
			}
		}
	}
	for _, row := range expected(t, "expected_awards.csv") {
		if n := [2]int64{number(row[1]), number(row[2])}; !dropped[row[0]] {
			x.awards[row[0]] = n
			x.vouchers, x.amount = x.vouchers+n[0], x.amount+n[1]
		}
	}
	return x
}

func number(text string) int64 { return must(strconv.ParseInt(text, 10, 64)) }

func expected(t testing.TB, name string) [][]string {
	t.Helper()
	file, err := os.Open("../testdata/export/" + name)
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	return rows[1:]
}

// shuffled gives the same lines in another order.
func (x export) shuffled(seed uint64) export {
	random := rand.New(rand.NewPCG(seed, 0))
	was := make([]int, len(x.attendance)+1)
	mix := func(lines [][]byte, swap func(i, j int)) [][]byte {
		lines = append([][]byte(nil), lines...)
		random.Shuffle(len(lines)-1, func(i, j int) {
			lines[i+1], lines[j+1] = lines[j+1], lines[i+1]
			swap(i+2, j+2)
		})
		return lines
	}
	for i := range was {
		was[i] = i
	}
	x.plans = mix(x.plans, func(int, int) {})
	x.attendance = mix(x.attendance, func(i, j int) { was[i], was[j] = was[j], was[i] })
	refused := map[int]bool{}
	for line, before := range was {
		if x.refused[before] {
			refused[line] = true
		}
	}
	x.refused = refused
	return x
}

func (x export) files() (plans, attendance []byte) {
	return bytes.Join(x.plans, []byte("\r\n")), bytes.Join(x.attendance, []byte("\r\n"))
}

// importer is a desk on 21 November 2026 whose programme has been in force for long.
func importer(t testing.TB, s *store.Store) story {
	t.Helper()
	d := story{desk: newDesk(t, s)}
	d.time.setDate("2026-11-21")
	d.move = d.inForce(t, "move-2026", "2025-01-01")
	t.Cleanup(func() { d.verified(t) })
	return d
}

// started queues an import.
func (d story) started(t testing.TB, actor domain.Actor, plans, attendance []byte) domain.Import {
	t.Helper()
	im, err := d.StartImport(t.Context(), actor, Key{}, Export{d.move.ID, plans, attendance})
	require.NoError(t, err)
	return im.Value
}

// taken runs an import to its end and gives it with the lines it refused.
func (d story) taken(t testing.TB, im domain.Import) (domain.Import, []domain.ImportRefusal) {
	t.Helper()
	before := im.PlansDone
	done, err := d.RunImport(t.Context(), d.home.MunicipalityID, im.ID, func(now domain.Import) {
		require.Greater(t, now.PlansDone, before)
		before = now.PlansDone
	})
	require.NoError(t, err)
	require.Equal(t, []any{"done", "", done.PlansTotal}, []any{done.State, done.Failure, done.PlansDone})
	stored, err := d.Import(t.Context(), d.as(domain.TeamLeader), im.ID)
	require.NoError(t, err)
	require.Empty(t, stored.PlansFile)
	require.Empty(t, stored.AttendanceFile, "personal data is forgotten when the work is done")
	require.Equal(t, []int{done.LinesAccepted, done.LinesRefused, done.Vouchers}, []int{stored.LinesAccepted, stored.LinesRefused, stored.Vouchers})
	lines, err := d.ImportRefusals(t.Context(), d.as(domain.TeamLeader), im.ID)
	require.NoError(t, err)
	require.Len(t, lines, done.LinesRefused)
	return done, lines
}

// exactly demands the expected awards, plan by plan, and the expected refusals.
func (d story) exactly(t testing.TB, x export, lines []domain.ImportRefusal) {
	t.Helper()
	refused, got := map[int]bool{}, map[string][2]int64{}
	for _, l := range lines {
		require.Equal(t, "attendance", l.File)
		require.NotEmpty(t, l.Reason)
		refused[l.Line] = true
	}
	require.Equal(t, x.refused, refused)
	require.NoError(t, d.store.Snapshot(t.Context(), d.home.MunicipalityID, func(tx *store.Tx) error {
		plans, enrolments, awards := must(store.All[domain.Plan](tx, "")), must(store.All[domain.Enrolment](tx, "")), must(store.All[domain.Award](tx, ""))
		reference, plan := map[domain.ID]string{}, map[domain.ID]string{}
		for _, p := range plans {
			reference[p.ID], got[p.Reference] = p.Reference, [2]int64{}
		}
		for _, e := range enrolments {
			plan[e.ID] = reference[e.PlanID]
		}
		for _, a := range awards {
			sum := got[plan[a.EnrolmentID]]
			got[plan[a.EnrolmentID]] = [2]int64{sum[0] + 1, sum[1] + a.Granted}
		}
		return nil
	}))
	require.Equal(t, x.awards, got)
	require.Equal(t, [4]int64{x.amount, -x.amount, 0, 0}, d.balance(t))
}

// raced reports whether the race detector is on: SQLite in Go is then so slow
// that a part of the export has to do. make test takes it all.
func raced() bool {
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "-race" {
			return s.Value == "true"
		}
	}
	return false
}

// The whole export, its lines in another order, interrupted twice and taken up
// again, gives exactly what is expected; once more as it came, nothing.
func TestImportExport(t *testing.T) {
	x := readExport(t, 1)
	require.Equal(t, []int64{2800, 56000000, 24}, []int64{x.vouchers, x.amount, int64(len(x.refused))})
	if raced() {
		x = readExport(t, 15)
		require.Greater(t, x.vouchers, int64(100))
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, mixed := importer(t, s), x.shuffled(1)
		leader := d.as(domain.TeamLeader)
		plans, attendance := mixed.files()
		im := d.started(t, leader, plans, attendance)
		require.Panics(t, func() {
			_, _ = d.RunImport(t.Context(), d.home.MunicipalityID, im.ID, func(now domain.Import) {
				if now.PlansDone == 7 {
					panic("kill -9")
				}
			})
		})
		ctx, cancel := context.WithCancel(t.Context())
		_, err := d.RunImport(ctx, d.home.MunicipalityID, im.ID, func(now domain.Import) {
			if now.PlansDone == 20 {
				cancel()
			}
		})
		require.ErrorIs(t, err, context.Canceled)
		waiting, err := d.Unfinished(t.Context(), d.home.MunicipalityID)
		require.NoError(t, err)
		require.Equal(t, []domain.ID{im.ID}, waiting)
		im, err = d.Import(t.Context(), leader, im.ID)
		require.NoError(t, err)
		require.Equal(t, []any{"running", 20}, []any{im.State, im.PlansDone})

		done, lines := d.taken(t, im)
		require.Equal(t, []int64{x.vouchers, x.amount}, []int64{int64(done.Vouchers), done.Amount})
		d.exactly(t, mixed, lines)
		again, err := d.RunImport(t.Context(), d.home.MunicipalityID, im.ID, func(domain.Import) { t.Error("it is done") })
		require.NoError(t, err)
		require.Equal(t, "done", again.State)

		plans, attendance = x.files()
		second, lines := d.taken(t, d.started(t, leader, plans, attendance))
		require.Zero(t, second.Vouchers)
		require.Equal(t, done.LinesAccepted, second.LinesAccepted)
		d.exactly(t, x, lines)
	})
}

// The order of the lines makes no difference, nor does sending plans first and
// attendance later, in two halves.
func TestImportOrder(t *testing.T) {
	x := readExport(t, 60)
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		straight := importer(t, s)
		plans, attendance := x.files()
		_, lines := straight.taken(t, straight.started(t, straight.as(domain.TeamLeader), plans, attendance))
		straight.exactly(t, x, lines)

		apart := importer(t, s)
		mixed := x.shuffled(2)
		plans, _ = mixed.files()
		leader, half, all := apart.as(domain.TeamLeader), len(mixed.attendance)/2, map[int]bool{}
		apart.taken(t, apart.started(t, leader, plans, nil))
		heading := mixed.attendance[:1]
		for _, part := range [][2]int{{1, half}, {half, len(mixed.attendance)}} {
			text := bytes.Join(append(heading[:1:1], mixed.attendance[part[0]:part[1]]...), []byte("\n"))
			_, lines := apart.taken(t, apart.started(t, leader, nil, text))
			for _, l := range lines {
				all[l.Line+part[0]-1] = true
			}
		}
		require.Equal(t, mixed.refused, all)
		mixed.refused = map[int]bool{}
		apart.exactly(t, mixed, nil)
	})
}

const (
	planHeading  = "plan;borger;foedt;enhed;startdato;ordning\n"
	visitHeading = "id;version;plan;tidspunkt;type;udfald;registreret_af;registreret\n"
)

// visitLine is a line of a file of attendance.
func visitLine(id string, version int, plan, at, outcome string) string {
	return fmt.Sprintf("%s;%d;%s;%s;gruppe;%s;kl;%s\n", id, version, plan, at, outcome, at)
}
