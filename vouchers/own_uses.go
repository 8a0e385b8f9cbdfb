package vouchers

import (
	"cmp"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Use is one purchase with a voucher, as the one who holds it is told of it.
type Use struct {
	At           time.Time
	Shop         string // by name
	Amount, Left int64  // minor units; Left was on the voucher afterwards
	Returned     bool   // it was taken back since
}

// used adds to vouchers where and when they were used, the oldest first.
func used(tx *store.Tx, list []OwnVoucher) error {
	redemptions, err := store.All[domain.Redemption](tx, "", store.In("voucher_id", ids(list, func(v OwnVoucher) domain.ID { return v.ID })))
	if err != nil || len(redemptions) == 0 {
		return err
	}
	slices.SortFunc(redemptions, func(a, b domain.Redemption) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), slices.Compare(a.ID[:], b.ID[:]))
	})
	shops, err := store.All[domain.Partner](tx, "", store.In("id", ids(redemptions, func(r domain.Redemption) domain.ID { return r.PartnerID })))
	if err != nil {
		return err
	}
	records, err := withReversals(tx, redemptions)
	if err != nil {
		return err
	}
	names, of := map[domain.ID]string{}, map[domain.ID][]Use{}
	for _, p := range shops {
		names[p.ID] = p.Name
	}
	for _, r := range records {
		of[r.VoucherID] = append(of[r.VoucherID], Use{r.CreatedAt, names[r.PartnerID], r.Amount, r.BalanceAfter, r.Reversal != nil})
	}
	for i := range list {
		list[i].Uses = of[list[i].ID]
	}
	return nil
}
