package vouchers

import (
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// details are the parts of domain.Details that are corrected and cleared as one,
// by the names of the API.
var details = []struct {
	name  string
	given func(domain.Details) bool
	set   func(to *domain.Details, from domain.Details)
}{
	{"arrived_at", func(d domain.Details) bool { return d.ArrivedAt != nil }, func(to *domain.Details, from domain.Details) { to.ArrivedAt = from.ArrivedAt }},
	{"left_at", func(d domain.Details) bool { return d.LeftAt != nil }, func(to *domain.Details, from domain.Details) { to.LeftAt = from.LeftAt }},
	{"test", func(d domain.Details) bool { return d.Test != "" }, func(to *domain.Details, from domain.Details) { to.Test = from.Test }},
	{"task", func(d domain.Details) bool { return d.Task != "" }, func(to *domain.Details, from domain.Details) { to.Task = from.Task }},
	{"makes_up", func(d domain.Details) bool { return d.MakesUp != nil }, func(to *domain.Details, from domain.Details) { to.MakesUp = from.MakesUp }},
	{"absence", func(d domain.Details) bool { return d.AbsenceReason != "" || d.NoticeAt != nil }, func(to *domain.Details, from domain.Details) {
		to.AbsenceReason, to.NoticeAt = from.AbsenceReason, from.NoticeAt
	}},
}

// amend puts what is said anew in the place of what was said, and empties what
// is to be cleared.
func amend(f *domain.Fields, d *domain.Details, anew domain.Details, clearing []string) {
	known := 0
	for _, part := range details {
		given, cleared := part.given(anew), slices.Contains(clearing, part.name)
		f.Check(!given || !cleared, "clear", "contradiction", "%s is given and to be cleared: do one of them", part.name)
		if given || cleared {
			part.set(d, anew)
		}
		if cleared {
			known++
		}
	}
	f.Check(known == len(clearing), "clear", "unknown", "must name each once, of arrived_at, left_at, test, task, makes_up and absence")
}

// exact gives details as they are stored: instants in UTC, to the microsecond.
func exact(d domain.Details) domain.Details {
	for _, at := range []**time.Time{&d.ArrivedAt, &d.LeftAt, &d.NoticeAt} {
		if *at != nil {
			micros := (*at).UTC().Truncate(time.Microsecond)
			*at = &micros
		}
	}
	return d
}

// sameDetails reports whether two tellings of a visit say the same.
func sameDetails(a, b domain.Details) bool {
	return sameTime(a.ArrivedAt, b.ArrivedAt) && sameTime(a.LeftAt, b.LeftAt) && sameTime(a.NoticeAt, b.NoticeAt) && sameID(a.MakesUp, b.MakesUp) &&
		a.Test == b.Test && a.Task == b.Task && a.AbsenceReason == b.AbsenceReason
}

func sameTime(a, b *time.Time) bool { return a == b || a != nil && b != nil && a.Equal(*b) }

func sameID(a, b *domain.ID) bool { return a == b || a != nil && b != nil && *a == *b }
