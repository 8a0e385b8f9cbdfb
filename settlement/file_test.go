package settlement

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/statement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

var varde = PayerInput{Name: "Varde Kommune", IBAN: "DK50 0040 0440 1162 43", BIC: "DABADKKK", CVR: "12345674", GLN: "5798000000001"}

// banked has the first shop paid to an account from now on.
func (o office) banked(iban string) {
	o.t.Helper()
	o.does(func(tx *store.Tx) error {
		return store.Change[domain.Partner](tx, map[string]any{"method": domain.ByBank, "iban": iban}, store.Is("id", o.shops[0].ID))
	})
}

// A settlement that goes to another account than the last payment says so, also where
// that payment came back.
func TestAccountChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.byBank()
		o.redeemed(0, 2, 5000)
		first := o.filedBy(o.approved())
		require.False(t, o.of(first, 0).AccountChanged, "it was never paid before")
		o.paid(first)
		o.banked("DK3820005555123456")
		o.redeemed(0, 3, 100)
		second := o.drafted()
		require.True(t, o.of(second, 0).AccountChanged)
		must(o.Bounce(t.Context(), o.maker, store.Key{}, o.of(first, 0).ID, Bounced{Reason: "konto lukket"}))
		second = must(o.RemakeRun(t.Context(), o.maker, store.Key{}, second.ID, Period{})).Value
		require.True(t, o.of(second, 0).AccountChanged)
		require.Equal(t, int64(5100), o.of(second, 0).Total)
		o.banked(shopAccount)
		second = must(o.RemakeRun(t.Context(), o.maker, store.Key{}, second.ID, Period{})).Value
		require.False(t, o.of(second, 0).AccountChanged)
	})
}

func fields(err error) (names []string) {
	for _, f := range domain.FieldsOf(err) {
		names = append(names, f.Field+" "+f.Code)
	}
	return names
}

func TestPaymentSettings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		p, err := o.PaymentSettings(t.Context(), o.maker)
		require.NoError(t, err)
		require.Zero(t, p, "nobody has said it yet")
		_, err = o.UpdatePaymentSettings(t.Context(), o.maker, 0, PayerInput{Name: "商", IBAN: "DK1", BIC: "x", CVR: "1", GLN: "2", Agreement: "æ"})
		require.Equal(t, []string{"iban not_an_iban", "bic not_a_bic", "gln not_a_gln", "name unreadable", "cvr invalid", "agreement invalid"}, fields(err))
		p, err = o.UpdatePaymentSettings(t.Context(), o.maker, 0, varde)
		require.NoError(t, err)
		require.Equal(t, []any{1, "DK5000400440116243", "ml@varde.dk"}, []any{p.Number, p.IBAN, p.ChangedBy})
		_, err = o.UpdatePaymentSettings(t.Context(), o.checker, 0, varde)
		refused(t, err, "stale")
		p, err = o.UpdatePaymentSettings(t.Context(), o.checker, 1, varde)
		require.NoError(t, err)
		require.Equal(t, 2, p.Number)
		shop := domain.Actor{MunicipalityID: o.home, Person: "x", Role: domain.PartnerRole}
		_, err = o.PaymentSettings(t.Context(), shop)
		require.Equal(t, domain.Forbidden, domain.KindOf(err))
	})
}

