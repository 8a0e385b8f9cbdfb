package store

import "github.com/fasthold/fasthold/domain"

// bankFaults find what about the bank's entries cannot be.
var bankFaults = []fault{
	{"bank entry", "is not of its settlement's amount and currency", `SELECT e.id FROM bank_entries AS e LEFT JOIN settlements AS s ON s.municipality_id = e.municipality_id AND s.id = e.settlement_id
		WHERE e.municipality_id = @home AND e.state = 'matched' AND (s.id IS NULL OR s.currency <> e.currency OR s.total <> ABS(e.amount))`},
	{"bank entry", "paid a settlement that does not know it", `SELECT e.id FROM bank_entries AS e JOIN settlements AS s ON s.municipality_id = e.municipality_id AND s.id = e.settlement_id
		WHERE e.municipality_id = @home AND e.state = 'matched' AND e.amount < 0 AND (s.reconciled_at IS NULL OR s.paid_on IS NULL)
			AND NOT (s.state = 'reversed' AND EXISTS (SELECT 1 FROM settlement_corrections AS c WHERE c.municipality_id = s.municipality_id AND c.settlement_id = s.id))`},
	{"bank entry", "brought back a settlement that did not come back", `SELECT e.id FROM bank_entries AS e JOIN settlements AS s ON s.municipality_id = e.municipality_id AND s.id = e.settlement_id
		WHERE e.municipality_id = @home AND e.state = 'matched' AND e.amount > 0
			AND NOT (SELECT COUNT(*) % 2 = 0 AND (s.state = 'bounced' OR s.state = 'reversed' AND COUNT(*) > 0) FROM settlement_corrections AS c WHERE c.municipality_id = s.municipality_id AND c.settlement_id = s.id)`},
	{"settlement", "is confirmed by no bank entry", `SELECT s.id FROM settlements AS s WHERE s.municipality_id = @home AND s.reconciled_at IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM bank_entries AS e WHERE e.municipality_id = s.municipality_id AND e.settlement_id = s.id AND e.state = 'matched' AND e.amount < 0)`},
	{"bank statement", "does not close with its opening balance and its entries", `SELECT b.id FROM bank_statements AS b LEFT JOIN (SELECT statement_id, COUNT(*) AS n, SUM(amount) AS amount FROM bank_entries WHERE municipality_id = @home GROUP BY statement_id) AS e ON e.statement_id = b.id
		WHERE b.municipality_id = @home AND (b.closing <> b.opening + COALESCE(e.amount, 0) OR b.entries <> COALESCE(e.n, 0))`},
}

// BankFaults gives what about the bank's statements cannot be, at most limit of a
// kind, and how many entries were looked at.
func (tx *Tx) BankFaults(limit int) (found []Fault, entries int, err error) {
	if found, err = tx.faults(bankFaults, limit); err != nil {
		return nil, 0, err
	}
	n, err := Count[domain.BankEntry](tx)
	return found, int(n), err
}
