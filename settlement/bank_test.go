package settlement

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/settlement/camt"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

const shopAccount = "DK7550512000000018"

// byBank agrees with the first shop that it is paid to its account.
func (o office) byBank() {
	o.t.Helper()
	o.does(func(tx *store.Tx) error {
		return store.Change[domain.Partner](tx, map[string]any{"method": domain.ByBank, "iban": shopAccount}, store.Is("id", o.shops[0].ID))
	})
}

// filedRun is a run in which the first shop is paid 50 kr. by file and the second
// 7 kr. by invoice.
func (o office) filedRun() Run {
	o.t.Helper()
	o.byBank()
	o.redeemed(0, 2, 5000)
	o.redeemed(1, 2, 700)
	return o.filedBy(o.approved())
}

// said is a bank's CSV file with lines of the form "amount;end-to-end id;text", the
// amount in øre.
func said(lines ...string) BankFile {
	var b strings.Builder
	b.WriteString("Dato;Beløb;Saldo;End-to-end-ID;Tekst\n")
	balance := 0
	kroner := func(minor int) string {
		sign := ""
		if minor < 0 {
			sign, minor = "-", -minor
		}
		return fmt.Sprintf("%s%d,%02d", sign, minor/100, minor%100)
	}
	for _, line := range lines {
		amount := 0
		if _, err := fmt.Sscan(line[:strings.IndexByte(line, ';')], &amount); err != nil {
			panic(err)
		}
		balance += amount
		fmt.Fprintf(&b, "01-12-2026;%s;%s;%s\n", kroner(amount), kroner(balance), line[strings.IndexByte(line, ';')+1:])
	}
	return BankFile{Data: []byte(b.String()), Currency: "DKK"}
}

// returned is a bank's camt file in which a payment of 50 kr. came back.
func returned(number string) BankFile { return stated053("DK5000400440116243", "2026-12-01", number) }

// stated053 is the same of an account, as an IBAN or a number, on a day.
func stated053(account, day, number string) BankFile {
	id := "<Othr><Id>" + account + "</Id></Othr>"
	if strings.HasPrefix(account, "DK") {
		id = "<IBAN>" + account + "</IBAN>"
	}
	file := fmt.Appendf(nil, `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>%[1]s</Id><Acct><Id>%[3]s</Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="DKK">0</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-12-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="DKK">%[2]s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-12-01</Dt></Dt></Bal>
<Ntry><Amt Ccy="DKK">%[2]s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-12-01</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>%[1]s</EndToEndId></Refs><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>`, number, "50.00", id)
	return BankFile{Data: []byte(strings.ReplaceAll(string(file), "2026-12-01", day))}
}

// entered enters the municipality's account, if it is not.
func (o office) entered() {
	o.t.Helper()
	if now, err := o.PaymentSettings(o.t.Context(), o.maker); err != nil || now.Number == 0 {
		must(o.UpdatePaymentSettings(o.t.Context(), o.maker, 0, varde))
	}
}

func (o office) take(file BankFile) Taken {
	o.t.Helper()
	o.entered()
	a, err := o.TakeStatement(o.t.Context(), o.maker, store.Key{}, file)
	require.NoError(o.t, err)
	return a.Value
}

// entries gives the entries in a state, in the order of their files.
func (o office) entries(state string) []Entry {
	o.t.Helper()
	l, err := o.Entries(o.t.Context(), o.maker, store.Page{Limit: 99}, EntryFilter{State: state})
	require.NoError(o.t, err)
	for i, j := 0, len(l.Rows)-1; i < j; i, j = i+1, j-1 {
		l.Rows[i], l.Rows[j] = l.Rows[j], l.Rows[i]
	}
	return l.Rows
}

