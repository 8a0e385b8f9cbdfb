package settlement

import (
	"crypto/sha256"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// office is a finance department on Tuesday 1 December 2026, 10:00 at the site,
// with two shops, a till in each, and a voucher of 1.000.000 kr. to spend.
type office struct {
	*Service
	t       testing.TB
	at      *atomic.Pointer[time.Time]
	home    domain.ID
	maker   domain.Actor
	checker domain.Actor
	shops   [2]domain.Partner
	tills   [2]domain.Terminal
	voucher domain.Voucher
	number  *atomic.Int64
}

var november = Period{From: domain.Date{Year: 2026, Month: 11, Day: 1}, To: domain.Date{Year: 2026, Month: 11, Day: 30}}

var today = domain.Date{Year: 2026, Month: 12, Day: 1}

// worker records what awards rest on.
const worker = "cw@varde.dk"

func newOffice(t testing.TB, s *store.Store) office {
	t.Helper()
	o := office{t: t, at: &atomic.Pointer[time.Time]{}, home: store.NewID(), number: &atomic.Int64{}}
	o.set(time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC))
	o.Service = New(s, func() time.Time { return *o.at.Load() })
	finance := func(person string) domain.Actor {
		return domain.Actor{MunicipalityID: o.home, TokenID: store.NewID(), Person: person, Role: domain.Finance}
	}
	o.maker, o.checker = finance("Ml@varde.dk"), finance("ak@varde.dk")
	long := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	rows := []any{&domain.Municipality{MunicipalityID: o.home, Name: "Varde " + o.home.String(), TimeZone: "Europe/Copenhagen", Limits: domain.Limits{MostPerVoucher: 1, MostPerHour: 1, MostPerDay: 1}, Version: 1, CreatedAt: long}}
	for i := range o.shops {
		o.shops[i] = domain.Partner{MunicipalityID: o.home, ID: store.NewID(), Name: fmt.Sprint("Butik ", i+1), CVR: "12345674", Categories: domain.Strings{"groceries"}, State: "active",
			Contract: domain.Contract{ContractFrom: domain.Date{Year: 2026, Month: 1, Day: 1}}, Payment: domain.Payment{Method: domain.ByInvoice}, Version: 1, CreatedAt: long}
		branch := &domain.Branch{MunicipalityID: o.home, ID: store.NewID(), PartnerID: o.shops[i].ID, Name: "Torvet", Version: 1, CreatedAt: long}
		o.tills[i] = domain.Terminal{MunicipalityID: o.home, ID: store.NewID(), PartnerID: o.shops[i].ID, BranchID: branch.ID, Label: "Kasse 1", State: domain.TerminalActive, Version: 1, CreatedAt: long}
		rows = append(rows, &o.shops[i], branch, &o.tills[i])
	}
	o.voucher = o.issued(100_000_000)
	o.writes(append(rows, &o.voucher)...)
	return o
}

func (o office) set(at time.Time) { o.at.Store(&at) }

// issued makes a voucher without storing it.
func (o office) issued(amount int64) domain.Voucher {
	at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	id := store.NewID()
	return domain.Voucher{
		MunicipalityID: o.home, ID: id, Serial: id.String(), AwardID: store.NewID(), UnitID: store.NewID(), ProgrammeID: store.NewID(), VersionID: store.NewID(), Amount: amount, Balance: amount, Currency: "DKK",
		State: domain.Issued, ValidFrom: at, ValidTo: at.AddDate(2, 0, 0), Partial: true, Categories: domain.Strings{}, Excluded: domain.Strings{}, KeyID: 1, LookupHash: id[:], IssuedBy: worker, Version: 1, CreatedAt: at,
	}
}

// writes stores rows.
func (o office) writes(rows ...any) {
	o.t.Helper()
	o.does(func(tx *store.Tx) error { return tx.Append(rows...) })
}

// does runs fn in a transaction that leaves an audit entry.
func (o office) does(fn func(tx *store.Tx) error) {
	o.t.Helper()
	require.NoError(o.t, o.store.Write(o.t.Context(), o.maker, func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Audit("test", "town", o.home, o.now(), nil)
	}))
}

// redeemed lets a shop take an amount of the voucher on a day of November, and
// books it.
func (o office) redeemed(shop int, day int, amount int64) domain.Redemption {
	o.t.Helper()
	return o.redeemedAt(o.voucher, shop, time.Date(2026, 11, day, 12, 0, 0, 0, time.UTC), amount)
}

func (o office) redeemedAt(v domain.Voucher, shop int, at time.Time, amount int64) domain.Redemption {
	o.t.Helper()
	r := domain.Redemption{
		MunicipalityID: o.home, ID: store.NewID(), VoucherID: v.ID, PartnerID: o.shops[shop].ID, TerminalID: o.tills[shop].ID,
		ClientRedemptionID: fmt.Sprint(o.number.Add(1)), Amount: amount, Currency: v.Currency, CreatedAt: at,
	}
	entry := ledger.Book{At: at, On: domain.DateOf(at, time.UTC), NewID: store.NewID}.Redeem(v, r)
	o.writes(&r, &entry)
	return r
}

