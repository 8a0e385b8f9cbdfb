package sheet

import (
	"strconv"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// AttendanceRow is one statement about one visit, as exported.
type AttendanceRow struct {
	Place
	ID         string    // the visit, in the municipality's system
	Revision   int       // 1, 2, …; a higher one corrects the lower ones of the same ID
	Plan       string    // a plan's number; whether there is such a plan is for the caller to know
	OccurredAt time.Time // when the visit was to begin, in UTC
	Kind       string    // "individual" or "group"
	Outcome    string    // domain.Attended, NoShow, Excused or Cancelled
	RecordedBy string    // who recorded it there
	RecordedAt time.Time // and when, in UTC
}

var kinds = vocabulary{
	what:  "kind of visit",
	known: "individuel and gruppe (individual and group)",
	words: map[string]string{
		"individuel": "individual", "individual": "individual",
		"gruppe": "group", "group": "group",
	},
}

var outcomes = vocabulary{
	what:  "outcome",
	known: "mødt, udeblevet, afbud and aflyst af stedet (attended, no_show, excused and cancelled)",
	words: map[string]string{
		"moedt": domain.Attended, "attended": domain.Attended,
		"udeblevet": domain.NoShow, "no_show": domain.NoShow,
		"afbud": domain.Excused, "excused": domain.Excused,
		"aflyst_af_stedet": domain.Cancelled, "cancelled": domain.Cancelled,
	},
}

// ReadAttendance reads attendance:
//
//	id;version;plan;tidspunkt;type;udfald;registreret_af;registreret
//	id;version;plan;time;kind;outcome;recorded_by;recorded_at
//
// All columns are required, in any order; time may be headed occurred_at.
// Times without an offset are local times of loc: one that the clock change
// skipped is refused, of one that came twice the first is meant, and a date
// alone means its midnight. Fractions of a second are dropped. The error, a *domain.Error of kind Invalid, is for
// a file that cannot be read at all.
func ReadAttendance(data []byte, loc *time.Location) ([]AttendanceRow, []Refusal, error) {
	return read(data, attendance(loc))
}

func attendance(loc *time.Location) layout[AttendanceRow] {
	return layout[AttendanceRow]{
		columns: []column{
			{"id", nil},
			{"version", nil},
			{"plan", nil},
			{"time", []string{"tidspunkt", "occurred_at"}},
			{"kind", []string{"type"}},
			{"outcome", []string{"udfald"}},
			{"recorded_by", []string{"registreret_af"}},
			{"recorded_at", []string{"registreret"}},
		},
		row: func(c *cells) (AttendanceRow, string) {
			r := AttendanceRow{
				ID:         c.text("id"),
				Revision:   c.count("version"),
				Plan:       c.text("plan"),
				OccurredAt: c.instant("time", loc),
				Kind:       c.word("kind", kinds),
				Outcome:    c.word("outcome", outcomes),
				RecordedBy: c.text("recorded_by"),
				RecordedAt: c.instant("recorded_at", loc),
			}
			return r, strconv.Itoa(r.Revision) + " " + r.ID
		},
		place: func(r *AttendanceRow, at Place) { r.Place = at },
		twice: "this version of the visit",
	}
}
