package vouchers

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// months is what partners took in each month and did not give back, by the
// month's first day; of those partners only that have a cap for it.
type months map[domain.ID]map[domain.Date]int64

// add adds to the month in which a redemption was made.
func (m months) add(r domain.Redemption, amount int64, loc *time.Location) {
	if of, ok := m[r.PartnerID]; ok {
		of[domain.DateOf(r.CreatedAt, loc).FirstOfMonth()] += amount
	}
}

// capped finds the partners that are counted by the month.
func (v verifier) capped() error {
	partners, err := store.All[domain.Partner](v.tx, "")
	for _, p := range partners {
		if p.MostPerMonth > 0 {
			v.months[p.ID] = map[domain.Date]int64{}
		}
	}
	return err
}

// partnerMonths compares what is counted for partners' caps with what they took:
// in every month since a partner is counted, and for no partner that has no cap.
func (v verifier) partnerMonths() (int, error) {
	rows, err := store.All[domain.PartnerMonth](v.tx, "partner_id, month")
	if err != nil {
		return 0, err
	}
	since := map[domain.ID]domain.Date{}
	for _, row := range rows {
		took, counted := v.months[row.PartnerID]
		v.differ(counted, "partner %s: is counted in %s without a cap for it", row.PartnerID, row.Month)
		v.differ(!counted || took[row.Month] == row.Spent, "partner %s: took %d in the month of %s, %d is counted", row.PartnerID, took[row.Month], row.Month, row.Spent)
		delete(took, row.Month)
		if _, later := since[row.PartnerID]; !later {
			since[row.PartnerID] = row.Month
		}
	}
	for partner, took := range v.months {
		for month, amount := range took {
			v.differ(amount == 0 || month.Before(since[partner]), "partner %s: took %d in the month of %s, nothing is counted", partner, amount, month)
		}
	}
	return len(rows), nil
}
