package settlement

import (
	"cmp"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

const (
	mostSuggestions = 5
	mostOpen        = 1000 // settlements that are looked at; more do not wait at a time
	nearDays        = 10
)

// candidate is a settlement that an entry may be about, with its partner's words.
type candidate struct {
	domain.Settlement
	words partnerWords
	day   domain.Date // when it was paid, or may be
	out   bool        // an entry can be its payment
	back  bool        // an entry can be the payment's return
	into  string      // the number of the settlement that it was carried into
}

// candidatesFor gives the settlements that wait for the bank, those whose payment may
// have come back with one of the entries, and those that the bank may have paid though
// their run was reversed.
func candidatesFor(tx *store.Tx, open []domain.BankEntry) ([]candidate, error) {
	rows, err := tx.UnconfirmedSettlements(mostOpen)
	if err != nil {
		return nil, err
	}
	var totals, came []int64
	for _, e := range open {
		totals = append(totals, max(e.Amount, -e.Amount))
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
	undone, err := tx.UndoneSettlements(totals, mostOpen)
	if err != nil {
		return nil, err
	}
	var list []candidate
	known := map[domain.ID]bool{}
	for _, row := range append(undone, rows...) {
		if !known[row.ID] {
			known[row.ID] = true
			list = append(list, candidate{Settlement: row, out: row.ReconciledAt == nil, back: row.State == domain.SettlementPaid})
		}
	}
	if err := undoneWays(tx, list[:len(undone)]); err != nil {
		return nil, err
	}
	return list, worded(tx, list)
}

// undoneWays says of settlements that were reversed or bounced what can still be
// matched with them, as fits does.
func undoneWays(tx *store.Tx, list []candidate) error {
	if len(list) == 0 {
		return nil
	}
	var ids, runs, into []domain.ID
	for _, c := range list {
		ids, runs = append(ids, c.ID), append(runs, c.RunID)
		if c.CarriedIntoID != nil {
			into = append(into, *c.CarriedIntoID)
		}
	}
	filed, err := keyed(tx, runs, func(run domain.SettlementRun) domain.ID { return run.ID })
	if err != nil {
		return err
	}
	took, err := keyed(tx, into, func(row domain.Settlement) domain.ID { return row.ID })
	if err != nil {
		return err
	}
	matched, err := store.All[domain.BankEntry](tx, "", store.In("settlement_id", ids), store.Is("state", domain.EntryMatched))
	if err != nil {
		return err
	}
	corrections, err := store.All[domain.SettlementCorrection](tx, "", store.In("settlement_id", ids))
	if err != nil {
		return err
	}
	for i := range list {
		c := &list[i]
		if c.CarriedIntoID != nil {
			c.into = took[*c.CarriedIntoID].Number
		}
		was := c.State == domain.SettlementBounced || slices.ContainsFunc(corrections, func(x domain.SettlementCorrection) bool { return x.SettlementID == c.ID })
		of := func(sign int64) bool {
			return slices.ContainsFunc(matched, func(e domain.BankEntry) bool { return *e.SettlementID == c.ID && e.Amount*sign > 0 })
		}
		c.back = was && !of(1)
		if c.State == domain.SettlementReversed {
			c.out = !of(-1) && (c.Method == domain.ByInvoice || filed[c.RunID].FiledBy != "")
		}
	}
	return nil
}

// keyed reads rows by their IDs.
func keyed[T any](tx *store.Tx, ids []domain.ID, of func(T) domain.ID) (map[domain.ID]T, error) {
	rows, err := store.All[T](tx, "", store.In("id", ids))
	list := make(map[domain.ID]T, len(rows))
	for _, row := range rows {
		list[of(row)] = row
	}
	return list, err
}

// worded adds the words by which the candidates' partners are known, and the days.
func worded(tx *store.Tx, list []candidate) error {
	partners, err := store.All[domain.Partner](tx, "")
	if err != nil {
		return err
	}
	known := map[domain.ID]partnerWords{}
	for _, p := range familiarWith(partners) {
		known[p.id] = p
	}
	loc, err := tx.Zone()
	if err != nil {
		return err
	}
	for i := range list {
		c := &list[i]
		c.words, c.day = known[c.PartnerID], c.PaidOn
		c.words.iban = cmp.Or(c.IBAN, c.words.iban) // to which it was paid
		if c.PaidOn.IsZero() {
			c.day = domain.DateOf(c.CreatedAt, loc)
		}
	}
	return nil
}

// suggestions gives the settlements that an entry may be about, the likeliest first:
// only what bears the number, as a hint, or has the amount, without which nothing is
// matched.
func suggestions(e domain.BankEntry, candidates []candidate) (list []Suggestion) {
	for _, c := range candidates {
		if e.Currency != c.Currency || (e.Amount >= 0 || !c.out) && (e.Amount <= 0 || !c.back) {
			continue
		}
		var reasons []string
		if e.EndToEndID == c.Number || slices.Contains(domain.SettlementNumbers.FindAllString(e.EndToEndID+" "+e.Text, -1), c.Number) {
			reasons = append(reasons, sameNumber)
		}
		if max(e.Amount, -e.Amount) == c.Total {
			reasons = append(reasons, sameAmount)
		}
		if len(reasons) == 0 {
			continue
		}
		reasons = append(reasons, c.words.in(e)...)
		if days := c.day.Days(e.BookedOn); days >= -nearDays && days <= nearDays {
			reasons = append(reasons, nearDate)
		}
		if elsewhere(e, c.Settlement) {
			reasons = append(reasons, OtherAccount)
		}
		list = append(list, Suggestion{c.ID, c.Number, c.PartnerID, c.Total, c.State, c.into, reasons})
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
