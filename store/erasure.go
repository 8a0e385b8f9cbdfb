package store

import (
	"github.com/fasthold/fasthold/domain"
)

// erasable are the citizens whose time is over and of whom nothing waits or can still
// be spent. What may hold somebody back is looked up from the citizen on: how many were
// closed and erased before costs nothing.
const erasable = ` FROM citizens AS c WHERE c.municipality_id = @home AND c.closed_on <= @last AND (c.kept_until IS NULL OR c.kept_until < @today)
	AND NOT EXISTS (SELECT 1 FROM plans AS p WHERE p.municipality_id = c.municipality_id AND p.citizen_id = c.id AND p.end_date IS NULL)
	AND NOT EXISTS (SELECT 1 FROM plans AS p JOIN enrolments AS e ON e.municipality_id = p.municipality_id AND e.plan_id = p.id
		JOIN awards AS a ON a.municipality_id = e.municipality_id AND a.enrolment_id = e.id
		LEFT JOIN vouchers AS v ON v.municipality_id = a.municipality_id AND v.award_id = a.id
		LEFT JOIN withholdings AS w ON w.municipality_id = a.municipality_id AND w.award_id = a.id
		WHERE p.municipality_id = c.municipality_id AND p.citizen_id = c.id
			AND (a.state = 'proposed' OR v.state IN ('issued', 'partly_redeemed', 'blocked') OR w.state = 'proposed'))
	AND NOT EXISTS (SELECT 1 FROM plans AS p JOIN enrolments AS e ON e.municipality_id = p.municipality_id AND e.plan_id = p.id
		JOIN hat_entries AS h ON h.municipality_id = e.municipality_id AND h.enrolment_id = e.id
		WHERE p.municipality_id = c.municipality_id AND p.citizen_id = c.id AND h.place IS NULL)
	AND NOT EXISTS (SELECT 1 FROM emergency_accesses AS x WHERE x.municipality_id = c.municipality_id AND x.citizen_id = c.id AND x.reviewed_at IS NULL)`

// Over says whose time is over.
type Over struct {
	Last  domain.Date // on which their last plan was ended, or before
	Today domain.Date // those who are kept until a day before it
	Only  domain.ID   // nobody but this citizen; zero: all
}

func (o Over) args(tx *Tx) map[string]any {
	return map[string]any{"home": tx.actor.MunicipalityID, "last": o.Last, "today": o.Today, "only": o.Only}
}

func (o Over) sql() string {
	if o.Only == (domain.ID{}) {
		return erasable
	}
	return erasable + " AND c.id = @only"
}

// Erasable gives up to limit citizens who are to be erased, those first whose time has
// been over for longest.
func (tx *Tx) Erasable(o Over, limit int) (ids []domain.ID, err error) {
	args := o.args(tx)
	args["limit"] = limit
	err = tx.db().Raw("SELECT c.id"+o.sql()+" ORDER BY c.closed_on, c.id LIMIT @limit", args).Scan(&ids).Error
	return ids, err
}

// CountErasable counts them.
func (tx *Tx) CountErasable(o Over) (n int, err error) {
	err = tx.db().Raw("SELECT COUNT(*)"+o.sql(), o.args(tx)).Scan(&n).Error
	return n, err
}
