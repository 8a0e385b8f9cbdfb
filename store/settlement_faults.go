package store

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

// Fault is something about settlement that cannot be.
type Fault struct {
	Thing string // what it is about
	ID    domain.ID
	What  string // in words
}

// fault finds what cannot be: what it is about, what is wrong, and the query. The
// database compares: a year's lines may be a million.
type fault struct{ thing, what, sql string }

// settlementFaults find what about runs, settlements, lines and holds cannot be.
var settlementFaults = []fault{
	{"settlement line", "is not of a redemption with its amount, partner, till and time", `SELECT l.id FROM settlement_lines AS l LEFT JOIN redemptions AS r ON r.municipality_id = l.municipality_id AND r.id = l.id
		WHERE l.municipality_id = @home AND l.kind <> 'reversal' AND (r.id IS NULL OR l.kind <> 'redemption' OR l.redemption_id <> l.id OR r.amount <> l.amount OR r.partner_id <> l.partner_id OR r.terminal_id <> l.terminal_id OR r.voucher_id <> l.voucher_id OR r.created_at <> l.happened_at)`},
	{"settlement line", "is not of a reversal with its amount, partner and time", `SELECT l.id FROM settlement_lines AS l LEFT JOIN reversals AS b ON b.municipality_id = l.municipality_id AND b.id = l.id
		LEFT JOIN redemptions AS r ON r.municipality_id = b.municipality_id AND r.id = b.redemption_id
		WHERE l.municipality_id = @home AND l.kind = 'reversal' AND (r.id IS NULL OR b.redemption_id <> l.redemption_id OR b.amount <> -l.amount OR r.partner_id <> l.partner_id OR r.voucher_id <> l.voucher_id OR b.created_at <> l.happened_at)`},
	{"settlement line", "takes back a redemption that no run has taken", `SELECT l.id FROM settlement_lines AS l WHERE l.municipality_id = @home AND l.kind = 'reversal'
		AND NOT EXISTS (SELECT 1 FROM settlement_lines AS r WHERE r.municipality_id = l.municipality_id AND r.id = l.redemption_id)`},
	{"settlement line", "has another serial, programme, unit or budget than its voucher", `SELECT l.id FROM settlement_lines AS l LEFT JOIN vouchers AS v ON v.municipality_id = l.municipality_id AND v.id = l.voucher_id
		WHERE l.municipality_id = @home AND (v.id IS NULL OR v.serial <> l.serial OR v.programme_id <> l.programme_id OR v.unit_id <> l.unit_id OR v.budget_id IS DISTINCT FROM l.budget_id)`},
	{"settlement line", "is in no settlement of its partner in its run", `SELECT l.id FROM settlement_lines AS l LEFT JOIN settlements AS s ON s.municipality_id = l.municipality_id AND s.id = l.settlement_id
		WHERE l.municipality_id = @home AND (s.id IS NULL OR s.partner_id <> l.partner_id OR s.run_id <> l.run_id)`},
	{"settlement line", "is settled, though its redemption is held or rejected", `SELECT l.id FROM settlement_holds AS h JOIN settlement_lines AS l ON l.municipality_id = h.municipality_id AND l.id = h.redemption_id
		JOIN settlement_runs AS r ON r.municipality_id = l.municipality_id AND r.id = l.run_id WHERE h.municipality_id = @home AND h.decision <> 'released' AND r.state <> 'draft'`},
	{"settlement", "is not what its lines add up to", `SELECT s.id FROM settlements AS s LEFT JOIN (SELECT settlement_id, COUNT(*) AS n, SUM(amount) AS amount FROM settlement_lines WHERE municipality_id = @home GROUP BY settlement_id) AS l ON l.settlement_id = s.id
		WHERE s.municipality_id = @home AND (s.lines <> COALESCE(l.n, 0) OR s.amount <> COALESCE(l.amount, 0) OR s.total <> s.amount + s.carried_in)`},
	{"settlement", "has not carried in what earlier ones left", `SELECT s.id FROM settlements AS s LEFT JOIN (SELECT carried_into_id, SUM(total) AS total FROM (SELECT carried_into_id, total FROM settlements WHERE municipality_id = @home
			UNION ALL SELECT carried_into_id, amount AS total FROM settlement_corrections WHERE municipality_id = @home) AS every GROUP BY carried_into_id) AS c ON c.carried_into_id = s.id
		WHERE s.municipality_id = @home AND s.carried_in <> COALESCE(c.total, 0)`},
	{"settlement", "is carried into one of another partner or currency, or of no later run", `SELECT s.id FROM settlements AS s JOIN settlements AS n ON n.municipality_id = s.municipality_id AND n.id = s.carried_into_id
		JOIN settlement_runs AS r ON r.municipality_id = s.municipality_id AND r.id = s.run_id JOIN settlement_runs AS q ON q.municipality_id = n.municipality_id AND q.id = n.run_id
		WHERE s.municipality_id = @home AND (n.partner_id <> s.partner_id OR n.currency <> s.currency OR q.number <= r.number OR s.state NOT IN ('forward', 'bounced', 'reversed'))`},
	{"settlement", "is carried into none that is there", `SELECT s.id FROM settlements AS s WHERE s.municipality_id = @home AND s.carried_into_id IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM settlements AS n WHERE n.municipality_id = s.municipality_id AND n.id = s.carried_into_id)`},
	{"settlement", "is in a state that its run does not allow", `SELECT s.id FROM settlements AS s JOIN settlement_runs AS r ON r.municipality_id = s.municipality_id AND r.id = s.run_id
		WHERE s.municipality_id = @home AND (s.currency <> r.currency OR (s.state = 'draft') <> (r.state = 'draft') OR s.state = 'due' AND r.state NOT IN ('approved', 'filed')
			OR s.state = 'reversed' AND r.state <> 'reversed' OR s.state = 'paid' AND r.state = 'reconciled' AND s.reconciled_at IS NULL OR s.state IN ('paid', 'bounced') AND s.method = 'bank' AND r.filed_by = ''
			OR s.state NOT IN ('draft', 'due', 'forward', 'paid', 'bounced', 'reversed'))`},
	{"settlement correction", "is not of the amount, partner and currency of a settlement that was undone", `SELECT c.id FROM settlement_corrections AS c LEFT JOIN settlements AS s ON s.municipality_id = c.municipality_id AND s.id = c.settlement_id
		WHERE c.municipality_id = @home AND (s.id IS NULL OR s.state NOT IN ('bounced', 'reversed') OR s.partner_id <> c.partner_id OR s.currency <> c.currency OR c.amount <> CASE WHEN c.number % 2 = 1 THEN -s.total ELSE s.total END
			OR c.number = 1 AND (s.state = 'reversed') <> (c.cause = 'paid_after_all'))`},
	{"settlement correction", "follows none", `SELECT c.id FROM settlement_corrections AS c WHERE c.municipality_id = @home AND c.number > 1
		AND NOT EXISTS (SELECT 1 FROM settlement_corrections AS b WHERE b.municipality_id = c.municipality_id AND b.settlement_id = c.settlement_id AND b.number = c.number - 1)`},
	{"settlement correction", "is carried into one of another partner or currency, or of no later run", `SELECT c.id FROM settlement_corrections AS c JOIN settlements AS s ON s.municipality_id = c.municipality_id AND s.id = c.settlement_id
		LEFT JOIN settlements AS n ON n.municipality_id = c.municipality_id AND n.id = c.carried_into_id
		JOIN settlement_runs AS r ON r.municipality_id = s.municipality_id AND r.id = s.run_id LEFT JOIN settlement_runs AS q ON q.municipality_id = n.municipality_id AND q.id = n.run_id
		WHERE c.municipality_id = @home AND c.carried_into_id IS NOT NULL AND (n.id IS NULL OR n.partner_id <> c.partner_id OR n.currency <> c.currency OR q.number <= r.number)`},
	{"settlement run", "is approved by who made it", `SELECT id FROM settlement_runs WHERE municipality_id = @home AND approved_by = made_by`},
	{"settlement run", "is made or approved by who issued, proposed or approved an award that it pays for", behindAll + `
		SELECT DISTINCT r.id FROM settlement_runs AS r JOIN behind AS b ON b.run_id = r.id JOIN settlement_lines AS l ON l.municipality_id = r.municipality_id AND l.settlement_id = b.id
		JOIN vouchers AS v ON v.municipality_id = l.municipality_id AND v.id = l.voucher_id LEFT JOIN approvals AS p ON p.municipality_id = v.municipality_id AND p.award_id = v.award_id
		WHERE r.municipality_id = @home AND r.state <> 'draft' AND (LOWER(v.issued_by) IN (r.made_by, r.approved_by)
			OR LOWER(p.person) = r.made_by AND p.created_at < r.made_at OR LOWER(p.person) = r.approved_by AND p.created_at < r.approved_at)`},
	{"hold", "is rejected, though its redemption was taken back", `SELECT h.id FROM settlement_holds AS h JOIN reversals AS b ON b.municipality_id = h.municipality_id AND b.redemption_id = h.redemption_id
		WHERE h.municipality_id = @home AND h.decision = 'rejected'`},
	{"hold", "is not of its redemption's amount and partner, or decided by who placed it", `SELECT h.id FROM settlement_holds AS h LEFT JOIN redemptions AS r ON r.municipality_id = h.municipality_id AND r.id = h.redemption_id
		WHERE h.municipality_id = @home AND (r.id IS NULL OR r.amount <> h.amount OR r.partner_id <> h.partner_id OR r.currency <> h.currency OR h.decided_by = h.held_by)`},
}

