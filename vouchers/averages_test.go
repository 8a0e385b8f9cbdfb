package vouchers

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// averages reads figures of vouchers by label.
func (d desk) averages(t testing.TB, grouping string, f IssuedFilter) map[string]VoucherFigures {
	t.Helper()
	all, err := d.VoucherFigures(t.Context(), d.as(domain.Finance), VoucherQuery{GroupBy: grouping, IssuedFilter: f})
	require.NoError(t, err)
	named := map[string]VoucherFigures{}
	for _, f := range all {
		f.Key, f.Postings, f.Lapsing = "", PostingFilter{}, PostingFilter{}
		named[f.Label] = f
	}
	return named
}

// Five people's vouchers are approved after 1 to 5 minutes and spent an hour after
// that; one is re-issued before, and one purchase is taken back.
func TestVoucherFigures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, programme := d.till(t, "Kiosk", "groceries"), d.proposes(t)
		start, secrets := instant("2026-03-02T09:00:00Z"), map[int]string{}
		d.time.set(start)
		var waiting []domain.Award
		for p := range 5 {
			_, _, earned := d.proposal(t, fmt.Sprint("P-", p), programme)
			waiting = append(waiting, earned.Awards[0])
		}
		for p, award := range waiting {
			d.time.set(start.Add(time.Duration(p+1) * time.Minute))
			done, err := d.Approve(t.Context(), d.as(domain.TeamLeader), Key{}, award.ID, 0)
			require.NoError(t, err)
			if v := *done.Value.Voucher; p == 2 {
				again, err := d.Reissue(t.Context(), d.as(domain.Caseworker), Key{}, v.ID, "tabt")
				require.NoError(t, err)
				secrets[p] = d.secret(t, again.Value.New)
			} else {
				secrets[p] = d.secret(t, v)
			}
		}
		d.time.set(start.Add(time.Hour + time.Minute))
		want := VoucherFigures{Label: "proposes", Vouchers: 5, Amount: 100000, AverageAmount: 20000, AwardToIssue: new(int64(180))}
		require.Equal(t, want, d.averages(t, "programme", IssuedFilter{})["proposes"], "none is spent")
		for p := range 5 {
			d.time.set(start.Add(time.Hour + time.Duration(p+1)*time.Minute))
			r := d.redeemed(t, shop, secrets[p], 5000)
			if p == 4 {
				_, err := d.Reverse(t.Context(), shop, Key{}, r.ID, "fortrudt")
				require.NoError(t, err)
			}
		}
		want.Suppressed = true
		require.Equal(t, want, d.averages(t, "programme", IssuedFilter{})["proposes"], "four have spent")
		d.time.set(start.Add(time.Hour + 5*time.Minute + 3*time.Second))
		d.redeemed(t, shop, secrets[4], 5000)
		want.Suppressed, want.IssueToUse = false, new(int64(3601)) // 3600.6
		require.Equal(t, want, d.averages(t, "programme", IssuedFilter{})["proposes"])

		d.time.setDate("2026-04-10")
		d.earn(t, "P-6", d.move)
		one := VoucherFigures{Label: "move-2026", Vouchers: 1, Amount: 20000, AverageAmount: 20000, Suppressed: true}
		require.Equal(t, map[string]VoucherFigures{"proposes": want, "move-2026": one}, d.averages(t, "programme", IssuedFilter{}))
		require.Len(t, d.averages(t, "programme", IssuedFilter{From: date("2026-04-10"), To: date("2026-04-10")}), 1)
		require.Empty(t, d.averages(t, "unit", IssuedFilter{From: date("2026-04-11")}))
		d.plainly(t)
		d.time.setDate("2027-05-01")
		n, err := d.Expire(t.Context(), d.home.MunicipalityID)
		require.NoError(t, err)
		require.Equal(t, 6, n)
		want.Lapsed, want.LapsedAmount, want.LapsedParts, want.LapsedMoney = 5, 75000, 10000, 7500
		one.Lapsed, one.LapsedAmount, one.LapsedParts, one.LapsedMoney = 1, 20000, 10000, 10000
		want.Label, one.Label = "2026-03", "2026-04"
		require.Equal(t, map[string]VoucherFigures{"2026-03": want, "2026-04": one}, d.averages(t, "month", IssuedFilter{}))
		d.plainly(t)

		finance := d.as(domain.Finance)
		named(t, second(d.VoucherFigures(t.Context(), finance, VoucherQuery{GroupBy: "partner"})), "group_by", "unknown")
		named(t, second(d.VoucherFigures(t.Context(), finance, VoucherQuery{GroupBy: "unit", IssuedFilter: IssuedFilter{From: date("2026-02-02"), To: date("2026-02-01")}})), "from", "contradiction")
		other, err := d.VoucherFigures(t.Context(), d.leaderOf(store.NewID()), VoucherQuery{GroupBy: "unit"})
		require.NoError(t, err)
		require.Empty(t, other, "of another unit")
	})
}

