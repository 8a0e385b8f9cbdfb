package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Nothing is committed without an actor in a municipality, or without an audit
// entry.
func TestWriteRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newTown()
		add := func(tx *store.Tx) error {
			if err := store.Insert(tx, &w.municipality); err != nil {
				return err
			}
			return tx.Append(&w.unit)
		}
		audited := func(tx *store.Tx) error {
			if err := add(tx); err != nil {
				return err
			}
			return tx.Audit("test", "town", w.id(), noon, nil)
		}
		nobody, nowhere := w.actor(), w.actor()
		nobody.Person, nowhere.MunicipalityID = "", domain.ID{}
		for name, c := range map[string]struct {
			actor domain.Actor
			fn    func(*store.Tx) error
		}{
			"nobody": {nobody, audited}, "nowhere": {nowhere, audited}, "no trace": {w.actor(), add},
			"nothing at all": {w.actor(), func(*store.Tx) error { return nil }},
		} {
			require.Error(t, s.Write(t.Context(), c.actor, c.fn), name)
		}
		require.Zero(t, count[domain.Municipality](t, s, w))
		require.NoError(t, s.Write(t.Context(), w.actor(), audited))
		require.Equal(t, int64(1), count[domain.Unit](t, s, w))
		require.NoError(t, s.Read(t.Context(), w.id(), func(tx *store.Tx) error {
			entry, err := store.First[domain.AuditEntry](tx)
			require.Equal(t, []any{"kl@varde.dk", "test", "town", w.id()}, []any{entry.Person, entry.Action, entry.Object, entry.ObjectID})
			return err
		}))
	})
}

// An error, a panic or a caller that goes away leaves nothing, appended rows
// included, and the next one finds the store as it was.
func TestWriteRollsBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		change := func(tx *store.Tx) error {
			fresh := domain.Unit{MunicipalityID: w.id(), ID: store.NewID(), Name: "Ny", Version: 1, CreatedAt: noon}
			late := fresh
			late.ID, late.Name = store.NewID(), "Nyere"
			require.NoError(t, store.Insert(tx, &fresh))
			require.NoError(t, tx.Append(&late))
			require.NoError(t, store.Set[domain.Citizen](tx, w.citizen.ID, 1, map[string]any{"name": "En anden"}))
			return tx.Audit("test", "town", w.id(), noon, nil)
		}
		untouched := func(what string) {
			require.Equal(t, int64(1), count[domain.Unit](t, s, w), what)
			require.Equal(t, int64(1), count[domain.AuditEntry](t, s, w), what)
			require.Equal(t, int64(1), count[domain.Citizen](t, s, w, store.Is("name", w.citizen.Name)), what)
		}
		broken := errors.New("broken")
		require.ErrorIs(t, s.Write(t.Context(), w.actor(), func(tx *store.Tx) error { return errors.Join(change(tx), broken) }), broken)
		untouched("error")
		require.ErrorIs(t, s.Write(store.Rehearse(t.Context()), w.actor(), change), store.ErrRehearsed)
		untouched("rehearsed")
		require.PanicsWithValue(t, "panic", func() {
			_ = s.Write(t.Context(), w.actor(), func(tx *store.Tx) error {
				_ = change(tx)
				panic("panic")
			})
		})
		untouched("panic")
		require.Error(t, s.Write(t.Context(), w.actor(), func(tx *store.Tx) error {
			require.NoError(t, tx.Append(&w.unit)) // already there: refused at the commit
			return change(tx)
		}))
		untouched("refused at the commit")
		for range 10 { // more often than there are connections
			ctx, cancel := context.WithCancel(t.Context())
			err := s.Write(ctx, w.actor(), func(tx *store.Tx) error {
				err := change(tx)
				cancel()
				return err
			})
			require.Error(t, err)
			untouched("gone before the commit")
			ctx, cancel = context.WithCancel(t.Context())
			err = s.Write(ctx, w.actor(), func(tx *store.Tx) error {
				cancel()
				_, err := store.Get[domain.Unit](tx, w.unit.ID)
				return err
			})
			require.Error(t, err)
		}
		w.writes(t, s, change)
		require.Equal(t, int64(3), count[domain.Unit](t, s, w))
	})
}

