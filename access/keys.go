package access

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Keys are API tokens that go on, with what they are bound to.
type Keys struct {
	Places
	store.Listed[domain.Token]
}

// Keys lists the API tokens that neither ended nor expired, newest first.
func (s *Service) Keys(ctx context.Context, actor domain.Actor, page store.Page) (k Keys, err error) {
	err = s.read(ctx, actor, "listTokens", func(tx *store.Tx) error {
		if k.Places, err = readPlaces(tx); err != nil {
			return err
		}
		k.Rows, k.More, err = store.List[domain.Token](tx, page, own(actor), store.Is("kind", domain.ByToken), store.None("revoked_at"), store.After("expires_at", s.now()))
		return err
	})
	return k, err
}
