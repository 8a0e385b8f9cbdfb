package main

import (
	"context"
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// demoBusy is how many sessions a day of the caseworker has at least.
const demoBusy = 8

// fillToday plans sessions around now for a caseworker who has few today: also on a
// Sunday, or months after the demo was built, there is somebody to record. Another
// start on the same day adds none.
func (g demoGuide) fillToday(ctx context.Context, now time.Time) error {
	by, err := g.access.Authenticate(ctx, g.tokens[domain.Caseworker])
	if err != nil {
		return fmt.Errorf("the demo's token: %w: start over with --fresh", err)
	}
	day, err := g.Day(ctx, by, vouchers.DayAsked{})
	if err != nil {
		return err
	}
	has := map[domain.ID]bool{}
	for _, a := range day.Appointments {
		has[a.Session.PlanID] = true
	}
	running, err := g.Enrolments(ctx, by, store.Page{Limit: pageSize}, vouchers.EnrolmentFilter{State: "active"})
	if err != nil {
		return err
	}
	const apart = 30 * time.Minute
	at := now.Add(-2 * time.Hour).Truncate(apart)
	for _, e := range running.Rows {
		if len(has) >= demoBusy {
			break
		}
		if has[e.PlanID] {
			continue
		}
		if _, err := g.PlanSessions(ctx, by, e.PlanID, vouchers.SessionsInput{StartsAt: within(at, day.Today, day.Site), Kind: "individual"}); err != nil {
			return err
		}
		has[e.PlanID], at = true, at.Add(apart)
	}
	return nil
}

// within is the time, or on another day than this one the nearest half hour of it.
func within(at time.Time, day domain.Date, site *time.Location) time.Time {
	switch on := domain.DateOf(at, site); {
	case on.Before(day):
		return day.In(site)
	case day.Before(on):
		return day.AddDays(1).In(site).Add(-30 * time.Minute)
	default:
		return at
	}
}