// takenBack takes a redemption back on a day of November, and books it.
func (o office) takenBack(r domain.Redemption, day int) domain.Reversal {
	o.t.Helper()
	at := time.Date(2026, 11, day, 13, 0, 0, 0, time.UTC)
	back := domain.Reversal{MunicipalityID: o.home, ID: store.NewID(), RedemptionID: r.ID, VoucherID: r.VoucherID, Amount: r.Amount, Reason: "fortrudt", ReversedBy: "kasse", CreatedAt: at}
	entry := ledger.Book{At: at, On: domain.DateOf(at, time.UTC), NewID: store.NewID}.Reverse(o.voucher, r, back.ID)
	o.writes(&back, &entry)
	return back
}

// drafted makes a draft of November.
func (o office) drafted() Run {
	o.t.Helper()
	run, err := o.DraftRun(o.t.Context(), o.maker, store.Key{}, november)
	require.NoError(o.t, err)
	return run.Value
}

// approved makes a draft of November, approves it, and has the invoices for it.
func (o office) approved() Run {
	o.t.Helper()
	run := o.uninvoiced()
	o.invoice(run)
	return run
}

// invoice takes an invoice for each settlement of a run that wants one and has none.
func (o office) invoice(run Run) {
	o.t.Helper()
	l, err := o.Settlements(o.t.Context(), o.maker, store.Page{Limit: 99}, Filter{RunID: run.ID, State: domain.SettlementDue})
	require.NoError(o.t, err)
	for _, row := range l.Rows {
		there, err := o.Invoices(o.t.Context(), o.maker, store.Page{Limit: 1}, InvoiceFilter{SettlementID: row.ID})
		require.NoError(o.t, err)
		if row.Method != domain.ByInvoice || len(there.Rows) > 0 {
			continue
		}
		hash := sha256.Sum256(row.ID[:])
		o.writes(&domain.Invoice{
			MunicipalityID: o.home, ID: store.NewID(), Kind: domain.KindInvoice, CVR: "12345674", Number: row.Number, IssuedOn: today, Currency: row.Currency, Amount: row.Total,
			OrderReferences: domain.Strings{row.Number}, Corrects: domain.Strings{}, Hash: hash[:], PartnerID: &row.PartnerID, SettlementID: &row.ID, State: domain.InvoiceMatched,
			Differences: domain.Raw(`[]`), ReceivedBy: "ml@varde.dk", Version: 1, CreatedAt: o.now(),
		})
	}
}

// uninvoiced makes a draft of November and approves it.
func (o office) uninvoiced() Run {
	o.t.Helper()
	run, err := o.ApproveRun(o.t.Context(), o.checker, store.Key{}, o.drafted().ID, 0)
	require.NoError(o.t, err)
	return run.Value
}

// paid says that a run is paid today.
func (o office) paid(run Run) Run {
	o.t.Helper()
	o.invoice(run)
	done, err := o.PayRun(o.t.Context(), o.maker, store.Key{}, run.ID, Paid{On: today})
	require.NoError(o.t, err)
	return done.Value
}

// of gives a run's settlement of a shop.
func (o office) of(run Run, shop int) domain.Settlement {
	o.t.Helper()
	l, err := o.Settlements(o.t.Context(), o.maker, store.Page{Limit: 9}, Filter{RunID: run.ID, PartnerID: o.shops[shop].ID})
	require.NoError(o.t, err)
	require.Len(o.t, l.Rows, 1)
	return l.Rows[0].Settlement
}

// lines gives the IDs behind a shop's settlement in a run, newest first.
func (o office) lines(run Run, shop int) (ids []domain.ID) {
	o.t.Helper()
	l, err := o.SettlementLines(o.t.Context(), o.maker, o.of(run, shop).ID, store.Page{Limit: 100})
	require.NoError(o.t, err)
	for _, line := range l.Rows {
		ids = append(ids, line.ID)
	}
	return ids
}

// owed is what a shop is owed by the books, in minor units.
func (o office) owed(shop int) (amount int64) { return o.booked(shop, ledger.Payable) }

// booked is what stands on an account for a shop, in credit.
func (o office) booked(shop int, account ledger.Account) (amount int64) {
	o.t.Helper()
	require.NoError(o.t, o.store.Read(o.t.Context(), o.home, func(tx *store.Tx) error {
		sums, err := tx.Sums("account", store.Is("account", account), store.Is("partner_id", o.shops[shop].ID))
		for _, sum := range sums {
			amount -= sum.Amount
		}
		return err
	}))
	return amount
}

// refused asserts the code of an error.
func refused(t testing.TB, err error, code string) {
	t.Helper()
	require.Equal(t, code, domain.CodeOf(err), "%v", err)
}
