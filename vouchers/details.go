package vouchers

import (
	"regexp"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// wordPattern is what a kind of session, a kind of goods, a task or a reason of
// absence may be called: the same as in the documents of programmes.
var wordPattern = regexp.MustCompile(`^[a-z0-9]+([_-][a-z0-9]+)*$`)

const (
	longestSlug  = 64
	clockSkew    = 5 * time.Minute // a desk's clock may be ahead of ours by so much
	maxEarly     = 12 * time.Hour  // between when a visit was to begin and when someone came
	maxStay      = 24 * time.Hour  // from when a visit was to begin to when someone left
	oldestNotice = 366 * 24 * time.Hour
)

// The outcomes that a detail goes with.
var (
	there  = []string{domain.Attended, domain.Late, domain.LeftEarly, domain.NoValidSample, domain.Pending}
	tested = []string{domain.Attended, domain.Late, domain.LeftEarly}
	away   = []string{domain.Excused, domain.NoShow}
)

// checkDetails notes what is wrong with what else is said about a visit.
func checkDetails(f *domain.Fields, e domain.AttendanceEvent) {
	goesWith := func(said bool, field string, outcomes []string) {
		f.Check(!said || slices.Contains(outcomes, e.Outcome), field, "contradiction", "does not go with the outcome %s: leave it out, or in a correction clear it", e.Outcome)
	}
	goesWith(e.ArrivedAt != nil, "arrived_at", there)
	goesWith(e.LeftAt != nil, "left_at", there)
	goesWith(e.Task != "", "task", there)
	goesWith(e.Test != "", "test", tested)
	goesWith(e.AbsenceReason != "", "absence.reason", away)
	goesWith(e.NoticeAt != nil, "absence.notice_at", away)
	f.Check(e.Test == "" || e.Test == domain.Negative || e.Test == domain.Positive, "test", "unknown", "must be %s or %s", domain.Negative, domain.Positive)
	checkSlug(f, "task", e.Task)
	checkSlug(f, "absence.reason", e.AbsenceReason)
	if !e.OccurredAt.IsZero() {
		checkStay(f, e)
		checkNotice(f, e)
	}
}

func isSlug(text string) bool { return len(text) <= longestSlug && wordPattern.MatchString(text) }

func checkSlug(f *domain.Fields, field, text string) {
	f.Check(text == "" || isSlug(text), field, "invalid",
		"must be a word of at most %d small letters, digits, - and _, like homework", longestSlug)
}

// checkStay notes what is wrong with when someone came and left.
func checkStay(f *domain.Fields, e domain.AttendanceEvent) {
	check := func(field string, at *time.Time, latest time.Duration) {
		switch {
		case at == nil:
		case at.Before(e.OccurredAt.Add(-maxEarly)) || at.After(e.OccurredAt.Add(latest)):
			f.Add(field, "another_day", "must be from %.0f hours before the visit was to begin to %.0f hours after: check the date", maxEarly.Hours(), latest.Hours())
		case at.After(e.CreatedAt.Add(clockSkew)):
			f.Add(field, "in_the_future", "is not yet here: record it when it has happened")
		}
	}
	check("arrived_at", e.ArrivedAt, maxEarly)
	check("left_at", e.LeftAt, maxStay)
	f.Check(e.ArrivedAt == nil || e.LeftAt == nil || !e.LeftAt.Before(*e.ArrivedAt), "left_at", "before_arrived", "must not be before arrived_at")
}

// checkNotice notes what is wrong with when word of an absence came.
func checkNotice(f *domain.Fields, e domain.AttendanceEvent) {
	switch at := e.NoticeAt; {
	case at == nil:
	case at.After(e.OccurredAt):
		f.Add("absence.notice_at", "after_visit", "must not be after the visit was to begin: word that came later is no notice, leave it out")
	case at.After(e.CreatedAt.Add(clockSkew)):
		f.Add("absence.notice_at", "in_the_future", "is not yet here: record it when it has happened")
	case at.Before(e.OccurredAt.Add(-oldestNotice)):
		f.Add("absence.notice_at", "too_long_ago", "must not be more than a year before the visit: check the year")
	}
}

// checkMakeUp notes what is wrong with the missed visit that an event names.
func checkMakeUp(tx *store.Tx, f *domain.Fields, e domain.AttendanceEvent) error {
	if e.MakesUp == nil {
		return nil
	}
	missed, err := store.First[domain.Attendance](tx, store.Is("attendance_id", *e.MakesUp))
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return err
	}
	add := func(code, format string, args ...any) { f.Add("makes_up", code, format, args...) }
	switch {
	case err != nil || missed.PlanID != e.PlanID:
		add("unknown", "there is no such attendance of this plan: name the visit that was missed")
	case missed.AttendanceID == e.AttendanceID:
		add("itself", "is this visit itself: name the visit that was missed")
	case missed.Withdrawn:
		add("withdrawn", "that attendance was withdrawn: name the visit that was missed")
	case missed.MakesUp != nil:
		add("make_up", "is a make-up itself: name the visit that was missed first, %s", attendanceRef(*missed.MakesUp))
	case missed.Outcome == domain.Attended:
		add("attended", "that visit was attended: there is nothing to make up for")
	case !missed.OccurredAt.Before(e.OccurredAt):
		add("before_missed", "that visit was to begin later: a make-up comes after the visit that was missed")
	}
	return nil
}
