package store

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

// LastClosed is the last day of the books that is closed; zero: none is. On
// PostgreSQL it is remembered: where another server has closed more meanwhile,
// and this one's clock is so far behind that it matters, the database refuses the
// posting, and what was remembered is forgotten.
func (tx *Tx) LastClosed() (domain.Date, error) {
	id := tx.actor.MunicipalityID
	if day, known := tx.store.closed.Load(id); known {
		return day.(domain.Date), nil
	}
	var days []domain.Date
	err := scoped[domain.Closing](tx, nil).Order("number DESC").Limit(1).Pluck("through", &days).Error
	if err != nil {
		return domain.Date{}, err
	}
	last := append(days, domain.Date{})[0]
	if tx.store.dialect == "postgres" {
		tx.store.closed.Store(id, last)
	}
	return last, nil
}

// LockBooks makes those who book, and others who close, wait for this
// transaction, once those are through who have booked already.
func (tx *Tx) LockBooks() error {
	id := tx.actor.MunicipalityID
	tx.After(func() { tx.store.closed.Delete(id) })
	if tx.store.dialect == "sqlite" { // one writer at a time
		return nil
	}
	return tx.db().Exec("SELECT pg_advisory_xact_lock(hashtextextended(CAST(? AS TEXT), 25))", id.String()).Error
}

// Totals adds the books up from the beginning to the last day, account by
// account, for each programme, unit and budget that has something there; postings
// is how many were added. After a closing it goes on from that closing's totals:
// what they hold is frozen.
func (tx *Tx) Totals(after *domain.Closing, through domain.Date) (totals []domain.ClosingTotal, postings int64, err error) {
	since := []Cond{To("booked_on", through)}
	before := tx.db().Table("closing_totals").Where("1 = 0")
	if after != nil {
		since = append(since, Cond{"booked_on > ?", []any{after.Through}}, OnAnyAccount())
		before = tx.db().Table("closing_totals").Where("municipality_id = ? AND closing_id = ?", tx.actor.MunicipalityID, after.ID)
		postings = after.Postings
	}
	const columns = "account, currency, programme_id, unit_id, budget_id"
	err = tx.db().Table("(? UNION ALL ?) AS booked", before.Select(columns+", amount"), scoped[ledger.Posting](tx, since).Select(columns+", amount")).
		Select(columns + ", CAST(SUM(amount) AS BIGINT) AS amount").Group(columns).Having("SUM(amount) <> 0").
		Order("account, currency, programme_id, unit_id, budget_id").Scan(&totals).Error
	if err != nil {
		return nil, 0, err
	}
	var more int64
	err = scoped[ledger.Posting](tx, since).Count(&more).Error
	return totals, postings + more, err
}
