package settlement

import (
	"context"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/camt"
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
	Total        int64 // minor units
	State        domain.SettlementState
	CarriedInto  string   // the number of the settlement that took its total over; "": none
	Reasons      []string // number, amount, iban, cvr, name, date; of them number or amount: nothing else could be matched. What speaks against it: other_account
}

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
	alike, formats, err := alikeTo(tx, open)
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
			if sameEntry(e.BankEntry, other, formats) {
				e.Alike = append(e.Alike, other.ID)
			}
		}
	}
	return shown, nil
}

// alikeTo gives the entries that may be the same as others, and the formats of their
// statements.
func alikeTo(tx *store.Tx, entries []domain.BankEntry) (alike []domain.BankEntry, formats map[domain.ID]string, err error) {
	if alike, err = tx.EntriesAlike(entries); err != nil {
		return nil, nil, err
	}
	var ids []domain.ID
	for _, e := range alike {
		ids = append(ids, e.StatementID)
	}
	slices.SortFunc(ids, func(a, b domain.ID) int { return strings.Compare(a.String(), b.String()) })
	statements, err := store.All[domain.BankStatement](tx, "", store.In("id", slices.Compact(ids)))
	formats = map[domain.ID]string{}
	for _, said := range statements {
		formats[said.ID] = said.Format
	}
	return alike, formats, err
}

// sameEntry says whether two statements may tell of the same movement. Two of one
// format tell it in the same words; CSV and camt.053 do not, and CSV often says no
// end-to-end ID.
func sameEntry(a, b domain.BankEntry, formats map[domain.ID]string) bool {
	switch {
	case a.StatementID == b.StatementID || a.Amount != b.Amount || a.BookedOn != b.BookedOn || a.Currency != b.Currency:
		return false
	case (formats[a.StatementID] == camt.CSV) != (formats[b.StatementID] == camt.CSV):
		return a.EndToEndID == "" || b.EndToEndID == "" || a.EndToEndID == b.EndToEndID
	}
	return a.EndToEndID == b.EndToEndID && a.Text == b.Text
}
