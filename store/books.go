package store

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

// Zone is the time zone of the transaction's municipality, which never changes.
func (tx *Tx) Zone() (*time.Location, error) {
	id := tx.actor.MunicipalityID
	if loc, ok := tx.store.zones.Load(id); ok {
		return loc.(*time.Location), nil
	}
	m, err := First[domain.Municipality](tx)
	if err != nil {
		return nil, err
	}
	loc, err := time.LoadLocation(m.TimeZone)
	if err != nil {
		return nil, err
	}
	tx.store.zones.Store(id, loc)
	return loc, nil
}

// Book says when and how what happens at a moment is booked: on its date at the
// site, or where that is in a closed period, as by a clock that jumped back, on
// the first day after it.
func (tx *Tx) Book(at time.Time) (ledger.Book, error) {
	loc, err := tx.Zone()
	if err != nil {
		return ledger.Book{}, err
	}
	last, err := tx.LastClosed()
	if err != nil {
		return ledger.Book{}, err
	}
	on := domain.DateOf(at, loc)
	if !last.IsZero() && !last.Before(on) {
		on = last.AddDays(1)
	}
	return ledger.Book{At: at, On: on, NewID: NewID}, nil
}

// Post books an entry, which must balance. What it gives back to a budget is free
// when the transaction commits; what it takes must have been drawn.
func (tx *Tx) Post(e ledger.Entry) error {
	if err := e.Check(); err != nil {
		return err
	}
	tx.frees(e)
	return tx.Append(&e)
}
