package store

import (
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/fasthold/fasthold/domain"
)

// Taking is what a settlement run takes.
type Taking struct {
	RunID    domain.ID
	Currency string
	Since    time.Time // what is older was seen by an earlier run: taken, or held
	Until    time.Time // what happens then or later is left for the next
	Payees   []Payee   // every partner that may be paid
}

// Payee is a partner, and the settlement that it would have in a run.
type Payee struct{ PartnerID, SettlementID domain.ID }

// taken are the redemptions r of a currency up to a time; with another, which of them.
const taken = `r.municipality_id = @home AND r.currency = @currency AND r.created_at < @until`

// fresh are those that are in no run yet. What is counted is looked up by its key for
// each: NOT EXISTS PostgreSQL would make a join, and before the tables' statistics know
// of what a run has just made, it goes through all of that for each row.
const fresh = taken + ` AND (SELECT COUNT(*) FROM settlement_lines AS l WHERE l.municipality_id = r.municipality_id AND l.id = r.id) = 0`

// unheld says that nothing keeps a redemption r out of runs.
const unheld = ` AND (SELECT COUNT(*) FROM settlement_holds AS h WHERE h.municipality_id = r.municipality_id AND h.redemption_id = r.id AND h.decision <> 'released') = 0`

// never says that nothing ever did.
const never = ` AND (SELECT COUNT(*) FROM settlement_holds AS h WHERE h.municipality_id = r.municipality_id AND h.redemption_id = r.id) = 0`

// intoLines begins the statements that make lines of a kind.
func (tx *Tx) intoLines(t Taking, id, kind, at, amount string) (sql string, args map[string]any) {
	var b strings.Builder
	b.WriteString(`INSERT INTO settlement_lines (municipality_id, id, run_id, settlement_id, partner_id, kind, redemption_id, voucher_id, serial, terminal_id, branch_id, happened_at, amount, programme_id, unit_id, budget_id)
WITH payees(partner_id, settlement_id) AS (VALUES `)
	args = map[string]any{"home": tx.actor.MunicipalityID, "run": t.RunID, "currency": t.Currency, "since": t.Since, "until": t.Until}
	for i, p := range t.Payees {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("(" + tx.literal(p.PartnerID) + "," + tx.literal(p.SettlementID) + ")")
	}
	b.WriteString(`) SELECT r.municipality_id, ` + id + `, ` + tx.literal(t.RunID) + `, p.settlement_id, r.partner_id, '` + kind + `', r.id, r.voucher_id, v.serial, r.terminal_id, m.branch_id, ` + at + `, ` + amount + `, v.programme_id, v.unit_id, v.budget_id
FROM `)
	return b.String(), args
}

// each joins, to each row so far, the rows of a table that have its key: one lookup
// each, in this order, whatever a database's statistics would have it do. SQLite keeps
// to the order of a CROSS JOIN, PostgreSQL to what OFFSET fences off.
func (tx *Tx) each(table, name, key string) string {
	if tx.store.dialect == "sqlite" {
		return ` CROSS JOIN ` + table + ` AS ` + name + ` ON ` + key
	}
	return ` CROSS JOIN LATERAL (SELECT * FROM ` + table + ` AS ` + name + ` WHERE ` + key + ` OFFSET 0) AS ` + name
}

// theirs says who is paid for a redemption r, for which voucher, and where it was.
func (tx *Tx) theirs() string {
	return tx.each("payees", "p", "p.partner_id = r.partner_id") +
		tx.each("vouchers", "v", "v.municipality_id = r.municipality_id AND v.id = r.voucher_id") +
		tx.each("terminals", "m", "m.municipality_id = r.municipality_id AND m.id = r.terminal_id") + ` WHERE `
}

