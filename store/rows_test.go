package store_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// No function of the store ever sees or changes another municipality's row.
func TestMunicipalitiesAreApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		home, away := settled(t, s), settled(t, s)
		apart[domain.Unit](t, s, home, away.unit.ID, "name", "x")
		apart[domain.Citizen](t, s, home, away.citizen.ID, "name", "x")
		apart[domain.Plan](t, s, home, away.plan.ID, "assessment_reference", "x")
		apart[domain.Goal](t, s, home, away.goal.ID, "wording", "x")
		apart[domain.Session](t, s, home, away.session.ID, "kind", "x")
		apart[domain.Programme](t, s, home, away.programme.ID, "title_da", "x")
		apart[domain.ProgrammeVersion](t, s, home, away.version.ID, "in_force_to", "2027-01-01")
		apart[domain.Enrolment](t, s, home, away.enrolment.ID, "rule_state", "{}")
		apart[domain.EnrolmentMove](t, s, home, away.move.ID, "reason", "x")
		apart[domain.AttendanceEvent](t, s, home, away.event.ID, "kind", "x")
		apart[domain.Attendance](t, s, home, away.event.ID, "kind", "x")
		apart[domain.Award](t, s, home, away.award.ID, "decided_by", "x")
		apart[domain.AwardAdjustment](t, s, home, away.adjustment.ID, "cause", "x")
		apart[domain.Approval](t, s, home, away.approval.ID, "role", "x")
		apart[domain.Partner](t, s, home, away.partner.ID, "name", "x")
		apart[domain.Terminal](t, s, home, away.terminal.ID, "label", "x")
		apart[domain.Voucher](t, s, home, away.voucher.ID, "reason", "x")
		apart[domain.Redemption](t, s, home, away.redemption.ID, "currency", "x")
		apart[domain.Reversal](t, s, home, away.reversal.ID, "reason", "x")
		apart[ledger.Posting](t, s, home, away.entry[0].ID, "currency", "x")
		apart[domain.Token](t, s, home, away.token.ID, "person", "x")
		apart[domain.DataKey](t, s, home, away.dataKey.ID, "kek", 2)
		apart[domain.Import](t, s, home, away.imported.ID, "failure", "x")
		apart[domain.Budget](t, s, home, away.budget.ID, "account_string", "x")
		apart[domain.BudgetChange](t, s, home, away.appropriated.ID, "reason", "x")
		apart[domain.BudgetSlice](t, s, home, away.slice.ID, "free", 9)
		own[domain.BudgetAlert](t, s, home)
		own[domain.Municipality](t, s, home)
		own[domain.ApprovalLimits](t, s, home)
		own[domain.AuditEntry](t, s, home)
		own[domain.Idempotency](t, s, home)
		own[domain.ImportRefusal](t, s, home)
		own[domain.DrawSeed](t, s, home)
		own[domain.HatEntry](t, s, home)
		apart[domain.Hat](t, s, home, away.hat.ID, "title", "x")
	})
}

// own demands that all that can be found of T is home's one row.
func own[T any](t testing.TB, s *store.Store, home *town) {
	t.Helper()
	require.NoError(t, s.Read(t.Context(), home.id(), func(tx *store.Tx) error {
		rows, err := store.All[T](tx, "")
		require.NoError(t, err)
		for _, row := range rows {
			require.Equal(t, home.id(), reflect.ValueOf(row).FieldByName("MunicipalityID").Interface())
		}
		n, err := store.Count[T](tx)
		require.Equal(t, int64(len(rows)), n)
		require.NotZero(t, n)
		first, err1 := store.First[T](tx)
		require.NoError(t, err1)
		require.Contains(t, rows, first)
		require.Equal(t, rows, swept[T](t, tx))
		return err
	}))
	require.NoError(t, s.Snapshot(t.Context(), home.id(), func(tx *store.Tx) error {
		rows, err := store.All[T](tx, "")
		require.Equal(t, rows, swept[T](t, tx))
		return err
	}))
}

// swept reads every row of T in the quick way.
func swept[T any](t testing.TB, tx *store.Tx) (rows []T) {
	t.Helper()
	require.NoError(t, store.Sweep(tx, func(row T) error { rows = append(rows, row); return nil }))
	return rows
}

// apart demands besides that away's row with this ID is out of reach.
func apart[T any](t testing.TB, s *store.Store, home *town, away domain.ID, column string, value any) {
	t.Helper()
	own[T](t, s, home)
	stop := errors.New("stop")
	require.ErrorIs(t, s.Write(t.Context(), home.actor(), func(tx *store.Tx) error {
		for _, get := range []func(*store.Tx, domain.ID) (T, error){store.Get[T], func(tx *store.Tx, id domain.ID) (T, error) {
			return store.First[T](tx, store.Is("id", id))
		}} {
			_, err := get(tx, away)
			require.Equal(t, domain.NotFound, domain.KindOf(err), "%T", *new(T))
		}
		listed, _, err := store.List[T](tx, store.Page{Limit: 100}, store.Eq("id", away))
		require.NoError(t, err)
		require.Empty(t, listed)
		require.NoError(t, store.Each(tx, func(T) error { return stop }, store.Is("id", away)))
		require.Error(t, store.Change[T](tx, map[string]any{column: value}, store.Is("id", away)), "no row, or one that nobody may change")
		return stop
	}), stop)
}

