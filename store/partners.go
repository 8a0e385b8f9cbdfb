package store

import (
	"github.com/fasthold/fasthold/domain"
)

// takeOfMonth adds to what a partner with a cap per month took in one, where the
// cap has room: it finds nothing when there is none, or no cap (capOfMonth). The
// cap is read here, after the terminal's row is held, and CountMonths holds those
// rows while it begins to count: so either this redemption is seen there, or what
// is begun there is seen here.
const takeOfMonth = `INSERT INTO partner_months AS counted (municipality_id, partner_id, month, spent)
SELECT shop.municipality_id, shop.id, $3, $4 FROM partners AS shop WHERE shop.municipality_id = $1 AND shop.id = $2 AND shop.most_per_month >= $4
ON CONFLICT (municipality_id, partner_id, month) DO UPDATE SET spent = counted.spent + excluded.spent
WHERE counted.spent + excluded.spent <= (SELECT most_per_month FROM partners AS shop WHERE shop.municipality_id = $1 AND shop.id = $2)
RETURNING spent`

// capOfMonth tells a partner without a cap per month from one whose cap has no
// room.
const capOfMonth = `SELECT most_per_month FROM partners WHERE municipality_id = $1 AND id = $2`

// giveMonthBack takes what was taken back off what was counted in a month.
const giveMonthBack = `UPDATE partner_months SET spent = spent - $4 WHERE municipality_id = $1 AND partner_id = $2 AND month = $3 RETURNING spent`

// ofMonth adds up what a partner took from a month's first moment to its last and
// did not give back. It reads what is booked since, for nothing is booked on a day
// before it happened, and so nothing of the months before.
const ofMonth = `INSERT INTO partner_months (municipality_id, partner_id, month, spent)
SELECT $1, $2, $3, COALESCE(SUM(-line.amount), 0) FROM ledger_postings AS line
WHERE line.municipality_id = $1 AND line.booked_on >= $3 AND line.account = 'payable' AND line.event = 'redeem' AND line.partner_id = $2
	AND line.created_at >= $4 AND line.created_at < $5
	AND NOT EXISTS (SELECT 1 FROM reversals AS back WHERE back.municipality_id = $1 AND back.redemption_id = line.reference_id)
RETURNING spent`

// CountMonths begins to count what a partner takes in a month, from this month on
// and with what it has taken in it, or ends that: for when it is given its first
// cap per month, and when that is taken away. No redemption of the partner's, nor a
// reversal, is half done meanwhile: they wait.
func (tx *Tx) CountMonths(partner domain.ID, this domain.Date, begin bool) error {
	municipality := tx.actor.MunicipalityID
	lock := func(sql string) error {
		if tx.store.dialect == "sqlite" { // one writer at a time
			return nil
		}
		return tx.db().Exec(sql, municipality, partner).Error
	}
	if err := lock("SELECT FROM partners WHERE municipality_id = ? AND id = ? FOR UPDATE"); err != nil {
		return err
	}
	if err := lock("SELECT FROM terminals WHERE municipality_id = ? AND partner_id = ? ORDER BY id FOR NO KEY UPDATE"); err != nil {
		return err
	}
	if err := scoped[domain.PartnerMonth](tx, []Cond{Is("partner_id", partner)}).Delete(&domain.PartnerMonth{}).Error; err != nil || !begin {
		return err
	}
	loc, err := tx.Zone()
	if err != nil {
		return err
	}
	month := this.FirstOfMonth()
	from, until := month.In(loc).UTC(), month.AddMonths(1).In(loc).UTC()
	var spent int64
	return tx.ask(&question{sql: ofMonth, args: []any{municipality, partner, month, from, until}, into: []any{&spent}})
}

// GiveBack takes a redemption that is taken back off what its partner took in the
// month of that redemption, where that is counted.
func (tx *Tx) GiveBack(partner domain.ID, redeemed domain.Date, amount int64) error {
	municipality := tx.actor.MunicipalityID
	if tx.store.dialect == "postgres" { // CountMonths holds this row
		if err := tx.db().Exec("SELECT FROM partners WHERE municipality_id = ? AND id = ? FOR KEY SHARE", municipality, partner).Error; err != nil {
			return err
		}
	}
	var left int64
	return tx.ask(&question{sql: giveMonthBack, args: []any{municipality, partner, redeemed.FirstOfMonth(), amount}, into: []any{&left}})
}

// AtBranch wants the redemptions of tills that stand in a branch now; nothing when
// it is zero.
func AtBranch(branch domain.ID) Cond {
	return unlessZero("redemptions.terminal_id IN (SELECT till.id FROM terminals AS till WHERE till.municipality_id = redemptions.municipality_id AND till.branch_id = ?)", branch)
}
