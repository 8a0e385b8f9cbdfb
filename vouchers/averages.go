package vouchers

import (
	"cmp"
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// FewestPeople is how many different people must be behind an average of times:
// among fewer, somebody who knows them could tell whose time it is. Money is told
// of any number: it is the municipality's accounts, and not what anybody did.
const FewestPeople = 5

// VoucherQuery asks for figures of vouchers by when they were issued.
type VoucherQuery struct {
	GroupBy      string // programme, unit or month of issue
	Currency     string // DKK unless given
	IssuedFilter        // both days included
}

// VoucherFigures are the averages and rates of one group of vouchers. One that was
// re-issued counts once, as first issued, with what became of those after it.
type VoucherFigures struct {
	Key, Label    string // as in a report
	Vouchers      int64
	Amount        int64  // issued, minor units
	AverageAmount int64  // whole minor units, a half up
	AwardToIssue  *int64 // average seconds from when the award was recorded to the voucher, a half up; nil: withheld
	IssueToUse    *int64 // average seconds from there to the first redemption that was not taken back; nil: withheld, or none was redeemed
	Suppressed    bool   // a time is withheld, since fewer than FewestPeople are behind it
	Lapsed        int64  // vouchers of which something lapsed
	LapsedAmount  int64  // minor units
	LapsedParts   int64  // of 10,000 vouchers issued, a half up
	LapsedMoney   int64  // of 10,000 minor units issued, a half up

	// Postings are what they were issued for, with the sign turned, and Lapsing what
	// of it lapsed; zero for who may not read them.
	Postings, Lapsing PostingFilter
}

// VoucherFigures gives averages, times and lapse rates of the vouchers issued from
// one day to another, as they stand now.
func (s *Service) VoucherFigures(ctx context.Context, actor domain.Actor, q VoucherQuery) (all []VoucherFigures, err error) {
	if err := actor.May("getVoucherFigures"); err != nil {
		return nil, err
	}
	var f domain.Fields
	f.Check(slices.Contains([]string{"programme", "unit", "month"}, q.GroupBy), "group_by", "unknown", "must be programme, unit or month")
	f.Check(q.From.IsZero() || q.To.IsZero() || !q.To.Before(q.From), "from", "contradiction", "must not be after to")
	if err := f.Err(); err != nil {
		return nil, err
	}
	unit := q.UnitID
	if actor.UnitID != (domain.ID{}) {
		if unit != (domain.ID{}) && unit != actor.UnitID {
			return nil, nil
		}
		unit = actor.UnitID
	}
	q.UnitID, q.Currency, q.From, q.To = unit, cmp.Or(q.Currency, "DKK"), day(q.From), day(q.To)
	err = s.read(ctx, actor, "getVoucherFigures", func(tx *store.Tx) error {
		sums, err := tx.Averages(q.GroupBy, store.Issues{From: q.From, To: q.To, ProgrammeID: q.ProgrammeID, UnitID: unit, Currency: q.Currency})
		if err != nil {
			return err
		}
		labels, err := labels(tx, q.GroupBy)
		for _, sum := range sums {
			row := voucherFigures(sum, cmp.Or(labels[sum.Key], sum.Key))
			if actor.May("listPostings") == nil {
				row.Postings, row.Lapsing = q.behind(sum.Key)
			}
			all = append(all, row)
		}
		return err
	})
	return all, err
}

// behind selects the postings behind the money of one group.
func (q VoucherQuery) behind(key string) (issued, lapsed PostingFilter) {
	spent := Report{ReportQuery: ReportQuery{Figure: "spend", GroupBy: q.GroupBy, PostingFilter: PostingFilter{
		From: q.From, To: q.To, ProgrammeID: q.ProgrammeID, UnitID: q.UnitID, Currency: q.Currency,
	}}}
	issued = spent.Behind(ReportRow{Key: key})
	lapsed = issued
	issued.Account, issued.Event = ledger.Outstanding, ledger.Issuing
	lapsed.Figure, lapsed.FirstFrom, lapsed.FirstTo, lapsed.From, lapsed.To = "lapsed", issued.From, issued.To, domain.Date{}, domain.Date{}
	return issued, lapsed
}

// voucherFigures divides what was added up.
func voucherFigures(sum store.Average, label string) VoucherFigures {
	f := VoucherFigures{
		Key: sum.Key, Label: label, Vouchers: sum.Vouchers, Amount: sum.Amount, AverageAmount: ratio(sum.Amount, sum.Vouchers), Lapsed: sum.Lapsed, LapsedAmount: sum.LapsedAmount,
		LapsedParts: ratio(sum.Lapsed*10_000, sum.Vouchers), LapsedMoney: ratio(sum.LapsedAmount*10_000, sum.Amount),
	}
	average := func(seconds, of, people int64) *int64 {
		if people < FewestPeople {
			f.Suppressed = f.Suppressed || people > 0
			return nil
		}
		mean := ratio(seconds, of)
		return &mean
	}
	f.AwardToIssue = average(sum.IssueSeconds, sum.Vouchers, sum.People)
	f.IssueToUse = average(sum.UseSeconds, sum.Used, sum.UsedPeople)
	return f
}

// ratio divides by what is above 0; a half goes up.
func ratio(sum, of int64) int64 { return (2*sum + of) / (2 * of) }
