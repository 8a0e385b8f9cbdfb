package web

import (
	"html/template"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// Found is what the page shows that citizens are found on.
type Found struct {
	Form  Input
	Units []Option // where to look for a name; none where there is no choice
	Asked bool     // somebody looked: Rows are what was found, else the newest
	More  bool     // there are more than are shown
	Rows  []FoundRow
	Next  string // where older ones are; "": there are none
}

// FoundRow is a citizen in a list.
type FoundRow struct{ Address, Name, Reference, Born string }

// NewFound makes a list of citizens.
func NewFound(rows []domain.Citizen, v View) (f Found) {
	for _, c := range rows {
		f.Rows = append(f.Rows, FoundRow{"/citizens/" + v.ID("cit", c.ID), CalledIn(v.Lang, c), c.Reference, v.Date(c.BirthDate)})
	}
	return f
}

// CitizenLink is a link to a citizen's own page, as it is shown once.
type CitizenLink struct {
	Address, SMS, Phone, Until string
	QR                         template.HTML
}

// History is what the page of a plan's history shows.
type History struct {
	At   string // the page's address, up to its query
	Who  string
	Plan string
	Rows []HistoryRow
	Next string
}

// HistoryRow is one thing that was recorded.
type HistoryRow struct {
	When  string
	What  string // key of the words for what it was
	Says  string // which, in the reader's words
	By    string // "" where the row does not say
	Why   string // what was given as the reason
	Later bool   // it corrects what was said before
	At    string // where more of it is; "": nowhere
}

// NewHistory makes the history of the plan that o shows.
func NewHistory(o vouchers.Overview, rows []vouchers.Happening, v View) History {
	h := History{At: "/citizens/" + v.ID("cit", o.Citizen.ID) + "/history?", Who: CalledIn(v.Lang, o.Citizen), Plan: o.Plan.Reference}
	for _, x := range rows {
		row := v.happened(x)
		row.When = v.Moment(x.At)
		h.Rows = append(h.Rows, row)
	}
	return h
}

func (v View) happened(x vouchers.Happening) HistoryRow {
	switch {
	case x.Visit != nil:
		return v.visited(*x.Visit)
	case x.Goal != nil:
		return HistoryRow{What: "history.goal", Says: x.Goal.Wording.Reveal()}
	case x.Pause != nil:
		return HistoryRow{What: "history.pause", Says: v.word("citizen.pause.", x.Pause.Reason) + " · " + v.span(x.Pause.FirstDay, x.Pause.LastDay), Why: x.Pause.ChangedBecause.Reveal(), Later: x.Pause.Withdrawn}
	case x.Enrol != nil:
		return HistoryRow{What: "history.enrolment", Says: v.span(x.Enrol.StartDate, x.Enrol.EndedOn)}
	case x.Move != nil:
		return HistoryRow{What: "history.move", Says: v.Date(x.Move.MovedOn), By: x.Move.MovedBy, Why: x.Move.Reason.Reveal()}
	case x.Award != nil:
		a := x.Award
		return HistoryRow{What: "history.award." + a.State, Says: domain.FormatMoney(a.Amount, a.Currency), By: a.DecidedBy, Why: a.Reason.Reveal() + a.Grounds.Reveal()}
	}
	g := x.Given
	return HistoryRow{What: "history.voucher", Says: domain.FormatMoney(g.Amount, g.Currency) + " · " + g.Serial, By: g.IssuedBy, Why: g.Reason.Reveal(), At: "/vouchers/" + v.ID("vch", g.ID)}
}

func (v View) span(from, to domain.Date) string {
	if to.IsZero() {
		return Text(v.Lang, "history.from", v.Date(from))
	}
	return v.Date(from) + " – " + v.Date(to)
}

func (v View) visited(e domain.AttendanceEvent) HistoryRow {
	row := HistoryRow{
		What: "history.visit", Says: v.Moment(e.OccurredAt) + " · " + v.Kind(e.Kind) + " · " + v.word("outcome.", e.Outcome), By: e.RecordedBy, Why: e.Reason.Reveal(),
		Later: e.Revision > 1, At: "/attendances/" + v.ID("att", e.AttendanceID) + "/correct",
	}
	switch {
	case e.Withdrawn:
		row.What = "history.visit_withdrawn"
	case e.Revision > 1:
		row.What = "history.visit_corrected"
	}
	return row
}
