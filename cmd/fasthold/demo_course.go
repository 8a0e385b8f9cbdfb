package main

import (
	"container/heap"
	"context"
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// The demo's courses of treatment.
const (
	demoEarlier  = 4   // the first citizens' courses are over and their vouchers lapse
	demoEager    = 4   // this citizen is one session from a voucher: the printed lines begin there
	demoHalfYear = 182 // days
)

// schedule is what is still to happen, in order of time.
type schedule []event

// event is one thing that happens; seq keeps those at the same time in order.
type event struct {
	at  time.Time
	seq int
	do  func(context.Context) error
}

func (s schedule) Len() int { return len(s) }
func (s schedule) Less(i, j int) bool {
	return s[i].at.Before(s[j].at) || s[i].at.Equal(s[j].at) && s[i].seq < s[j].seq
}
func (s schedule) Swap(i, j int) { s[i], s[j] = s[j], s[i] }

// Push and Pop are for container/heap.
func (s *schedule) Push(e any) { *s = append(*s, e.(event)) }

// Pop takes the last element.
func (s *schedule) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}

func (s *schedule) next() (event, bool) {
	if len(*s) == 0 {
		return event{}, false
	}
	return heap.Pop(s).(event), true
}

// then lets something happen at a time.
func (b *demoBuild) then(at time.Time, do func(context.Context) error) {
	b.planned++
	heap.Push(&b.ahead, event{at, b.planned, do})
}

// admit plans when each citizen's course begins: a few more than a year ago,
// the others evenly over the last half year.
func (b *demoBuild) admit(context.Context) error {
	today := domain.DateOf(b.until, b.loc)
	for n := range demoCitizens {
		ago := demoHalfYear - (n-demoEarlier)*(demoHalfYear-10)/(demoCitizens-demoEarlier)
		switch {
		case n < demoEarlier:
			ago = demoPast - 20 - 7*n
		case n == demoEager:
			ago = 16
		}
		start := today.AddDays(-ago)
		for weekday := time.Monday + time.Weekday(n%5); start.In(b.loc).Weekday() != weekday; {
			start = start.AddDays(-1)
		}
		b.then(start.In(b.loc).Add(8*time.Hour+time.Duration(n)*time.Minute), func(ctx context.Context) error { return b.begin(ctx, n, start) })
	}
	return nil
}

// begin takes a citizen in: plan, goals, enrolment and twenty weekly sessions,
// by turns alone and in a group.
func (b *demoBuild) begin(ctx context.Context, n int, start domain.Date) error {
	unit := n % len(b.units)
	by := b.caseworkers[unit]
	born := domain.Date{Year: start.Year - 19 - b.chance.IntN(35), Month: time.Month(1 + b.chance.IntN(12)), Day: 1 + b.chance.IntN(28)}
	citizen, err := b.CreateCitizen(ctx, by, vouchers.CitizenInput{UnitID: b.units[unit].ID, Reference: fmt.Sprintf("B-%04d", n+1), Name: demoName(n), BirthDate: born})
	if err != nil {
		return err
	}
	plan, err := b.CreatePlan(ctx, by, vouchers.PlanInput{
		CitizenID: citizen.ID, Reference: fmt.Sprintf("P-%04d", n+1), AssessmentDate: start.AddDays(-10),
		AssessmentReference: fmt.Sprintf("Sag %d/%04d", start.Year, 4000+n), StartDate: start,
	})
	if err != nil {
		return err
	}
	goal, err := b.CreateGoal(ctx, by, plan.ID, vouchers.GoalInput{Wording: demoGoals[n%len(demoGoals)]})
	if err != nil {
		return err
	}
	if _, err := b.CreateGoal(ctx, by, plan.ID, vouchers.GoalInput{Wording: demoSubGoals[n%len(demoSubGoals)], ParentID: goal.ID}); err != nil {
		return err
	}
	enrolled, err := b.Enrol(ctx, by, vouchers.Key{}, vouchers.Enrol{PlanID: plan.ID, ProgrammeID: b.programme})
	if err != nil {
		return err
	}
	b.leaveWaiting(n, by, enrolled.Value.Enrolment.ID)
	first := start.In(b.loc).Add(time.Duration(9+n%6) * time.Hour)
	for i, kind := range []string{"individual", "group"} {
		sessions, err := b.PlanSessions(ctx, by, plan.ID, vouchers.SessionsInput{
			StartsAt: onClock(first, 7*i), Kind: kind, Repeat: &vouchers.Repeat{Every: "two_weeks", Count: 10},
		})
		if err != nil {
			return err
		}
		for j, session := range sessions {
			b.visit(by, session, b.outcome(n, 2*j+i))
		}
	}
	b.leave(n, by, plan)
	return nil
}

// onClock is the same time of day some days later.
func onClock(t time.Time, days int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, t.Hour(), t.Minute(), 0, 0, t.Location())
}
