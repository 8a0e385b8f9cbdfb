package vouchers

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// endOfTime is after everything that is booked, also by a server whose clock is
// ahead of this one's.
var endOfTime = domain.Date{Year: 9999, Month: time.December, Day: 31}

// reports adds every report figure up from vouchers, redemptions and reversals
// and compares it with what the report says, which adds up postings.
func (v *verifier) reports() (rows int, err error) {
	v.countBalances()
	if err := v.countLapsed(); err != nil {
		return 0, err
	}
	for currency := range v.currencies {
		for name := range accounts {
			for _, grouping := range []string{"programme", "unit", "partner", "month"} {
				report, err := v.report(v.tx, ReportQuery{Figure: name, GroupBy: grouping, At: endOfTime, PostingFilter: PostingFilter{Currency: currency}})
				if err != nil {
					return rows, err
				}
				rows += len(report.Rows)
				v.compareReport(report)
			}
		}
	}
	for f, amount := range v.figures {
		v.differ(amount == 0, "report %s by %s, %s: is missing, what happened gives %d", f.name, f.grouping, f.key, amount)
	}
	return rows, nil
}

func (v *verifier) compareReport(r Report) {
	for _, row := range r.Rows {
		f := figure{r.Figure, r.Currency, r.GroupBy, row.Key}
		v.differ(row.Amount == v.figures[f], "report %s by %s, %s: says %d, what happened gives %d", r.Figure, r.GroupBy, row.Label, row.Amount, v.figures[f])
		delete(v.figures, f)
	}
}

// countBalances counts what is left on each voucher, under the month in which it
// was issued or took another's balance over.
func (v *verifier) countBalances() {
	for _, voucher := range v.vouchers {
		v.count("outstanding", voucher, domain.ID{}, voucher.CreatedAt, v.opening(voucher)-v.spent[voucher.ID]-v.gone(voucher))
	}
}

// gone is what a dead voucher's balance was when it died.
func (v *verifier) gone(voucher domain.Voucher) int64 {
	switch voucher.State {
	case domain.Expired, domain.Void, domain.Replaced:
		return v.opening(voucher) - v.spent[voucher.ID]
	default:
		return 0
	}
}

// countLapsed counts what was left on each voucher when it expired, under the
// day of the audit entry that says so.
func (v *verifier) countLapsed() error {
	return store.Each(v.tx, func(a domain.AuditEntry) error {
		voucher := v.vouchers[a.ObjectID]
		if left := v.gone(voucher); left > 0 {
			v.count("lapsed", voucher, domain.ID{}, a.CreatedAt, left)
		}
		return nil
	}, store.Is("action", "expireVoucher"))
}
