package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// EmergencyForm is what the page shows on which emergency access is taken.
type EmergencyForm struct {
	Form Input
	Most string // how many one may take a day
	Own  []EmergencyRow
}

// EmergencyRow is an emergency access in a list.
type EmergencyRow struct {
	ID, Person, Unit, When, Reason string
	Badge                          Badge  // whether it is open
	Until                          string // until when; "": it is not open
	Read                           string // how often the record was read, and when last
	Citizen                        string // where the citizen's page is; "": out of the reader's reach
	Reviewed, Comment              string // by whom and when, and what they said; "": nobody has
	Own                            bool   // the reader took it: somebody else reviews it
	Form                           Input  // of its review
}

// NewEmergencyForm makes the page.
func NewEmergencyForm(v View, in Input, own vouchers.EmergencyDesk) EmergencyForm {
	f := EmergencyForm{Form: in, Most: strconv.Itoa(vouchers.EmergenciesADay)}
	for _, e := range own.Rows {
		f.Own = append(f.Own, v.emergency(e, own))
	}
	return f
}

func (v View) emergency(e domain.EmergencyAccess, d vouchers.EmergencyDesk) EmergencyRow {
	row := EmergencyRow{
		ID: v.ID("emg", e.ID), Person: e.Person, Unit: Text(v.Lang, "books.all_units"), When: v.Moment(e.CreatedAt), Reason: e.Reason.Reveal(), Badge: Badge{"emergency.over", ""}, Comment: e.Comment.Reveal(),
	}
	if e.UnitID != nil {
		row.Unit = d.Units[e.UnitID.String()]
	}
	if e.Open(d.Now) {
		row.Badge, row.Until = Badge{"emergency.open", "warn"}, clock(e.ExpiresAt, v.Site, v.Lang)
	}
	switch read := d.Read[e.ID]; len(read) {
	case 0:
		row.Read = Text(v.Lang, "emergency.read_never")
	case 1:
		row.Read = Text(v.Lang, "emergency.read_once", v.Moment(read[0]))
	default:
		row.Read = Text(v.Lang, "emergency.read_often", strconv.Itoa(len(read)), v.Moment(read[0]))
	}
	if e.CitizenUnitID != nil {
		row.Citizen = "/citizens/" + v.ID("cit", e.CitizenID)
	}
	if e.ReviewedAt != nil {
		row.Reviewed = Text(v.Lang, "emergency.reviewed_by", e.ReviewedBy, v.Moment(*e.ReviewedAt))
	}
	return row
}

// EmergenciesAsked is who asks for the page of emergency accesses, and for which.
type EmergenciesAsked struct {
	Reader   string
	Reviewed bool
	Form     Input  // as it was sent, or empty
	Of       string // for which it was sent; "": for none
}

// Emergencies is what the page shows on which a leader reviews emergency accesses.
type Emergencies struct {
	Reviewed bool
	Rows     []EmergencyRow
	Next     string
	Loose    Input // what was wrong with a form of one that is no longer there
}

// NewEmergencies makes the page.
func NewEmergencies(v View, d vouchers.EmergencyDesk, a EmergenciesAsked) Emergencies {
	p := Emergencies{Reviewed: a.Reviewed}
	there := false
	for _, e := range d.Rows {
		row := v.emergency(e, d)
		row.Own = e.Person == a.Reader
		if row.ID == a.Of {
			row.Form, there = a.Form, true
		}
		p.Rows = append(p.Rows, row)
	}
	if a.Of != "" && !there {
		p.Loose = a.Form
	}
	return p
}

// Verdict is what a leader's review says: that it was in order, or not, and their
// comment.
func Verdict(lang Lang, do, comment string) string {
	says := Text(lang, "emergency."+do)
	if comment == "" {
		return says + "."
	}
	return says + ": " + comment
}

// EmergencyRecord is what the page shows of a citizen under an emergency access.
type EmergencyRecord struct {
	Name, Until string
	None        bool // nobody is recorded by what was given
	Over        bool // the access has ended
	Facts       []Fact
	Goals       []string
	Ahead, Past []Fact // sessions to come and visits, the nearest first
	Pauses      []string
	Vouchers    []Fact // on which something is left
}