// What bears a settlement's number and amount is matched by itself, booked on the
// bank's day, and reconciles the run; what does not waits, with suggestions.
func TestStatementMatches(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.filedRun()
		first, second := o.of(run, 0), o.of(run, 1)
		taken := o.take(said("-5000;"+first.Number+";x", "-700;;Afregning "+second.Number, "-700;;Butik 2 ApS", "-700;;Jens Hansen, løn", "-1;"+second.Number+";x", "700;;Butik 2"))
		require.Equal(t, []int64{1, 5}, []int64{taken.Matched, taken.Unmatched})
		require.Equal(t, int64(6), taken.Statements[0].Entries)
		require.Equal(t, int64(-6401), taken.Statements[0].Closing)
		first = o.of(run, 0)
		require.Equal(t, domain.SettlementPaid, first.State)
		require.Equal(t, today, first.PaidOn)
		require.NotNil(t, first.ReconciledAt)
		require.Zero(t, o.owed(0))
		matched := o.entries(domain.EntryMatched)
		require.Len(t, matched, 1)
		require.True(t, matched[0].Paid)
		require.Equal(t, "system:bank statement", matched[0].DecidedBy)
		require.Empty(t, matched[0].Suggestions)

		waiting := o.entries(domain.EntryUnmatched)
		require.Len(t, waiting, 5)
		require.Equal(t, []Suggestion{{second.ID, second.Number, second.PartnerID, 700, domain.SettlementDue, "", []string{sameNumber, sameAmount, nearDate}}}, waiting[0].Suggestions)
		require.Equal(t, []string{sameAmount, sameName, nearDate}, waiting[1].Suggestions[0].Reasons)
		require.Equal(t, []string{sameAmount, nearDate}, waiting[2].Suggestions[0].Reasons)
		require.Empty(t, waiting[2].Text, "whom else the account pays is nobody's business here")
		require.Equal(t, []string{sameNumber, nearDate}, waiting[3].Suggestions[0].Reasons, "the number without the amount is a hint")
		require.Empty(t, waiting[4].Suggestions, "nothing of it was paid, so nothing can come back")

		_, err := o.MatchEntry(t.Context(), o.maker, store.Key{}, waiting[3].ID, second.ID)
		refused(t, err, "amount_differs")
		_, err = o.MatchEntry(t.Context(), o.maker, store.Key{}, waiting[4].ID, second.ID)
		refused(t, err, "not_paid")
		_, err = o.MatchEntry(t.Context(), o.maker, store.Key{}, waiting[0].ID, first.ID)
		refused(t, err, "amount_differs")
		done, err := o.MatchEntry(t.Context(), o.maker, store.Key{}, waiting[0].ID, second.ID)
		require.NoError(t, err)
		require.Equal(t, domain.EntryMatched, done.Value.State)
		require.Equal(t, domain.RunReconciled, must(o.Run(t.Context(), o.maker, run.ID)).State)
		require.Zero(t, o.owed(1))
		_, err = o.MatchEntry(t.Context(), o.maker, store.Key{}, waiting[1].ID, second.ID)
		refused(t, err, "already_matched")
	})
}

// The same file twice, or the same statement in another file, says so and changes
// nothing; the same request gets its first answer.
func TestStatementTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.filedRun()
		file := said("-5000;" + o.of(run, 0).Number + ";x")
		key := store.Key{Value: "k"}
		first, err := o.TakeStatement(t.Context(), o.maker, key, file)
		require.NoError(t, err)
		again, err := o.TakeStatement(t.Context(), o.maker, key, file)
		require.NoError(t, err)
		require.True(t, again.Replayed)
		require.Equal(t, first.Value.Statements[0].ID, again.Value.Statements[0].ID)
		_, err = o.TakeStatement(t.Context(), o.checker, store.Key{}, file)
		refused(t, err, "statement_known")
		o.take(returned(o.of(run, 0).Number))
		other := returned(o.of(run, 0).Number)
		other.Data = append(other.Data, '\n')
		_, err = o.TakeStatement(t.Context(), o.maker, store.Key{}, other)
		refused(t, err, "statement_known")
		file.Data = append(file.Data, '\n') // a CSV file does not say which statement it is: what is alike is shown
		require.Equal(t, int64(1), o.take(file).Unmatched)
		waiting := o.entries(domain.EntryUnmatched)
		require.Len(t, waiting, 1)
		require.Equal(t, []domain.ID{o.entries(domain.EntryMatched)[0].ID}, waiting[0].Alike)
		require.Empty(t, waiting[0].Suggestions)
	})
}

// A payment that came back, as the bank says, makes the settlement bounce: the
// partner is owed it again and the next run takes it.
func TestStatementReturns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.filedRun()
		number := o.of(run, 0).Number
		require.Equal(t, int64(0), o.take(returned(number)).Matched, "it is not paid yet")
		o.take(said("-5000;" + number + ";x"))
		waiting := o.entries(domain.EntryUnmatched)
		require.Len(t, waiting, 1)
		require.Equal(t, []string{sameNumber, sameAmount, nearDate}, waiting[0].Suggestions[0].Reasons)
		_, err := o.MatchEntry(t.Context(), o.maker, store.Key{}, waiting[0].ID, o.of(run, 0).ID)
		require.NoError(t, err)
		require.Equal(t, domain.SettlementBounced, o.of(run, 0).State)
		require.Equal(t, int64(5000), o.owed(0))
		next := o.of(o.drafted(), 0)
		require.Equal(t, int64(5000), next.CarriedIn)
	})
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.filedRun()
		number := o.of(run, 0).Number
		o.take(said("-5000;" + number + ";x"))
		require.Equal(t, int64(1), o.take(returned(number)).Matched)
		require.Equal(t, domain.SettlementBounced, o.of(run, 0).State)
	})
}

