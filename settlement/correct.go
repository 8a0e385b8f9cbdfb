package settlement

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// undone is a settlement that was reversed or bounced, with its corrections in their
// order.
type undone struct {
	domain.Settlement
	corrections []domain.SettlementCorrection
}

// hasMoney says whether its partner has the money all the same.
func (u undone) hasMoney() bool { return len(u.corrections)%2 == 1 }

// undoneOf reads the corrections of a settlement whose run is locked.
func undoneOf(tx *store.Tx, row domain.Settlement) (undone, error) {
	list, err := store.All[domain.SettlementCorrection](tx, "number", store.Is("settlement_id", row.ID))
	return undone{row, list}, err
}

// fitsReturn says whether the money of a settlement can have come back: it was paid, or
// somebody said already that it came back and no entry of the bank has.
func fitsReturn(tx *store.Tx, row domain.Settlement) error {
	if row.State == domain.SettlementPaid {
		return nil
	}
	u, err := undoneOf(tx, row)
	if err != nil {
		return err
	}
	returned, err := matchedEntries(tx, row, store.Above("amount", 0))
	switch {
	case err != nil:
		return err
	case returned > 0:
		return domain.Errorf(domain.Conflict, "already_matched", "the return of settlement %s is matched with another entry: take that back first if it is the wrong one", row.Number)
	case u.State != domain.SettlementBounced && len(u.corrections) == 0:
		return domain.Errorf(domain.Conflict, "not_paid", "settlement %s is %s: only what was paid can come back; match the entry by which it was paid first", row.Number, row.State)
	}
	return nil
}

// fitsLate says whether a bank can have paid a settlement though its run was reversed.
func fitsLate(tx *store.Tx, row domain.Settlement, run domain.SettlementRun) error {
	shown, err := matchedEntries(tx, row, store.Below("amount", 0))
	switch {
	case err != nil:
		return err
	case shown > 0:
		return domain.Errorf(domain.Conflict, "already_matched", "the payment of settlement %s is matched with another entry", row.Number)
	case row.Method == domain.ByBank && run.FiledBy == "":
		return domain.Errorf(domain.Conflict, "no_payment_file", "run %d was reversed before its payment file was made: the bank cannot have paid settlement %s", run.Number, row.Number)
	}
	return nil
}

// correct books that the partner has a settlement's money after all, or, where it had,
// that it came back. The total was carried on, so the partner's next settlement takes
// the correction. The settlement that the money was carried into, if there is one, is
// kept from going into a payment file meanwhile.
func (s *Service) correct(tx *store.Tx, u undone, cause string, on domain.Date, reason string) error {
	last, err := u.lies(tx)
	if err == nil && last.ID != u.ID {
		_, err = store.GetLocked[domain.SettlementRun](tx, last.RunID)
	}
	if err != nil {
		return err
	}
	at := s.now()
	c := domain.SettlementCorrection{
		MunicipalityID: u.MunicipalityID, ID: store.NewID(), SettlementID: u.ID, Number: len(u.corrections) + 1, PartnerID: u.PartnerID, Currency: u.Currency,
		Amount: u.Total, Cause: cause, HappenedOn: on, Reason: reason, MadeBy: domain.Fold(tx.Actor().Person), CreatedAt: at,
	}
	if !u.hasMoney() {
		c.Amount = -u.Total
	}
	if err := store.Insert(tx, &c); store.IsDuplicate(err) {
		return domain.Errorf(domain.Conflict, "wrong_state", "settlement %s was changed just now: read it again", u.Number)
	} else if err != nil {
		return err
	}
	shares, err := sharesOf(tx, []domain.ID{u.ID})
	if err != nil {
		return err
	}
	book, err := tx.Book(at)
	if err != nil {
		return err
	}
	paid := payment(u.Settlement, shares)
	paid.Reference = c.ID
	if err := tx.Post(corrected(book, paid, c)); err != nil {
		return err
	}
	return tx.Audit("correctSettlement", "settlement_correction", c.ID, at, domain.Detail(map[string]any{"settlement": u.ID, "number": u.Number, "amount": c.Amount, "cause": cause, "reason": reason}))
}