// soonest is how many sessions and visits are shown.
const soonest = 10

// NewEmergencyRecord makes it; err says that there is none.
func NewEmergencyRecord(v View, e domain.EmergencyAccess, d vouchers.Dossier, now time.Time, err error) EmergencyRecord {
	x := EmergencyRecord{Name: Text(v.Lang, "emergency.record"), Until: clock(e.ExpiresAt, v.Site, v.Lang), None: domain.CodeOf(err) == "not_found", Over: domain.CodeOf(err) == "emergency_over"}
	if err != nil {
		return x
	}
	c := d.Citizen
	x.Name = Called(c)
	x.Facts = v.facts("citizen.number", word(c.Reference), "citizen.born", v.day(c.BirthDate, ""), "citizen.phone", word(c.Phone.Reveal()), "citizen.unit", word(d.Unit.Name))
	for _, p := range d.Plans {
		if p.EndDate.IsZero() {
			x.Facts = append(x.Facts, v.facts("citizen.plan", word(p.Reference), "citizen.start", v.day(p.StartDate, ""), "emergency.caseworker", word(p.Caseworker))...)
		}
	}
	for _, g := range d.Goals {
		if g.State == "open" {
			x.Goals = append(x.Goals, g.Wording.Reveal())
		}
	}
	for _, s := range slices.SortedFunc(slices.Values(d.Sessions), func(a, b domain.Session) int { return a.StartsAt.Compare(b.StartsAt) }) {
		if s.State == "planned" && s.StartsAt.After(now) && len(x.Ahead) < soonest {
			x.Ahead = append(x.Ahead, Fact{v.Moment(s.StartsAt), word(v.Kind(s.Kind))})
		}
	}
	x.visits(v, d.Events)
	for _, p := range d.Pauses {
		if !p.Withdrawn {
			x.Pauses = append(x.Pauses, v.word("citizen.pause.", p.Reason)+" · "+v.span(p.FirstDay, p.LastDay))
		}
	}
	for _, g := range d.Vouchers {
		if g.Balance > 0 {
			x.Vouchers = append(x.Vouchers, Fact{g.Serial, word(domain.FormatMoney(g.Balance, g.Currency) + " · " + v.word("voucher.state_", string(g.State)))})
		}
	}
	return x
}

// visits adds the last visits, each as it stands.
func (x *EmergencyRecord) visits(v View, events []domain.AttendanceEvent) {
	now := map[domain.ID]domain.AttendanceEvent{}
	for _, e := range events {
		if e.Revision > now[e.AttendanceID].Revision {
			now[e.AttendanceID] = e
		}
	}
	last := make([]domain.AttendanceEvent, 0, len(now))
	for _, e := range now {
		if !e.Withdrawn {
			last = append(last, e)
		}
	}
	slices.SortFunc(last, func(a, b domain.AttendanceEvent) int {
		return cmp.Or(b.OccurredAt.Compare(a.OccurredAt), strings.Compare(a.ID.String(), b.ID.String()))
	})
	for _, e := range last[:min(soonest, len(last))] {
		x.Past = append(x.Past, Fact{v.Moment(e.OccurredAt), word(v.Kind(e.Kind) + " · " + v.word("outcome.", e.Outcome))})
	}
}

// Accesses is what the page of a citizen's access log shows.
type Accesses struct {
	Grid Grid
	CSV  string // where all of it is
	Next string
}

// NewAccesses makes the page.
func NewAccesses(v View, rows []domain.Access, csv string) Accesses {
	a := Accesses{CSV: csv, Grid: Grid{Name: Text(v.Lang, "accesses.title"), Heads: v.heads("accesses.when", "accesses.did", "accesses.why")}}
	for _, row := range rows {
		why := Text(v.Lang, "accesses.for_"+string(row.Purpose))
		if row.EmergencyID != nil {
			why = Text(v.Lang, "accesses.for_emergency")
		}
		a.Grid.Rows = append(a.Grid.Rows, []Cell{v.moment(row.CreatedAt, ""), word(Text(v.Lang, "accesses.act_"+string(row.Act))), word(why)})
	}
	return a
}
