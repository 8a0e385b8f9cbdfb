package settlement

import (
	"cmp"
	"encoding/binary"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// ClosedBooks derives the totals of every closing again from the postings.
type ClosedBooks struct {
	closings []domain.Closing // oldest first
	totals   map[domain.ID]map[cell]int64
	sums     []map[cell]int64 // by closing: booked since the one before it
	postings []int64          // how many
}

// cell is what a closing has a total for.
type cell struct {
	account, currency     string
	programme, unit, from domain.ID // from: the budget
}

// ReadClosings reads what the closings say, to be compared by Differences.
func ReadClosings(tx *store.Tx) (*ClosedBooks, error) {
	b := &ClosedBooks{totals: map[domain.ID]map[cell]int64{}}
	var err error
	if b.closings, err = store.All[domain.Closing](tx, "number"); err != nil {
		return nil, err
	}
	for _, c := range b.closings {
		totals, err := store.All[domain.ClosingTotal](tx, "line", store.Is("closing_id", c.ID))
		if err != nil {
			return nil, err
		}
		said := map[cell]int64{}
		for _, t := range totals {
			said[cell{t.Account, t.Currency, t.ProgrammeID, t.UnitID, orNone(t.BudgetID)}] += t.Amount
		}
		b.totals[c.ID] = said
		b.sums = append(b.sums, map[cell]int64{})
	}
	b.postings = make([]int64, len(b.closings))
	return b, nil
}

// orNone gives an ID that may be none; zero: it is.
func orNone(id *domain.ID) domain.ID {
	if id == nil {
		return domain.ID{}
	}
	return *id
}

// Number is how many closings there are.
func (b *ClosedBooks) Number() int { return len(b.closings) }

// Add takes a posting in; every one of the journal must come once.
func (b *ClosedBooks) Add(p ledger.Posting) {
	if len(b.closings) == 0 {
		return
	}
	in, _ := slices.BinarySearchFunc(b.closings, p.BookedOn, func(c domain.Closing, on domain.Date) int {
		return cmp.Compare(0, c.Through.Days(on))
	})
	if in == len(b.closings) { // still open
		return
	}
	b.sums[in][cell{string(p.Account), p.Currency, p.ProgrammeID, p.UnitID, orNone(p.BudgetID)}] += p.Amount
	b.postings[in]++
}

// skew is how far the clocks of two servers may be apart.
const skew = time.Minute

// Opens reports whether a posting, or a budget's change, of what happened on one day, at
// the site, may be booked on another: on the first that was open when it was booked,
// which its ID says.
// A closing that was made later does not count. Of one made at the same time, as far as
// two servers' clocks can tell, either does.
func (b *ClosedBooks) Opens(id domain.ID, day, booked domain.Date) bool {
	if day == booked {
		return true
	}
	made := madeAt(id)
	for _, c := range b.closings {
		if madeAt(c.ID).After(made.Add(skew)) {
			return false
		}
		overtaken := slices.ContainsFunc(b.closings, func(later domain.Closing) bool {
			return later.Number > c.Number && madeAt(later.ID).Before(made.Add(-skew))
		})
		if !overtaken && !c.Through.Before(day) && c.Through.AddDays(1) == booked {
			return true
		}
	}
	return false
}

// madeAt is when an ID was made, to the millisecond: IDs are UUIDs of version 7.
func madeAt(id domain.ID) time.Time {
	var wide [8]byte
	copy(wide[2:], id[:6])
	return time.UnixMilli(int64(binary.BigEndian.Uint64(wide[:]))) //nolint:gosec // 48 bits
}

// Differences tells differ of every total that the postings do not give, and
// counts the totals.
func (b *ClosedBooks) Differences(differ func(same bool, format string, args ...any)) (rows int) {
	sums, postings := map[cell]int64{}, int64(0)
	for i, c := range b.closings {
		differ(i == 0 || b.closings[i-1].Through.Before(c.Through) && b.closings[i-1].Number+1 == c.Number, "closing %d: does not follow the one before it", c.Number)
		postings += b.postings[i]
		differ(postings == c.Postings, "closing %d through %s: says %d postings, there are %d", c.Number, c.Through, c.Postings, postings)
		for of, amount := range b.sums[i] {
			sums[of] += amount
		}
		said := b.totals[c.ID]
		for of, amount := range sums {
			differ(said[of] == amount, "closing %d through %s: says %d on %s of programme %s, unit %s, budget %s; the postings give %d", c.Number, c.Through, said[of], of.account, of.programme, of.unit, of.from, amount)
		}
		for of, amount := range said {
			_, there := sums[of]
			differ(there, "closing %d through %s: says %d on %s of programme %s, where nothing is booked", c.Number, c.Through, amount, of.account, of.programme)
			rows++
		}
	}
	return rows
}
