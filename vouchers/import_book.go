package vouchers

import (
	"strconv"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers/sheet"
)

// visitBook knows a plan's visits while an export is taken in.
type visitBook struct {
	visits []*visit
	by     map[string]*visit // by key
}

// visit is one visit: what is recorded of it and what the export adds.
type visit struct {
	key      string
	newest   *domain.AttendanceEvent  // as recorded; nil when it is new
	versions map[int]bool             // of it in files, as far as they are recorded
	highest  int                      // of the versions; 0 when it came in no file
	said     []domain.AttendanceEvent // by the export, in the order of the versions
	rows     []sheet.AttendanceRow    // the lines that say so
}

// newBook opens the book with what is recorded, in the order of revisions.
func newBook(plan domain.Plan, events []domain.AttendanceEvent) *visitBook {
	b := &visitBook{by: map[string]*visit{}}
	for _, e := range events {
		if e.PlanID == plan.ID {
			v := b.visit(e.Key)
			v.newest = &e
			if e.SourceRevision > 0 {
				v.versions[e.SourceRevision], v.highest = true, max(v.highest, e.SourceRevision)
			}
		}
	}
	return b
}

// visit gives the visit with that key, which may be new.
func (b *visitBook) visit(key string) *visit {
	if b.by[key] == nil {
		b.by[key] = &visit{key: key, versions: map[int]bool{}}
		b.visits = append(b.visits, b.by[key])
	}
	return b.by[key]
}

// byHand reports whether a person had the last word on the visit.
func (v *visit) byHand() bool { return v.newest != nil && v.newest.SourceRevision == 0 }

// last gives the newest event, be it recorded or about to be.
func (v *visit) last() (e domain.AttendanceEvent, known bool) {
	switch n := len(v.said); {
	case n > 0:
		return v.said[n-1], true
	case v.newest != nil:
		return *v.newest, true
	}
	return e, false
}

// micros is an instant in microseconds, as exact as the databases are.
type micros = int64

// recorded gives the moment that the visit holds as recorded, if any.
func (v *visit) recorded() (micros, bool) {
	if v.newest == nil || v.newest.Withdrawn {
		return 0, false
	}
	return v.newest.OccurredAt.UnixMicro(), true
}

// wanted gives the moment that the visit would hold with what the export says.
func (v *visit) wanted() (micros, bool) {
	e, known := v.last()
	return e.OccurredAt.UnixMicro(), known && !e.Withdrawn
}

// String is how people find the visit: by the file's ID, or by the API's.
func (v *visit) String() string {
	if id, imported := strings.CutPrefix(v.key, fromFile); imported {
		return strconv.Quote(id)
	}
	return attendanceRef(v.newest.AttendanceID)
}

// clashes gives the visits whose newest version cannot be taken because another
// visit of the plan holds that moment, and which. Only newest versions are
// compared: visits may change places. What is recorded at a moment and stays
// there has it, then the smaller ID; whoever cannot move keeps the moment that
// is recorded, from which another may have to give way in turn.
func (b *visitBook) clashes() map[*visit]*visit {
	holders := map[micros]*visit{}
	var lost []*visit
	for _, v := range b.visits {
		at, ok := v.wanted()
		if !ok {
			continue
		}
		switch holder := holders[at]; {
		case holder == nil:
			holders[at] = v
		case v.before(holder, at):
			holders[at], lost = v, append(lost, holder)
		default:
			lost = append(lost, v)
		}
	}
	refused := map[*visit]*visit{}
	for len(lost) > 0 {
		v := lost[len(lost)-1]
		lost = lost[:len(lost)-1]
		if len(v.said) == 0 {
			continue // recorded: it stays, whatever else is there
		}
		refused[v] = nil
		if at, ok := v.recorded(); ok {
			if other := holders[at]; other != nil && other != v {
				lost = append(lost, other)
			}
			holders[at] = v
		}
	}
	for v := range refused {
		at, _ := v.wanted()
		refused[v] = holders[at]
	}
	return refused
}

// before reports whether the visit has the moment rather than the other one.
func (v *visit) before(other *visit, at micros) bool {
	mine, here := v.recorded()
	theirs, there := other.recorded()
	here, there = here && mine == at, there && theirs == at
	if here != there {
		return here
	}
	return v.key < other.key
}
