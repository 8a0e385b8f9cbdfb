package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// keyJob is who looks after keys and what they seal.
func keyJob(municipality domain.ID) domain.Actor {
	return domain.Actor{MunicipalityID: municipality, Role: domain.System, Person: domain.SystemPerson + "keys"}
}

// keysTogether is how many keys are wrapped anew, or texts sealed, in one
// transaction: few, so that nobody waits for long.
const keysTogether = 200

// CheckKeys gives an error unless the service has every key that wraps one of the
// municipality's keys, and it is the right one.
func (s *Service) CheckKeys(ctx context.Context, municipality domain.ID) error {
	return s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		samples, err := tx.WrappedBy()
		for _, row := range samples {
			if err := s.vault.Check(row); err != nil {
				return err
			}
		}
		return err
	})
}

// RotateKeys wraps a municipality's keys by the newest wrapping key, and gives
// how many were wrapped by another. What the keys have sealed stays as it is, and
// so does everybody's work meanwhile. It can be stopped anywhere and run again.
func (s *Service) RotateKeys(ctx context.Context, municipality domain.ID) (n int, err error) {
	err = s.store.Write(ctx, keyJob(municipality), func(tx *store.Tx) error {
		first, err := s.dataKey(tx, domain.KeyOfLookup, nil)
		if err != nil {
			return err
		}
		if first, err = store.GetLocked[domain.DataKey](tx, first.ID); err != nil {
			return err
		}
		if first.KEK != s.vault.Newest() {
			n, err = s.rewrap(tx, []domain.DataKey{first})
		}
		if err != nil {
			return err
		}
		return tx.Audit("rotateKeys", "municipality", municipality, s.now(), domain.Detail(map[string]any{"key": s.vault.Newest()}))
	})
	for more := err == nil; more && err == nil; {
		err = s.store.Write(ctx, keyJob(municipality), func(tx *store.Tx) error {
			rows, err := tx.Rewrappable(s.vault.Newest(), keysTogether)
			if more = len(rows) > 0; err != nil {
				return err
			}
			done, err := s.rewrap(tx, rows)
			if n += done; err != nil {
				return err
			}
			return tx.Audit("rotateKeys", "municipality", municipality, s.now(), domain.Detail(map[string]any{"key": s.vault.Newest(), "keys": done}))
		})
	}
	return n, err
}

// rewrap wraps keys by the newest wrapping key. One that was destroyed or wrapped
// anew since it was read is left alone.
func (s *Service) rewrap(tx *store.Tx, rows []domain.DataKey) (n int, err error) {
	for _, row := range rows {
		wrapped, err := s.vault.Rewrap(row, s.vault.Newest())
		if err != nil {
			return n, err
		}
		done, err := tx.Rewrap(row, s.vault.Newest(), wrapped)
		if err != nil {
			return n, err
		}
		if done {
			n++
		}
	}
	return n, nil
}