// Somebody says why an entry is about no settlement, and anybody of finance takes
// that, or a match, back.
func TestSetAsideAndUnmatch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.filedRun()
		paid := o.paid(run)
		require.Equal(t, domain.RunPaid, paid.State)
		o.take(said("-5000;"+o.of(run, 0).Number+";x", "-700;"+o.of(run, 1).Number+";y", "-250;;Gebyr"))
		require.Equal(t, domain.RunReconciled, must(o.Run(t.Context(), o.maker, run.ID)).State)
		fee := o.entries(domain.EntryUnmatched)[0]
		_, err := o.SetAside(t.Context(), o.maker, fee.ID, " ")
		refused(t, err, "validation_failed")
		aside, err := o.SetAside(t.Context(), o.maker, fee.ID, "gebyr til banken")
		require.NoError(t, err)
		require.Equal(t, "gebyr til banken", aside.Comment)
		_, err = o.SetAside(t.Context(), o.checker, fee.ID, "igen")
		refused(t, err, "already_decided")
		_, err = o.Unmatch(t.Context(), o.checker, fee.ID)
		require.NoError(t, err)
		_, err = o.Unmatch(t.Context(), o.checker, fee.ID)
		refused(t, err, "wrong_state")

		match := o.entries(domain.EntryMatched)[0]
		require.False(t, match.Paid, "it was booked before the bank said it")
		_, err = o.Unmatch(t.Context(), o.checker, match.ID)
		require.NoError(t, err)
		require.Equal(t, domain.RunPaid, must(o.Run(t.Context(), o.maker, run.ID)).State)
		require.Nil(t, o.of(run, 0).ReconciledAt)
		require.Equal(t, domain.SettlementPaid, o.of(run, 0).State)
		_, err = o.MatchEntry(t.Context(), o.checker, store.Key{}, match.ID, *match.SettlementID)
		require.NoError(t, err)
		require.Equal(t, domain.RunReconciled, must(o.Run(t.Context(), o.maker, run.ID)).State)
	})
}

// A match that booked the payment can be taken back: the booking stays, since the
// entry that is the payment may be another. If no entry is, the payment bounces, and the
// next run pays once.
func TestUnmatchWhatBooked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.filedRun()
		row := o.of(run, 0)
		o.take(said("-5000;"+row.Number+";x", "-5000;;y"))
		match := o.entries(domain.EntryMatched)[0]
		require.True(t, match.Paid)
		must(o.Unmatch(t.Context(), o.maker, match.ID))
		require.Equal(t, domain.SettlementPaid, o.of(run, 0).State)
		require.Equal(t, int64(5000), o.booked(0, ledger.Settled))
		for _, e := range o.entries(domain.EntryUnmatched) {
			if e.ID != match.ID {
				moved := must(o.MatchEntry(t.Context(), o.maker, store.Key{}, e.ID, row.ID))
				require.False(t, moved.Value.Paid, "it was booked by the first")
				must(o.Unmatch(t.Context(), o.maker, e.ID))
			}
		}
		require.Equal(t, int64(5000), o.booked(0, ledger.Settled), "booked once")
		must(o.Bounce(t.Context(), o.maker, store.Key{}, row.ID, Bounced{Reason: "aldrig betalt"}))
		require.Zero(t, o.booked(0, ledger.Settled))
		must(o.PayRun(t.Context(), o.maker, store.Key{}, run.ID, Paid{On: today}))
		next := o.uninvoiced()
		require.Equal(t, int64(5000), o.of(next, 0).Total)
		require.Empty(t, o.faults())
		require.Empty(t, o.bankDiffers())
	})
}

// A file that does not fit is taken not at all.
func TestStatementRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		for code, file := range map[string]BankFile{
			"file_invalid":      {Data: []byte("Dato;Beløb;Saldo\n01-12-2026;-1,00;9,00\n02-12-2026;-1,00;7,00\n"), Currency: "DKK"},
			"validation_failed": {Data: []byte("Dato;Beløb;Saldo\n01-12-2026;-1,00;9,00\n")},
			"heading_unknown":   {Data: []byte("Tid;Kr;Saldo\n01-12-2026;-1,00;9,00\n"), Currency: "DKK"},
			"file_not_xml":      {Data: []byte("<!DOCTYPE a><a/>")},
		} {
			_, err := o.TakeStatement(t.Context(), o.maker, store.Key{}, file)
			refused(t, err, code)
		}
		worker := o.maker
		worker.Role = domain.Caseworker
		_, err := o.TakeStatement(t.Context(), worker, store.Key{}, said("-1;;x"))
		require.Equal(t, domain.Forbidden, domain.KindOf(err))
		require.Empty(t, o.entries(""))
		named := BankFile{Data: []byte("Tid;Kr;Saldo\n01-12-2026;-1,00;9,00\n"), Currency: "DKK", Columns: camt.Columns{Date: "Tid", Amount: "Kr"}}
		require.Equal(t, int64(1), o.take(named).Unmatched)
	})
}

