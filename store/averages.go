package store

import (
	"fmt"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// Issues asks for vouchers by when and for what they were issued; a zero field
// narrows nothing.
type Issues struct {
	From, To            domain.Date // days on which they were issued in the books, both included
	ProgrammeID, UnitID domain.ID
	Currency            string
}

// Average is what is known of the vouchers of one group, added up. One that was
// re-issued counts once, as first issued, with what became of those after it.
type Average struct {
	Key          string // the programme's or unit's ID, or the month of issue as 2026-11
	Vouchers     int64
	Amount       int64 // issued, minor units
	People       int64 // different citizens whose vouchers they are
	IssueSeconds int64 // from the award's row to the voucher's, each in whole seconds, all added up
	Used         int64 // vouchers with a redemption that was not taken back
	UsedPeople   int64 // different citizens whose they are
	UseSeconds   int64 // from the voucher's row to the first such redemption, added up likewise
	Lapsed       int64 // vouchers of which something lapsed
	LapsedAmount int64 // minor units
}

// averages follows each voucher, as first, through its re-issues to what was
// redeemed and what lapsed, and adds these up by group. Vouchers are found by the
// day of their first posting, and everything else from them.
const averages = `WITH RECURSIVE chain AS (
	SELECT v.id AS first, v.id AS id, issued.booked_on FROM ledger_postings AS issued
		JOIN vouchers AS v ON v.municipality_id = issued.municipality_id AND v.id = issued.voucher_id
		WHERE issued.municipality_id = @home AND issued.account = 'outstanding' AND issued.event = 'issue'%[1]s
	UNION ALL
	SELECT chain.first, v.id, chain.booked_on FROM chain JOIN vouchers AS v ON v.municipality_id = @home AND v.replaces_id = chain.id
), used AS (
	SELECT chain.first, MIN(r.created_at) AS at FROM chain
		JOIN redemptions AS r ON r.municipality_id = @home AND r.voucher_id = chain.id
		LEFT JOIN reversals AS taken ON taken.municipality_id = @home AND taken.redemption_id = r.id
		WHERE taken.id IS NULL GROUP BY chain.first
), gone AS (
	SELECT chain.first, -SUM(p.amount) AS amount FROM chain
		JOIN ledger_postings AS p ON p.municipality_id = @home AND p.voucher_id = chain.id AND p.account = 'lapsed'
		GROUP BY chain.first HAVING SUM(p.amount) <> 0
)
SELECT %[2]s AS key, COUNT(*) AS vouchers, CAST(SUM(v.amount) AS BIGINT) AS amount, COUNT(DISTINCT p.citizen_id) AS people,
	CAST(SUM(%[3]s) AS BIGINT) AS issue_seconds, COUNT(used.at) AS used, COUNT(DISTINCT CASE WHEN used.at IS NOT NULL THEN p.citizen_id END) AS used_people,
	CAST(COALESCE(SUM(%[4]s), 0) AS BIGINT) AS use_seconds, COUNT(gone.amount) AS lapsed, CAST(COALESCE(SUM(gone.amount), 0) AS BIGINT) AS lapsed_amount
FROM chain
	JOIN vouchers AS v ON v.municipality_id = @home AND v.id = chain.first
	JOIN awards AS a ON a.municipality_id = @home AND a.id = v.award_id
	JOIN enrolments AS e ON e.municipality_id = @home AND e.id = a.enrolment_id
	JOIN plans AS p ON p.municipality_id = @home AND p.id = e.plan_id
	LEFT JOIN used ON used.first = chain.first
	LEFT JOIN gone ON gone.first = chain.first
WHERE chain.id = chain.first GROUP BY 1 ORDER BY 1`

// Averages adds up what averages of vouchers are made of, by programme, unit or
// month of issue.
func (tx *Tx) Averages(grouping string, of Issues) (all []Average, err error) {
	key, ok := map[string]string{
		"programme": "CAST(v.programme_id AS TEXT)", "unit": "CAST(v.unit_id AS TEXT)", "month": tx.month("chain.booked_on"),
	}[grouping]
	if !ok {
		return nil, fmt.Errorf("store: no grouping %q", grouping)
	}
	args := map[string]any{"home": tx.actor.MunicipalityID}
	var narrowed strings.Builder
	narrow := func(sql, name string, value any, given bool) {
		if given {
			narrowed.WriteString(" AND " + sql + "@" + name)
			args[name] = value
		}
	}
	narrow("issued.booked_on >= ", "from", of.From, !of.From.IsZero())
	narrow("issued.booked_on <= ", "to", of.To, !of.To.IsZero())
	narrow("v.programme_id = ", "programme", of.ProgrammeID, of.ProgrammeID != domain.ID{})
	narrow("v.unit_id = ", "unit", of.UnitID, of.UnitID != domain.ID{})
	narrow("v.currency = ", "currency", of.Currency, of.Currency != "")
	query := fmt.Sprintf(averages, narrowed.String(), key, tx.seconds("a.created_at", "v.created_at"), tx.seconds("v.created_at", "used.at"))
	err = tx.db().Raw(query, args).Scan(&all).Error
	return all, err
}

// seconds is the time from one instant to another in whole seconds, halves up; none
// where a clock that was set back says less.
func (tx *Tx) seconds(from, to string) string {
	if tx.store.dialect == "sqlite" {
		return "MAX(0, CAST(ROUND((JULIANDAY(" + to + ") - JULIANDAY(" + from + ")) * 86400) AS INTEGER))"
	}
	return "GREATEST(0, CAST(ROUND(EXTRACT(EPOCH FROM " + to + " - " + from + ")) AS BIGINT))"
}
