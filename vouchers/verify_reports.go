package vouchers

import (
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// endOfTime is after everything that is booked, also by a server whose clock is
// ahead of this one's.
var endOfTime = domain.Date{Year: 9999, Month: time.December, Day: 31}

// reports adds every report figure up from vouchers, redemptions and reversals
// and compares it with what is booked: all postings are added up once, by what
// reports group by, and these sums further.
func (v verifier) reports() (rows int, err error) {
	v.move()
	currencies := v.figure()
	booked := map[figure]int64{}
	for _, name := range []string{"spend", "outstanding", "lapsed"} {
		q := ReportQuery{PostingFilter: PostingFilter{Figure: name}}
		totals, err := v.tx.Cells(q.conds()...)
		if err != nil {
			return rows, err
		}
		rows += len(totals)
		for _, t := range totals {
			for grouping, key := range map[string]string{"programme": t.ProgrammeID, "unit": t.UnitID, "partner": t.PartnerID, "month": t.Month} {
				booked[figure{name, t.Currency, grouping, key}] -= t.Amount
			}
		}
	}
	for currency := range currencies { // this one is not by the month in which it was booked
		q := ReportQuery{Figure: "outstanding", GroupBy: "month", PostingFilter: PostingFilter{To: endOfTime, Currency: currency}}
		list, err := sums(v.tx, q)
		if err != nil {
			return rows, err
		}
		for f := range booked {
			if f.name == q.Figure && f.grouping == q.GroupBy && f.currency == currency {
				delete(booked, f)
			}
		}
		for _, sum := range list {
			booked[figure{q.Figure, currency, q.GroupBy, sum.Key}] = -sum.Amount
		}
	}
	v.compareReports(booked)
	return rows, nil
}

// compareReports compares what is booked with what happened.
func (v verifier) compareReports(booked map[figure]int64) {
	for f, amount := range booked {
		v.differ(amount == v.reported[f], "report %s by %s, %s: says %d, what happened gives %d", f.name, f.grouping, f.key, amount, v.reported[f])
		delete(v.reported, f)
	}
	for f, amount := range v.reported {
		v.differ(amount == 0, "report %s by %s, %s: is missing, what happened gives %d", f.name, f.grouping, f.key, amount)
	}
}

// figure names a report figure of one group.
type figure struct{ name, currency, grouping, key string }

// figure makes the report figures of what was counted, and gives their
// currencies.
func (v verifier) figure() map[string]bool {
	currencies := map[string]bool{}
	for c, amount := range v.tallies {
		k := v.sorts.list[c.kind]
		currencies[k.currency] = true
		partner := ""
		if c.partner != (domain.ID{}) {
			partner = c.partner.String()
		}
		for grouping, key := range map[string]string{
			"programme": k.programme.String(), "unit": k.unit.String(), "month": fmt.Sprintf("%04d-%02d", c.month/100, c.month%100), "partner": partner,
		} {
			v.reported[figure{c.name, k.currency, grouping, key}] += amount
		}
	}
	return currencies
}
