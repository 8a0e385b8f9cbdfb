package store

import (
	"maps"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// handsOn finds who answered for the awards behind vouchers v, each person once
// for each step, however many the vouchers are.
const handsOn = `SELECT DISTINCT p.step AS step, p.person AS person, '[]' AS recorded FROM %FROM% JOIN approvals AS p ON p.municipality_id = v.municipality_id AND p.award_id = v.award_id WHERE %WHERE%
UNION ALL SELECT DISTINCT '' AS step, v.issued_by AS person, COALESCE(a.recorded_by, '[]') AS recorded FROM %FROM% LEFT JOIN awards AS a ON a.municipality_id = v.municipality_id AND a.id = v.award_id WHERE %WHERE%`

// Behind a run are its settlements and those whose money they carry in: what an earlier
// one left, or a correction that adds one's money again.
const (
	behindAll = `WITH RECURSIVE behind(run_id, id) AS (SELECT s.run_id, s.id FROM settlements AS s WHERE s.municipality_id = @home` + carriedIn
	behindRun = `WITH RECURSIVE behind(run_id, id) AS (SELECT s.run_id, s.id FROM settlements AS s WHERE s.municipality_id = @home AND s.run_id = @of` + carriedIn
	carriedIn = `
	UNION SELECT b.run_id, COALESCE(s.id, c.settlement_id) FROM behind AS b CROSS JOIN (SELECT 1 AS way UNION ALL SELECT 2 AS way) AS w
	LEFT JOIN settlements AS s ON w.way = 1 AND s.municipality_id = @home AND s.carried_into_id = b.id
	LEFT JOIN settlement_corrections AS c ON w.way = 2 AND c.municipality_id = @home AND c.carried_into_id = b.id AND c.amount > 0
	WHERE s.id IS NOT NULL OR c.id IS NOT NULL) `
)

// HandsOnRun gives who has had a hand in what a settlement run pays for, with what
// it carries in: who recorded what the vouchers' awards rest on or issued them, and
// who proposed and approved them. The database goes through the lines and gives each
// person once.
func (tx *Tx) HandsOnRun(run domain.ID) (domain.Hands, error) {
	return tx.hands(behindRun, `behind AS s JOIN settlement_lines AS l ON l.municipality_id = @home AND l.settlement_id = s.id
		JOIN vouchers AS v ON v.municipality_id = l.municipality_id AND v.id = l.voucher_id`, `v.municipality_id = @home`, run)
}

// HandsOnVoucher gives who has had a hand in one voucher.
func (tx *Tx) HandsOnVoucher(voucher domain.ID) (domain.Hands, error) {
	return tx.hands("", `vouchers AS v`, `v.municipality_id = @home AND v.id = @of`, voucher)
}

func (tx *Tx) hands(with, from, where string, of domain.ID) (h domain.Hands, err error) {
	query := with + strings.NewReplacer("%FROM%", from, "%WHERE%", where).Replace(handsOn)
	rows, err := tx.db().Raw(query, map[string]any{"home": tx.actor.MunicipalityID, "of": of}).Rows()
	if err != nil {
		return h, err
	}
	defer func() { _ = rows.Close() }()
	recorded, proposed, approved := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for rows.Next() {
		var step, person string
		var recorders domain.Strings
		if err := rows.Scan(&step, &person, &recorders); err != nil {
			return h, err
		}
		switch step {
		case domain.StepProposed:
			proposed[person] = true
		case domain.StepApproved:
			approved[person] = true
		default:
			recorded[person] = true
		}
		for _, recorder := range recorders {
			recorded[recorder] = true
		}
	}
	sorted := func(people map[string]bool) []string { return slices.Sorted(maps.Keys(people)) }
	return domain.Hands{Recorded: sorted(recorded), Proposed: sorted(proposed), Approved: sorted(approved)}, rows.Err()
}
