package access

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// DataKey gives the key of a purpose, made if there is none; citizen is nil
// unless it is a citizen's. New keys are wrapped by the key that wraps the
// municipality's look-up key: rotation changes that one first, so that no server
// uses a new wrapping key before all have it.
func DataKey(tx *store.Tx, keys *vault.Keys, now time.Time, purpose string, citizen *domain.ID) (row domain.DataKey, err error) {
	find := func() (domain.DataKey, error) {
		if citizen != nil {
			return store.First[domain.DataKey](tx, store.Is("citizen_id", *citizen))
		}
		return store.First[domain.DataKey](tx, store.Is("purpose", purpose))
	}
	if row, err = find(); domain.KindOf(err) != domain.NotFound {
		return row, err
	}
	row = domain.DataKey{MunicipalityID: tx.Actor().MunicipalityID, ID: store.NewID(), Purpose: purpose, CitizenID: citizen, KEK: keys.Newest(), CreatedAt: now}
	if purpose != domain.KeyOfLookup {
		if row.KEK, err = wrappingKey(tx, keys, now); err != nil {
			return row, err
		}
	}
	if err := keys.Make(&row); err != nil {
		return row, err
	}
	if err := store.InsertOnce(tx, &row); err != nil {
		return row, err
	}
	return find() // another transaction may have been faster
}

// wrappingKey gives the number of the key that wraps new keys, and keeps a
// rotation from changing it before this transaction ends.
func wrappingKey(tx *store.Tx, keys *vault.Keys, now time.Time) (int, error) {
	lookup, err := DataKey(tx, keys, now, domain.KeyOfLookup, nil)
	if err == nil {
		lookup, err = store.GetLocked[domain.DataKey](tx, lookup.ID)
	}
	return lookup.KEK, err
}
