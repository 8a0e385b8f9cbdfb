package settlement

import (
	"bytes"
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/statement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// The statement of what was corrected says what the shop has: paid on the bank's day, or
// on the day on which it was said to be, unless it came back then.
func TestStatementOfCorrected(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.reversedRun()
		row := o.of(run, 0)
		says := func() statement.Payment {
			return must(o.Statement(t.Context(), o.maker, row.ID, StatementPDF, statement.Danish)).Payment
		}
		require.Equal(t, statement.Payment{ExecuteOn: run.ExecuteOn, Reversed: true}, says())
		o.take(said("-5000;" + row.Number + ";x"))
		o.match(o.waits(), row)
		require.Equal(t, statement.Payment{ExecuteOn: run.ExecuteOn, PaidOn: today}, says())
		o.take(returned(row.Number))
		require.Equal(t, statement.Payment{ExecuteOn: run.ExecuteOn, Reversed: true}, says())
	})
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.filedRun()
		row := o.of(run, 0)
		o.paid(run)
		must(o.Bounce(t.Context(), o.maker, store.Key{}, row.ID, Bounced{Reason: "retur"}))
		says := func() statement.Payment {
			return must(o.Statement(t.Context(), o.maker, row.ID, StatementPDF, statement.Danish)).Payment
		}
		require.True(t, says().Returned)
		must(o.Unbounce(t.Context(), o.checker, store.Key{}, row.ID, "det var en anden"))
		require.Equal(t, statement.Payment{ExecuteOn: run.ExecuteOn, PaidOn: today}, says())
	})
}

// What a settlement carried in is what those that are listed as carried into it left,
// and their corrections.
func TestCarriedInAddsUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		row := o.of(o.reversedRun(), 0)
		o.take(said("-5000;" + row.Number + ";x"))
		o.paid(o.filedBy(o.approved()))
		o.match(o.waits(), row)
		o.redeemed(0, 3, 900)
		next := o.of(o.approved(), 0)
		require.Equal(t, int64(-5000), next.CarriedIn)
		sum := int64(0)
		for _, earlier := range must(o.Settlements(t.Context(), o.maker, store.Page{Limit: 9}, Filter{CarriedIntoID: next.ID})).Rows {
			if *earlier.CarriedIntoID == next.ID {
				sum += earlier.Total
			}
			for _, c := range earlier.Corrections {
				if *c.CarriedIntoID == next.ID {
					sum += c.Amount
				}
			}
		}
		require.Equal(t, next.CarriedIn, sum)
		story := must(o.SettlementStory(t.Context(), o.maker, next.ID, store.Page{Limit: 9}))
		require.Len(t, story.From, 1)
		require.Equal(t, row.ID, story.From[0].ID)
	})
}

// Who had a hand in what a correction brings back neither drafts nor approves the run
// that pays it again, and it is found where they did.
func TestHandsOnWhatCameBack(t *testing.T) {
	spoilable(t, func(t *testing.T, o office, raw *sql.DB) {
		run := o.filedRun()
		row := o.of(run, 0)
		o.paid(run)
		back := Bounced{Reason: "retur"}
		must(o.Bounce(t.Context(), o.maker, store.Key{}, row.ID, back))
		o.paid(o.filedBy(o.approved()))
		must(o.Unbounce(t.Context(), o.checker, store.Key{}, row.ID, "det var en anden"))
		o.redeemed(0, 3, 6000)
		o.paid(o.filedBy(o.approved()))
		must(o.Bounce(t.Context(), o.maker, store.Key{}, row.ID, back))
		own := o.maker
		own.Person = worker
		_, err := o.DraftRun(t.Context(), own, store.Key{}, november)
		refused(t, err, "own_record")
		last := o.approved()
		require.Equal(t, int64(5000), o.of(last, 0).Total)
		o.sound()
		_, err = raw.ExecContext(t.Context(), "UPDATE vouchers SET issued_by = 'ml@varde.dk' WHERE id = '"+o.voucher.ID.String()+"'")
		require.NoError(t, err)
		require.Contains(t, strings.Join(o.faults(), "\n"), "settlement run "+last.ID.String()+": is made or approved by who issued")
	})
}

// A file with a return whose money is in another run does not wait for somebody who has
// that run and waits for the file's: runs are locked in their order.
func TestFileLocksInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		row := o.of(o.reversedRun(), 0)
		o.take(said("-5000;" + row.Number + ";x"))
		o.match(o.waits(), row)
		o.redeemed(0, 3, 900)
		second := o.uninvoiced()
		o.redeemed(0, 4, 5000)
		third := o.filedBy(o.approved())
		file := returned(row.Number)
		const end = "</Stmt></BkToCstmrStmt>"
		debit := strings.NewReplacer("<CdtDbtInd>CRDT", "<CdtDbtInd>DBIT", row.Number, o.of(third, 0).Number).Replace(string(file.Data[bytes.Index(file.Data, []byte("<Ntry>")):bytes.Index(file.Data, []byte(end))]))
		debit = debit[:strings.Index(debit, "<RtrInf>")] + debit[strings.Index(debit, "</RtrInf>")+len("</RtrInf>"):]
		file.Data = bytes.Replace(bytes.Replace(file.Data, []byte(end), []byte(debit+end), 1), []byte("CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"DKK\">50.00"), []byte("CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"DKK\">0"), 1)
		taken := make(chan error, 1)
		o.does(func(tx *store.Tx) error {
			if _, err := store.GetLocked[domain.SettlementRun](tx, second.ID); err != nil {
				return err
			}
			go func() {
				_, err := o.TakeStatement(context.WithoutCancel(t.Context()), o.maker, store.Key{}, file)
				taken <- err
			}()
			time.Sleep(time.Second) // until it waits for one of the two
			_, err := store.GetLocked[domain.SettlementRun](tx, third.ID)
			return err
		})
		require.NoError(t, <-taken)
		require.Len(t, o.corrections(row), 2)
		require.Equal(t, domain.SettlementPaid, o.of(third, 0).State)
		o.sound()
	})
}
