package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// take counts what a terminal takes, where its limits have room for it. An hour
// or a day that was counted last and is over begins anew; one that is yet to
// come, by another server's clock, goes on. What the terminal took of the voucher,
// and what its partner took of it and did not give back, is added up here: whoever
// else wants that voucher waits for the claim of it before, so all of it is seen.
const take = `UPDATE terminals SET
	hour_spent = CASE WHEN counted_hour >= $4 THEN hour_spent ELSE 0 END + $3, counted_hour = CASE WHEN counted_hour >= $4 THEN counted_hour ELSE $4 END,
	day_spent = CASE WHEN counted_day >= $5 THEN day_spent ELSE 0 END + $3, counted_day = CASE WHEN counted_day >= $5 THEN counted_day ELSE $5 END
FROM municipalities AS home, partners AS shop
WHERE terminals.municipality_id = $1 AND terminals.id = $2 AND terminals.state = 'active' AND home.municipality_id = $1
	AND shop.municipality_id = $1 AND shop.id = terminals.partner_id
	AND $3 + (SELECT COALESCE(SUM(paid.amount) FILTER (WHERE paid.terminal_id = $2), 0) FROM redemptions AS paid
		WHERE paid.municipality_id = $1 AND paid.voucher_id = (SELECT id FROM vouchers WHERE municipality_id = $1 AND lookup_hash = $6)) <= CASE WHEN terminals.most_per_voucher > 0 THEN terminals.most_per_voucher ELSE home.most_per_voucher END
	AND CASE WHEN shop.most_per_voucher = 0 THEN TRUE ELSE $3 + (SELECT COALESCE(SUM(paid.amount), 0) FROM redemptions AS paid
		WHERE paid.municipality_id = $1 AND paid.voucher_id = (SELECT id FROM vouchers WHERE municipality_id = $1 AND lookup_hash = $6) AND paid.partner_id = shop.id
			AND NOT EXISTS (SELECT 1 FROM reversals AS back WHERE back.municipality_id = $1 AND back.redemption_id = paid.id)) <= shop.most_per_voucher END
	AND CASE WHEN counted_hour >= $4 THEN hour_spent ELSE 0 END + $3 <= CASE WHEN terminals.most_per_hour > 0 THEN terminals.most_per_hour ELSE home.most_per_hour END
	AND CASE WHEN counted_day >= $5 THEN day_spent ELSE 0 END + $3 <= CASE WHEN terminals.most_per_day > 0 THEN terminals.most_per_day ELSE home.most_per_day END
RETURNING day_spent`

// ofCode is the setting that opens the row of the one terminal that a code with
// this hash lets in, whichever municipality's it is.
func ofCode(hash []byte) setting {
	return setting{"fasthold.terminal_code", hex.EncodeToString(hash)}
}

// TerminalOfCode gives the municipality and the terminal of the code that has
// this hash and was not used; NotFound when there is none. Whether it still
// holds is for the transaction to ask that uses it. It is the one query for a
// terminal that does not know the municipality: PostgreSQL shows it no other row.
func (s *Store) TerminalOfCode(ctx context.Context, hash []byte) (municipality, terminal domain.ID, err error) {
	err = s.sql.QueryRowContext(ofCode(hash).with(ctx), "SELECT municipality_id, terminal_id FROM terminal_codes WHERE hash = $1", hash).Scan(&municipality, &terminal)
	if errors.Is(err, sql.ErrNoRows) {
		return municipality, terminal, domain.Errorf(domain.NotFound, "not_found", "no terminal waits for this code")
	}
	return municipality, terminal, translate(err)
}

// UseCode uses up a terminal's code; Conflict when it has another hash, was used
// or ended before at. Of any number of callers at once, one succeeds.
func (tx *Tx) UseCode(terminal domain.ID, hash []byte, at time.Time) error {
	return Change[domain.TerminalCode](tx, map[string]any{"hash": nil},
		Is("terminal_id", terminal), Is("hash", hash), Cond{"expires_at > ?", []any{at}})
}

// TillSum is what was paid at a terminal in one currency.
type TillSum struct {
	Currency string
	Payments int64
	Amount   int64 // minor units
}

// TakenSince adds up what was paid at a terminal from an instant on, and not taken
// back, by currency.
func (tx *Tx) TakenSince(terminal domain.ID, since time.Time) (sums []TillSum, err error) {
	const standing = "NOT EXISTS (SELECT 1 FROM reversals WHERE reversals.municipality_id = redemptions.municipality_id AND reversals.redemption_id = redemptions.id)"
	err = scoped[domain.Redemption](tx, []Cond{Is("terminal_id", terminal), From("created_at", since), {sql: standing}}).
		Select("currency, COUNT(*) AS payments, CAST(SUM(amount) AS BIGINT) AS amount").Group("currency").Order("currency").Scan(&sums).Error
	return sums, err
}
