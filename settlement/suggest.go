package settlement

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Entry is a bank entry with what it may be about. Nothing is matched by it: a person
// decides.
type Entry struct {
	domain.BankEntry
	Suggestions []Suggestion
	Alike       []domain.ID // entries of other statements with the same day, amount and words: statements may overlap
}

// Suggestion is a settlement that an entry may be the payment of, or its return.
type Suggestion struct {
	SettlementID domain.ID
	Number       string
	PartnerID    domain.ID
	Total        int64    // minor units
	Reasons      []string // number, amount, iban, cvr, name, date; of them at least one beside date
}

const (
	mostSuggestions = 5
	mostOpen        = 1000 // settlements that are looked at; more do not wait at a time
	nearDays        = 10
)

// EntryFilter narrows a list of entries; zero fields narrow nothing.
type EntryFilter struct {
	State        string
	StatementID  domain.ID
	SettlementID domain.ID
}

// Entries lists bank entries, newest first; those that are unmatched with
// suggestions, worked out now.
func (s *Service) Entries(ctx context.Context, actor domain.Actor, page store.Page, f EntryFilter) (l store.Listed[Entry], err error) {
	err = s.store.Look(ctx, s.call(actor, "listBankEntries"), func(tx *store.Tx) error {
		rows, more, err := store.List[domain.BankEntry](tx, page, store.Eq("state", f.State), store.Eq("statement_id", f.StatementID), store.Eq("settlement_id", f.SettlementID))
		if err != nil {
			return err
		}
		l.More = more
		l.Rows, err = suggested(tx, rows)
		return err
	})
	return l, err
}

// Entry gives one bank entry, with suggestions while it is unmatched.
func (s *Service) Entry(ctx context.Context, actor domain.Actor, id domain.ID) (e Entry, err error) {
	err = s.store.Look(ctx, s.call(actor, "getBankEntry"), func(tx *store.Tx) error {
		row, err := store.Get[domain.BankEntry](tx, id)
		if err != nil {
			return err
		}
		shown, err := suggested(tx, []domain.BankEntry{row})
		if err == nil {
			e = shown[0]
		}
		return err
	})
	return e, err
}

// suggested works out what entries may be about.
func suggested(tx *store.Tx, rows []domain.BankEntry) ([]Entry, error) {
	shown := make([]Entry, len(rows))
	var open []domain.BankEntry
	for i, row := range rows {
		shown[i].BankEntry = row
		if row.State == domain.EntryUnmatched {
			open = append(open, row)
		}
	}
	if len(open) == 0 {
		return shown, nil
	}
	candidates, err := candidatesFor(tx, open)
	if err != nil {
		return nil, err
	}
	alike, err := tx.EntriesAlike(open)
	if err != nil {
		return nil, err
	}
	for i := range shown {
		e := &shown[i]
		if e.State != domain.EntryUnmatched {
			continue
		}
		e.Suggestions = suggestions(e.BankEntry, candidates)
		for _, other := range alike {
			if sameEntry(e.BankEntry, other) {
				e.Alike = append(e.Alike, other.ID)
			}
		}
	}
	return shown, nil
}

// sameEntry says whether two statements tell of the same movement, as far as they
// say it.
func sameEntry(a, b domain.BankEntry) bool {
	return a.StatementID != b.StatementID && a.Amount == b.Amount && a.BookedOn == b.BookedOn && a.Currency == b.Currency && a.EndToEndID == b.EndToEndID && a.Text == b.Text
}

// candidate is a settlement that an entry may be about, with its partner's words.
type candidate struct {
	domain.Settlement
	words partnerWords
	day   domain.Date // when it was paid, or may be
}

// candidatesFor gives the settlements that wait for the bank, and those whose payment
// may have come back with one of the entries.
func candidatesFor(tx *store.Tx, open []domain.BankEntry) ([]candidate, error) {
	rows, err := tx.UnconfirmedSettlements(mostOpen)
	if err != nil {
		return nil, err
	}
	var came []int64
	for _, e := range open {
		if e.Amount > 0 {
			came = append(came, e.Amount)
		}
	}
	if len(came) > 0 {
		paid, err := tx.PaidSettlements(came, mostOpen)
		if err != nil {
			return nil, err
		}
		rows = append(rows, paid...)
	}
	partners, err := store.All[domain.Partner](tx, "")
	if err != nil {
		return nil, err
	}
	known := map[domain.ID]partnerWords{}
	for _, p := range familiarWith(partners) {
		known[p.id] = p
	}
	loc, err := tx.Zone()
	if err != nil {
		return nil, err
	}
	list := make([]candidate, len(rows))
	for i, row := range rows {
		list[i] = candidate{row, known[row.PartnerID], row.PaidOn}
		list[i].words.iban = cmp.Or(row.IBAN, list[i].words.iban) // to which it was paid
		if row.PaidOn.IsZero() {
			list[i].day = domain.DateOf(row.CreatedAt, loc)
		}
	}
	return list, nil
}

// suggestions gives the settlements that an entry may be about, the likeliest first.
func suggestions(e domain.BankEntry, candidates []candidate) (list []Suggestion) {
	for _, c := range candidates {
		out := e.Amount < 0 && c.ReconciledAt == nil
		back := e.Amount > 0 && c.State == domain.SettlementPaid
		if e.Currency != c.Currency || !out && !back || slices.ContainsFunc(list, func(s Suggestion) bool { return s.SettlementID == c.ID }) {
			continue
		}
		var reasons []string
		if e.EndToEndID == c.Number || slices.Contains(numbered.FindAllString(e.EndToEndID+" "+e.Text, -1), c.Number) {
			reasons = append(reasons, sameNumber)
		}
		if max(e.Amount, -e.Amount) == c.Total {
			reasons = append(reasons, sameAmount)
		}
		if reasons = append(reasons, c.words.in(e)...); len(reasons) == 0 {
			continue
		}
		if days := c.day.Days(e.BookedOn); days >= -nearDays && days <= nearDays {
			reasons = append(reasons, nearDate)
		}
		list = append(list, Suggestion{c.ID, c.Number, c.PartnerID, c.Total, reasons})
	}
	slices.SortFunc(list, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(weight(b), weight(a)), strings.Compare(a.Number, b.Number))
	})
	return list[:min(len(list), mostSuggestions)]
}

// weight puts what says more before what says less: a number names one settlement,
// an amount a few, a partner many.
func weight(s Suggestion) (sum int) {
	for _, reason := range s.Reasons {
		sum += map[string]int{sameNumber: 16, sameAmount: 8, sameIBAN: 4, sameCVR: 3, sameName: 2, nearDate: 1}[reason]
	}
	return sum
}