func TestFileRun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.banked("DK5000400440116243")
		o.redeemed(0, 3, 12_345)
		o.takenBack(o.redeemed(0, 4, 1_000), 5)
		o.redeemed(1, 6, 7_000) // by invoice
		draft := o.drafted()
		_, err := o.FileRun(t.Context(), o.maker, store.Key{}, draft.ID, today)
		refused(t, err, "wrong_state")
		run, err := o.ApproveRun(t.Context(), o.checker, store.Key{}, draft.ID, 0)
		require.NoError(t, err)
		id := run.Value.ID
		_, err = o.PaymentFile(t.Context(), o.maker, id, false)
		refused(t, err, "not_found")
		for on, want := range map[domain.Date]string{{}: "execute_on required", today.AddDays(-1): "execute_on in_past", today.AddDays(91): "execute_on too_late", today.AddDays(4): "execute_on no_bank_day", {Year: 2026, Month: 12, Day: 24}: "execute_on no_bank_day"} {
			_, err = o.FileRun(t.Context(), o.maker, store.Key{}, id, on)
			require.Equal(t, []string{want}, fields(err))
		}
		_, err = o.FileRun(t.Context(), o.maker, store.Key{}, id, today)
		require.Equal(t, []string{"payment_settings required"}, fields(err))
		_, err = o.UpdatePaymentSettings(t.Context(), o.maker, 0, varde)
		require.NoError(t, err)

		key := store.Key{Value: "file-it"}
		filed, err := o.FileRun(t.Context(), o.maker, key, id, today.AddDays(2))
		require.NoError(t, err)
		require.Equal(t, []any{domain.RunFiled, "ml@varde.dk", today.AddDays(2)}, []any{filed.Value.State, filed.Value.FiledBy, filed.Value.ExecuteOn})
		require.LessOrEqual(t, len(filed.Value.MessageID), 35)
		file, err := o.PaymentFile(t.Context(), o.checker, id, false)
		require.NoError(t, err)
		require.Equal(t, []int64{1, 12_345}, []int64{file.Payments, file.Amount}, "who sends an invoice is not in it")
		for _, part := range []string{
			"<MsgId>" + filed.Value.MessageID + "</MsgId>", "<CreDtTm>2026-12-01T09:00:00Z</CreDtTm>", "<CtrlSum>123.45</CtrlSum>", "<Dt>2026-12-03</Dt>", "<Nm>Butik 1</Nm>",
			"<EndToEndId>" + o.of(filed.Value, 0).Number + "</EndToEndId>", "<Ustrd>Afregning " + o.of(filed.Value, 0).Number + "</Ustrd>",
		} {
			require.Contains(t, file.Document, part)
		}
		require.NotContains(t, file.Document, o.voucher.Serial)

		// Whatever changes after it, the file is the file.
		o.set(o.now().Add(48 * time.Hour))
		o.banked("DE89370400440532013000")
		o.does(func(tx *store.Tx) error {
			return store.Change[domain.Partner](tx, map[string]any{"name": "Andet"}, store.Is("id", o.shops[0].ID))
		})
		_, err = o.UpdatePaymentSettings(t.Context(), o.maker, 1, PayerInput{Name: "Ny", IBAN: "DE89370400440532013000", BIC: "COBADEFF", CVR: "12345674"})
		require.NoError(t, err)
		replayed, err := o.FileRun(t.Context(), o.maker, key, id, today.AddDays(2))
		require.NoError(t, err)
		require.Equal(t, filed.Value.MessageID, replayed.Value.MessageID)
		again, err := o.FileRun(t.Context(), o.checker, store.Key{}, id, today.AddDays(2))
		require.NoError(t, err)
		require.Equal(t, filed.Value.MessageID, again.Value.MessageID)
		_, err = o.FileRun(t.Context(), o.checker, store.Key{}, id, today.AddDays(5))
		refused(t, err, "already_filed")
		same, err := o.PaymentFile(t.Context(), o.maker, id, false)
		require.NoError(t, err)
		require.Equal(t, file, same)
	})
}

func TestFileRunRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		_, err := o.UpdatePaymentSettings(t.Context(), o.maker, 0, varde)
		require.NoError(t, err)
		o.redeemed(1, 6, 7_000)
		run := o.approved()
		_, err = o.FileRun(t.Context(), o.maker, store.Key{}, run.ID, today)
		refused(t, err, "nothing_to_file")

		o = newOffice(t, s)
		_, err = o.UpdatePaymentSettings(t.Context(), o.maker, 0, varde)
		require.NoError(t, err)
		o.does(func(tx *store.Tx) error {
			return store.Change[domain.Partner](tx, map[string]any{"name": "商店", "method": domain.ByBank, "iban": "DK5000400440116243"}, store.Is("id", o.shops[0].ID))
		})
		o.redeemed(0, 6, 7_000)
		run = o.approved()
		_, err = o.FileRun(t.Context(), o.maker, store.Key{}, run.ID, today)
		require.Equal(t, []string{"settlements[" + o.of(run, 0).Number + "].name required"}, fields(err))
		_, err = o.PaymentFile(t.Context(), o.maker, run.ID, false)
		refused(t, err, "not_found")
	})
}