// Of any number who send the same file at once, or match the same entry or the same
// settlement, one does.
func TestRaceForTheBank(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.filedRun()
		row := o.of(run, 1)
		const tries = 8
		at := func(do func(n int) error) (done int) {
			var wait sync.WaitGroup
			results := make([]error, tries)
			for n := range tries {
				wait.Go(func() { results[n] = do(n) })
			}
			wait.Wait()
			for _, err := range results {
				if err == nil {
					done++
					continue
				}
				require.Equal(t, domain.Conflict, domain.KindOf(err), "%v", err)
			}
			return done
		}
		file := said("-5000;"+o.of(run, 0).Number+";x", "-700;;"+row.Number, "-700;;"+row.Number)
		require.Equal(t, 1, at(func(int) error {
			_, err := o.TakeStatement(t.Context(), o.maker, store.Key{}, file)
			return err
		}))
		require.Zero(t, o.owed(0))
		waiting := o.entries(domain.EntryUnmatched)
		require.Len(t, waiting, 2)
		require.Equal(t, 1, at(func(n int) error {
			_, err := o.MatchEntry(t.Context(), o.maker, store.Key{}, waiting[n%2].ID, row.ID)
			return err
		}))
		require.Zero(t, o.owed(1))
		left := o.entries(domain.EntryUnmatched)
		require.Len(t, left, 1)
		require.Equal(t, domain.RunReconciled, must(o.Run(t.Context(), o.maker, run.ID)).State)
		require.Equal(t, 1, at(func(int) error {
			_, err := o.SetAside(t.Context(), o.maker, left[0].ID, "to gange")
			return err
		}))
	})
}

// A statement of somebody else's account, or of a day that has not come, books
// nothing; one of an account that the municipality had before is taken.
func TestStatementOfAnotherAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		const number = "2026-0001-01"
		field := func(file BankFile) domain.FieldError {
			t.Helper()
			_, err := o.TakeStatement(t.Context(), o.maker, store.Key{}, file)
			require.Len(t, domain.FieldsOf(err), 1, "%v", err)
			return domain.FieldsOf(err)[0]
		}
		require.Equal(t, []string{"file", "no_account"}, []string{field(returned(number)).Field, field(returned(number)).Code})
		require.Equal(t, number, o.of(o.filedRun(), 0).Number)
		o.entered()
		other := field(stated053("DK1699951000000000", "2026-12-01", number))
		require.Equal(t, []string{"file", "other_account"}, []string{other.Field, other.Code})
		require.Contains(t, other.Message, "DK1699951000000000")
		require.Contains(t, other.Message, "PUT /v1/payment-settings")
		require.Equal(t, "in_future", field(stated053("DK5000400440116243", "2026-12-02", number)).Code)
		late := said("-5000;" + number + ";x")
		late.Data = []byte(strings.ReplaceAll(string(late.Data), "01-12-2026", "02-12-2026"))
		require.Equal(t, "in_future", field(late).Code)
		require.Empty(t, o.entries(""))
		moved := varde
		moved.IBAN = "DK9520000123456789"
		must(o.UpdatePaymentSettings(t.Context(), o.maker, 1, moved))
		o.take(stated053("00400440116243", "2026-12-01", number))
		require.Len(t, o.entries(""), 1)
	})
}

// Money that the bank says went to another account than was approved, or before the
// run was approved, is matched with nothing by itself.
func TestPaidElsewhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.filedRun()
		first := o.of(run, 0)
		entry := func(day, account string) BankFile {
			return BankFile{Currency: "DKK", Data: fmt.Appendf(nil, "Dato;Beløb;Saldo;End-to-end-ID;Tekst;Navn;IBAN\n%s;-50,00;0,00;%s;x;Bageren;%s\n", day, first.Number, account)}
		}
		require.Zero(t, o.take(entry("01-12-2026", "GB33BUKB20201555555555")).Matched)
		require.Zero(t, o.take(entry("01-01-1990", first.IBAN)).Matched)
		require.Nil(t, o.of(run, 0).ReconciledAt)
		waiting := o.entries("unmatched")
		require.Len(t, waiting, 2)
		slices.SortFunc(waiting, func(a, b Entry) int { return strings.Compare(a.BookedOn.String(), b.BookedOn.String()) })
		early, elsewhere := waiting[0], waiting[1]
		require.Contains(t, elsewhere.Suggestions[0].Reasons, OtherAccount)
		require.NotContains(t, early.Suggestions[0].Reasons, OtherAccount)
		_, err := o.MatchEntry(t.Context(), o.maker, store.Key{}, early.ID, first.ID)
		require.Equal(t, "before_approval", domain.CodeOf(err))
		require.EqualValues(t, 1, o.take(entry("01-12-2026", first.IBAN)).Matched)
	})
}
