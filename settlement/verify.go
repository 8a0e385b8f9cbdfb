package settlement

import (
	"maps"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// mostFaults bounds how many faults of a kind are named.
const mostFaults = 20

// Verify derives again what runs, settlements, their lines, holds and payments must
// be, tells differ of what is not, and gives how many lines it looked at: each line
// is of one redemption or reversal, settlements add up, what one left is carried on
// once, nothing of its time is left behind, what is paid and came back is booked
// once, payment files pay what was approved, and the audit log says who did what.
func Verify(tx *store.Tx, differ func(format string, args ...any)) (lines int, err error) {
	found, lines, err := tx.SettlementFaults(mostFaults)
	if err != nil {
		return 0, err
	}
	for _, f := range found {
		differ("%s %s: %s", f.Thing, f.ID, f.What)
	}
	for _, check := range []func(*store.Tx, func(string, ...any)) error{leftBehind, booked, files, traced} {
		if err := check(tx, differ); err != nil {
			return lines, err
		}
	}
	return lines, nil
}

// leftBehind tells of what is so old that no run will look for it any more.
func leftBehind(tx *store.Tx, differ func(string, ...any)) error {
	loc, err := tx.Zone()
	if err != nil {
		return err
	}
	runs, err := store.All[domain.SettlementRun](tx, "")
	if err != nil {
		return err
	}
	drafts := map[string]bool{} // by currency: one may be just what is to take it
	for _, run := range runs {
		drafts[run.Currency] = drafts[run.Currency] || run.State == domain.RunDraft
	}
	for currency, drafted := range drafts {
		if drafted {
			continue
		}
		from, err := since(tx, currency, loc)
		if err != nil {
			return err
		}
		ids, err := tx.LeftBehind(currency, from, mostFaults)
		if err != nil {
			return err
		}
		for _, id := range ids {
			differ("redemption or reversal %s: is in no settlement run, and too old to be found by another", id)
		}
	}
	return nil
}

// share names what is booked for a settlement.
type share struct {
	event      ledger.Event
	account    ledger.Account
	settlement domain.ID
	partner    domain.ID
	programme  domain.ID
	unit       domain.ID
	budget     domain.ID
	currency   string
}

// sum is what is booked, or must be, and in how many entries.
type sum struct{ amount, entries int64 }

// booked compares what is booked for settlements with what was paid and came back.
func booked(tx *store.Tx, differ func(string, ...any)) error {
	want, err := expected(tx)
	if err != nil {
		return err
	}
	postings, err := tx.SettlementPostings()
	if err != nil {
		return err
	}
	for _, p := range postings {
		of := share{p.Event, p.Account, p.SettlementID, p.PartnerID, p.ProgrammeID, p.UnitID, orNone(p.BudgetID), p.Currency}
		if is := (sum{p.Amount, p.Entries}); is != want[of] {
			differ("%s of settlement %s: %d in %d entries is booked on %s, what happened gives %d in %d", p.Event, p.SettlementID, is.amount, is.entries, p.Account, want[of].amount, want[of].entries)
		}
		delete(want, of)
	}
	for of, must := range want {
		differ("%s of settlement %s: nothing is booked on %s, what happened gives %d", of.event, of.settlement, of.account, must.amount)
	}
	return nil
}

// happenings are what is booked of each settlement: how often it was paid, and how
// often the money came back.
func happenings(tx *store.Tx) (of map[domain.ID]map[ledger.Event]int64, err error) {
	rows, err := store.All[domain.Settlement](tx, "", store.Some("paid_on"))
	if err != nil {
		return nil, err
	}
	corrections, err := store.All[domain.SettlementCorrection](tx, "")
	of = map[domain.ID]map[ledger.Event]int64{}
	count := func(settlement domain.ID, event ledger.Event) {
		if of[settlement] == nil {
			of[settlement] = map[ledger.Event]int64{}
		}
		of[settlement][event]++
	}
	for _, row := range rows {
		if count(row.ID, ledger.Paying); row.State == domain.SettlementBounced {
			count(row.ID, ledger.Bouncing)
		}
	}
	for _, c := range corrections {
		if c.Amount < 0 {
			count(c.SettlementID, ledger.Paying)
		} else {
			count(c.SettlementID, ledger.Bouncing)
		}
	}
	return of, err
}

// expected is what must be booked for the settlements that were paid and those
// whose money came back.
func expected(tx *store.Tx) (map[share]sum, error) {
	happened, err := happenings(tx)
	if err != nil {
		return nil, err
	}
	want := map[share]sum{}
	for ids := range slices.Chunk(slices.Collect(maps.Keys(happened)), 500) {
		rows, err := keyed(tx, ids, func(row domain.Settlement) domain.ID { return row.ID })
		if err != nil {
			return nil, err
		}
		shares, err := tx.SettlementShares(ids)
		if err != nil {
			return nil, err
		}
		for _, s := range shares {
			row := rows[s.SettlementID]
			for event, times := range happened[row.ID] {
				amount := s.Amount * times
				if event == ledger.Bouncing {
					amount = -amount
				}
				if amount == 0 {
					continue
				}
				key := share{event, ledger.Payable, row.ID, row.PartnerID, s.ProgrammeID, s.UnitID, orNone(s.BudgetID), row.Currency}
				want[key] = sum{amount, times}
				key.account = ledger.Settled
				want[key] = sum{-amount, times}
			}
		}
	}
	return want, nil
}