// Two who make the file at once get the same one.
func TestFileRunRace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.banked("DK5000400440116243")
		_, err := o.UpdatePaymentSettings(t.Context(), o.maker, 0, varde)
		require.NoError(t, err)
		o.redeemed(0, 6, 7_000)
		run := o.approved()
		var all sync.WaitGroup
		var said [8]string
		for i := range said {
			all.Go(func() {
				made, err := o.FileRun(t.Context(), []domain.Actor{o.maker, o.checker}[i%2], store.Key{Value: fmt.Sprint("key-", i)}, run.ID, today)
				said[i] = fmt.Sprint(made.Value.MessageID, err)
			})
		}
		all.Wait()
		for _, message := range said {
			require.Equal(t, said[0], message)
			require.Contains(t, message, "<nil>")
		}
	})
}

func TestStatement(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.redeemed(0, 3, 12_345)
		back := o.redeemed(0, 4, 1_000)
		o.takenBack(back, 5)
		o.redeemed(1, 6, 7_000)
		draft := o.drafted()
		id := o.of(draft, 0).ID
		owner := domain.Actor{MunicipalityID: o.home, Person: "butik", Role: domain.PartnerRole, Partner: o.shops[0]}
		rival := domain.Actor{MunicipalityID: o.home, Person: "rival", Role: domain.PartnerRole, Partner: o.shops[1]}
		_, err := o.Statement(t.Context(), owner, id, StatementCSV, statement.Danish)
		refused(t, err, "not_found") // a draft is finance's
		f, err := o.Statement(t.Context(), o.maker, id, StatementPDF, statement.Danish)
		require.NoError(t, err)
		require.True(t, f.Draft)
		_, err = o.ApproveRun(t.Context(), o.checker, store.Key{}, draft.ID, 0)
		require.NoError(t, err)
		_, err = o.Statement(t.Context(), rival, id, StatementCSV, statement.Danish)
		refused(t, err, "not_found")

		f, err = o.Statement(t.Context(), owner, id, StatementCSV, statement.English)
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, f.Write(&out))
		number := f.Number
		serial := o.voucher.Serial
		require.Equal(t, "\xef\xbb\xbfStatement,Kind,Date,Time,Branch,Till,Receipt,Voucher,Amount,Currency\r\n"+strings.Join([]string{
			number + ",Redeemed,2026-11-03,13:00,Torvet,Kasse 1,1," + serial + ",123.45,DKK",
			number + ",Redeemed,2026-11-04,13:00,Torvet,Kasse 1,2," + serial + ",10.00,DKK",
			number + ",Reversed,2026-11-05,14:00,Torvet,Kasse 1,2," + serial + ",-10.00,DKK",
			number + ",Total,,,,,,,123.45,DKK",
		}, "\r\n")+"\r\n", out.String())
		f, err = o.Statement(t.Context(), owner, id, StatementPDF, statement.Danish)
		require.NoError(t, err)
		require.Equal(t, []any{false, "Butik 1", today, int64(12_345), statement.Part{Lines: 2, Amount: 13_345}, statement.Part{Lines: 1, Amount: -1_000}},
			[]any{f.Draft, f.Partner, f.MadeOn, f.Total, f.Redemptions, f.Reversals})
		out.Reset()
		require.NoError(t, f.Write(&out))
		require.True(t, bytes.HasPrefix(out.Bytes(), []byte("%PDF-")))
	})
}
