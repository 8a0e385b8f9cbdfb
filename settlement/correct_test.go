package settlement

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// reversedRun is a run whose file was made, and which was reversed.
func (o office) reversedRun() Run {
	o.t.Helper()
	run := o.filedRun()
	return must(o.ReverseRun(o.t.Context(), o.maker, store.Key{}, run.ID, "forkert fil")).Value
}

// waits gives the entry that waits alone.
func (o office) waits() Entry {
	o.t.Helper()
	list := o.entries(domain.EntryUnmatched)
	require.Len(o.t, list, 1)
	return list[0]
}

func (o office) match(e Entry, row domain.Settlement) domain.BankEntry {
	o.t.Helper()
	return must(o.MatchEntry(o.t.Context(), o.maker, store.Key{}, e.ID, row.ID)).Value
}

func (o office) corrections(row domain.Settlement) []domain.SettlementCorrection {
	o.t.Helper()
	return must(o.Settlement(o.t.Context(), o.maker, row.ID)).Corrections
}

// sound demands that nothing differs from what happened.
func (o office) sound() {
	o.t.Helper()
	require.Empty(o.t, o.faults())
	require.Empty(o.t, o.bankDiffers())
}

// What the bank paid though its run was reversed is suggested and not matched by
// itself; matched, it is booked, and the next run pays the shop only what is new.
func TestReversedIsPaidAfterAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		row := o.of(o.reversedRun(), 0)
		require.Zero(t, o.take(said("-5000;"+row.Number+";x")).Matched)
		require.Equal(t, []Suggestion{{row.ID, row.Number, row.PartnerID, 5000, domain.SettlementReversed, "", []string{sameNumber, sameAmount, nearDate}}}, o.waits().Suggestions)
		require.True(t, o.match(o.waits(), row).Paid)
		require.Equal(t, int64(5000), o.booked(0, ledger.Settled))
		require.Zero(t, o.owed(0))
		correction := o.corrections(row)
		require.Len(t, correction, 1)
		require.Equal(t, []any{domain.PaidAfterAll, int64(-5000), today, "ml@varde.dk"}, []any{correction[0].Cause, correction[0].Amount, correction[0].HappenedOn, correction[0].MadeBy})
		o.sound()
		again := said("-5000;"+row.Number+";x", "-1;;y")
		o.take(again)
		_, err := o.MatchEntry(t.Context(), o.maker, store.Key{}, o.entries(domain.EntryUnmatched)[0].ID, row.ID)
		refused(t, err, "already_matched")
		o.redeemed(0, 3, 900)
		next := o.of(o.uninvoiced(), 0)
		require.Equal(t, []int64{0, 900}, []int64{next.CarriedIn, next.Total})
		o.sound()
	})
}