// plainly demands that the figures are those that plain Go finds by following every
// voucher.
func (d desk) plainly(t testing.TB) {
	t.Helper()
	for _, grouping := range []string{"programme", "unit", "month"} {
		got, err := d.VoucherFigures(t.Context(), d.as(domain.Finance), VoucherQuery{GroupBy: grouping})
		require.NoError(t, err)
		want := d.followed(t, grouping)
		require.Len(t, got, len(want))
		for _, f := range got {
			require.Equal(t, f.Amount, d.behind(t, f.Postings), "by %s", grouping)
			require.Equal(t, f.LapsedAmount, d.behind(t, f.Lapsing), "by %s", grouping)
			f.Label, f.Postings, f.Lapsing = "", PostingFilter{}, PostingFilter{}
			require.Equal(t, want[f.Key].figures(f.Key), f, "by %s", grouping)
		}
	}
}

// behind is what the postings behind a figure sum to, with the sign turned.
func (d desk) behind(t testing.TB, f PostingFilter) (sum int64) {
	t.Helper()
	require.NoError(t, d.EachPosting(t.Context(), d.as(domain.Finance), f, func(p ledger.Posting) error {
		sum -= p.Amount
		return nil
	}))
	return sum
}

// lot is what became of the vouchers of one group.
type lot struct {
	amounts, lapsed    []int64
	toIssue, toUse     []int64
	people, usedPeople map[domain.ID]bool
}

func (w *lot) figures(key string) VoucherFigures {
	total := func(list []int64) (sum int64) {
		for _, n := range list {
			sum += n
		}
		return sum
	}
	share := func(a, b int64) int64 {
		if 2*(a%b) >= b {
			return a/b + 1
		}
		return a / b
	}
	f := VoucherFigures{Key: key, Vouchers: int64(len(w.amounts)), Amount: total(w.amounts), Lapsed: int64(len(w.lapsed)), LapsedAmount: total(w.lapsed)}
	f.AverageAmount, f.LapsedParts, f.LapsedMoney = share(f.Amount, f.Vouchers), share(f.Lapsed*10000, f.Vouchers), share(f.LapsedAmount*10000, f.Amount)
	f.Suppressed = len(w.people) < 5 || len(w.usedPeople) > 0 && len(w.usedPeople) < 5
	if len(w.people) >= 5 {
		f.AwardToIssue = new(share(total(w.toIssue), f.Vouchers))
	}
	if len(w.usedPeople) >= 5 {
		f.IssueToUse = new(share(total(w.toUse), int64(len(w.toUse))))
	}
	return f
}

