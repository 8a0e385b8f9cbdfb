package vouchers

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// trace is what the audit log says was done to something.
type trace struct {
	action domain.Action
	object domain.ID
}

// auditLog is what the audit log says.
type auditLog struct {
	done    map[domain.Action]map[domain.ID]struct{} // what was done at all
	counted map[trace]heard                          // of the actions that count: how often, and when last
	said    map[domain.ID][]saying                   // of goals, plans, pauses, moves, hats and answers: what it says was done, in order
	prints  map[string]map[domain.ID]*prints         // by the kind of thing: the fingerprints that entries left
}

// heard is how often something was done, and when last.
type heard struct {
	times int
	last  domain.ID // the entry
	at    time.Time
}

// counting are the actions of which it counts how often, or when, they were
// done.
var counting = []domain.Action{"blockVoucher", "blockOwnVoucher", "unblockVoucher", "expireVoucher", "voidVoucher", "updateApprovalLimits", "deleteApprovalLimits", "changeBudget", "demandApproval"}

// bulk are the actions of which there are millions, each logged once for a thing.
// Which things were logged is compared by sums, as what is booked is.
var bulk = []domain.Action{"recordAttendance", "award", "issueVoucher", "redeemVoucher"}

// alreadyRecorded is in the detail of what was asked for again, and not done.
var alreadyRecorded = []byte(`"already_recorded"`)

func newAuditLog() auditLog {
	l := auditLog{map[domain.Action]map[domain.ID]struct{}{}, map[trace]heard{}, map[domain.ID][]saying{}, map[string]map[domain.ID]*prints{}}
	return l
}

// add takes an entry in.
func (l auditLog) add(a domain.AuditEntry) {
	action := domain.Action(a.Action)
	if slices.Contains(counting, action) {
		t := trace{action, a.ObjectID}
		h := l.counted[t]
		if h.times++; bytes.Compare(a.ID[:], h.last[:]) > 0 {
			h.last, h.at = a.ID, a.CreatedAt
		}
		l.counted[t] = h
		return
	}
	objects := l.done[action]
	if objects == nil {
		objects = map[domain.ID]struct{}{}
		l.done[action] = objects
	}
	objects[a.ObjectID] = struct{}{}
	switch a.Object {
	case "goal", "plan", "pause", "move", "hat":
	default:
		if !slices.Contains(answering, action) {
			return
		}
	}
	l.said[a.ObjectID] = append(l.said[a.ObjectID], saying{a.ID, action, strings.ToLower(a.Person), a.Detail})
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

// auditEntries reads what the audit log says happened, and makes the head of the logs
// on the way.
func (v verifier) auditEntries() (rows int, err error) {
	err = store.Each(v.tx, func(a domain.AuditEntry) error {
		rows++
		v.head.audit(a)
		if !slices.Contains(bulk, domain.Action(a.Action)) || bytes.Contains(a.Detail, alreadyRecorded) {
			v.audit.add(a)
			return v.audit.print(a)
		}
		t := trace{domain.Action(a.Action), a.ObjectID}
		if v.closely[v.sums.add(v.sums.posted, t.booking(), 1, time.Time{})] {
			v.logged[t]++
		}
		return nil
	})
	if err != nil {
		return rows, err
	}
	return rows, v.head.accesses(v.tx, time.Time{})
}

// booking is how a trace stands among what is booked.
func (t trace) booking() booking { return booking{event: ledger.Event(t.action), reference: t.object} }

// traced notes a thing of which the audit log does not say that this was done.
func (v verifier) traced(noun string, object domain.ID, action domain.Action) {
	done := false
	if t := (trace{action, object}); slices.Contains(bulk, action) {
		if !v.closely[v.sums.add(v.sums.happened, t.booking(), 1, time.Time{})] {
			return
		}
		v.logged[t]--
		done = v.logged[t] >= 0
	} else {
		done = v.audit.did(action, object)
	}
	if !done {
		v.differ(false, "%s %s: no audit entry says %s", noun, object, action)
	}
}

// untraced names what the audit log says was done to things that are not there, or
// more often than it can be.
func (v verifier) untraced() (rows int, err error) {
	for t, times := range v.logged {
		if t.action == "award" && len(v.episodes) == 0 { // no award was read
			continue
		}
		v.differ(times <= 0, "audit entry: %s of %s, of which there is no trace besides", t.action, t.object)
	}
	return len(v.logged), nil
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
	live := of.state() == domain.Issued || of.state() == domain.PartlyRedeemed || of.state() == domain.Redeemed || of.state() == domain.Blocked
	if live && blocked != (of.state() == domain.Blocked) {
		v.differ(false, "voucher %s: is %s, the audit log says blocked %t", of.id, of.state(), blocked)
	}
	for _, death := range deaths {
		if (n(death.action) > 0) != (of.state() == death.state) {
			v.differ(false, "voucher %s: is %s, the audit log has %d times %s", of.id, of.state(), n(death.action), death.action)
		}
	}
}
