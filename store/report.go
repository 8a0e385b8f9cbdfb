package store

import (
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

// Sum is one figure of a report: the postings of one group.
type Sum struct {
	Key      string // the programme's, unit's or partner's ID, the month as 2026-11, or "" for none
	Account  ledger.Account
	Currency string
	Amount   int64 // debit > 0
	Vouchers int64 // how many different vouchers are behind it
}

// Groupings are the columns by which a report can be grouped.
var Groupings = map[string]string{
	"programme": "programme_id", "unit": "unit_id", "partner": "partner_id", "month": "month", "account": "account",
}

// Sums adds up postings by group. The month of a posting is the month in which
// it was booked.
func (tx *Tx) Sums(grouping string, conds ...Cond) (sums []Sum, err error) {
	column, ok := Groupings[grouping]
	if !ok {
		return nil, fmt.Errorf("store: no grouping %q", grouping)
	}
	if column == "month" {
		column = tx.month("booked_on")
	}
	key := "COALESCE(CAST(" + column + " AS TEXT), '')"
	err = scoped[ledger.Posting](tx, conds).
		Select(key + " AS key, account, currency, CAST(SUM(amount) AS BIGINT) AS amount, COUNT(DISTINCT voucher_id) AS vouchers").
		Group(key + ", account, currency").Order("1, 2, 3").Scan(&sums).Error
	return sums, err
}

// OnAnyAccount narrows nothing, but lets the database look days up by its index
// of accounts and days.
func OnAnyAccount() Cond { return In("account", ledger.Accounts) }

// Cell is what was booked on an account for one programme, unit and partner in one
// month.
type Cell struct {
	Account     ledger.Account
	Currency    string
	ProgrammeID string
	UnitID      string
	PartnerID   string // "" for none
	Month       string // 2026-11
	Amount      int64  // debit > 0
}

// Cells adds up all postings that the conditions name, in one reading: every sum
// of theirs by programme, unit, partner and month is a sum of these.
func (tx *Tx) Cells(conds ...Cond) (cells []Cell, err error) {
	month := tx.month("booked_on")
	text := func(column string) string { return "COALESCE(CAST(" + column + " AS TEXT), '') AS " + column }
	err = scoped[ledger.Posting](tx, conds).
		Select("account, currency, " + text("programme_id") + ", " + text("unit_id") + ", " + text("partner_id") + ", " + month + " AS month, CAST(SUM(amount) AS BIGINT) AS amount").
		Group("account, currency, ledger_postings.programme_id, ledger_postings.unit_id, ledger_postings.partner_id, " + month).Scan(&cells).Error
	return cells, err
}

// OfVouchersIssued wants postings whose voucher was issued, or took another's
// balance over, from the first to the last date; a zero date is no bound.
func OfVouchersIssued(first, last domain.Date) Cond {
	if first.IsZero() && last.IsZero() {
		return Cond{}
	}
	if last.IsZero() {
		last = domain.Date{Year: 9999, Month: time.December, Day: 31}
	}
	if first.IsZero() {
		first = domain.Date{Year: 1, Month: time.January, Day: 1}
	}
	return Cond{`EXISTS (SELECT 1 FROM ledger_postings AS issued WHERE issued.municipality_id = ledger_postings.municipality_id
		AND issued.voucher_id = ledger_postings.voucher_id AND issued.account = 'outstanding' AND issued.amount < 0
		AND issued.event IN ('issue', 'reissue') AND issued.booked_on BETWEEN ? AND ?)`, []any{first, last}}
}

// OfVouchersFirstIssued wants postings whose voucher, or the first of those that it
// replaces, was issued from the first to the last date; a zero date is no bound.
func OfVouchersFirstIssued(first, last domain.Date) Cond {
	if first.IsZero() && last.IsZero() {
		return Cond{}
	}
	if last.IsZero() {
		last = domain.Date{Year: 9999, Month: time.December, Day: 31}
	}
	if first.IsZero() {
		first = domain.Date{Year: 1, Month: time.January, Day: 1}
	}
	return Cond{`EXISTS (WITH RECURSIVE before AS (
		SELECT v.id, v.replaces_id FROM vouchers AS v WHERE v.municipality_id = ledger_postings.municipality_id AND v.id = ledger_postings.voucher_id
		UNION ALL
		SELECT v.id, v.replaces_id FROM before JOIN vouchers AS v ON v.municipality_id = ledger_postings.municipality_id AND v.id = before.replaces_id)
		SELECT 1 FROM before JOIN ledger_postings AS issued ON issued.municipality_id = ledger_postings.municipality_id AND issued.voucher_id = before.id
		WHERE before.replaces_id IS NULL AND issued.account = 'outstanding' AND issued.event = 'issue' AND issued.booked_on BETWEEN ? AND ?)`, []any{first, last}}
}

// OfAward wants postings, in the journal of home, of what is reserved for an award
// and of its vouchers; a zero ID narrows nothing.
func OfAward(home, id domain.ID) Cond {
	if id == (domain.ID{}) {
		return Cond{}
	}
	return Cond{`id IN (SELECT p.id FROM ledger_postings AS p WHERE p.municipality_id = ? AND p.award_id = ?
		UNION ALL SELECT p.id FROM vouchers AS v JOIN ledger_postings AS p ON p.municipality_id = v.municipality_id AND p.voucher_id = v.id
		WHERE v.municipality_id = ? AND v.award_id = ?)`, []any{home, id, home, id}}
}

// month writes a date column as 2026-11.
func (tx *Tx) month(column string) string {
	if tx.store.dialect == "sqlite" {
		return "SUBSTR(" + column + ", 1, 7)"
	}
	return "TO_CHAR(" + column + ", 'YYYY-MM')"
}

// Names gives what the rows with these IDs are called, for a report's labels.
func Names[T any](tx *Tx, column string) (map[string]string, error) {
	var rows []struct {
		ID   domain.ID
		Name string
	}
	err := scoped[T](tx, nil).Select("id, " + column + " AS name").Scan(&rows).Error
	names := make(map[string]string, len(rows))
	for _, r := range rows {
		names[r.ID.String()] = r.Name
	}
	return names, err
}
