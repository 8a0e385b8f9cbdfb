package store

import (
	"bytes"
	"maps"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

// Line says which budget an award is paid from: the unit's own, else the one that
// units without their own share.
type Line struct {
	ProgrammeID domain.ID
	UnitID      domain.ID
	Year        int
	Currency    string
}

// Funds is what a line has led to.
type Funds struct {
	BudgetID   *domain.ID // nil: the line has no budget
	Controlled bool       // the programme has had budgets, this year or before: without one nothing is issued
	Taken      bool       // the amount asked for was free, and no longer is
}

// budgetOf finds a line's budget.
const budgetOf = `SELECT id FROM budgets WHERE municipality_id = @home AND programme_id = @programme AND year = @year AND currency = @currency
	AND (unit_id = @unit OR unit_id IS NULL) ORDER BY CASE WHEN unit_id IS NULL THEN 1 ELSE 0 END LIMIT 1`

// controlled says whether a line's programme has budgets.
const controlled = `EXISTS (SELECT 1 FROM budgets WHERE municipality_id = @home AND programme_id = @programme AND year <= @year)`

// takeUnlocked finds a line's budget and takes an amount from one of its slices
// that nobody else is taking from, in one round trip. Which slices seem to have so
// much is found first, so that what is locked is one slice at most, known by its key:
// of rows that are locked by what they have, PostgreSQL keeps the lock on each one
// that no longer has it.
const takeUnlocked = `WITH line AS (` + budgetOf + `), slice AS (
	SELECT s.budget_id, s.id FROM budget_slices AS s WHERE s.municipality_id = @home AND s.budget_id = (SELECT id FROM line)
	AND s.id = ANY(ARRAY(SELECT id FROM budget_slices WHERE municipality_id = @home AND budget_id = (SELECT id FROM line) AND free >= @amount))
	ORDER BY random() LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED), taken AS (
	UPDATE budget_slices AS s SET free = s.free - @amount FROM slice WHERE s.municipality_id = @home AND s.budget_id = slice.budget_id AND s.id = slice.id AND s.free >= @amount RETURNING s.id)
SELECT (SELECT id FROM line) AS budget_id, ` + controlled + ` AS controlled, EXISTS (SELECT 1 FROM slice) AS held, EXISTS (SELECT 1 FROM taken) AS taken`

// takeAlone takes from a slice on SQLite, where nobody else writes meanwhile.
const takeAlone = `UPDATE budget_slices SET free = free - @amount WHERE municipality_id = @home AND budget_id = @budget
	AND id = (SELECT id FROM budget_slices WHERE municipality_id = @home AND budget_id = @budget AND free >= @amount LIMIT 1)`

// Draw takes an amount that is free of a line's budget, so that it can be reserved.
// However many do so at once, no more is taken than there is. Usually it is one
// round trip, and nobody waits for anybody. Where no slice that is at hand has so
// much, they are gathered.
//
// Nobody waits for each other in a circle, because
//   - after its first slice a transaction waits only for vouchers of plans that it has
//     locked, and who else locks one of those waits for no slice;
//   - who takes from one slice does not wait for it;
//   - who waits for slices has the budget's own row locked, and has no slice of another
//     budget: of each budget there is one at most, and what it waits for is held by
//     transactions that wait for no slice;
//   - who waits for the budget's row has no slice, of any budget.
//
// So one that has slices already, and finds the budget's row or another's slices
// locked, may get nothing although a little is left: the award waits for the next run
// of Fund then.
func (tx *Tx) Draw(line Line, amount int64) (f Funds, err error) {
	if tx.store.dialect == "sqlite" {
		if f, err = tx.FundsOf(line); err == nil && f.BudgetID != nil {
			f.Taken, err = tx.takeAlone(*f.BudgetID, amount)
		}
	} else {
		f, err = tx.takeUnlocked(line, amount)
	}
	if err == nil && f.BudgetID != nil && !f.Taken {
		f.Taken, err = tx.Gather(*f.BudgetID, -amount)
	}
	return f, err
}

func (tx *Tx) takeAlone(budget domain.ID, amount int64) (bool, error) {
	done := tx.db().Exec(takeAlone, map[string]any{"home": tx.actor.MunicipalityID, "budget": budget, "amount": amount})
	return done.RowsAffected == 1, done.Error
}

func (tx *Tx) takeUnlocked(line Line, amount int64) (Funds, error) {
	var found struct {
		Funds `gorm:"embedded"`
		Held  bool // a slice is locked, whether or not it had so much
	}
	args := tx.named(line)
	args["amount"] = amount
	err := tx.db().Raw(takeUnlocked, args).Scan(&found).Error
	if found.Held {
		tx.holds(*found.BudgetID)
	}
	return found.Funds, err
}

// holds notes that the transaction has locked slices of a budget.
func (tx *Tx) holds(budget domain.ID) {
	if tx.held == nil {
		tx.held = map[domain.ID]bool{}
	}
	tx.held[budget] = true
}

// mayWait locks a budget's own row where the transaction must have it to wait for the
// budget's slices, and reports whether it may: see Draw.
func (tx *Tx) mayWait(budget domain.ID) (bool, error) {
	if tx.store.dialect == "sqlite" {
		return true, nil
	}
	query := locked(scoped[domain.Budget](tx, []Cond{Is("id", budget)}))
	if others := len(tx.held); others > 0 {
		if others > 1 || !tx.held[budget] {
			return false, nil
		}
		query = unlocked(query)
	}
	var there []domain.ID
	err := query.Pluck("id", &there).Error
	return len(there) > 0, err
}

// FundsOf finds a line's budget, and takes nothing.
func (tx *Tx) FundsOf(line Line) (f Funds, err error) {
	err = tx.db().Raw(`SELECT (`+budgetOf+`) AS budget_id, `+controlled+` AS controlled`, tx.named(line)).Scan(&f).Error
	return f, err
}

func (tx *Tx) named(line Line) map[string]any {
	return map[string]any{"home": tx.actor.MunicipalityID, "programme": line.ProgrammeID, "unit": line.UnitID, "year": line.Year, "currency": line.Currency}
}

const (
	mostSlices  = 64      // of a budget: so many can take from it at once
	leastSlice  = 100_000 // minor units: a smaller budget has fewer slices
	likeASlice  = 5       // a slice should do for so many awards
	sumOfSlices = `SELECT COALESCE(SUM(free), 0) FROM budget_slices WHERE municipality_id = ? AND budget_id = ?`
)

// Gather adds to what is free of a budget, or takes from it, and spreads the rest
// over its slices anew. It reports whether there was so much to take.
func (tx *Tx) Gather(budget domain.ID, change int64) (bool, error) {
	var free int64
	if err := tx.db().Raw(sumOfSlices, tx.actor.MunicipalityID, budget).Scan(&free).Error; err != nil || free+tx.freed[budget]+change < 0 {
		return false, err
	}
	wait, err := tx.mayWait(budget)
	if err != nil {
		return false, err
	}
	query := locked(scoped[domain.BudgetSlice](tx, []Cond{Is("budget_id", budget)}).Order("id"))
	if !wait {
		query = unlocked(query)
	}
	var there []domain.BudgetSlice
	if err := query.Find(&there).Error; err != nil {
		return false, err
	}
	if len(there) > 0 {
		tx.holds(budget)
	}
	rest := change + tx.freed[budget]
	for _, slice := range there {
		rest += slice.Free
	}
	if rest < 0 {
		return false, nil
	}
	parts := min(max(rest/max(leastSlice, -change*likeASlice), 1), mostSlices)
	if change < 0 { // no more rows than there are
		parts = min(parts, int64(max(len(there), 1)))
	}
	tx.holds(budget)
	delete(tx.freed, budget)
	return true, tx.spread(budget, there, rest, int(parts))
}

// spread puts an amount into so many of a budget's slices, which are locked, in
// equal parts, and nothing into the others. Rows that are wanting are made.
func (tx *Tx) spread(budget domain.ID, there []domain.BudgetSlice, amount int64, parts int) error {
	part := amount / int64(parts)
	for len(there) < parts {
		slice := domain.BudgetSlice{MunicipalityID: tx.actor.MunicipalityID, BudgetID: budget, ID: NewID()}
		if err := Insert(tx, &slice); err != nil {
			return err
		}
		there = append(there, slice)
	}
	all, full := make([]domain.ID, len(there)), make([]domain.ID, parts)
	for i, slice := range there {
		if all[i] = slice.ID; i < parts {
			full[i] = slice.ID
		}
	}
	return tx.db().Exec(`UPDATE budget_slices SET free = CASE WHEN id = ? THEN CAST(? AS BIGINT) WHEN id IN ? THEN CAST(? AS BIGINT) ELSE 0 END
		WHERE municipality_id = ? AND budget_id = ? AND id IN ?`,
		all[0], amount-part*int64(parts-1), full, part, tx.actor.MunicipalityID, budget, all).Error
}

// frees notes what an entry gives back to its budgets; it is added to their slices
// when the transaction commits.
func (tx *Tx) frees(e ledger.Entry) {
	sums := map[domain.ID]int64{}
	for _, p := range e {
		if p.BudgetID != nil && p.Account.Commits() {
			sums[*p.BudgetID] += p.Amount
		}
	}
	for budget, sum := range sums {
		if sum > 0 { // below zero it was drawn
			if tx.freed == nil {
				tx.freed = map[domain.ID]int64{}
			}
			tx.freed[budget] += sum
		}
	}
}

// giveBack adds to one slice that nobody is taking from, or makes one: it never
// waits.
var giveBack = map[string]string{
	"postgres": `WITH slice AS (SELECT id FROM budget_slices WHERE municipality_id = $1 AND budget_id = $2 ORDER BY random() LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED),
		more AS (UPDATE budget_slices AS s SET free = s.free + $3 FROM slice WHERE s.municipality_id = $1 AND s.budget_id = $2 AND s.id = slice.id RETURNING s.id)
		INSERT INTO budget_slices (municipality_id, budget_id, id, free) SELECT CAST($1 AS UUID), CAST($2 AS UUID), CAST($4 AS UUID), CAST($3 AS BIGINT) WHERE NOT EXISTS (SELECT 1 FROM slice)`,
	"sqlite": `INSERT INTO budget_slices (municipality_id, budget_id, id, free) VALUES ($1, $2, COALESCE((SELECT MIN(id) FROM budget_slices WHERE municipality_id = $1 AND budget_id = $2), $4), $3)
		ON CONFLICT (municipality_id, budget_id, id) DO UPDATE SET free = free + excluded.free`,
}

// settleFreed sends along what the transaction's entries have given back.
func (tx *Tx) settleFreed() {
	for _, budget := range slices.SortedFunc(maps.Keys(tx.freed), func(a, b domain.ID) int { return bytes.Compare(a[:], b[:]) }) {
		tx.pending = append(tx.pending, insertion{giveBack[tx.store.dialect], []any{tx.actor.MunicipalityID, budget, tx.freed[budget], NewID()}})
	}
	tx.freed = nil
}

// Unfunded are the programmes and units in which awards wait for a budget, and in
// which currency.
func (tx *Tx) Unfunded() (lines []Line, err error) {
	err = scoped[domain.Award](tx, unfunded).Distinct("programme_id, unit_id, currency").Order("1, 2, 3").Scan(&lines).Error
	return lines, err
}

// unfunded wants awards that wait for a budget, as domain.Award.WaitsForBudget
// says.
var unfunded = []Cond{{sql: "state = 'proposed' AND reserved < amount - granted"}}

// NextUnfunded gives the oldest award of a line that waits for a budget and comes
// after this one.
func (tx *Tx) NextUnfunded(line Line, after domain.ID) (awards []domain.Award, err error) {
	conds := append(slices.Clone(unfunded), Is("programme_id", line.ProgrammeID), Is("unit_id", line.UnitID), Is("currency", line.Currency), Cond{"id > ?", []any{after}})
	err = scoped[domain.Award](tx, conds).Order("id").Limit(1).Find(&awards).Error
	return awards, err
}

// FreeOf gives what is free of each budget: neither reserved nor issued.
func (tx *Tx) FreeOf(conds ...Cond) (map[domain.ID]int64, error) {
	var rows []struct {
		BudgetID domain.ID
		Free     int64
	}
	err := scoped[domain.BudgetSlice](tx, conds).Select("budget_id, CAST(SUM(free) AS BIGINT) AS free").Group("budget_id").Scan(&rows).Error
	free := make(map[domain.ID]int64, len(rows))
	for _, row := range rows {
		free[row.BudgetID] = row.Free
	}
	return free, err
}
