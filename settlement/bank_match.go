package settlement

import (
	"cmp"
	"maps"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// matchAll matches what bears the number of a settlement, its amount and its
// currency, when the settlement waits for just that. The runs are locked in their
// order, so that nothing changes meanwhile and two files cannot wait for each other.
func (s *Service) matchAll(tx *store.Tx, entries []domain.BankEntry) error {
	m := matching{Service: s, tx: tx, due: map[payday][]domain.ID{}, seen: map[domain.ID]bool{}}
	if err := m.find(entries); err != nil {
		return err
	}
	for i := range entries {
		if entries[i].Amount < 0 {
			m.payment(&entries[i])
		}
	}
	if err := m.pay(); err != nil {
		return err
	}
	clear(m.seen)
	for i := range entries {
		if err := m.returned(&entries[i]); err != nil {
			return err
		}
	}
	return nil
}

// matching is what is matched of one file.
type matching struct {
	*Service
	tx       *store.Tx
	found    map[string]domain.Settlement // by number
	runs     map[domain.ID]*domain.SettlementRun
	due      map[payday][]domain.ID // settlements that nobody has said are paid
	payments []*domain.BankEntry
	seen     map[domain.ID]bool // settlements that an entry of this file is matched with
}

// payday is a run, and a day on which something of it was paid.
type payday struct {
	run domain.ID
	on  domain.Date
}

// fitting gives the settlement that an entry is matched with by itself, if it is.
func (m *matching) fitting(e *domain.BankEntry) (row domain.Settlement, ok bool) {
	row, ok = m.found[e.EndToEndID]
	late := row.State == domain.SettlementReversed && e.Amount < 0 // for somebody to decide
	if ok = ok && e.EndToEndID != "" && !m.seen[row.ID] && !late && !elsewhere(*e, row) && m.fits(m.tx, *e, row, *m.runs[row.RunID]) == nil; ok {
		m.seen[row.ID] = true
	}
	return row, ok
}

// elsewhere reports whether the bank says that money went to another account than was
// approved, as when a file was altered on its way: somebody has to look.
func elsewhere(e domain.BankEntry, row domain.Settlement) bool {
	return e.Amount < 0 && e.PartyIBAN != "" && row.IBAN != "" && !sameAccount(e.PartyIBAN, row.IBAN)
}

// payment matches an entry by which money went out.
func (m *matching) payment(e *domain.BankEntry) {
	row, ok := m.fitting(e)
	if !ok {
		return
	}
	if row.State == domain.SettlementDue {
		at := payday{row.RunID, e.BookedOn}
		m.due[at], e.Paid = append(m.due[at], row.ID), true
	}
	m.payments = append(m.payments, m.markMatched(e, row.ID, matchedBySystem))
}

// pay books what nobody has said is paid, and notes that all of it is found.
func (m *matching) pay() error {
	order := slices.SortedFunc(maps.Keys(m.due), func(a, b payday) int {
		return cmp.Or(cmp.Compare(m.runs[a.run].Number, m.runs[b.run].Number), cmp.Compare(a.on.String(), b.on.String()))
	})
	for _, at := range order {
		if err := m.Service.pay(m.tx, m.runs[at.run], m.due[at], at.on); err != nil {
			return err
		}
	}
	for _, e := range m.payments {
		row, err := store.Get[domain.Settlement](m.tx, *e.SettlementID)
		if err == nil {
			row, err = m.matched(m.tx, row)
		}
		if err != nil {
			return err
		}
		m.found[row.Number] = row
	}
	return nil
}

// returned matches an entry by which a payment came back, as the bank says, and
// books it.
func (m *matching) returned(e *domain.BankEntry) error {
	if e.Amount <= 0 || !e.Returned {
		return nil
	}
	row, ok := m.fitting(e)
	if !ok {
		return nil
	}
	return m.comes(m.tx, *m.markMatched(e, row.ID, matchedBySystem))
}

// find finds the settlements whose numbers the entries bear, and locks their runs.
func (m *matching) find(entries []domain.BankEntry) error {
	var numbers []string
	for _, e := range entries {
		if e.EndToEndID != "" {
			numbers = append(numbers, e.EndToEndID)
		}
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	if err := m.read(numbers); err != nil || len(m.found) == 0 {
		return err
	}
	if err := m.reach(); err != nil {
		return err
	}
	locked, err := store.AllLocked[domain.SettlementRun](m.tx, "number", store.In("id", slices.Collect(maps.Keys(m.runs))))
	if err != nil {
		return err
	}
	if err := m.read(numbers); err != nil { // as they are now that nobody else can change them
		return err
	}
	for i := range locked {
		m.runs[locked[i].ID] = &locked[i]
	}
	return nil
}

// reach adds the runs in which the money of what was reversed or bounced is now: it may
// be said to have come back.
func (m *matching) reach() error {
	for _, row := range m.found {
		if row.State != domain.SettlementBounced && row.State != domain.SettlementReversed {
			continue
		}
		u, err := undoneOf(m.tx, row)
		if err == nil {
			row, err = u.lies(m.tx)
		}
		if err != nil {
			return err
		}
		m.runs[row.RunID] = nil
	}
	return nil
}

// read reads the settlements with the numbers.
func (m *matching) read(numbers []string) error {
	m.found, m.runs = map[string]domain.Settlement{}, map[domain.ID]*domain.SettlementRun{}
	for chunk := range slices.Chunk(numbers, perInsert) {
		rows, err := store.All[domain.Settlement](m.tx, "", store.In("number", chunk))
		if err != nil {
			return err
		}
		for _, row := range rows {
			m.found[row.Number], m.runs[row.RunID] = row, nil
		}
	}
	return nil
}

// comes books that the money of an entry's settlement came back, unless somebody has
// said so before.
func (s *Service) comes(tx *store.Tx, e domain.BankEntry) error {
	row, err := store.Get[domain.Settlement](tx, *e.SettlementID)
	if err != nil {
		return err
	}
	u, err := undoneOf(tx, row)
	if err != nil || u.State == domain.SettlementBounced && !u.hasMoney() {
		return err
	}
	return s.comesBack(tx, u, store.Call{}, e.BookedOn, cmp.Or(e.ReturnReason, "returned by the bank"))
}

// markMatched says that an entry is matched, without storing it.
func (s *Service) markMatched(e *domain.BankEntry, settlement domain.ID, by string) *domain.BankEntry {
	at := s.now()
	e.State, e.SettlementID, e.DecidedBy, e.DecidedAt = domain.EntryMatched, &settlement, by, &at
	return e
}

// fits says whether an entry can be the payment of a settlement, or the payment's
// return: nil, or a Conflict that says why not. The run is the settlement's, locked.
func (s *Service) fits(tx *store.Tx, e domain.BankEntry, row domain.Settlement, run domain.SettlementRun) error {
	amount := e.Amount
	if amount < 0 {
		amount = -amount
	}
	switch {
	case e.Currency != row.Currency:
		return domain.Errorf(domain.Conflict, "currency_differs", "the entry is in %s, settlement %s in %s", e.Currency, row.Number, row.Currency)
	case amount != row.Total:
		return domain.Errorf(domain.Conflict, "amount_differs", "the entry is %s, settlement %s is %s: only the same amount can be its payment; set the entry aside and say why",
			domain.FormatMoney(amount, e.Currency), row.Number, domain.FormatMoney(row.Total, row.Currency))
	case e.Amount > 0:
		return fitsReturn(tx, row)
	}
	if err := fitsDay(tx, e, row, run); err != nil {
		return err
	}
	switch {
	case row.State == domain.SettlementReversed:
		return fitsLate(tx, row, run)
	case row.ReconciledAt != nil:
		return domain.Errorf(domain.Conflict, "already_matched", "the payment of settlement %s is matched with another entry", row.Number)
	case row.State == domain.SettlementPaid, row.State == domain.SettlementBounced:
		return nil
	case row.State != domain.SettlementDue:
		return domain.Errorf(domain.Conflict, "not_due", "settlement %s is %s: nothing of it is to be paid", row.Number, row.State)
	case row.Method == domain.ByBank && run.State != domain.RunFiled:
		return domain.Errorf(domain.Conflict, "no_payment_file", "settlement %s is paid by a payment file: make the run's first", row.Number)
	}
	_, err := invoiced(tx, []domain.Settlement{row}, nil)
	return err
}

// fitsDay wants that a payment is not booked before its run was approved.
func fitsDay(tx *store.Tx, e domain.BankEntry, row domain.Settlement, run domain.SettlementRun) error {
	if run.ApprovedAt == nil {
		return nil
	}
	loc, err := tx.Zone()
	if err != nil {
		return err
	}
	if approved := domain.DateOf(*run.ApprovedAt, loc); e.BookedOn.Before(approved) {
		return domain.Errorf(domain.Conflict, "before_approval", "the entry is booked on %s, settlement %s was approved on %s: it cannot be its payment", e.BookedOn, row.Number, approved)
	}
	return nil
}
