package store

import "github.com/fasthold/fasthold/domain"

// Due is what a run is still to pay: of a draft, what it would.
type Due struct {
	RunID    domain.ID
	Partners int64
	Amount   int64 // minor units
	ByBank   int64 // partners that the bank is to pay
	Invoiced int64 // partners whose invoice is there and counts
}

// DuesOf gives what runs are still to pay, by run; nothing of a run that owes nobody.
func (tx *Tx) DuesOf(runs []domain.ID) (map[domain.ID]Due, error) {
	var rows []Due
	err := scoped[domain.Settlement](tx, []Cond{In("run_id", runs)}).Where("state IN ('draft', 'due') AND total > 0").
		Select(`run_id, COUNT(*) AS partners, CAST(SUM(total) AS BIGINT) AS amount, SUM(CASE WHEN method = 'bank' THEN 1 ELSE 0 END) AS by_bank,
			SUM(CASE WHEN method = 'invoice' AND EXISTS (SELECT 1 FROM invoices AS i WHERE i.municipality_id = settlements.municipality_id
				AND i.settlement_id = settlements.id AND i.state IN ?) THEN 1 ELSE 0 END) AS invoiced`, domain.InvoicesCounting).
		Group("run_id").Scan(&rows).Error
	dues := make(map[domain.ID]Due, len(rows))
	for _, row := range rows {
		dues[row.RunID] = row
	}
	return dues, err
}

// Want is how much awards of one programme and unit wait for.
type Want struct {
	Line
	Awards int64
	Amount int64 // that is not reserved, minor units
}

// Wants gives what awards wait for, by programme, unit and currency.
func (tx *Tx) Wants(conds ...Cond) (wants []Want, err error) {
	err = scoped[domain.Award](tx, append(conds, unfunded...)).
		Select("programme_id, unit_id, currency, COUNT(*) AS awards, CAST(SUM(amount - granted - reserved) AS BIGINT) AS amount").
		Group("programme_id, unit_id, currency").Order("programme_id, unit_id, currency").Scan(&wants).Error
	return wants, err
}