// TakeLines makes a line in a run of every redemption and reversal that no run
// has taken and nothing holds, and gives how many. A reversal goes with its
// redemption or follows it: never before. What was held when it was due and then
// released is taken however old it is.
func (tx *Tx) TakeLines(t Taking) (lines int64, err error) {
	if len(t.Payees) == 0 {
		return 0, nil
	}
	redemptions, args := tx.intoLines(t, "r.id", domain.LineRedemption, "r.created_at", "r.amount")
	reversals, _ := tx.intoLines(t, "b.id", domain.LineReversal, "b.created_at", "-b.amount")
	redemptions += `redemptions AS r` + tx.theirs() + fresh + unheld
	back := tx.theirs() + `r.currency = @currency AND b.municipality_id = @home AND b.created_at < @until
		AND (SELECT COUNT(*) FROM settlement_lines AS l WHERE l.municipality_id = b.municipality_id AND l.id = b.id) = 0`
	const released = `municipality_id = @home AND decision = 'released'`
	for _, statement := range []string{
		redemptions + ` AND r.created_at >= @since`,
		redemptions + ` AND r.id IN (SELECT redemption_id FROM settlement_holds WHERE ` + released + `)`,
		reversals + `reversals AS b` + tx.each("redemptions", "r", "r.municipality_id = b.municipality_id AND r.id = b.redemption_id") + back + ` AND b.created_at >= @since
			AND (SELECT COUNT(*) FROM settlement_lines AS l WHERE l.municipality_id = r.municipality_id AND l.id = r.id) = 1`,
		reversals + `(SELECT DISTINCT municipality_id, redemption_id FROM settlement_holds WHERE ` + released + `) AS h` +
			tx.each("settlement_lines", "t", "t.municipality_id = h.municipality_id AND t.id = h.redemption_id AND t.run_id = @run") +
			tx.each("redemptions", "r", "r.municipality_id = t.municipality_id AND r.id = t.id") +
			tx.each("reversals", "b", "b.municipality_id = r.municipality_id AND b.redemption_id = r.id") + back,
	} {
		// Sorted, so that all is found before the first line is made: PostgreSQL plans the
		// lookups for the lines that are there before, maybe none.
		done := tx.db().Exec(statement+` ORDER BY 4, 2`, args)
		if done.Error != nil {
			return 0, done.Error
		}
		lines += done.RowsAffected
	}
	return lines, nil
}

// Suspect is a redemption that a run would take, and what happened to its till or
// its voucher after it.
type Suspect struct {
	domain.Redemption
	Action string    // of the audit log: what was done to the voucher; "" when the till was revoked
	At     time.Time // when
}

// Suspects gives redemptions that a run would take, and that nobody ever held,
// whose till was revoked or whose voucher was blocked or re-issued after them.
func (tx *Tx) Suspects(t Taking) (found []Suspect, err error) {
	args := map[string]any{"home": tx.actor.MunicipalityID, "currency": t.Currency, "since": t.Since, "until": t.Until}
	err = tx.db().Raw(`SELECT r.*, a.action AS action, a.created_at AS at
FROM redemptions AS r JOIN audit_entries AS a ON a.municipality_id = r.municipality_id AND a.object_id = r.voucher_id
WHERE `+fresh+never+` AND r.created_at >= @since AND a.action IN ('blockVoucher', 'blockOwnVoucher', 'reissueVoucher') AND a.created_at >= r.created_at
UNION ALL SELECT r.*, '' AS action, k.revoked_at AS at
FROM redemptions AS r JOIN terminals AS m ON m.municipality_id = r.municipality_id AND m.id = r.terminal_id AND m.state = 'revoked'
JOIN tokens AS k ON k.municipality_id = m.municipality_id AND k.terminal_id = m.id
WHERE `+fresh+never+` AND r.created_at >= @since AND k.revoked_at >= r.created_at`, args).Scan(&found).Error
	return found, err
}

// Uncontracted gives a partner's redemptions that a run would take, and that
// nobody ever held, from before its contract or since it ended.
func (tx *Tx) Uncontracted(t Taking, partner domain.ID, from, ended time.Time) (found []domain.Redemption, err error) {
	err = tx.db().Raw(`SELECT r.* FROM redemptions AS r WHERE `+fresh+never+` AND r.created_at >= @since AND r.partner_id = @partner AND (r.created_at < @from OR r.created_at >= @ended)`,
		map[string]any{"home": tx.actor.MunicipalityID, "currency": t.Currency, "since": t.Since, "until": t.Until, "partner": partner, "from": from, "ended": ended}).Scan(&found).Error
	return found, err
}

// SettlementSum is what the lines of one settlement add up to.
type SettlementSum struct {
	SettlementID domain.ID
	Lines        int64
	Amount       int64 // minor units: redemptions less reversals
}

// SettlementSums adds up the lines of settlements; one that has none is not there.
func (tx *Tx) SettlementSums(settlements []domain.ID) (sums []SettlementSum, err error) {
	err = scoped[domain.SettlementLine](tx, []Cond{In("settlement_id", settlements)}).
		Select("settlement_id, COUNT(*) AS lines, CAST(SUM(amount) AS BIGINT) AS amount").Group("settlement_id").Scan(&sums).Error
	return sums, err
}

