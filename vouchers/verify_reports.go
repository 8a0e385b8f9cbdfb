package vouchers

import (
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// endOfTime is after everything that is booked, also by a server whose clock is
// ahead of this one's.
var endOfTime = domain.Date{Year: 9999, Month: time.December, Day: 31}

// reports adds every report figure up from vouchers, redemptions and reversals
// and compares it with what the report says, which adds up postings.
func (v verifier) reports() (rows int, err error) {
	v.move()
	currencies := v.figure()
	for currency := range currencies {
		for name, account := range accounts {
			for _, grouping := range []string{"programme", "unit", "partner", "month"} {
				q := ReportQuery{Figure: name, GroupBy: grouping, PostingFilter: PostingFilter{Currency: currency, Account: account, To: endOfTime}}
				list, err := sums(v.tx, q)
				if err != nil {
					return rows, err
				}
				rows += len(list)
				v.compareReport(q, list)
			}
		}
	}
	for f, amount := range v.reported {
		v.differ(amount == 0, "report %s by %s, %s: is missing, what happened gives %d", f.name, f.grouping, f.key, amount)
	}
	return rows, nil
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

func (v verifier) compareReport(q ReportQuery, list []store.Sum) {
	for _, sum := range list {
		f := figure{q.Figure, q.Currency, q.GroupBy, sum.Key}
		v.differ(-sum.Amount == v.reported[f], "report %s by %s, %s: says %d, what happened gives %d", q.Figure, q.GroupBy, sum.Key, -sum.Amount, v.reported[f])
		delete(v.reported, f)
	}
}