// Where the next run has it already, its draft is made again, its file is not made,
// and what is paid twice all the same is taken off in the run after it.
func TestReversedIsPaidWhileCarried(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		row := o.of(o.reversedRun(), 0)
		o.entered()
		o.take(said("-5000;" + row.Number + ";x"))
		draft := o.drafted()
		o.match(o.waits(), row)
		_, err := o.ApproveRun(t.Context(), o.checker, store.Key{}, draft.ID, 0)
		refused(t, err, "draft_outdated")
		must(o.RemakeRun(t.Context(), o.maker, store.Key{}, draft.ID, Period{}))
		must(o.ApproveRun(t.Context(), o.checker, store.Key{}, draft.ID, 0))
		require.Equal(t, int64(700), must(o.Run(t.Context(), o.maker, draft.ID)).Sum.Payable, "the other shop's")
		o.sound()
	})
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		row := o.of(o.reversedRun(), 0)
		o.entered()
		o.take(said("-5000;" + row.Number + ";x"))
		o.redeemed(0, 3, 900)
		second := o.uninvoiced()
		twice := o.of(second, 0)
		require.Equal(t, int64(5900), twice.Total)
		require.Equal(t, twice.Number, o.waits().Suggestions[0].CarriedInto)
		o.match(o.waits(), row)
		_, err := o.FileRun(t.Context(), o.maker, store.Key{}, second.ID, today)
		refused(t, err, "paid_already")
		must(o.ReverseRun(t.Context(), o.maker, store.Key{}, second.ID, "betalt allerede"))
		third := o.uninvoiced()
		require.Equal(t, int64(900), o.of(third, 0).Total)
		must(o.FileRun(t.Context(), o.maker, store.Key{}, third.ID, today))
		o.paid(third)
		require.Zero(t, o.owed(0))
		require.Equal(t, int64(5900), o.booked(0, ledger.Settled))
		o.sound()
	})
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		row := o.of(o.reversedRun(), 0)
		o.paid(o.filedBy(o.approved()))
		o.take(said("-5000;" + row.Number + ";x"))
		o.match(o.waits(), row)
		require.Equal(t, int64(-5000), o.owed(0), "it was paid twice")
		o.redeemed(0, 3, 900)
		require.Equal(t, int64(-4100), o.of(o.approved(), 0).Total, "and is taken off")
		o.sound()
		o.redeemed(0, 4, 5000)
		o.paid(o.filedBy(o.approved()))
		require.Zero(t, o.owed(0))
		o.sound()
	})
}

// A return of what was paid after all adds it again; taking the match back leaves the
// booking, which can be undone.
func TestPaidAfterAllComesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		row := o.of(o.reversedRun(), 0)
		require.Zero(t, o.take(returned(row.Number)).Matched)
		_, err := o.MatchEntry(t.Context(), o.maker, store.Key{}, o.waits().ID, row.ID)
		refused(t, err, "not_paid")
		o.take(said("-5000;" + row.Number + ";x"))
		paid := o.entries(domain.EntryUnmatched)[1]
		o.match(paid, row)
		must(o.Unmatch(t.Context(), o.maker, paid.ID))
		require.False(t, o.match(paid, row).Paid, "it is booked once")
		o.match(o.waits(), row)
		require.Equal(t, int64(5000), o.owed(0))
		require.Len(t, o.corrections(row), 2)
		o.sound()
		require.Equal(t, int64(5000), o.of(o.drafted(), 0).Total)
		o.sound()
	})
}

// The file of a reversed run is fetched only by who says that it is known.
func TestFileOfReversedRun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.entered()
		o.byBank()
		o.redeemed(0, 2, 5000)
		run := o.approved()
		must(o.FileRun(t.Context(), o.maker, store.Key{}, run.ID, today))
		must(o.PaymentFile(t.Context(), o.maker, run.ID, false))
		must(o.ReverseRun(t.Context(), o.maker, store.Key{}, run.ID, "forkert dag"))
		_, err := o.PaymentFile(t.Context(), o.maker, run.ID, false)
		refused(t, err, "run_reversed")
		require.ErrorContains(t, err, "forkert dag")
		require.NotEmpty(t, must(o.PaymentFile(t.Context(), o.maker, run.ID, true)).Document)
	})
}

// What somebody says came back is matched with the bank's own return when that comes.
func TestBounceByHandThenByBank(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.filedRun()
		row := o.of(run, 0)
		o.take(said("-5000;" + row.Number + ";x"))
		_, err := o.Bounce(t.Context(), o.maker, store.Key{}, row.ID, Bounced{Reason: "banken ringede"})
		refused(t, err, "reconciled")
		bounced := must(o.Bounce(t.Context(), o.maker, store.Key{}, row.ID, Bounced{Reason: "banken ringede", AlthoughReconciled: true})).Value
		require.Equal(t, []any{o.now(), "ml@varde.dk", "banken ringede"}, []any{*bounced.BouncedAt, bounced.BouncedBy, bounced.BouncedBecause})
		require.Equal(t, int64(1), o.take(returned(row.Number)).Matched)
		require.Equal(t, int64(5000), o.owed(0), "once")
		o.sound()
		other := returned(row.Number)
		other.Data = []byte(strings.ReplaceAll(string(other.Data), "<Stmt><Id>", "<Stmt><Id>2-"))
		o.take(other)
		require.Empty(t, o.waits().Suggestions)
		_, err = o.MatchEntry(t.Context(), o.maker, store.Key{}, o.waits().ID, row.ID)
		refused(t, err, "already_matched")
		_, err = o.Unbounce(t.Context(), o.maker, store.Key{}, row.ID, "kom ikke")
		refused(t, err, "return_booked")
	})
}

