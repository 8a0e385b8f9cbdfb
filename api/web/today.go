package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

// IDs writes an ID as the addresses have it: "ses", and the ID.
type IDs func(prefix string, id domain.ID) string

// Desk is where a day's sessions are shown.
type Desk struct {
	Lang    Lang
	ID      IDs
	Site    *time.Location
	Today   domain.Date
	Missing bool   // it is the page of what nobody has told of: each session says its date
	Query   string // of the page's address, "?…", to come back to it
}

// Today is what the page called today shows.
type Today struct {
	Date             string // as a field has it: 2026-11-21
	Before, After    string // the days beside it; "" on the page of what is missing
	Current          bool   // it is today's
	Units            []Option
	Unit             string // the chosen one; "": all
	UnitName         string // for who has it on paper
	Slots            []Slot
	More             bool
	Missing          int
	MissingPage      bool
	Attended, Untold int // of the sessions that are shown
}

// Slot is one session of the day.
type Slot struct {
	ID, Citizen, Name, Kind string
	Day, At                 string // Day is "" where the page has one only
	Machine                 string // the time for programs
	Progress                []Step
	Begun                   bool // its day has come: before, only that it will not be held can be told
	Told                    *Told
	Earned                  []Reward
	Query                   string // of the page's address, to come back to it
	Problem                 string // what was wrong with the last tap; "": nothing
	Changed                 bool   // it is shown in the place of what was tapped, and takes the focus
}

// Step is how far an enrolment is on its way to the next milestone.
type Step struct {
	Text, Way   string
	Met, Needed int // Needed is 0 where there is no next one
}

// Told is what was recorded of a session.
type Told struct {
	ID, Outcome, By, At string
	Good, Bad           bool
	Undo                bool
}

// Reward is what a visit has earned.
type Reward struct {
	Amount, Why string
	Notes       []string // what it waits for, or what else is to be known
	Vouchers    []Handout
}

// Handout is a voucher, as it is handed out.
type Handout struct {
	ID, Name, State string // State is "" while all of it can be spent
	Live            bool
}

// NewToday makes what the page called today shows.
func NewToday(d vouchers.Day, unit domain.ID, desk Desk) Today {
	t := Today{Date: d.Date.String(), Current: d.Date == d.Today, More: d.More, Missing: d.Missing, MissingPage: desk.Missing}
	if !desk.Missing {
		t.Before, t.After = d.Date.AddDays(-1).String(), d.Date.AddDays(1).String()
	}
	if len(d.Units) > 0 {
		t.Units = []Option{{"", Text(desk.Lang, "today.all_units")}}
	}
	for _, u := range d.Units {
		t.Units = append(t.Units, Option{desk.ID("unt", u.ID), u.Name})
		if u.ID == unit {
			t.Unit, t.UnitName = desk.ID("unt", u.ID), u.Name
		}
	}
	for _, a := range d.Appointments {
		slot := NewSlot(a, desk)
		if slot.Told == nil {
			t.Untold++
		} else if slot.Told.Good {
			t.Attended++
		}
		t.Slots = append(t.Slots, slot)
	}
	return t
}

// Heading is what the page of a day is called.
func (t Today) Heading(day, today domain.Date, lang Lang) string {
	if t.MissingPage {
		return Text(lang, "today.missing_title")
	}
	weekday := Text(lang, fmt.Sprintf("today.weekday_%d", int(day.In(time.UTC).Weekday())))
	date := weekday + " " + dateText(day, lang)
	if day == today {
		return Text(lang, "today.title") + ", " + date
	}
	return strings.ToUpper(date[:1]) + date[1:]
}

// dateText writes a date as the readers do.
func dateText(day domain.Date, lang Lang) string {
	if lang == English {
		return day.English()
	}
	return day.Danish()
}

// in gives a text in the reader's language.
func in(lang Lang, t rules.Text) string {
	if lang == English {
		return t.EN
	}
	return t.DA
}

// clock writes a time of day as the readers do.
func clock(at time.Time, site *time.Location, lang Lang) string {
	if lang == English {
		return at.In(site).Format("15:04")
	}
	return at.In(site).Format("15.04")
}