// SettlementFaults gives what about settlement cannot be, at most limit of a kind,
// and how many lines were looked at.
func (tx *Tx) SettlementFaults(limit int) (found []Fault, lines int, err error) {
	if found, err = tx.faults(settlementFaults, limit); err != nil {
		return nil, 0, err
	}
	n, err := Count[domain.SettlementLine](tx)
	return found, int(n), err
}

func (tx *Tx) faults(list []fault, limit int) (found []Fault, err error) {
	args := map[string]any{"home": tx.actor.MunicipalityID, "limit": limit}
	for _, f := range list {
		var ids []domain.ID
		// Planned as if all faults were wanted: for a few, PostgreSQL would look each row up.
		if err := tx.db().Raw(`WITH fault AS MATERIALIZED (`+f.sql+`) SELECT id FROM fault LIMIT @limit`, args).Scan(&ids).Error; err != nil {
			return nil, err
		}
		for _, id := range ids {
			found = append(found, Fault{f.thing, id, f.what})
		}
	}
	return found, nil
}

// LeftBehind gives redemptions and reversals from before a time that no run has
// taken and nobody held, at most limit of each.
func (tx *Tx) LeftBehind(currency string, before time.Time, limit int) (ids []domain.ID, err error) {
	const unseen = ` AND NOT EXISTS (SELECT 1 FROM settlement_holds AS h WHERE h.municipality_id = r.municipality_id AND h.redemption_id = r.id)`
	err = tx.db().Raw(`SELECT id FROM (SELECT r.id FROM redemptions AS r WHERE `+taken+unseen+`
	AND NOT EXISTS (SELECT 1 FROM settlement_lines AS l WHERE l.municipality_id = r.municipality_id AND l.id = r.id) LIMIT @limit) AS redeemed
UNION ALL SELECT id FROM (SELECT b.id FROM reversals AS b JOIN redemptions AS r ON r.municipality_id = b.municipality_id AND r.id = b.redemption_id
	WHERE r.municipality_id = @home AND r.currency = @currency AND b.created_at < @until`+unseen+`
	AND NOT EXISTS (SELECT 1 FROM settlement_lines AS l WHERE l.municipality_id = b.municipality_id AND l.id = b.id) LIMIT @limit) AS reversed`,
		map[string]any{"home": tx.actor.MunicipalityID, "currency": currency, "until": before, "limit": limit}).Scan(&ids).Error
	return ids, err
}

// SettlementPosting is what is booked on an account for one settlement, programme,
// unit and budget.
type SettlementPosting struct {
	SettlementShare `gorm:"embedded"`
	Event           ledger.Event
	Account         ledger.Account
	PartnerID       domain.ID
	Currency        string
	Entries         int64 // how many entries booked it
}

// SettlementPostings adds up what is booked for settlements.
func (tx *Tx) SettlementPostings() (sums []SettlementPosting, err error) {
	err = scoped[ledger.Posting](tx, []Cond{Some("settlement_id")}).
		Select("settlement_id, programme_id, unit_id, budget_id, event, account, partner_id, currency, CAST(SUM(amount) AS BIGINT) AS amount, COUNT(DISTINCT entry_id) AS entries").
		Group("settlement_id, programme_id, unit_id, budget_id, event, account, partner_id, currency").Scan(&sums).Error
	return sums, err
}