// Who said by mistake that a payment came back says that it did not: the shop has its
// money, once, also when the next run has been paid meanwhile.
func TestUnbounce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.filedRun()
		row := o.of(run, 0)
		_, err := o.Unbounce(t.Context(), o.maker, store.Key{}, row.ID, "nej")
		refused(t, err, "wrong_state")
		o.paid(run)
		must(o.Bounce(t.Context(), o.maker, store.Key{}, row.ID, Bounced{Reason: "retur"}))
		must(o.Unbounce(t.Context(), o.checker, store.Key{}, row.ID, "det var en anden"))
		require.Zero(t, o.owed(0))
		o.sound()
		_, err = o.Unbounce(t.Context(), o.checker, store.Key{}, row.ID, "igen")
		refused(t, err, "wrong_state")
		require.Equal(t, domain.NotReturned, o.corrections(row)[0].Cause)
		o.take(returned(row.Number)) // it came back after all
		require.Len(t, o.corrections(row), 2)
		require.Equal(t, int64(5000), o.owed(0))
		o.sound()
		next := o.filedBy(o.approved())
		require.Equal(t, int64(5000), o.of(next, 0).Total)
		o.paid(next)
		require.Zero(t, o.owed(0))
		o.sound()
	})
}

// A correction that was changed behind the books is found.
func TestVerifyCorrections(t *testing.T) {
	spoilable(t, func(t *testing.T, o office, raw *sql.DB) {
		row := o.of(o.reversedRun(), 0)
		o.take(said("-5000;" + row.Number + ";x"))
		o.match(o.waits(), row)
		o.redeemed(0, 3, 900)
		next := o.of(o.approved(), 0)
		o.sound()
		correction := o.corrections(row)[0]
		for name, statement := range map[string]string{
			"its amount":         "UPDATE settlement_corrections SET amount = -4000",
			"its cause":          "UPDATE settlement_corrections SET cause = 'not_returned'",
			"its partner":        "UPDATE settlement_corrections SET partner_id = '" + o.shops[1].ID.String() + "'",
			"its number":         "UPDATE settlement_corrections SET number = 3",
			"who made it":        "UPDATE settlement_corrections SET made_by = 'x@varde.dk'",
			"it is gone":         "DELETE FROM settlement_corrections",
			"it is not taken":    "UPDATE settlement_corrections SET carried_into_id = NULL",
			"taken by another's": fmt.Sprintf("UPDATE settlement_corrections SET carried_into_id = '%s'", o.of(must(o.Run(t.Context(), o.maker, next.RunID)), 1).ID),
			"its booking":        fmt.Sprintf("DELETE FROM ledger_postings WHERE reference_id = '%s'", correction.ID),
			"what took it":       fmt.Sprintf("UPDATE settlements SET carried_in = carried_in + 5, total = total + 5 WHERE id = '%s'", next.ID),
		} {
			tried(t, o, raw, name, statement, "")
		}
		o.sound()
	})
}

// spoilable runs a test on each database with an office and a connection that no
// guard of the database stops.
func spoilable(t *testing.T, test func(t *testing.T, o office, raw *sql.DB)) {
	t.Helper()
	for _, dialect := range storetest.Dialects {
		t.Run(dialect.Name, func(t *testing.T) {
			t.Parallel()
			address := dialect.URL(t)
			o := newOffice(t, storetest.Open(t, address))
			test(t, o, unguarded(t, address, dialect.Name))
		})
	}
}
