package store_test

import (
	"database/sql"
	"encoding/hex"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A code finds its own terminal whichever municipality that is in, and any other
// hash finds nothing.
func TestTerminalOfCode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, w := range []*town{settled(t, s), settled(t, s)} {
			municipality, terminal, err := s.TerminalOfCode(t.Context(), w.terminalCode.Hash)
			require.NoError(t, err)
			require.Equal(t, []domain.ID{w.id(), w.terminal.ID}, []domain.ID{municipality, terminal})
			_, _, err = s.TerminalOfCode(t.Context(), hashOf("another"))
			require.Equal(t, domain.NotFound, domain.KindOf(err))
			require.Equal(t, domain.Conflict, domain.KindOf(w.tries(t, s, func(tx *store.Tx) error {
				return tx.UseCode(w.terminal.ID, w.terminalCode.Hash, w.terminalCode.ExpiresAt)
			})), "it is over")
			w.writes(t, s, func(tx *store.Tx) error {
				return tx.UseCode(w.terminal.ID, w.terminalCode.Hash, w.terminalCode.ExpiresAt.Add(-time.Second))
			})
			_, _, err = s.TerminalOfCode(t.Context(), w.terminalCode.Hash)
			require.Equal(t, domain.NotFound, domain.KindOf(err), "it is used")
		}
	})
}

// On PostgreSQL who names a code's hash sees that code's row and no other, of no
// other table, and can change nothing; with a wrong one nothing at all.
func TestACodeOpensItsRowAlone(t *testing.T) {
	n := newNeighbours(t)
	told := func(value string, fn func(tx *sql.Tx)) {
		within(t, n.s, domain.ID{}, func(tx *sql.Tx) {
			_, err := tx.ExecContext(t.Context(), "SELECT set_config('fasthold.terminal_code', $1, true)", value)
			require.NoError(t, err)
			fn(tx)
		})
	}
	sees := func(tx *sql.Tx, query string) (found sql.NullString) {
		require.NoError(t, tx.QueryRowContext(t.Context(), query).Scan(&found), query)
		return found
	}
	const whose = "SELECT string_agg(municipality_id::text || ' ' || terminal_id::text, ',') FROM terminal_codes"
	for _, w := range []*town{n.here, n.there} {
		right := hex.EncodeToString(w.terminalCode.Hash)
		told(right, func(tx *sql.Tx) {
			require.Equal(t, w.id().String()+" "+w.terminal.ID.String(), sees(tx, whose).String)
			for _, table := range tables(t, n.raw) {
				if table != "terminal_codes" {
					require.Equal(t, "0", sees(tx, "SELECT COUNT(*)::text FROM "+table).String, table)
				}
			}
			done, err := tx.ExecContext(t.Context(), "UPDATE terminal_codes SET expires_at = expires_at + interval '1 year'")
			require.NoError(t, err)
			changed, err := done.RowsAffected()
			require.NoError(t, err)
			require.Zero(t, changed, "seen, but not changed")
		})
		short, long := right[:62], right+"00"
		for _, wrong := range []string{"", hex.EncodeToString(hashOf("another")), short, long, hex.EncodeToString(slices.Concat(w.terminalCode.Hash, w.terminalCode.Hash))} {
			told(wrong, func(tx *sql.Tx) { require.False(t, sees(tx, whose).Valid, wrong) })
		}
	}
	told("%", func(tx *sql.Tx) {
		_, err := tx.ExecContext(t.Context(), whose)
		require.ErrorContains(t, err, "SQLSTATE 22023", "there is no pattern for all of them")
	})
}

// What a terminal takes in an hour and on a day is counted where its limits have
// room, and a clock that is behind opens nothing anew.
func TestClaimCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newTown()
		hour := noon.Truncate(time.Hour)
		day := domain.DateOf(noon, time.UTC)
		w.terminal.Limits, w.terminal.Taken = domain.Limits{MostPerHour: 30, MostPerDay: 50}, domain.Taken{}
		w.municipality.Limits = domain.Limits{MostPerVoucher: w.redemption.Amount + 20, MostPerHour: 1, MostPerDay: 1}
		w.writes(t, s, func(tx *store.Tx) error { return tx.Append(w.rows()...) })
		actor := w.actor()
		actor.TokenID, actor.TerminalID = w.token.ID, w.terminal.ID
		for _, c := range []struct {
			amount    int64
			hour      time.Duration
			day       int
			hourSpent int64
			daySpent  int64
			fits      bool
		}{
			{21, 0, 0, 0, 0, false}, // the municipality's most per voucher, with what was redeemed before
			{20, 0, 0, 20, 20, true},
			{11, 0, 0, 20, 20, false}, // its own most per hour
			{10, 0, 0, 30, 30, true},
			{1, 0, 0, 30, 30, false},
			{15, 1, 0, 15, 45, true},
			{6, 1, 0, 15, 45, false}, // its own most per day
			{4, 0, 0, 19, 49, true},  // by a clock that is an hour behind
			{20, 13, 1, 20, 20, true},
			{20, 12, 0, 20, 20, false}, // by one that is a day behind
			{10, 12, 0, 30, 30, true},
		} {
			err := s.Write(t.Context(), actor, func(tx *store.Tx) error {
				_, err := tx.Claim(store.Purchase{Hash: w.voucher.LookupHash, Amount: c.amount, At: noon, Span: domain.Span{Hour: hour.Add(c.hour * time.Hour), Day: day.AddDays(c.day)}})
				if err == nil {
					err = tx.Audit("test", "voucher", w.voucher.ID, noon, nil)
				}
				return err
			})
			require.Equal(t, c.fits, err == nil, "%+v: %v", c, err)
			if !c.fits {
				require.Equal(t, "limit_exceeded", domain.CodeOf(err))
			}
			require.NoError(t, s.Read(t.Context(), w.id(), func(tx *store.Tx) error {
				now, err := store.Get[domain.Terminal](tx, w.terminal.ID)
				require.NoError(t, err)
				require.Equal(t, []int64{c.hourSpent, c.daySpent, 1}, []int64{now.HourSpent, now.DaySpent, now.Version}, "%+v", c)
				return nil
			}))
		}
	})
}
