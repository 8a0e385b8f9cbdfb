package domain

// Erasure says when a municipality erases what is personal about those whose plans
// have ended. What shortens the time holds only after a notice.
type Erasure struct {
	EraseAfterMonths int  // after the day on which the citizen's last plan was ended; 0: not by itself
	EraseNextMonths  int  // what that becomes; 0: it does not change
	EraseNextFrom    Date // from when; zero: it does not change
}

// The bounds of Erasure. Seven months leave time for the follow-up six months after a
// plan has ended.
const (
	FewestMonthsKept = 7
	MostMonthsKept   = 120
	ErasureNotice    = 14 // days
)

// On gives what holds on a day, and what is to come after it.
func (e Erasure) On(today Date) Erasure {
	if e.EraseNextFrom.IsZero() || today.Before(e.EraseNextFrom) {
		return e
	}
	return Erasure{EraseAfterMonths: e.EraseNextMonths}
}

// Changed gives what holds once somebody asks for so many months today: at once, if
// nobody is erased sooner by it, and else after the notice. It takes back what was to
// come.
func (e Erasure) Changed(months int, today Date) Erasure {
	now := e.On(today)
	switch {
	case months != 0 && months == now.EraseNextMonths:
		return now // asked for already
	case months == 0 || now.EraseAfterMonths != 0 && months >= now.EraseAfterMonths:
		return Erasure{EraseAfterMonths: months}
	}
	return Erasure{now.EraseAfterMonths, months, today.AddDays(ErasureNotice)}
}

// Day gives when somebody is erased whose last plan was ended on a day; zero: not by
// itself.
func (e Erasure) Day(closed Date) (day Date) {
	if closed.IsZero() {
		return day
	}
	if e.EraseAfterMonths != 0 {
		day = closed.AddMonths(e.EraseAfterMonths)
	}
	if e.EraseNextMonths == 0 {
		return day
	}
	next := closed.AddMonths(e.EraseNextMonths)
	if next.Before(e.EraseNextFrom) {
		next = e.EraseNextFrom
	}
	if day.IsZero() || next.Before(day) {
		return next
	}
	return day
}

// LastDue gives the last day on which a plan was ended whose citizen is due to be
// erased today; zero: nobody is.
func (e Erasure) LastDue(today Date) Date {
	months := e.On(today).EraseAfterMonths
	if months == 0 {
		return Date{}
	}
	last := today.AddMonths(-months)
	for next := last.AddDays(1); !today.Before(next.AddMonths(months)); next = next.AddDays(1) {
		last = next // months differ in length
	}
	return last
}
