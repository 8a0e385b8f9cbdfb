package store

import "github.com/fasthold/fasthold/domain"

// Delay counts the vouchers of one programme that were issued so many days after
// the visit that earned them. A re-issued voucher counts once, as first issued.
type Delay struct {
	ProgrammeID string
	Days        int   // from the visit's date to that of issue, both the site's
	Vouchers    int64 // issued so many days after
	AtOnce      int64 // of them, when the visit was recorded
	LongestWait int64 // seconds from then to the approval of the others
}

// Delays adds up how late vouchers were, but for those given by hand; the conditions speak of the voucher as
// v and of its booking as issued.
func (tx *Tx) Delays(conds ...Cond) (delays []Delay, err error) {
	days, wait := "issued.booked_on - a.reached_on", "EXTRACT(EPOCH FROM a.decided_at - a.created_at)"
	if tx.store.dialect == "sqlite" {
		days, wait = "CAST(JULIANDAY(issued.booked_on) - JULIANDAY(a.reached_on) AS INTEGER)", "(JULIANDAY(a.decided_at) - JULIANDAY(a.created_at)) * 86400"
	}
	query := tx.db().Table("vouchers AS v").
		Joins("JOIN awards AS a ON a.municipality_id = v.municipality_id AND a.id = v.award_id").
		Joins("JOIN ledger_postings AS issued ON issued.municipality_id = v.municipality_id AND issued.voucher_id = v.id AND issued.account = 'outstanding' AND issued.event = 'issue'").
		Where("v.municipality_id = ? AND a.milestone > 0", tx.actor.MunicipalityID)
	for _, c := range conds {
		if c.sql != "" {
			query = query.Where(c.sql, c.args...)
		}
	}
	err = query.Select("CAST(v.programme_id AS TEXT) AS programme_id, " + days + " AS days, COUNT(*) AS vouchers, " +
		"SUM(CASE WHEN a.decided_at IS NULL THEN 1 ELSE 0 END) AS at_once, " +
		"CAST(COALESCE(MAX(ROUND(" + wait + ")), 0) AS BIGINT) AS longest_wait").
		Group("v.programme_id, " + days).Order("1, 2").Scan(&delays).Error
	return delays, err
}

// IssuedBetween wants what was booked from the first to the last date; a zero
// date is no bound. For Delays.
func IssuedBetween(first, last domain.Date) []Cond {
	return []Cond{From("issued.booked_on", first), To("issued.booked_on", last)}
}
