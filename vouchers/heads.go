package vouchers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Head is a fingerprint of a municipality's audit log, and of its log of who saw
// what is personal, up to a moment. Who keeps heads where the database's
// administrators cannot write can tell later whether anything up to there was
// changed, added or removed since. Each entry is hashed with the hash before it,
// oldest first, so that a head also stands for all before it.
type Head struct {
	Municipality domain.ID
	Until        time.Time // up to here, without it; whole seconds, UTC
	Entries      int       // in both logs
	Audit        [sha256.Size]byte
	Accesses     [sha256.Size]byte
}

// HeadAge is how long after it happened an entry is in a head: longer than any
// transaction takes, or clocks differ, for an entry that is committed later would
// look like one that was added.
const HeadAge = 15 * time.Minute

const headTime = "2006-01-02T15:04:05Z"

// String is the head in one line, as ReadHeads finds it again.
func (h Head) String() string {
	return fmt.Sprintf("%s %s %d %x %x", hex.EncodeToString(h.Municipality[:]), h.Until.Format(headTime), h.Entries, h.Audit, h.Accesses)
}

var headForm = regexp.MustCompile(`\b([0-9a-f]{32}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (\d{1,15}) ([0-9a-f]{64}) ([0-9a-f]{64})\b`)

// ReadHeads finds every head in a text, such as a log, oldest first.
func ReadHeads(text string) (heads []Head) {
	for _, part := range headForm.FindAllStringSubmatch(text, -1) {
		var h Head
		var err error
		if h.Until, err = time.Parse(headTime, part[2]); err != nil {
			continue
		}
		h.Entries, _ = strconv.Atoi(part[3])
		_, _ = hex.Decode(h.Municipality[:], []byte(part[1])) // the form fits
		_, _ = hex.Decode(h.Audit[:], []byte(part[4]))
		_, _ = hex.Decode(h.Accesses[:], []byte(part[5]))
		heads = append(heads, h)
	}
	slices.SortStableFunc(heads, func(a, b Head) int { return a.Until.Compare(b.Until) })
	return heads
}

// Head goes on from an earlier head, or from the beginning for one that has
// nothing but its municipality, as far as entries are old enough.
func (s *Service) Head(ctx context.Context, from Head) (Head, error) {
	return s.headAt(ctx, from, s.oldEnough())
}

// oldEnough is up to when entries are in a head that is made now.
func (s *Service) oldEnough() time.Time { return s.now().Add(-HeadAge).Truncate(time.Second) }

// CheckHeads gives, in words, each head of a municipality that no longer fits its
// logs, and how many were compared. Other municipalities' heads are left out.
func (s *Service) CheckHeads(ctx context.Context, municipality domain.ID, heads []Head) (differences []string, compared int, err error) {
	now := Head{Municipality: municipality}
	for _, kept := range heads {
		if kept.Municipality != municipality {
			continue
		}
		if now, err = s.headAt(ctx, now, kept.Until); err != nil {
			return nil, compared, err
		}
		compared++
		if now.String() != kept.String() {
			differences = append(differences, fmt.Sprintf("the logs up to %s are not what they were: %d entries then, %d now", kept.Until.Format(headTime), kept.Entries, now.Entries))
		}
	}
	return differences, compared, nil
}

// headAt is the head at a moment, worked out from an earlier one.
func (s *Service) headAt(ctx context.Context, from Head, until time.Time) (Head, error) {
	if !until.After(from.Until) {
		return from, nil
	}
	m := newHeadMaker(from, until)
	err := s.store.Snapshot(ctx, from.Municipality, func(tx *store.Tx) error {
		err := store.Each(tx, func(a domain.AuditEntry) error {
			m.audit(a)
			return nil
		}, store.From("id", firstID(from.Until)), store.Before("id", m.young))
		if err != nil {
			return err
		}
		return m.accesses(tx, from.Until)
	})
	return m.Head, err
}

// headMaker goes on from a head as entries come by, oldest first.
type headMaker struct {
	Head
	young domain.ID // the first that is too young
	line  headLine
}

func newHeadMaker(from Head, until time.Time) headMaker {
	from.Until = until.UTC()
	return headMaker{Head: from, young: firstID(until)}
}

// audit takes an entry in, unless it is too young. The columns are listed by hand, here
// and of accesses: one that comes later must not change the heads of before.
func (m *headMaker) audit(a domain.AuditEntry) {
	if bytes.Compare(a.ID[:], m.young[:]) >= 0 {
		return
	}
	m.line = append(m.line[:0], '[').id(a.ID).text(a.Person).text(string(a.Role)).id(a.TokenID).text(a.Action).text(a.Object).id(a.ObjectID).
		text(string(a.Detail)).text(a.RequestID).time(a.CreatedAt).end()
	m.add(&m.Audit, m.line)
}

// accesses takes in the log of who saw what is personal.
func (m *headMaker) accesses(tx *store.Tx, from time.Time) error {
	return store.Each(tx, func(a domain.Access) error {
		m.line = append(m.line[:0], '[').id(a.ID).id(a.CitizenID).text(a.Person).text(string(a.Role)).text(string(a.Action)).text(string(a.Act)).
			text(string(a.Purpose)).maybe(a.EmergencyID).text(a.RequestID).time(a.CreatedAt).end()
		m.add(&m.Accesses, m.line)
		return nil
	}, store.From("id", firstID(from)), store.Before("id", m.young))
}

// add hashes one entry onto a log's sum.
func (h *Head) add(sum *[sha256.Size]byte, line headLine) {
	h.Entries++
	hash := sha256.New()
	hash.Write(sum[:])
	hash.Write(line)
	hash.Sum(sum[:0])
}

// firstID is before every ID that is made from that moment on (UUIDv7 begins with
// the milliseconds since 1970).
func firstID(at time.Time) (id uuid.UUID) {
	if at.IsZero() {
		return id
	}
	var milliseconds [8]byte
	binary.BigEndian.PutUint64(milliseconds[:], uint64(at.UnixMilli()))
	copy(id[:], milliseconds[2:])
	return id
}
