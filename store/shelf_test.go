package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// What is asked of a shelf is answered as the database does.
func TestShelf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		home, away := settled(t, s), settled(t, s)
		const order = "plan_id, attendance_id, revision"
		plan, none := home.plan.ID, store.NewID()
		asked := func(tx *store.Tx) (answers []any) {
			for _, conds := range [][]store.Cond{
				{store.Is("plan_id", plan)}, {store.Is("plan_id", none)}, {store.Is("plan_id", away.plan.ID)}, {store.In("plan_id", []domain.ID{plan, none})},
				{store.Is("plan_id", plan), store.Is("withdrawn", false)}, {store.Is("plan_id", plan), store.Is("withdrawn", true)},
				{store.Is("plan_id", plan), store.Is("id", home.event.ID)}, {store.Eq("kind", "nothing"), store.Is("plan_id", plan)}, {store.Is("plan_id", plan), store.Eq("kind", "")},
				{store.Is("plan_id", plan), store.Before("revision", 1)}, {store.Is("plan_id", plan), store.Before("revision", 2)}, {store.Is("plan_id", plan), store.Some("makes_up")},
				{store.Is("plan_id", plan), store.Is("revision", "1")}, {store.Is("unit_id", home.unit.ID)},
			} {
				rows, err := store.All[domain.AttendanceEvent](tx, order, conds...)
				require.NoError(t, err)
				n, err := store.Count[domain.AttendanceEvent](tx, conds...)
				require.NoError(t, err)
				require.Len(t, rows, int(n))
				answers = append(answers, rows)
			}
			for _, id := range []domain.ID{plan, none, away.plan.ID} {
				row, err := store.Get[domain.Plan](tx, id)
				answers = append(answers, row, err)
			}
			return answers
		}
		require.NoError(t, s.Snapshot(t.Context(), home.id(), func(tx *store.Tx) error {
			want := asked(tx)
			require.NoError(t, store.Shelve[domain.AttendanceEvent](tx, "plan_id", order, []domain.ID{plan, none, away.plan.ID}))
			require.NoError(t, store.Shelve[domain.Plan](tx, "id", "", []domain.ID{plan, none}))
			require.Equal(t, want, asked(tx))
			require.Error(t, store.Shelve[domain.Plan](tx, "reference", "", []domain.ID{plan}))
			return nil
		}))
	})
}