// corrected is the entry of a correction.
func corrected(book ledger.Book, paid ledger.Payment, c domain.SettlementCorrection) ledger.Entry {
	if c.Amount < 0 {
		return book.Pay(paid)
	}
	return book.Bounce(paid)
}

// lies gives the settlement that its money is in now: the one that took the last
// correction, if that is taken, else the one that it was carried on to.
func (u undone) lies(tx *store.Tx) (domain.Settlement, error) {
	row := u.Settlement
	if n := len(u.corrections); n > 0 && u.corrections[n-1].CarriedIntoID != nil {
		var err error
		if row, err = store.Get[domain.Settlement](tx, *u.corrections[n-1].CarriedIntoID); err != nil {
			return row, err
		}
	}
	return lastOf(tx, row)
}

// lastOf follows a settlement to the one that what it was worth is in now: itself
// when nothing was carried on.
func lastOf(tx *store.Tx, row domain.Settlement) (last domain.Settlement, err error) {
	seen := map[domain.ID]bool{}
	for last = row; err == nil && last.CarriedIntoID != nil && !seen[last.ID]; {
		seen[last.ID] = true
		last, err = store.Get[domain.Settlement](tx, *last.CarriedIntoID)
	}
	return last, err
}

// openCorrections gives the corrections in a currency that no settlement has taken.
func openCorrections(tx *store.Tx, currency string) ([]domain.SettlementCorrection, error) {
	return store.All[domain.SettlementCorrection](tx, "created_at", store.None("carried_into_id"), store.Is("currency", currency))
}

// paidTwice refuses a run of which some is due to bank accounts when a partner has money
// of it already: Conflict "paid_already" names both settlements.
func paidTwice(tx *store.Tx, run domain.SettlementRun, due []domain.Settlement) error {
	corrections, err := tx.CorrectionsBehind(run.ID)
	if err != nil {
		return err
	}
	pays := map[domain.ID]domain.Settlement{} // by partner: a run has one for each
	for _, row := range due {
		pays[row.PartnerID] = row
	}
	has := map[domain.ID]int64{} // by settlement: below 0 when its partner has its money
	for _, c := range corrections {
		done, err := takenOff(tx, c, pays[c.PartnerID])
		if err != nil {
			return err
		}
		if !done {
			has[c.SettlementID] += c.Amount
		}
	}
	for _, c := range corrections {
		row, is := pays[c.PartnerID]
		if !is || has[c.SettlementID] >= 0 {
			continue
		}
		old, err := store.Get[domain.Settlement](tx, c.SettlementID)
		if err != nil {
			return err
		}
		return domain.Errorf(domain.Conflict, "paid_already", "settlement %s has in it the %s of %s, which the partner has already: reverse the run and make another, which takes it off",
			row.Number, domain.FormatMoney(old.Total, old.Currency), old.Number)
	}
	return nil
}

// takenOff says whether a correction lies in the settlement that is to be paid, or in one
// of a later run that is approved, where it was set off against what else was owed.
func takenOff(tx *store.Tx, c domain.SettlementCorrection, pays domain.Settlement) (bool, error) {
	if c.CarriedIntoID == nil {
		return false, nil
	}
	row, err := store.Get[domain.Settlement](tx, *c.CarriedIntoID)
	if err == nil {
		row, err = lastOf(tx, row)
	}
	return row.ID == pays.ID || row.State != domain.SettlementDraft && row.Total > 0, err
}

// correctedSince refuses a draft of partners for whom something was corrected since it
// was made.
func correctedSince(tx *store.Tx, run domain.SettlementRun, settlements []domain.Settlement) error {
	open, err := openCorrections(tx, run.Currency)
	if err != nil {
		return err
	}
	since := map[domain.ID]bool{}
	for _, c := range open {
		since[c.PartnerID] = true
	}
	for _, row := range settlements {
		if since[row.PartnerID] {
			return outdated("what the partner of %s was paid before was corrected since", row.Number)
		}
	}
	return nil
}
