package vouchers

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// opens notes that a plan of a citizen runs, and makes whoever would erase the citizen
// wait for this transaction. Conflict when somebody was faster.
func opens(tx *store.Tx, citizen domain.ID) error {
	if err := store.Change[domain.Citizen](tx, map[string]any{"closed_on": nil}, store.Is("id", citizen)); err != nil {
		return err
	}
	gone, err := isErased(tx, citizen)
	if err == nil && gone {
		err = domain.Errorf(domain.Conflict, "erased", "what was personal about this citizen is erased, and nothing new begins here: take the person in anew")
	}
	return err
}

// closes notes that no plan of a citizen runs from today on, if none does. It counts
// from the day on which that was said: a plan can be said to have ended long before, by
// mistake too.
func (s *Service) closes(tx *store.Tx, citizen domain.ID) error {
	if _, err := store.GetLocked[domain.Citizen](tx, citizen); err != nil {
		return err
	}
	running, err := store.Count[domain.Plan](tx, store.Is("citizen_id", citizen), store.Is("end_reason", ""))
	if err != nil || running > 0 {
		return err
	}
	gone, err := isErased(tx, citizen)
	if err != nil || gone {
		return err
	}
	today, err := s.today(tx)
	if err != nil {
		return err
	}
	return store.Change[domain.Citizen](tx, map[string]any{"closed_on": today}, store.Is("id", citizen))
}

// isErased reports whether a citizen was erased.
func isErased(tx *store.Tx, citizen domain.ID) (bool, error) {
	n, err := store.Count[domain.DataKey](tx, store.Is("citizen_id", citizen), store.Some("destroyed_at"))
	return n > 0, err
}
