package store

import (
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Sold is a line of a settlement as its partner reads it: with the till's own number
// of the redemption, and where it was.
type Sold struct {
	ID         domain.ID // the line's
	Kind       string
	HappenedAt time.Time
	Branch     string // "": the till stood in none
	Till       string
	Receipt    string
	Serial     string // the voucher's
	Amount     int64  // minor units; below 0 for a reversal
}

const sold = `SELECT l.id, l.kind, l.happened_at, COALESCE(b.name, '') AS branch, m.label AS till, r.client_redemption_id AS receipt, l.serial, l.amount
FROM settlement_lines AS l JOIN redemptions AS r ON r.municipality_id = l.municipality_id AND r.id = l.redemption_id
JOIN terminals AS m ON m.municipality_id = l.municipality_id AND m.id = l.terminal_id
LEFT JOIN branches AS b ON b.municipality_id = l.municipality_id AND b.id = l.branch_id
WHERE l.municipality_id = ? AND l.settlement_id = ?`

// EachSold hands the lines of a settlement to fn one at a time, oldest first,
// without holding them. fn must not use tx.
func (tx *Tx) EachSold(settlement domain.ID, fn func(Sold) error) error {
	db := tx.db()
	return each(tx, db.Table("(?) AS sold", db.Raw(sold, tx.actor.MunicipalityID, settlement)).Order("id"), fn)
}

// SoldPart is what the lines of one kind in a settlement come to.
type SoldPart struct {
	Kind   string
	Lines  int64
	Amount int64
}

// SoldParts adds the lines of a settlement up by kind.
func (tx *Tx) SoldParts(settlement domain.ID) (parts []SoldPart, err error) {
	err = scoped[domain.SettlementLine](tx, []Cond{Is("settlement_id", settlement)}).
		Select("kind, COUNT(*) AS lines, CAST(SUM(amount) AS BIGINT) AS amount").Group("kind").Scan(&parts).Error
	return parts, err
}
