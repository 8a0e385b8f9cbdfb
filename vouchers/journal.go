package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// PostingFilter narrows the journal; zero fields narrow nothing.
type PostingFilter struct {
	Figure                                             string // a report's, or the year-end report's: on the accounts that it is read from
	Account                                            ledger.Account
	Event                                              ledger.Event
	EntryID, VoucherID, ProgrammeID, UnitID, PartnerID domain.ID
	AwardID                                            domain.ID // of what is reserved for it, and of its vouchers
	home                                               domain.ID // whose journal it is
	SettlementID                                       domain.ID // of its payment, and of what came back
	BudgetID                                           domain.ID // reserved from this budget
	Budgeted                                           string    // yes: from any budget; no: outside any
	Currency                                           string
	From, To                                           domain.Date // days booked, both included
	IssuedFrom, IssuedTo                               domain.Date // days on which the voucher was issued, or took another's balance over, both included
	FirstFrom, FirstTo                                 domain.Date // days on which the voucher, or the first that it replaces, was issued, both included
	LapsesFrom, LapsesTo                               domain.Date // days on which the voucher lapses unless it is spent, both included
}

func (f PostingFilter) conds() []store.Cond {
	return []store.Cond{
		store.Eq("account", f.Account), store.Eq("event", f.Event), store.Eq("currency", f.Currency), store.Eq("entry_id", f.EntryID), store.Eq("voucher_id", f.VoucherID),
		store.Eq("programme_id", f.ProgrammeID), store.Eq("unit_id", f.UnitID), store.Eq("partner_id", f.PartnerID), store.Eq("budget_id", f.BudgetID), f.budgeted(),
		store.OfAward(f.home, f.AwardID), store.Eq("settlement_id", f.SettlementID), store.OfVouchersFirstIssued(f.FirstFrom, f.FirstTo),
		store.From("booked_on", f.From), store.To("booked_on", f.To),
		store.OfVouchersIssued(f.IssuedFrom, f.IssuedTo), store.OfVouchersLapsing(f.LapsesFrom, f.LapsesTo), f.accounts(), f.unpaid(),
	}
}

// budgeted wants what was reserved from a budget, or what was not.
func (f PostingFilter) budgeted() store.Cond {
	switch f.Budgeted {
	case "yes":
		return store.Some("budget_id")
	case "no":
		return store.None("budget_id")
	}
	return store.Cond{}
}

// accounts wants those of a figure. What is narrowed by days alone is looked up by
// the index of accounts and days.
func (f PostingFilter) accounts() store.Cond {
	switch {
	case yearEndAccounts[f.Figure] != nil:
		return store.In("account", yearEndAccounts[f.Figure])
	case f.Figure != "":
		return store.Is("account", figureAccounts[f.Figure])
	case f.Account == "" && f.BudgetID == (domain.ID{}) && (!f.From.IsZero() || !f.To.IsZero()):
		return store.OnAnyAccount()
	}
	return store.Cond{}
}

// unpaid leaves out of what was spent that it was paid, which spends nothing more.
func (f PostingFilter) unpaid() store.Cond {
	if f.Figure == "spend" {
		return store.None("settlement_id")
	}
	return store.Cond{}
}

// Posting gives one line of the journal.
func (s *Service) Posting(ctx context.Context, actor domain.Actor, id domain.ID) (ledger.Posting, error) {
	return get(ctx, s, actor, "getPosting", id, store.Everyone[ledger.Posting])
}

// Postings lists the journal, newest first.
func (s *Service) Postings(ctx context.Context, actor domain.Actor, page store.Page, f PostingFilter) (Listed[ledger.Posting], error) {
	f.home = actor.MunicipalityID
	return list[ledger.Posting](ctx, s, actor, "listPostings", page, f.conds()...)
}

// EachPosting hands the journal to fn, oldest first, without holding it.
func (s *Service) EachPosting(ctx context.Context, actor domain.Actor, f PostingFilter, fn func(ledger.Posting) error) error {
	f.home = actor.MunicipalityID
	return s.read(ctx, actor, "listPostings", func(tx *store.Tx) error { return store.Each(tx, fn, f.conds()...) })
}

// Balance is what stands on one account in one currency.
type Balance struct {
	Account  ledger.Account
	Currency string
	Amount   int64 // debit > 0
	Vouchers int64 // how many different vouchers were booked there
	Postings PostingFilter
}

// Balances gives the balance of every account that was ever booked, at the end
// of a day; zero: today.
func (s *Service) Balances(ctx context.Context, actor domain.Actor, at domain.Date) (balances []Balance, err error) {
	err = s.read(ctx, actor, "getBalances", func(tx *store.Tx) error {
		sums, err := tx.Sums("account", store.To("booked_on", at))
		for _, sum := range sums {
			balances = append(balances, Balance{sum.Account, sum.Currency, sum.Amount, sum.Vouchers, PostingFilter{Account: sum.Account, Currency: sum.Currency, To: at}})
		}
		return err
	})
	return balances, err
}