// Undraft takes away what a draft has made, so that it can be made anew: what it
// had carried in is free to be carried again.
func (tx *Tx) Undraft(run domain.ID) error {
	const mine = `(SELECT id FROM settlements WHERE municipality_id = @home AND run_id = @run AND state = 'draft')`
	args := map[string]any{"home": tx.actor.MunicipalityID, "run": run}
	for _, statement := range []string{
		`UPDATE settlements SET carried_into_id = NULL, version = version + 1 WHERE municipality_id = @home AND carried_into_id IN ` + mine,
		`UPDATE settlement_corrections SET carried_into_id = NULL WHERE municipality_id = @home AND carried_into_id IN ` + mine,
		`DELETE FROM settlement_lines WHERE municipality_id = @home AND settlement_id IN ` + mine,
		`DELETE FROM settlements WHERE municipality_id = @home AND run_id = @run AND state = 'draft'`,
	} {
		if err := tx.db().Exec(statement, args).Error; err != nil {
			return err
		}
	}
	return nil
}

// Carry gives what earlier settlements left to the one that takes it over. Of any
// number that try, one succeeds: Conflict to the others.
func (tx *Tx) Carry(from []domain.ID, into domain.ID) error {
	done := tx.db().Exec(`UPDATE settlements SET carried_into_id = ?, version = version + 1
		WHERE municipality_id = ? AND id IN ? AND carried_into_id IS NULL AND state IN ?`, into, tx.actor.MunicipalityID, from, domain.CarriedOn)
	return carried(done, from)
}

// CarryCorrections gives corrections to the settlement that takes them, as Carry.
func (tx *Tx) CarryCorrections(from []domain.ID, into domain.ID) error {
	done := tx.db().Exec(`UPDATE settlement_corrections SET carried_into_id = ?
		WHERE municipality_id = ? AND id IN ? AND carried_into_id IS NULL`, into, tx.actor.MunicipalityID, from)
	return carried(done, from)
}

// CarriedInto wants settlements, in the rows of home, whose total or a correction of
// which another one took over; a zero ID narrows nothing.
func CarriedInto(home, settlement domain.ID) Cond {
	if settlement == (domain.ID{}) {
		return Cond{}
	}
	return Cond{`id IN (SELECT e.id FROM settlements AS e WHERE e.municipality_id = ? AND e.carried_into_id = ?
		UNION ALL SELECT c.settlement_id FROM settlement_corrections AS c WHERE c.municipality_id = ? AND c.carried_into_id = ?)`, []any{home, settlement, home, settlement}}
}

// carried refuses what somebody else has carried on.
func carried(done *gorm.DB, from []domain.ID) error {
	if done.Error == nil && done.RowsAffected != int64(len(from)) {
		return domain.Errorf(domain.Conflict, "wrong_state", "what an earlier settlement left is carried on already: send the same request again")
	}
	return done.Error
}

// CorrectionsBehind gives the corrections of the settlements whose money is in a run.
func (tx *Tx) CorrectionsBehind(run domain.ID) (rows []domain.SettlementCorrection, err error) {
	err = tx.db().Raw(behindRun+`SELECT c.* FROM behind AS b JOIN settlement_corrections AS c ON c.municipality_id = @home AND c.settlement_id = b.id ORDER BY c.settlement_id, c.number`,
		map[string]any{"home": tx.actor.MunicipalityID, "of": run}).Scan(&rows).Error
	return rows, err
}

// NextRun is the number of the next settlement run.
func (tx *Tx) NextRun() (number int, err error) {
	err = scoped[domain.SettlementRun](tx, nil).Select("COALESCE(MAX(number), 0) + 1").Scan(&number).Error
	return number, err
}

// LockHolds keeps redemptions from being held while a run that has taken them is
// approved: who holds one shares the lock, who approves has it alone. It is taken
// before a run is locked, or two would wait for each other.
func (tx *Tx) LockHolds(alone bool) error {
	if tx.store.dialect == "sqlite" { // one writer at a time
		return nil
	}
	lock := "pg_advisory_xact_lock_shared"
	if alone {
		lock = "pg_advisory_xact_lock"
	}
	return tx.db().Exec("SELECT "+lock+"(hashtextextended(CAST(? AS TEXT), 26))", tx.actor.MunicipalityID.String()).Error
}

// HeldLines counts the lines of a run that are held, or were rejected, since the
// draft was made.
func (tx *Tx) HeldLines(run domain.ID) (n int64, err error) {
	err = tx.db().Raw(`SELECT COUNT(*) FROM settlement_holds AS h JOIN settlement_lines AS l ON l.municipality_id = h.municipality_id AND l.id = h.redemption_id
		WHERE h.municipality_id = ? AND h.decision <> 'released' AND l.run_id = ?`, tx.actor.MunicipalityID, run).Scan(&n).Error
	return n, err
}
