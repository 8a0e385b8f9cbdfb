package store_test

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A row that is already there is a Conflict, one that refers to nothing is
// Invalid, however it was sent.
func TestErrorKinds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		twice, same, lost := w.unit, w.unit, w.citizen
		same.ID = store.NewID() // another unit of the same name
		lost.ID, lost.Reference, lost.UnitID = store.NewID(), "B-2", store.NewID()
		lost.CPRHash = nil // nobody else's
		for name, c := range map[string]struct {
			row  any
			kind domain.Kind
		}{
			"same key": {&twice, domain.Conflict}, "same name": {&same, domain.Conflict}, "no such unit": {&lost, domain.Invalid},
		} {
			err := w.tries(t, s, func(tx *store.Tx) error { return tx.Append(c.row) })
			require.Equal(t, c.kind, domain.KindOf(err), "%s: %v", name, err)
			require.Equal(t, c.kind == domain.Conflict, store.IsDuplicate(err), name)
			require.NotContains(t, told(err).Message, "units", "the caller learns nothing of tables")
		}
		other := settled(t, s)
		stray := other.citizen
		stray.ID, stray.Reference, stray.UnitID = store.NewID(), "B-3", w.unit.ID
		stray.CPRHash = nil
		err := other.tries(t, s, func(tx *store.Tx) error { return store.Insert(tx, &stray) })
		require.Equal(t, domain.Invalid, domain.KindOf(err), "another municipality's unit: %v", err)
		require.False(t, store.IsDuplicate(nil))
		require.False(t, store.IsDuplicate(context.Canceled))
	})
}

func told(err error) *domain.Error {
	for err != nil {
		switch e := err.(type) { //nolint:errorlint // it is the unwrapping
		case *domain.Error:
			return e
		case interface{ Unwrap() []error }:
			return told(e.Unwrap()[0])
		case interface{ Unwrap() error }:
			err = e.Unwrap()
		default:
			return &domain.Error{}
		}
	}
	return &domain.Error{}
}

// A full disk is Unavailable, changes nothing, and is over when there is room.
func TestFullDisk(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		s := storetest.Open(t, storetest.SQLite(t))
		w := settled(t, s)
		s.SQL().SetMaxOpenConns(1) // the limit is the connection's
		set := func(pages string) {
			_, err := s.SQL().ExecContext(t.Context(), "PRAGMA max_page_count = "+pages)
			require.NoError(t, err)
		}
		pages := column(t, s, "SELECT page_count FROM pragma_page_count")
		big := w.imported
		big.ID, big.PlansFile = store.NewID(), make([]byte, 1<<20)
		small := w.unit
		small.ID, small.Name = store.NewID(), "Ny"
		for range 3 {
			set(pages[0]) // again: a connection that failed is given up
			err := w.tries(t, s, func(tx *store.Tx) error {
				if err := store.Insert(tx, &small); err != nil {
					return err
				}
				return tx.Append(&big)
			})
			require.Equal(t, domain.Unavailable, domain.KindOf(err), "%v", err)
			require.Equal(t, []int64{1, 1}, []int64{count[domain.Unit](t, s, w), count[domain.Import](t, s, w)})
		}
		set("1000000")
		w.writes(t, s, func(tx *store.Tx) error { return tx.Append(&small, &big) })
	})
}

// A server that throws everybody out is Unavailable for as long, in the middle
// of a transaction too, and then all goes on.
func TestServerAway(t *testing.T) {
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		address := storetest.Postgres(t)
		s := storetest.Open(t, address)
		w := settled(t, s)
		u, err := url.Parse(storetest.Superuser(t, address))
		require.NoError(t, err)
		name := strings.TrimPrefix(u.Path, "/")
		u.Path = "/postgres"
		admin, err := pgx.Connect(t.Context(), u.String())
		require.NoError(t, err)
		defer func() { _ = admin.Close(context.WithoutCancel(t.Context())) }()
		open := func(yes string) {
			_, err := admin.Exec(t.Context(), "ALTER DATABASE "+name+" ALLOW_CONNECTIONS "+yes)
			require.NoError(t, err)
			_, err = admin.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
			require.NoError(t, err)
		}
		fresh := domain.Unit{MunicipalityID: w.id(), ID: store.NewID(), Name: "Ny", Version: 1, CreatedAt: noon}
		err = w.tries(t, s, func(tx *store.Tx) error {
			require.NoError(t, store.Insert(tx, &fresh))
			open("false")
			_, err := store.Get[domain.Unit](tx, fresh.ID)
			return err
		})
		require.Equal(t, domain.Unavailable, domain.KindOf(err), "%v", err)
		for range 3 {
			err = w.tries(t, s, func(tx *store.Tx) error { return store.Insert(tx, &fresh) })
			require.Equal(t, domain.Unavailable, domain.KindOf(err), "%v", err)
			err = s.Read(t.Context(), w.id(), func(tx *store.Tx) error {
				_, err := store.Get[domain.Unit](tx, w.unit.ID)
				return err
			})
			require.Equal(t, domain.Unavailable, domain.KindOf(err), "%v", err)
		}
		require.Error(t, s.Ready(t.Context()))
		open("true")
		w.writes(t, s, func(tx *store.Tx) error { return store.Insert(tx, &fresh) })
	})
}

// A full SQLite file says so.
func TestIsFull(t *testing.T) {
	file, err := sql.Open("sqlite", "file:"+t.TempDir()+"/full.db")
	require.NoError(t, err)
	file.SetMaxOpenConns(1)
	for _, statement := range []string{"CREATE TABLE a (b)", "PRAGMA max_page_count = 5"} {
		_, err := file.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	_, err = file.ExecContext(t.Context(), "INSERT INTO a VALUES (zeroblob(100000))")
	require.True(t, store.IsFull(err), err)
	require.False(t, store.IsFull(context.Canceled))
	require.NoError(t, file.Close())
}
