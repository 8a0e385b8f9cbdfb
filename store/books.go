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

// Book says when and how what happens at a moment is booked.
func (tx *Tx) Book(at time.Time) (ledger.Book, error) {
	loc, err := tx.Zone()
	if err != nil {
		return ledger.Book{}, err
	}
	return ledger.Book{At: at, On: domain.DateOf(at, loc), NewID: NewID}, nil
}

// Post books an entry, which must balance.
func (tx *Tx) Post(e ledger.Entry) error {
	if err := e.Check(); err != nil {
		return err
	}
	return tx.Append(&e)
}
