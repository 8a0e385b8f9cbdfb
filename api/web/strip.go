package web

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// Strip is what was attended and what was not, one mark a session.
type Strip struct {
	Marks  []Mark
	Counts []Count // of what is shown
	Older  bool
}

// Mark is one session.
type Mark struct {
	Is      string // attended, no_show, …; missing, when nobody has told; ahead
	Sign    string // what stands for it, so that colour is not all there is
	When    string
	Kind    string
	Address string // where it can be told or corrected; "": nowhere yet
}

// Count is how many of the marks are one thing.
type Count struct {
	Is, Sign string
	Number   int
}

// signs are the marks' signs, in the order in which they are counted.
var signs = []struct{ is, sign string }{
	{domain.Attended, "✓"}, {domain.Late, "◔"}, {domain.LeftEarly, "◑"}, {domain.NoValidSample, "◌"}, {domain.NoShow, "✕"}, {domain.Excused, "–"}, {domain.Cancelled, "∅"}, {domain.Pending, "?"}, {"missing", "?"}, {"ahead", "○"},
}

func signOf(is string) string {
	i := slices.IndexFunc(signs, func(s struct{ is, sign string }) bool { return s.is == is })
	return signs[i].sign
}

func (v View) strip(o vouchers.Overview) Strip {
	s := Strip{Older: o.Older}
	for _, x := range o.Past {
		m := Mark{Is: "missing", When: v.Moment(x.At), Kind: v.Kind(x.Kind)}
		if x.Attendance != nil {
			m.Is, m.Address = x.Attendance.Outcome, "/attendances/"+v.ID("att", x.Attendance.AttendanceID)+"/correct"
		} else {
			m.Address = "/citizens/" + v.ID("cit", o.Citizen.ID) + "/visit?session=" + v.ID("ses", x.Session.ID)
		}
		s.Marks = append(s.Marks, m)
	}
	for _, x := range o.Ahead[:min(len(o.Ahead), nearest)] {
		s.Marks = append(s.Marks, Mark{Is: "ahead", When: v.Moment(x.StartsAt), Kind: v.Kind(x.Kind)})
	}
	for i := range s.Marks {
		s.Marks[i].Sign = signOf(s.Marks[i].Is)
	}
	for _, each := range signs {
		n := 0
		for _, m := range s.Marks {
			if m.Is == each.is {
				n++
			}
		}
		if n > 0 {
			s.Counts = append(s.Counts, Count{each.is, each.sign, n})
		}
	}
	return s
}