// NewSlot makes what is shown of one session.
func NewSlot(a vouchers.Appointment, desk Desk) Slot {
	lang, starts := desk.Lang, a.Session.StartsAt
	s := Slot{
		ID: desk.ID("ses", a.Session.ID), Citizen: desk.ID("cit", a.Citizen.ID), Name: nameOf(a.Citizen), Kind: View{Lang: lang}.Kind(a.Session.Kind),
		At: clock(starts, desk.Site, lang), Machine: starts.In(desk.Site).Format(time.RFC3339), Query: desk.Query,
		Begun: !desk.Today.Before(a.Session.LocalDate),
	}
	if desk.Missing {
		s.Day = dateText(a.Session.LocalDate, lang)
	}
	for _, standing := range a.Standing {
		met, needed := standing.Progress.MetTowardsNext, standing.Progress.NeededForNext
		s.Progress = append(s.Progress, Step{in(lang, standing.Progress.Text), Text(lang, "today.progress", strconv.Itoa(met), strconv.Itoa(needed)), met, needed})
	}
	if v := a.Visit; v != nil && !v.Withdrawn && v.Outcome != domain.Pending {
		s.Told = &Told{
			ID: desk.ID("att", v.AttendanceID), Outcome: Outcome(v.Outcome, lang), By: v.RecordedBy, At: clock(v.CreatedAt, desk.Site, lang),
			Good: v.Outcome == domain.Attended, Bad: v.Outcome == domain.NoShow, Undo: a.Undoable,
		}
		if day := domain.DateOf(v.CreatedAt, desk.Site); day != desk.Today {
			s.Told.At = dateText(day, lang)
		}
	}
	for _, r := range a.Earned {
		s.Earned = append(s.Earned, newReward(r, lang, desk.ID))
	}
	return s
}

// nameOf is what a citizen is called: the name, or where only the reference is
// known, that.
func nameOf(c domain.Citizen) string {
	if name := c.Name.Reveal(); name != "" {
		return name
	}
	return c.Reference
}

// Outcome is what an outcome is called.
func Outcome(outcome string, lang Lang) string { return Text(lang, "outcome."+outcome) }

// newReward makes what is shown of an award.
func newReward(r vouchers.Reward, lang Lang, id IDs) Reward {
	a := r.Award
	shown := Reward{Amount: domain.FormatMoneyShort(a.Amount, a.Currency), Why: in(lang, r.Why)}
	for _, v := range r.Vouchers {
		shown.Vouchers = append(shown.Vouchers, newHandout(v, lang, id))
	}
	switch {
	case a.Amount == 0 && a.Granted > 0:
		shown.Notes = append(shown.Notes, Text(lang, "today.kept"))
	case a.Amount < a.Granted:
		shown.Notes = append(shown.Notes, Text(lang, "today.kept_more"))
	case a.State == domain.AwardProposed:
		shown.Notes = waits(r, lang)
	case a.State != domain.AwardIssued:
		shown.Notes = append(shown.Notes, Text(lang, "today.award_"+a.State))
	}
	if a.Amount == 0 {
		shown.Amount = ""
	}
	return shown
}

// waits says what an award waits for, and for whom.
func waits(r vouchers.Reward, lang Lang) (notes []string) {
	if r.Needs != (domain.Wanted{}) {
		notes = append(notes, Text(lang, "today.waits_"+string(r.Needs.Role)))
	}
	if r.Award.WaitsForBudget() {
		notes = append(notes, Text(lang, "today.waits_budget"))
	}
	return notes
}

// newHandout makes what is shown of a voucher.
func newHandout(v domain.Voucher, lang Lang, id IDs) Handout {
	worth := v.Balance
	if worth == 0 {
		worth = v.Amount
	}
	c := Handout{ID: id("vch", v.ID), Name: Text(lang, "today.voucher", domain.FormatMoneyShort(worth, v.Currency)), Live: v.Spendable()}
	if v.State != domain.Issued {
		c.State = Text(lang, "voucher.state_"+string(v.State))
	}
	return c
}

// TapProblem says what was wrong with a tap.
func TapProblem(lang Lang, err *domain.Error) string {
	if key := "today.problem_" + err.Code; Has(key) {
		return Text(lang, key)
	}
	problem := Fault(lang, err.Code, err.Message)
	for _, f := range err.Fields {
		problem += " " + FieldFault(lang, f)
	}
	return problem
}