// Walking a list page by page meets every row once, newest first.
func TestListPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, other := settled(t, s), settled(t, s)
		ids := w.units(t, s, "u", 24)
		other.units(t, s, "u", 24)
		all := append([]domain.ID{w.unit.ID}, ids...)
		for _, limit := range []int{1, 2, 5, 24, 25, 26, 100} {
			var met []domain.ID
			page := store.Page{Limit: limit}
			for more := true; more; {
				require.NoError(t, s.Read(t.Context(), w.id(), func(tx *store.Tx) (err error) {
					var rows []domain.Unit
					rows, more, err = store.List[domain.Unit](tx, page, store.Eq("name", ""))
					require.LessOrEqual(t, len(rows), limit)
					require.NotEmpty(t, rows)
					for _, u := range rows {
						met, page.After = append(met, u.ID), u.ID
					}
					return err
				}))
			}
			require.Len(t, met, len(all))
			for i, id := range met {
				require.Equal(t, all[len(all)-1-i], id)
			}
		}
	})
}

// A change counts the version up, once for each who read the same.
func TestSet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		rename := func(version int64) error {
			return w.tries(t, s, func(tx *store.Tx) error {
				return store.Set[domain.Unit](tx, w.unit.ID, version, map[string]any{"name": "Nyt navn"})
			})
		}
		require.NoError(t, rename(1))
		require.Equal(t, domain.Stale, domain.KindOf(rename(1)))
		require.Equal(t, domain.Stale, domain.KindOf(rename(3)))
		require.NoError(t, rename(2))
		require.Equal(t, domain.Stale, domain.KindOf(w.tries(t, s, func(tx *store.Tx) error {
			return store.Set[domain.Unit](tx, store.NewID(), 1, map[string]any{"name": "x"})
		})))
		require.Equal(t, domain.Conflict, domain.KindOf(w.tries(t, s, func(tx *store.Tx) error {
			return store.Change[domain.Unit](tx, map[string]any{"name": "x"}, store.Is("name", "nobody"))
		})))
		w.units(t, s, "same", 2)
		require.Equal(t, domain.Conflict, domain.KindOf(w.tries(t, s, func(tx *store.Tx) error {
			return store.Change[domain.Unit](tx, map[string]any{"created_at": noon}, store.In("name", []string{"same0", "same1"}))
		})), "two rows are not one")
		require.NoError(t, w.tries(t, s, func(tx *store.Tx) error {
			return store.SetMunicipality(tx, 1, map[string]any{"name": "Ny Kommune"})
		}))
		require.Equal(t, domain.Stale, domain.KindOf(w.tries(t, s, func(tx *store.Tx) error {
			return store.SetMunicipality(tx, 1, map[string]any{"name": "x"})
		})))
	})
}

// Conditions mean the same on both databases, in whatever zone a time is given.
func TestConditions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		far := time.FixedZone("far", 9*3600)
		for name, c := range map[string]struct {
			cond store.Cond
			n    int64
		}{
			"zero narrows nothing": {store.Eq("unit_id", domain.ID{}), 1}, "empty": {store.None("session_id"), 0}, "none of none": {store.In("kind", []string{}), 0},
			"is": {store.Is("withdrawn", false), 1}, "is not": {store.Is("withdrawn", true), 0},
			"in": {store.In("kind", []string{"individual", "group"}), 1}, "not in": {store.In("kind", []string{"individual"}), 0},
			"from then": {store.From("occurred_at", noon), 1}, "from later": {store.From("occurred_at", noon.Add(time.Microsecond)), 0},
			"from there": {store.From("occurred_at", noon.In(far)), 1}, "from later there": {store.From("occurred_at", noon.Add(time.Microsecond).In(far)), 0},
			"to then": {store.To("occurred_at", noon.In(far)), 1}, "before then": {store.Before("occurred_at", noon.In(far)), 0},
			"before later": {store.Before("occurred_at", noon.Add(time.Second).In(far)), 1},
			"on that day":  {store.Is("local_date", w.event.LocalDate), 1}, "from the next": {store.From("local_date", w.event.LocalDate.AddDays(1)), 0},
			"no date": {store.To("local_date", domain.Date{}), 1},
		} {
			require.Equal(t, c.n, count[domain.AttendanceEvent](t, s, w, c.cond, store.Is("key", w.event.Key)), name)
		}
		stop := errors.New("stop")
		require.ErrorIs(t, s.Read(t.Context(), w.id(), func(tx *store.Tx) error {
			return store.Each(tx, func(domain.Unit) error { return stop })
		}), stop)
	})
}

// What List sorts, because it belongs to one plan, enrolment, award, voucher or object,
// is found by an index in each table that has such a column and is listed by it.
func TestOwnersHaveAnIndex(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	for table, columns := range map[string][]string{
		"sessions": {"plan_id"}, "goals": {"plan_id"}, "pauses": {"plan_id"}, "enrolments": {"plan_id"}, "attendance_events": {"plan_id"}, "enrolment_moves": {"enrolment_id"},
		"awards": {"enrolment_id"}, "approval_demands": {"enrolment_id"}, "withholdings": {"award_id"}, "vouchers": {"award_id"}, "redemptions": {"voucher_id"},
		"ledger_postings": {"award_id", "voucher_id"}, "audit_entries": {"object_id"},
	} {
		for _, column := range columns {
			var id, parent, unused int
			var plan string
			row := s.SQL().QueryRowContext(t.Context(), "EXPLAIN QUERY PLAN SELECT * FROM "+table+" WHERE municipality_id = 'm' AND "+column+" = 'x' ORDER BY +id DESC LIMIT 9")
			require.NoError(t, row.Scan(&id, &parent, &unused, &plan))
			require.Contains(t, plan, column+"=?", table)
		}
	}
}
