package vouchers

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// trace is what the audit log says was done to something.
type trace struct {
	action domain.Action
	object domain.ID
}

// auditLine is what the checks need of an audit entry.
type auditLine struct {
	ID        domain.ID
	Person    string
	Action    domain.Action
	Object    string
	ObjectID  domain.ID
	Detail    domain.Raw
	CreatedAt time.Time
}

// TableName names the table.
func (auditLine) TableName() string { return "audit_entries" }

// auditLog is what the audit log says.
type auditLog struct {
	done    map[domain.Action]map[domain.ID]struct{} // what was done at all
	counted map[trace]heard                          // of the actions that count: how often, and when last
	said    map[domain.ID][]saying                   // of goals, plans, pauses, moves, hats and answers: what it says was done, in order
}

// heard is how often something was done, and when last.
type heard struct {
	times int
	last  domain.ID // the entry
	at    time.Time
}

// counting are the actions of which it counts how often, or when, they were
// done.
var counting = []domain.Action{"blockVoucher", "blockOwnVoucher", "unblockVoucher", "expireVoucher", "voidVoucher", "updateApprovalLimits", "changeBudget", "demandApproval"}

func newAuditLog() auditLog {
	l := auditLog{map[domain.Action]map[domain.ID]struct{}{}, map[trace]heard{}, map[domain.ID][]saying{}}
	return l
}

// add takes an entry in.
func (l auditLog) add(a auditLine) {
	if slices.Contains(counting, a.Action) {
		t := trace{a.Action, a.ObjectID}
		h := l.counted[t]
		if h.times++; bytes.Compare(a.ID[:], h.last[:]) > 0 {
			h.last, h.at = a.ID, a.CreatedAt
		}
		l.counted[t] = h
		return
	}
	objects := l.done[a.Action]
	if objects == nil {
		objects = map[domain.ID]struct{}{}
		l.done[a.Action] = objects
	}
	objects[a.ObjectID] = struct{}{}
	switch a.Object {
	case "goal", "plan", "pause", "move", "hat":
	default:
		if !slices.Contains(answering, a.Action) {
			return
		}
	}
	l.said[a.ObjectID] = append(l.said[a.ObjectID], saying{a.ID, a.Action, strings.ToLower(a.Person), a.Detail})
}

// times is how often something was done; of actions that do not count, 1 when it
// was.
func (l auditLog) times(action domain.Action, object domain.ID) int {
	objects, known := l.done[action]
	if !known { // it counts, or nobody did it: a look at few instead of millions
		return l.counted[trace{action, object}].times
	}
	if _, done := objects[object]; done {
		return 1
	}
	return 0
}

// did reports whether something was done.
func (l auditLog) did(action domain.Action, object domain.ID) bool {
	return l.times(action, object) > 0
}

// auditEntries reads what the audit log says happened.
func (v verifier) auditEntries() (rows int, err error) {
	err = store.Sweep(v.tx, func(a auditLine) error {
		rows++
		v.audit.add(a)
		return nil
	})
	for _, said := range v.audit.said {
		slices.SortFunc(said, func(a, b saying) int { return bytes.Compare(a.id[:], b.id[:]) })
	}
	return rows, err
}

// traced notes a thing of which the audit log does not say that this was done.
func (v verifier) traced(noun string, object domain.ID, action domain.Action) {
	if !v.audit.did(action, object) {
		v.differ(false, "%s %s: no audit entry says %s", noun, object, action)
	}
}

// deaths are the states in which a voucher is dead, and what made it so.
var deaths = []struct {
	state  domain.VoucherState
	action domain.Action
}{{domain.Expired, "expireVoucher"}, {domain.Void, "voidVoucher"}, {domain.Replaced, "reissueVoucher"}}

// state checks that a voucher is blocked, expired or void exactly when the audit
// log says that it was made so.
func (v verifier) state(of *held) {
	n := func(action domain.Action) int { return v.audit.times(action, of.id) }
	blocked := n("blockVoucher")+n("blockOwnVoucher") > n("unblockVoucher")
	live := of.state == domain.Issued || of.state == domain.PartlyRedeemed || of.state == domain.Redeemed || of.state == domain.Blocked
	if live && blocked != (of.state == domain.Blocked) {
		v.differ(false, "voucher %s: is %s, the audit log says blocked %t", of.id, of.state, blocked)
	}
	for _, death := range deaths {
		if (n(death.action) > 0) != (of.state == death.state) {
			v.differ(false, "voucher %s: is %s, the audit log has %d times %s", of.id, of.state, n(death.action), death.action)
		}
	}
}