// followed follows every voucher in DKK from its first posting to its end.
func (d desk) followed(t testing.TB, grouping string) map[string]*lot {
	t.Helper()
	all := map[string]*lot{}
	require.NoError(t, d.store.Snapshot(t.Context(), d.home.MunicipalityID, func(tx *store.Tx) error {
		told := tell(tx)
		for _, v := range told.vouchers {
			if v.ReplacesID != nil || v.Currency != "DKK" {
				continue
			}
			key := map[string]string{"programme": v.ProgrammeID.String(), "unit": v.UnitID.String(), "month": told.issued[v.ID].String()[:7]}[grouping]
			if all[key] == nil {
				all[key] = &lot{people: map[domain.ID]bool{}, usedPeople: map[domain.ID]bool{}}
			}
			told.follow(v, all[key])
		}
		return nil
	}))
	return all
}

// lives is what became of each voucher.
type lives struct {
	vouchers map[domain.ID]domain.Voucher
	awards   map[domain.ID]domain.Award
	people   map[domain.ID]domain.ID // of each enrolment
	used     map[domain.ID]time.Time // first, and not taken back
	lapsed   map[domain.ID]int64
	issued   map[domain.ID]domain.Date // in the books
}

// tell reads them all.
func tell(tx *store.Tx) lives {
	told := lives{
		vouchers: byID(tx, func(v domain.Voucher) domain.ID { return v.ID }), awards: byID(tx, func(a domain.Award) domain.ID { return a.ID }),
		people: map[domain.ID]domain.ID{}, used: map[domain.ID]time.Time{}, lapsed: map[domain.ID]int64{}, issued: map[domain.ID]domain.Date{},
	}
	plans := byID(tx, func(p domain.Plan) domain.ID { return p.ID })
	for _, e := range byID(tx, func(e domain.Enrolment) domain.ID { return e.ID }) {
		told.people[e.ID] = plans[e.PlanID].CitizenID
	}
	takenBack := byID(tx, func(r domain.Reversal) domain.ID { return r.RedemptionID })
	for _, r := range byID(tx, func(r domain.Redemption) domain.ID { return r.ID }) {
		if _, back := takenBack[r.ID]; !back && (told.used[r.VoucherID].IsZero() || r.CreatedAt.Before(told.used[r.VoucherID])) {
			told.used[r.VoucherID] = r.CreatedAt
		}
	}
	for _, p := range byID(tx, func(p ledger.Posting) domain.ID { return p.ID }) {
		switch {
		case p.Account == ledger.Lapsed:
			told.lapsed[*p.VoucherID] -= p.Amount
		case p.Account == ledger.Outstanding && p.Event == "issue":
			told.issued[*p.VoucherID] = p.BookedOn
		}
	}
	return told
}

// follow adds to its group what became of a voucher and of those after it.
func (l lives) follow(v domain.Voucher, group *lot) {
	first, gone := time.Time{}, int64(0)
	for each := v; ; each = l.vouchers[*each.ReplacedByID] {
		if at := l.used[each.ID]; !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
		gone += l.lapsed[each.ID]
		if each.ReplacedByID == nil {
			break
		}
	}
	award := l.awards[v.AwardID]
	person := l.people[award.EnrolmentID]
	group.amounts, group.people[person] = append(group.amounts, v.Amount), true
	group.toIssue = append(group.toIssue, seconds(award.CreatedAt, v.CreatedAt))
	if !first.IsZero() {
		group.toUse, group.usedPeople[person] = append(group.toUse, seconds(v.CreatedAt, first)), true
	}
	if gone != 0 {
		group.lapsed = append(group.lapsed, gone)
	}
}

// byID reads a whole table.
func byID[T any](tx *store.Tx, id func(T) domain.ID) map[domain.ID]T {
	rows := map[domain.ID]T{}
	for _, row := range must(store.All[T](tx, "")) {
		rows[id(row)] = row
	}
	return rows
}

// seconds is the time between two instants, none where the clock was set back.
func seconds(from, to time.Time) int64 {
	return max(0, int64(to.Sub(from).Round(time.Second).Seconds()))
}
