package rules

import (
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Excuses says which excused visits are taken as excused; others count as
// no-shows. What is left out asks for nothing.
type Excuses struct {
	Reasons     []string `json:"reasons,omitempty"`      // those that excuse
	NoticeHours int      `json:"notice_hours,omitempty"` // how long before the visit was to begin it must be told
	Most        int      `json:"most,omitempty"`         // how many are excused in each Per
	Per         string   `json:"per,omitempty"`          // PerEpisode, PerPhase or PerMonth; stated with Most
	DecidedBy   []string `json:"decided_by,omitempty"`   // the roles that may record one; the service keeps to it, not the engine
}

// The spans in which excuses are counted.
const (
	PerEpisode = "episode"
	PerPhase   = "phase"
	PerMonth   = "month" // a calendar month, by the visit's date at the site
)

// Excused is how many visits were excused in the span that the document counts.
type Excused struct {
	Key   int `json:"key,omitempty"` // of the month: 202601
	Count int `json:"count,omitempty"`
}

// Decides reports whether someone of that role may record an excused visit.
func (d Document) Decides(role domain.Role) bool {
	return d.Excused == nil || d.Excused.DecidedBy == nil || slices.Contains(d.Excused.DecidedBy, string(role))
}

// excuse gives the outcome that an excused visit on a day has under the
// document's policy, and counts it where the policy does.
func (f *fold) excuse(o *Opportunity, day int) string {
	e, t := f.doc.Excused, &f.state.Excused
	late := e.NoticeHours > 0 && (o.Notice.IsZero() || o.At.Sub(o.Notice) < time.Duration(e.NoticeHours)*time.Hour)
	if late || len(e.Reasons) > 0 && !slices.Contains(e.Reasons, o.Reason) {
		return domain.NoShow
	}
	if e.Most == 0 {
		return excused
	}
	if key := e.key(day); key != t.Key {
		*t = Excused{Key: key}
	}
	if t.Count == e.Most {
		return domain.NoShow
	}
	t.Count++
	return excused
}

// key names the span of a day.
func (e *Excuses) key(day int) int {
	if e.Per != PerMonth {
		return 0
	}
	date := dateOf(day)
	return date.Year*100 + int(date.Month)
}