// A database error that fn does not pass on never ends in a commit that says it
// is done and is not.
func TestWriteSwallowedError(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		err := w.tries(t, s, func(tx *store.Tx) error {
			fresh := domain.Unit{MunicipalityID: w.id(), ID: store.NewID(), Name: "Ny", Version: 1, CreatedAt: noon}
			require.NoError(t, store.Insert(tx, &fresh))
			require.NoError(t, tx.Audit("early", "town", w.id(), noon, nil))
			require.NoError(t, tx.Flush())
			twice := w.unit
			require.Error(t, store.Insert(tx, &twice))
			return nil
		})
		there := count[domain.Unit](t, s, w, store.Is("name", "Ny"))
		require.Equal(t, err == nil, there == 1, "%v", err)
		err = s.Write(t.Context(), w.actor(), func(tx *store.Tx) error {
			fresh := domain.Unit{MunicipalityID: w.id(), ID: store.NewID(), Name: "Nyere", Version: 1, CreatedAt: noon}
			require.NoError(t, store.Insert(tx, &fresh))
			require.NoError(t, tx.Audit("early", "town", w.id(), noon, nil))
			require.NoError(t, tx.Flush())
			twice := w.unit
			require.Error(t, store.Insert(tx, &twice))
			return nil
		})
		there = count[domain.Unit](t, s, w, store.Is("name", "Nyere"))
		require.Equal(t, err == nil, there == 1, "%v", err)
	})
}

// Appended rows are stored in the order given, are seen after Flush, and come
// back as they were.
func TestAppend(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := settled(t, s) // every foreign key needs the order
		w.writes(t, s, func(tx *store.Tx) error {
			u := domain.Unit{MunicipalityID: w.id(), ID: store.NewID(), Name: "Senere", Version: 1, CreatedAt: noon}
			require.NoError(t, tx.Append(&u))
			_, err := store.Get[domain.Unit](tx, u.ID)
			require.Equal(t, domain.NotFound, domain.KindOf(err), "not sent yet")
			require.NoError(t, tx.Flush())
			there, err := store.Get[domain.Unit](tx, u.ID)
			require.NoError(t, err)
			require.Equal(t, u, there)
			require.NoError(t, tx.Flush(), "nothing is sent twice")
			return nil
		})
		require.Len(t, w.units(t, s, "a", 30), 30) // more than are joined in one statement
		require.Equal(t, int64(32), count[domain.Unit](t, s, w))
		require.NoError(t, s.Snapshot(t.Context(), w.id(), func(tx *store.Tx) error {
			same(t, tx, w.citizen.ID, w.citizen)
			same(t, tx, w.plan.ID, w.plan)
			same(t, tx, w.version.ID, w.version)
			same(t, tx, w.event.ID, w.event)
			same(t, tx, w.award.ID, w.award)
			same(t, tx, w.voucher.ID, w.voucher)
			same(t, tx, w.redemption.ID, w.redemption)
			same(t, tx, w.token.ID, w.token)
			same(t, tx, w.signIn.ID, w.signIn)
			same(t, tx, w.entry[0].ID, w.entry[0])
			same(t, tx, w.imported.ID, w.imported)
			return nil
		}))
	})
}

// same demands that a row reads as it was written.
func same[T any](t testing.TB, tx *store.Tx, id domain.ID, want T) {
	t.Helper()
	got, err := store.Get[T](tx, id)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// A snapshot sees one moment and writes nothing.
func TestSnapshot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		require.NoError(t, s.Snapshot(t.Context(), w.id(), func(tx *store.Tx) error {
			before, err := store.Count[domain.Unit](tx)
			require.NoError(t, err)
			w.units(t, s, "b", 2)
			after, err := store.Count[domain.Unit](tx)
			require.Equal(t, before, after)
			return err
		}))
		require.Equal(t, int64(3), count[domain.Unit](t, s, w))
	})
}
