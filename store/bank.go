package store

import (
	"github.com/fasthold/fasthold/domain"
)

// UnconfirmedSettlements gives settlements that are to be paid, or were, and whose
// payment is in no bank statement yet: the newest, at most so many.
func (tx *Tx) UnconfirmedSettlements(most int) (rows []domain.Settlement, err error) {
	err = scoped[domain.Settlement](tx, []Cond{None("reconciled_at")}).Where("state IN ('due', 'paid', 'bounced')").Order("id DESC").Limit(most).Find(&rows).Error
	return rows, err
}

// PaidSettlements gives settlements that are paid and have one of the totals: the
// newest, at most so many.
func (tx *Tx) PaidSettlements(totals []int64, most int) (rows []domain.Settlement, err error) {
	err = scoped[domain.Settlement](tx, []Cond{In("total", totals)}).Where("state = 'paid'").Order("id DESC").Limit(most).Find(&rows).Error
	return rows, err
}

// UndoneSettlements gives settlements that were reversed or bounced and have one of the
// totals: the newest, at most so many.
func (tx *Tx) UndoneSettlements(totals []int64, most int) (rows []domain.Settlement, err error) {
	err = scoped[domain.Settlement](tx, []Cond{In("total", totals)}).Where("state IN ('bounced', 'reversed')").Order("id DESC").Limit(most).Find(&rows).Error
	return rows, err
}

// EntriesAlike gives the bank entries booked on the same day with the same amount as
// one of those given, and these themselves.
func (tx *Tx) EntriesAlike(entries []domain.BankEntry) (rows []domain.BankEntry, err error) {
	pairs := make([][]any, len(entries))
	for i, e := range entries {
		pairs[i] = []any{e.BookedOn, e.Amount}
	}
	if len(pairs) == 0 {
		return nil, nil
	}
	err = scoped[domain.BankEntry](tx, nil).Where("(booked_on, amount) IN ?", pairs).Order("id").Limit(1000).Find(&rows).Error
	return rows, err
}

// EntrySum says what became of the entries of one statement.
type EntrySum struct {
	StatementID domain.ID
	Matched     int64
	Unmatched   int64
	SetAside    int64
}

// EntrySums counts the entries of statements; nothing of one that has none.
func (tx *Tx) EntrySums(statements []domain.ID) (map[domain.ID]EntrySum, error) {
	var rows []EntrySum
	err := scoped[domain.BankEntry](tx, []Cond{In("statement_id", statements)}).
		Select(`statement_id, SUM(CASE WHEN state = 'matched' THEN 1 ELSE 0 END) AS matched, SUM(CASE WHEN state = 'unmatched' THEN 1 ELSE 0 END) AS unmatched,
			SUM(CASE WHEN state = 'set_aside' THEN 1 ELSE 0 END) AS set_aside`).Group("statement_id").Scan(&rows).Error
	sums := make(map[domain.ID]EntrySum, len(rows))
	for _, row := range rows {
		sums[row.StatementID] = row
	}
	return sums, err
}

// InvoicedBefore gives the account of a partner's newest other invoice that counts
// and says one; "" when none does.
func (tx *Tx) InvoicedBefore(partner, but domain.ID) (iban string, err error) {
	err = scoped[domain.Invoice](tx, []Cond{Is("partner_id", partner), Is("kind", domain.KindInvoice), In("state", domain.InvoicesCounting), Not("id", but), Not("iban", "")}).
		Select("iban").Order("id DESC").Limit(1).Scan(&iban).Error
	return iban, err
}
