package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers/code"
)

// copied are the tables in which every row is about one citizen, and the columns
// whose text may be there once only.
var copied = []struct{ table, once string }{
	{"citizens", "reference"}, {"plans", "reference"}, {"enrolments", ""}, {"attendance_events", "key"}, {"awards", ""}, {"award_adjustments", ""},
	{"vouchers", ""}, {"redemptions", "client_redemption_id"}, {"reversals", ""}, {"ledger_postings", ""}, {"audit_entries", ""},
}

// shared are the tables whose rows the copies have in common.
var shared = []string{"municipalities", "units", "programmes", "programme_versions", "partners", "branches", "terminals", "tokens", "budgets"}

// copier writes the rows of the lives again and again, each time as those of
// other citizens: with other IDs, wherever they stand.
type copier struct {
	conn   *pgx.Conn
	ring   *code.KeyRing
	common map[domain.ID]bool
}

// multiply makes n citizens of those that live in the database.
func multiply(ctx context.Context, conn *pgx.Conn, ring *code.KeyRing, n int) error {
	c := copier{conn: conn, ring: ring, common: map[domain.ID]bool{}}
	for _, table := range shared {
		column := map[string]string{"municipalities": "municipality_id"}[table]
		if column == "" {
			column = "id"
		}
		rows, err := conn.Query(ctx, "SELECT "+column+" FROM "+table)
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[domain.ID])
		if err != nil {
			return err
		}
		for _, id := range ids {
			c.common[id] = true
		}
	}
	// Copies of rows that the constraints have seen need not be checked again.
	if _, err := conn.Exec(ctx, "SET session_replication_role = replica"); err != nil {
		return err
	}
	for _, t := range copied {
		began := time.Now()
		rows, err := c.table(ctx, t.table, t.once, n/lives-1)
		if err != nil {
			return fmt.Errorf("%s: %w", t.table, err)
		}
		fmt.Fprintf(os.Stderr, "  %-20s %10d rows in %s\n", t.table, rows, time.Since(began).Round(time.Second))
	}
	// What the copies commit is no longer free.
	_, err := conn.Exec(ctx, `UPDATE budget_slices AS s SET free = CASE WHEN id > (SELECT MIN(id::text)::uuid FROM budget_slices o WHERE o.budget_id = s.budget_id) THEN 0 ELSE
		(SELECT amount FROM budgets b WHERE b.id = s.budget_id) + (SELECT SUM(amount) FROM ledger_postings p WHERE p.budget_id = s.budget_id AND account IN ('reserved', 'outstanding', 'payable', 'settled')) END`)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "VACUUM ANALYZE")
	return err
}

// table copies one table's rows so often.
func (c *copier) table(ctx context.Context, table, once string, times int) (int64, error) {
	key := "id"
	if table == "audit_entries" {
		key = "object_id"
	}
	read, err := c.conn.Query(ctx, "SELECT * FROM "+table+" ORDER BY id")
	if err != nil {
		return 0, err
	}
	var columns []string
	for _, field := range read.FieldDescriptions() {
		columns = append(columns, field.Name)
	}
	at := slices.Index(columns, key)
	rows, err := pgx.CollectRows(read, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
	if err != nil {
		return 0, err
	}
	rows = slices.DeleteFunc(rows, func(row []any) bool { return c.common[row[at].([16]byte)] })
	next, copy := 0, 0
	return c.conn.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		if copy == times {
			next, copy = next+1, 0
		}
		if next == len(rows) {
			return nil, nil
		}
		copy++
		row := c.row(rows[next], copy)
		if i := slices.Index(columns, once); i >= 0 {
			row[i] = fmt.Sprint(row[i], "-", copy)
		}
		if table == "vouchers" {
			c.voucher(row, columns)
		}
		return row, nil
	}))
}

// row is a row as another citizen's.
func (c *copier) row(of []any, n int) []any {
	row := make([]any, len(of))
	for i, value := range of {
		switch v := value.(type) {
		case [16]byte:
			row[i] = c.id(v, n)
		case string:
			row[i] = v
			if strings.IndexByte(v, '-') > 0 {
				row[i] = idText.ReplaceAllStringFunc(v, func(text string) string { return c.id(uuid.MustParse(text), n).String() })
			}
		default:
			row[i] = v
		}
	}
	return row
}

var idText = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)

// id is the nth copy's ID for one of the lives': as old, and in the same order.
func (c *copier) id(of domain.ID, n int) domain.ID {
	if c.common[of] || of == (domain.ID{}) {
		return of
	}
	low := binary.BigEndian.Uint64(of[8:])
	binary.BigEndian.PutUint64(of[8:], 1<<63|low&(1<<30-1)<<20|uint64(n)) //nolint:gosec // a count is not negative
	return of
}

// voucher gives a voucher the code and the serial of its ID.
func (c *copier) voucher(row []any, columns []string) {
	id := row[slices.Index(columns, "id")].(domain.ID)
	_, lookup := c.ring.Make(id)
	row[slices.Index(columns, "lookup_hash")] = lookup.Hash
	serial := row[slices.Index(columns, "serial")].(string)
	bits, letters := binary.BigEndian.Uint64(id[8:]), make([]byte, 10)
	for i := range letters {
		letters[i], bits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[bits&31], bits>>5
	}
	row[slices.Index(columns, "serial")] = serial[:5] + string(letters[:5]) + "-" + string(letters[5:])
}
