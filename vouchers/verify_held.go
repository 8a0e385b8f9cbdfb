package vouchers

import (
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// sort is what very many vouchers have in common.
type sort struct {
	unit, programme, version domain.ID
	budget                   domain.ID // zero: none
	currency                 string
}

// sorts numbers them.
type sorts struct {
	list   []sort
	number map[sort]int32
}

func (k *sorts) of(voucher domain.Voucher) int32 {
	one := sort{voucher.UnitID, voucher.ProgrammeID, voucher.VersionID, value(voucher.BudgetID), voucher.Currency}
	n, ok := k.number[one]
	if !ok {
		if k.number == nil {
			k.number = map[sort]int32{}
		}
		n = int32(len(k.list)) //nolint:gosec // so many kinds there are not
		k.list, k.number[one] = append(k.list, one), n
	}
	return n
}

// held is what is kept of a voucher: with the maps about 250 bytes, so that
// a million are a quarter of a gigabyte. There is no pointer in it, nor a string,
// so that the garbage collector need not look through all of them again and again.
type held struct {
	id, award            domain.ID
	amount, balance      int64
	spent                int64     // redeemed less what came back to it
	outstanding          int64     // from the postings
	created, from, to    int64     // microseconds since 1970
	replaces, replacedBy domain.ID // zero: none
	status               int8      // index into voucherStates
	kind                 int32
	next                 int32 // of the same award; -1: none
	used                 bool  // whether it was ever redeemed
	seen                 bool  // its award is stored
}

var voucherStates = []domain.VoucherState{
	domain.Issued, domain.PartlyRedeemed, domain.Redeemed, domain.Blocked, domain.Replaced, domain.Expired, domain.Void,
}

// state is that of the voucher; "" for one that is in none.
func (h *held) state() domain.VoucherState {
	if h.status < 0 {
		return ""
	}
	return voucherStates[h.status]
}

// original reports whether it is an award's own, and not in another's place.
func (h *held) original() bool { return h.replaces == domain.ID{} }

func (h *held) createdAt() time.Time { return time.UnixMicro(h.created).UTC() }

// fresh reports whether nobody has ever used it and it is worth all that it was.
func (h *held) fresh() bool { return h.balance == h.amount && h.original() && !h.used }

// vouchersHeld are all vouchers, by their ID and by their award.
type vouchersHeld struct {
	list  []held
	index map[domain.ID]int32
	first map[domain.ID]int32 // by award, of those linked by next
}

func newVouchersHeld() vouchersHeld {
	return vouchersHeld{index: map[domain.ID]int32{}, first: map[domain.ID]int32{}}
}

func (l *vouchersHeld) add(v domain.Voucher, kind int32) *held {
	n := int32(len(l.list)) //nolint:gosec // two thousand million would not fit anyway
	h := held{
		id: v.ID, award: v.AwardID, amount: v.Amount, balance: v.Balance, created: v.CreatedAt.UnixMicro(), from: v.ValidFrom.UnixMicro(), to: v.ValidTo.UnixMicro(),
		replaces: value(v.ReplacesID), replacedBy: value(v.ReplacedByID), kind: kind, next: -1,
		status: int8(slices.Index(voucherStates, v.State)), //nolint:gosec // there are seven
	}
	if before, ok := l.first[v.AwardID]; ok {
		h.next = before
	}
	l.index[v.ID], l.first[v.AwardID] = n, n
	l.list = append(l.list, h)
	return &l.list[n]
}

// get gives a voucher; one with no ID when there is none.
func (l *vouchersHeld) get(id domain.ID) *held {
	if n, ok := l.index[id]; ok {
		return &l.list[n]
	}
	return &held{next: -1, status: -1}
}

// of gives an award's vouchers, and those that replaced them.
func (l *vouchersHeld) of(award domain.ID) (list []*held) {
	n, ok := l.first[award]
	for ok && n >= 0 {
		list = append(list, &l.list[n])
		n = l.list[n].next
	}
	return list
}
