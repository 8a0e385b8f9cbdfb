package vouchers

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// prints are the fingerprints that audit entries left of a thing.
type prints struct {
	left []printed
}

// printed is the fingerprint that one entry left; "" in an entry of before there were any.
type printed struct {
	id     domain.ID
	action domain.Action
	at     time.Time
	print  string
}

// sameMoment is how far apart two servers' clocks may be: of two entries nearer to each
// other nobody knows which was last.
const sameMoment = 2 * time.Second

// print takes in the fingerprint that an entry left.
func (l auditLog) print(a domain.AuditEntry) error {
	action := domain.Action(a.Action)
	if _, ok := store.PrintedBy(action, a.Object); !ok {
		return nil
	}
	left, err := store.ReadFingerprint(a.Detail)
	if err != nil {
		return err
	}
	if l.prints[a.Object] == nil {
		l.prints[a.Object] = map[domain.ID]*prints{}
	}
	of := l.prints[a.Object][a.ObjectID]
	if of == nil {
		of = &prints{}
		l.prints[a.Object][a.ObjectID] = of
	}
	of.left = append(of.left, printed{a.ID, action, a.CreatedAt, left})
	return nil
}

// newest is what was left last, and whether this fingerprint is it.
func (p prints) newest(print string) (last printed, same bool) {
	last = slices.MaxFunc(p.left, func(a, b printed) int { return bytes.Compare(a.id[:], b.id[:]) })
	return last, slices.ContainsFunc(p.left, func(one printed) bool {
		return (one.print == print || one.print == "") && last.at.Sub(one.at) < sameMoment
	})
}

// fingerprints checks that everything of which the audit log keeps a fingerprint
// stands as its last act left it, that nothing is there which nobody made, and that
// nothing is gone.
func (v verifier) fingerprints() (rows int, err error) {
	for _, kind := range store.Fingerprinted {
		now, err := v.tx.Fingerprints(kind)
		if err != nil {
			return rows, err
		}
		untouched, err := v.tx.Untouched(kind)
		if err != nil {
			return rows, err
		}
		rows += len(now)
		v.standing(kind.Object, now, untouched)
	}
	return rows, nil
}

// standing compares how things of a kind stand with what the audit log says.
func (v verifier) standing(object string, now map[domain.ID]string, untouched map[domain.ID]bool) {
	noun := strings.ReplaceAll(object, "_", " ")
	for id, print := range now {
		of := v.audit.prints[object][id]
		if of == nil {
			v.differ(untouched[id], "%s %s: no audit entry says that it was made", noun, id)
			continue
		}
		last, same := of.newest(print)
		v.differ(same, "%s %s: is not as %s left it, which audit entry %s says", noun, id, last.action, last.id)
	}
	for id, of := range v.audit.prints[object] {
		if _, there := now[id]; !there {
			last, _ := of.newest("")
			v.differ(false, "%s %s: is gone, audit entry %s says %s", noun, id, last.id, last.action)
		}
	}
}
