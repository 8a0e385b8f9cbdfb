package vouchers

import (
	"context"
	"errors"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// expireAtOnce bounds one transaction of Expire.
const expireAtOnce = 200

// Expire books the balance of every voucher of a municipality whose validity
// has ended as lapsed, and counts them. Several jobs at once do no harm.
func (s *Service) Expire(ctx context.Context, municipality domain.ID) (total int, err error) {
	actor := domain.Actor{MunicipalityID: municipality, Role: domain.System, Person: "system:expire"}
	for {
		n := 0
		err := s.store.Write(ctx, actor, func(tx *store.Tx) error {
			at := s.now()
			lapsed, err := tx.Lapsed(at, expireAtOnce)
			if err != nil {
				return err
			}
			for _, v := range lapsed {
				balance := v.Balance
				v.Reason = domain.Private{}
				if err := s.end(tx, &v, domain.Expired, at, ledger.Book.Expire); err != nil {
					return err
				}
				if err := tx.Audit("expireVoucher", "voucher", v.ID, at, domain.Detail(map[string]any{"balance": balance})); err != nil {
					return err
				}
			}
			if n = len(lapsed); n == 0 {
				return errNothingLapsed
			}
			return nil
		})
		if errors.Is(err, errNothingLapsed) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
		total += n
	}
}

// errNothingLapsed ends Expire's loop without a transaction that changed nothing.
var errNothingLapsed = errors.New("no voucher has lapsed")
