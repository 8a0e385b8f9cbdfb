package store

import (
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// handsOn finds who answered for the awards behind vouchers v, each person once
// for each step and for what it is asked of, however many the vouchers are.
const handsOn = `SELECT DISTINCT %OF% AS of_id, p.step AS step, p.person AS person, '[]' AS recorded FROM %FROM% JOIN approvals AS p ON p.municipality_id = v.municipality_id AND p.award_id = v.award_id WHERE %WHERE%
UNION ALL SELECT DISTINCT %OF% AS of_id, '' AS step, v.issued_by AS person, COALESCE(a.recorded_by, '[]') AS recorded FROM %FROM% LEFT JOIN awards AS a ON a.municipality_id = v.municipality_id AND a.id = v.award_id WHERE %WHERE%`

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
	found, err := tx.hands(behindRun, "s.run_id", `behind AS s JOIN settlement_lines AS l ON l.municipality_id = @home AND l.settlement_id = s.id
		JOIN vouchers AS v ON v.municipality_id = l.municipality_id AND v.id = l.voucher_id`, `v.municipality_id = @home`, run)
	return found[run], err
}

// HandsOnVoucher gives who has had a hand in one voucher.
func (tx *Tx) HandsOnVoucher(voucher domain.ID) (domain.Hands, error) {
	found, err := tx.HandsOnVouchers([]domain.ID{voucher})
	return found[voucher], err
}

// HandsOnVouchers gives who has had a hand in each of the vouchers.
func (tx *Tx) HandsOnVouchers(vouchers []domain.ID) (map[domain.ID]domain.Hands, error) {
	if len(vouchers) == 0 {
		return nil, nil
	}
	return tx.hands("", "v.id", `vouchers AS v`, `v.municipality_id = @home AND v.id IN @of`, vouchers)
}

// hands reads who has had a hand, by what column id says.
func (tx *Tx) hands(with, id, from, where string, of any) (map[domain.ID]domain.Hands, error) {
	var rows []struct {
		OfID         domain.ID
		Step, Person string
		Recorded     domain.Strings
	}
	query := with + strings.NewReplacer("%OF%", id, "%FROM%", from, "%WHERE%", where).Replace(handsOn)
	if err := tx.db().Raw(query, map[string]any{"home": tx.actor.MunicipalityID, "of": of}).Scan(&rows).Error; err != nil {
		return nil, err
	}
	found := map[domain.ID]domain.Hands{}
	for _, row := range rows {
		h := found[row.OfID]
		switch row.Step {
		case domain.StepProposed:
			h.Proposed = append(h.Proposed, row.Person)
		case domain.StepApproved:
			h.Approved = append(h.Approved, row.Person)
		default:
			h.Recorded = append(append(h.Recorded, row.Person), row.Recorded...)
		}
		found[row.OfID] = h
	}
	for of, h := range found {
		found[of] = domain.Hands{Recorded: once(h.Recorded), Proposed: once(h.Proposed), Approved: once(h.Approved)}
	}
	return found, nil
}

// once sorts people, and names each once.
func once(people []string) []string {
	slices.Sort(people)
	return slices.Compact(people)
}
