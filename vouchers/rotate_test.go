package vouchers

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// with is the desk's municipality served with other data keys.
func (d desk) with(data ...string) desk {
	d.Service = New(d.store, d.codes, must(vault.Parse(strings.Join(data, ","))), d.time.now)
	return d
}

// While keys are wrapped anew, citizens are added, changed and read by servers
// with both keys; nothing fails, and afterwards the new key alone reads it all.
func TestRotateUnderLoad(t *testing.T) {
	eachBeside(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		one, two := keys.Generate(1), keys.Generate(2)
		old := newDesk(t, s).with(one)
		worker, admin := old.as(domain.Caseworker), old.home.MunicipalityID
		input := func(n int) CitizenInput {
			return CitizenInput{UnitID: old.unit.ID, Reference: fmt.Sprint("B-", n), Name: fmt.Sprint("Borger ", n), CPR: fmt.Sprintf("010190-%04d", n), BirthDate: date("1990-01-01")}
		}
		for n := range keysTogether { // and one more: two turns
			must(old.CreateCitizen(t.Context(), worker, input(n)))
		}
		both := old.with(one, two)
		early := must(both.CreateCitizen(t.Context(), worker, input(keysTogether)))
		require.Equal(t, early.Name.Reveal(), must(old.Citizen(t.Context(), worker, early.ID)).Name.Reveal(), "before the rotation, servers that have not got the new key read all")

		works := func(n int) error {
			c, err := both.CreateCitizen(t.Context(), worker, input(n))
			if err == nil {
				c, err = both.UpdateCitizen(t.Context(), worker, c.ID, 1, CitizenChange{Name: new(fmt.Sprint("Ny ", n))})
			}
			if err == nil {
				c, err = both.Citizen(t.Context(), worker, c.ID)
			}
			if err == nil && c.Name.Reveal() != fmt.Sprint("Ny ", n) {
				err = fmt.Errorf("citizen %d is read as %q", n, c.Name.Reveal())
			}
			if err == nil {
				_, err = both.Citizens(t.Context(), worker, ten, CitizenFilter{})
			}
			return err
		}
		var others sync.WaitGroup
		var stop atomic.Bool
		failed := make([]error, 3)
		for w := range failed {
			others.Go(func() {
				for n := 1000 * (w + 1); n < 1000*(w+2) && failed[w] == nil && !stop.Load(); n++ { // as many numbers as each has, however slow the rotation
					failed[w] = works(n)
				}
			})
		}
		n, err := both.RotateKeys(t.Context(), admin)
		stop.Store(true)
		others.Wait()
		require.NoError(t, errors.Join(append(failed, err)...))
		require.GreaterOrEqual(t, n, keysTogether+2)
		again, err := both.RotateKeys(t.Context(), admin)
		require.NoError(t, err)
		require.Zero(t, again)
		require.Equal(t, []string{"2"}, texts(t, raw, "SELECT DISTINCT CAST(kek AS TEXT) FROM data_keys"))

		alone := old.with(two)
		require.NoError(t, alone.CheckKeys(t.Context(), admin))
		require.Equal(t, "data_key_missing", domain.CodeOf(old.CheckKeys(t.Context(), admin)))
		require.Error(t, old.with(keys.Generate(2)).CheckKeys(t.Context(), admin), "another key of the same number")
		read := 0
		page := store.Page{Limit: 100}
		for more := true; more; {
			l := must(alone.Citizens(t.Context(), worker, page, CitizenFilter{}))
			for _, c := range l.Rows {
				require.NotEmpty(t, c.Name.Reveal())
				if read%20 == 0 { // each leaves an audit entry
					require.Equal(t, []domain.ID{c.ID}, idsOf(must(alone.LookUp(t.Context(), worker, Lookup{CPR: c.CPR.Reveal()})).Citizens))
				}
				page.After = c.ID
				read++
			}
			more = l.More
		}
		require.Greater(t, read, keysTogether)
	})
}

func idsOf(citizens []domain.Citizen) (ids []domain.ID) {
	for _, c := range citizens {
		ids = append(ids, c.ID)
	}
	return ids
}

// A key that was destroyed after the rotation read it does not come back.
func TestRotateRevivesNoKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		one, two := keys.Generate(1), keys.Generate(2)
		d := newDesk(t, s).with(one, two)
		c := d.citizen(t, "B-1")
		require.NoError(t, s.Write(t.Context(), keyJob(d.home.MunicipalityID), func(tx *store.Tx) error {
			row := must(store.First[domain.DataKey](tx, store.Is("citizen_id", c.ID)))
			require.NoError(t, store.Change[domain.DataKey](tx, map[string]any{"wrapped": nil, "destroyed_at": d.now()}, store.Is("id", row.ID)))
			n, err := d.rewrap(tx, []domain.DataKey{row})
			require.NoError(t, err)
			require.Zero(t, n)
			return tx.Audit("test", "key", row.ID, d.now(), nil)
		}))
		require.True(t, must(d.Citizen(t.Context(), d.as(domain.Caseworker), c.ID)).Name.Erased())
	})
}

// Of several who write the first text about a citizen at once, one makes the
// key, and all write with it.
func TestOneKeyForEach(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		worker := d.as(domain.Caseworker)
		c := must(d.CreateCitizen(t.Context(), worker, CitizenInput{UnitID: d.unit.ID, Reference: "B-1", BirthDate: date("1990-01-01")}))
		plan := must(d.CreatePlan(t.Context(), worker, PlanInput{CitizenID: c.ID, Reference: "P-1", AssessmentDate: date("2026-01-29"), AssessmentReference: "S", StartDate: date("2026-02-01")}))
		other := must(d.CreateCitizen(t.Context(), worker, CitizenInput{UnitID: d.unit.ID, Reference: "B-2", BirthDate: date("1990-01-01")}))
		var fns []func()
		for i := range 8 {
			fns = append(fns, func() {
				if i%2 == 0 {
					must(d.CreateGoal(t.Context(), worker, plan.ID, GoalInput{Wording: fmt.Sprint("Mål ", i)}))
					return
				}
				_, err := d.UpdateCitizen(t.Context(), worker, c.ID, 1, CitizenChange{Name: new(fmt.Sprint("Navn ", i)), CPR: new("010190-0001")})
				require.True(t, err == nil || domain.KindOf(err) == domain.Stale, "%v", err)
				_, err = d.UpdateCitizen(t.Context(), worker, other.ID, 1, CitizenChange{CPR: new("010190-0002")})
				require.True(t, err == nil || domain.KindOf(err) == domain.Stale, "%v", err)
			})
		}
		atOnce(fns...)
		require.Len(t, must(d.Goals(t.Context(), worker, plan.ID, ten, "")).Rows, 4)
		require.NotEmpty(t, must(d.Citizen(t.Context(), worker, c.ID)).Name.Reveal())
		require.NoError(t, s.Read(t.Context(), d.home.MunicipalityID, func(tx *store.Tx) error {
			require.Equal(t, int64(3), must(store.Count[domain.DataKey](tx)), "the citizens' and the one to look them up by")
			return nil
		}))
	})
}
