package vouchers

import (
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// trace is something that the audit log says was done to a thing.
type trace struct {
	action domain.Action
	object domain.ID
}

// auditEntries counts what the audit log says was done.
func (v *verifier) auditEntries() (rows int, err error) {
	err = store.Each(v.tx, func(a domain.AuditEntry) error {
		rows++
		t := trace{domain.Action(a.Action), a.ObjectID}
		v.audited[t]++
		v.when[t] = a.CreatedAt
		if slices.Contains([]string{"goal", "plan", "pause", "move", "hat"}, a.Object) || slices.Contains(answering, t.action) {
			v.said[a.ObjectID] = append(v.said[a.ObjectID], saying{t.action, strings.ToLower(a.Person), a.Detail})
		}
		return nil
	})
	return rows, err
}

// traced notes a thing of which the audit log does not say that this was done.
func (v *verifier) traced(noun string, object domain.ID, action domain.Action) {
	v.differ(v.audited[trace{action, object}] > 0, "%s %s: no audit entry says %s", noun, object, action)
}

// state checks that a voucher is blocked, expired or void exactly when the audit
// log says that it was made so.
func (v *verifier) state(of domain.Voucher) {
	n := func(action domain.Action) int { return v.audited[trace{action, of.ID}] }
	blocked := n("blockVoucher")+n("blockOwnVoucher") > n("unblockVoucher")
	live := of.Spendable() || of.State == domain.Redeemed || of.State == domain.Blocked
	v.differ(!live || blocked == (of.State == domain.Blocked), "voucher %s: is %s, the audit log says blocked %t", of.ID, of.State, blocked)
	for action, state := range map[domain.Action]domain.VoucherState{"expireVoucher": domain.Expired, "voidVoucher": domain.Void, "reissueVoucher": domain.Replaced} {
		v.differ((n(action) > 0) == (of.State == state), "voucher %s: is %s, the audit log has %d times %s", of.ID, of.State, n(action), action)
	}
}
