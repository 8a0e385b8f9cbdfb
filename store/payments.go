package store

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

// ApproveSettlements makes the settlements of a draft due, and those in which
// nothing is owed go forward.
func (tx *Tx) ApproveSettlements(run domain.ID) error {
	return tx.db().Exec(`UPDATE settlements SET state = CASE WHEN total > 0 THEN 'due' ELSE 'forward' END, version = version + 1
		WHERE municipality_id = ? AND run_id = ? AND state = 'draft'`, tx.actor.MunicipalityID, run).Error
}

// PaySettlements marks those of the settlements that are due as paid on a day, and
// gives them: of any number who say so, only one is given each.
func (tx *Tx) PaySettlements(ids []domain.ID, on domain.Date) (paid []domain.Settlement, err error) {
	err = tx.db().Raw(`UPDATE settlements SET state = 'paid', paid_on = ?, version = version + 1
		WHERE municipality_id = ? AND id IN ? AND state = 'due' RETURNING *`, on, tx.actor.MunicipalityID, ids).Scan(&paid).Error
	return paid, err
}

// ReverseSettlements marks what is due in a run as reversed, and gives how many.
func (tx *Tx) ReverseSettlements(run domain.ID) (int64, error) {
	done := tx.db().Exec(`UPDATE settlements SET state = 'reversed', version = version + 1
		WHERE municipality_id = ? AND run_id = ? AND state = 'due'`, tx.actor.MunicipalityID, run)
	return done.RowsAffected, done.Error
}

// SettlementShare is the part of a settlement's total that was redeemed under one
// programme, unit and budget.
type SettlementShare struct {
	SettlementID domain.ID
	ledger.Share `gorm:"embedded"`
}

// sharesOf adds up lines, with those of what was carried in, whose shares were
// never paid or came back; a correction takes them off again, or adds them.
// Settlements go into later ones, so the depth ends it only where somebody has spoilt that.
const sharesOf = `WITH RECURSIVE behind(settlement_id, id, sign, depth) AS (
	SELECT s.id, s.id, 1, 1 FROM settlements AS s WHERE s.municipality_id = @home AND s.id IN @ids
	UNION ALL SELECT b.settlement_id, COALESCE(s.id, c.settlement_id), CASE WHEN c.amount < 0 THEN -b.sign ELSE b.sign END, b.depth + 1
	FROM behind AS b CROSS JOIN (SELECT 1 AS way UNION ALL SELECT 2 AS way) AS w
	LEFT JOIN settlements AS s ON w.way = 1 AND s.municipality_id = @home AND s.carried_into_id = b.id
	LEFT JOIN settlement_corrections AS c ON w.way = 2 AND c.municipality_id = @home AND c.carried_into_id = b.id
	WHERE b.depth < 1000 AND (s.id IS NOT NULL OR c.id IS NOT NULL))
SELECT b.settlement_id, l.programme_id, l.unit_id, l.budget_id, CAST(SUM(b.sign * l.amount) AS BIGINT) AS amount
FROM behind AS b JOIN settlement_lines AS l ON l.municipality_id = @home AND l.settlement_id = b.id
GROUP BY b.settlement_id, l.programme_id, l.unit_id, l.budget_id ORDER BY 1, 2, 3, 4`

// SettlementShares divides the totals of settlements among what their money was
// for, with what they carried in.
func (tx *Tx) SettlementShares(ids []domain.ID) (shares []SettlementShare, err error) {
	err = tx.db().Raw(sharesOf, map[string]any{"home": tx.actor.MunicipalityID, "ids": ids}).Scan(&shares).Error
	return shares, err
}

// Account is how a partner was paid last.
type Account struct {
	PartnerID domain.ID
	Method    string
	IBAN      string `gorm:"column:iban"`
}

// LastPaid gives how each partner was paid the last time it was, also where that came
// back; not there: never.
func (tx *Tx) LastPaid() (accounts []Account, err error) {
	err = scoped[domain.Settlement](tx, []Cond{In("state", []domain.SettlementState{domain.SettlementPaid, domain.SettlementBounced})}).
		Where(`NOT EXISTS (SELECT 1 FROM settlements AS later WHERE later.municipality_id = settlements.municipality_id AND later.partner_id = settlements.partner_id AND later.state IN ('paid', 'bounced') AND later.id > settlements.id)`).
		Select("partner_id, method, iban").Scan(&accounts).Error
	return accounts, err
}

// RunSum is what the settlements of one run add up to.
type RunSum struct {
	RunID       domain.ID
	Settlements int64
	Lines       int64
	Amount      int64 // of the lines, minor units
	CarriedIn   int64
	Payable     int64 // of the settlements in which something is owed
	Unpaid      int64 // settlements that are due
	Unmatched   int64 // settlements that are paid and not yet found in a bank statement
}

// RunSums adds up the settlements of runs; one that has none is not there.
func (tx *Tx) RunSums(runs []domain.ID) (sums []RunSum, err error) {
	err = scoped[domain.Settlement](tx, []Cond{In("run_id", runs)}).
		Select(`run_id, COUNT(*) AS settlements, CAST(SUM(lines) AS BIGINT) AS lines, CAST(SUM(amount) AS BIGINT) AS amount, CAST(SUM(carried_in) AS BIGINT) AS carried_in,
			CAST(SUM(CASE WHEN total > 0 THEN total ELSE 0 END) AS BIGINT) AS payable, SUM(CASE WHEN state = 'due' THEN 1 ELSE 0 END) AS unpaid,
			SUM(CASE WHEN state = 'paid' AND reconciled_at IS NULL THEN 1 ELSE 0 END) AS unmatched`).
		Group("run_id").Scan(&sums).Error
	return sums, err
}
