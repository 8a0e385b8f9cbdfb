package store

import (
	"github.com/fasthold/fasthold/domain"
)

// timeOver are the citizens whose time is over.
const timeOver = ` FROM citizens AS c WHERE c.municipality_id = @home AND c.closed_on <= @last`

// letGo says of a citizen that nothing of theirs waits or can still be spent, and that
// nobody keeps them. What may hold them back is looked up from the citizen on: SQLite
// takes tables that are joined crosswise in the order in which they stand, and would
// begin with all awards of the municipality.
const letGo = `(c.kept_until IS NULL OR c.kept_until < @today)
	AND NOT EXISTS (SELECT 1 FROM plans AS p WHERE p.municipality_id = c.municipality_id AND p.citizen_id = c.id AND p.end_date IS NULL)
	AND NOT EXISTS (SELECT 1 FROM plans AS p CROSS JOIN enrolments AS e CROSS JOIN awards AS a
		LEFT JOIN vouchers AS v ON v.municipality_id = a.municipality_id AND v.award_id = a.id
		LEFT JOIN withholdings AS w ON w.municipality_id = a.municipality_id AND w.award_id = a.id
		WHERE p.municipality_id = c.municipality_id AND p.citizen_id = c.id AND e.municipality_id = p.municipality_id AND e.plan_id = p.id
			AND a.municipality_id = e.municipality_id AND a.enrolment_id = e.id
			AND (a.state = 'proposed' OR v.state IN ('issued', 'partly_redeemed', 'blocked') OR w.state = 'proposed'))
	AND NOT EXISTS (SELECT 1 FROM plans AS p CROSS JOIN enrolments AS e CROSS JOIN hat_entries AS h
		WHERE p.municipality_id = c.municipality_id AND p.citizen_id = c.id AND e.municipality_id = p.municipality_id AND e.plan_id = p.id
			AND h.municipality_id = e.municipality_id AND h.enrolment_id = e.id AND h.place IS NULL)
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

// Closed is a citizen's place among those whose time is over, the longest first.
type Closed struct {
	ClosedOn domain.Date
	ID       domain.ID
}

// Erasable gives up to limit citizens who are to be erased, those first whose time has
// been over for longest, of the next so many behind a place; and the place that it
// came to, zero when nobody is left behind it. However many are held back, it looks
// at no more.
func (tx *Tx) Erasable(o Over, after Closed, next, limit int) (ids []domain.ID, to Closed, err error) {
	if after.ClosedOn.IsZero() {
		after.ClosedOn = domain.Date{Year: 1, Month: 1, Day: 1} // before everybody
	}
	args := o.args(tx)
	args["on"], args["after"], args["next"] = after.ClosedOn, after.ID, next
	var rows []struct {
		Closed `gorm:"embedded"`
		Due    bool
	}
	err = tx.db().Raw(`SELECT c.id, c.closed_on, `+letGo+` AS due FROM (SELECT c.*`+timeOver+` AND (c.closed_on, c.id) > (@on, @after) ORDER BY c.closed_on, c.id LIMIT @next) AS c
		ORDER BY c.closed_on, c.id`, args).Scan(&rows).Error
	for i, row := range rows {
		if row.Due {
			ids = append(ids, row.ID)
		}
		if last := i == len(rows)-1; len(ids) == limit && !last || last && len(rows) == next {
			return ids, row.Closed, err
		}
	}
	return ids, to, err
}

// CountErasable counts them all.
func (tx *Tx) CountErasable(o Over) (n int, err error) {
	only := ""
	if o.Only != (domain.ID{}) {
		only = " AND c.id = @only"
	}
	err = tx.db().Raw("SELECT COUNT(*)"+timeOver+only+" AND "+letGo, o.args(tx)).Scan(&n).Error
	return n, err
}
