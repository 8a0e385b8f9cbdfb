package store

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

// Left asks for what was left on vouchers at the end of a day; a zero field narrows
// nothing.
type Left struct {
	At                  domain.Date // must be given
	ProgrammeID, UnitID domain.ID
	Currency            string
}

// OpenVoucher is a voucher on which something was left.
type OpenVoucher struct {
	ID          domain.ID
	Serial      string
	AwardID     domain.ID
	ProgrammeID domain.ID
	UnitID      domain.ID
	IssuedOn    domain.Date // on which it was issued, or took another's balance over, in the books
	LapsesOn    domain.Date // the first day on which it is no longer valid
	Amount      int64       // what was left, minor units
	Currency    string
}

// Ages are the ages, in days since a voucher was issued, up to which each group
// of a report by age goes; the last goes on.
var Ages = []int{30, 90, 180, 365}

// left is each voucher's balance at the end of a day and the day of its first
// posting, from an index alone.
func (tx *Tx) left(at domain.Date) *gorm.DB {
	return scoped[ledger.Posting](tx, []Cond{Is("account", ledger.Outstanding), To("booked_on", at), Some("voucher_id")}).
		Select("voucher_id, CAST(SUM(amount) AS BIGINT) AS amount, MIN(booked_on) AS issued_on").Group("voucher_id").Having("SUM(amount) <> 0")
}

// open begins a query over the vouchers with something left, as v and booked.
func (tx *Tx) open(of Left) *gorm.DB {
	query := tx.db().Table("(?) AS booked", tx.left(of.At)).
		Joins("JOIN vouchers AS v ON v.municipality_id = ? AND v.id = booked.voucher_id", tx.actor.MunicipalityID)
	for _, c := range []Cond{Eq("v.programme_id", of.ProgrammeID), Eq("v.unit_id", of.UnitID), Eq("v.currency", of.Currency)} {
		if c.sql != "" {
			query = query.Where(c.sql, c.args...)
		}
	}
	return query
}

// Outstanding adds up what was left on vouchers, by programme, unit, month of
// issue, age or the month in which they lapse; by anything else in one sum.
func (tx *Tx) Outstanding(grouping string, of Left) (sums []Sum, err error) {
	key := "''"
	switch grouping {
	case "programme", "unit":
		key = "CAST(v." + Groupings[grouping] + " AS TEXT)"
	case "month":
		key = tx.month("booked.issued_on")
	case "age":
		key = ages(of.At)
	case "lapse":
		key = tx.month(tx.lapses())
	}
	err = tx.open(of).Select(key + " AS key, 'outstanding' AS account, v.currency AS currency, CAST(SUM(booked.amount) AS BIGINT) AS amount, COUNT(*) AS vouchers").
		Group("1, v.currency").Order("1, 3").Scan(&sums).Error
	return sums, err
}

// OpenVouchers lists the vouchers on which something was left, oldest first.
func (tx *Tx) OpenVouchers(of Left, fn func(OpenVoucher) error) error {
	rows, err := tx.open(of).Select("v.id, v.serial, v.award_id, v.programme_id, v.unit_id, booked.issued_on, " + tx.lapses() + " AS lapses_on, -booked.amount AS amount, v.currency").
		Order("v.id").Rows()
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var v OpenVoucher
		if err := rows.Scan(&v.ID, &v.Serial, &v.AwardID, &v.ProgrammeID, &v.UnitID, &v.IssuedOn, &v.LapsesOn, &v.Amount, &v.Currency); err != nil {
			return err
		}
		if err := fn(v); err != nil {
			return err
		}
	}
	return rows.Err()
}

// CountOpen counts them.
func (tx *Tx) CountOpen(of Left) (n int64, err error) {
	err = tx.open(of).Count(&n).Error
	return n, err
}

// lapses is the first day on which v is no longer valid. It ends at midnight at the
// site, wherever that is: twelve hours later it is that day also in UTC.
func (tx *Tx) lapses() string {
	if tx.store.dialect == "sqlite" {
		return "DATE(v.valid_to, '+12 hours')"
	}
	return "CAST(v.valid_to + INTERVAL '12 hours' AS DATE)"
}

// ages groups by the days since booked.issued_on.
func ages(at domain.Date) string {
	sql, from := "CASE", 0
	for _, days := range Ages {
		sql += fmt.Sprintf(" WHEN booked.issued_on >= '%s' THEN '%03d-%03d'", at.AddDays(-days), from, days)
		from = days + 1
	}
	return sql + fmt.Sprintf(" ELSE '%03d-' END", from)
}

// OfVouchersLapsing wants postings whose voucher lapses, unless it is spent, from
// the first to the last date; a zero date is no bound.
func OfVouchersLapsing(first, last domain.Date) Cond {
	if first.IsZero() && last.IsZero() {
		return Cond{}
	}
	from, until := time.Time{}, time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	if !first.IsZero() {
		from = first.In(time.UTC).Add(-12 * time.Hour)
	}
	if !last.IsZero() {
		until = last.AddDays(1).In(time.UTC).Add(-12 * time.Hour)
	}
	return Cond{`EXISTS (SELECT 1 FROM vouchers AS lapsing WHERE lapsing.municipality_id = ledger_postings.municipality_id
		AND lapsing.id = ledger_postings.voucher_id AND lapsing.valid_to >= ? AND lapsing.valid_to < ?)`, []any{from, until}}
}
