package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// acting is a form about a citizen that was sent.
type acting struct {
	*formReader
	h     *handlers
	actor domain.Actor
	key   vouchers.Key
	o     vouchers.Overview

	preview *vouchers.MovePreview // what it would do, to be shown before it is done; nil: it is done, or refused
	again   bool                  // the form is wanted once more
}

// plan is the plan that the form is about.
func (a *acting) plan() domain.ID { return a.o.Plan.ID }

// citizenActions are the forms about a citizen, by name: each calls the use case
// that the API calls.
var citizenActions = map[string]func(ctx context.Context, a *acting) error{
	"visit": recordVisit, "sessions": planSessions, "goal": addGoal, "enrol": enrol, "pause": pausePlan, "resume": endPause,
	"grant": proposeGrant, "withhold": proposeWithholding, "leave": endEnrolment, "end": endPlan, "plan": addPlan, "move": moveEnrolment, "keep": keepCitizen,
}

// fieldNames are what the forms call the fields of the use cases.
var fieldNames = map[string]string{
	"occurred_at": "date", "starts_at": "date", "repeat.every": "every", "repeat.count": "count", "session_id": "session", "parent_id": "parent",
	"programme_id": "programme", "start_date": "start", "plan_id": "programme", "end_date": "ended_on", "reference": "plan_reference", "version_id": "enrolment",
	"reason": "grounds",
}

// citizenForm shows an action's form.
func (h *handlers) citizenForm(c echo.Context) error {
	o, err := h.overview(c)
	if err != nil {
		return err
	}
	in := newInput()
	if session := c.QueryParam("session"); session != "" {
		in.Values.Set("session", session)
	}
	return h.showCitizenForm(c, http.StatusOK, o, in, nil)
}

func (h *handlers) showCitizenForm(c echo.Context, status int, o vouchers.Overview, in web.Input, preview *vouchers.MovePreview) error {
	name := c.Param("action")
	if !web.Sendable(o, name) && status < http.StatusBadRequest {
		return echo.ErrNotFound
	}
	ctx := c.Request().Context()
	var programmes []vouchers.OpenProgramme
	if name == "enrol" {
		var err error
		if programmes, err = h.service.OpenProgrammes(ctx, auth.Actor(ctx)); err != nil {
			return err
		}
	}
	data := web.NewCitizenForm(o, viewOf(c), name, in, programmes)
	if preview != nil {
		data.Move = web.NewMovePreview(viewOf(c), *preview, in)
	}
	if o.Plan != nil {
		data.At += "?" + url.Values{"plan": {show("pln", o.Plan.ID)}}.Encode()
	}
	back := backToCitizen(o)
	if status >= http.StatusBadRequest { // a refusal names nobody
		data.Who, back.Name = "", web.Text(readerOf(c), "citizen.title")
	}
	return showPage(c, status, "citizen_form", web.Page{Title: "citizen.do." + name, Back: back, Data: data})
}

// actOnCitizen takes an action and leads back to the citizen, or shows its form
// again.
func (h *handlers) actOnCitizen(c echo.Context) error {
	act, known := citizenActions[c.Param("action")]
	if !known {
		return echo.ErrNotFound
	}
	o, err := h.overview(c)
	if err != nil {
		return err
	}
	again := func(c echo.Context, status int, in web.Input) error { return h.showCitizenForm(c, status, o, in, nil) }
	return takeForm(c, fieldNames, func(in web.Input) (string, error) {
		ctx, action := c.Request().Context(), c.Param("action")
		a := &acting{formReader: &formReader{values: in.Values}, h: h, actor: auth.Actor(ctx), key: keyOf(c, in), o: o}
		if o.Plan == nil && action != "plan" && action != "keep" {
			return "", domain.OutOfReach()
		}
		if err := act(ctx, a); err != nil {
			return "", err
		}
		if a.preview != nil || a.again {
			return "", h.showCitizenForm(c, http.StatusOK, o, in, a.preview)
		}
		return saying(citizenAddress(o), "citizen_"+action), nil
	}, again)
}

func recordVisit(ctx context.Context, a *acting) error {
	v := vouchers.Visit{PlanID: a.plan(), SessionID: a.id("ses", "session"), Outcome: a.text("outcome")}
	if v.SessionID == (domain.ID{}) {
		v.OccurredAt, v.Kind = a.moment("date", "time", a.o.Site), a.text("kind")
	}
	return a.judge(ctx, func(ctx context.Context) error {
		_, err := a.h.service.Attend(ctx, a.actor, a.key, v)
		return err
	})
}

// sessionsOf reads the fields that say which sessions to plan.
func (r *formReader) sessionsOf(o vouchers.SessionsInput, every, count string) vouchers.SessionsInput {
	if how := r.text(every); how != "once" {
		o.Repeat = &vouchers.Repeat{Every: how, Count: r.number(count)}
	}
	return o
}

func planSessions(ctx context.Context, a *acting) error {
	in := a.sessionsOf(vouchers.SessionsInput{StartsAt: a.moment("date", "time", a.o.Site), Kind: a.text("kind")}, "every", "count")
	return a.judge(ctx, func(ctx context.Context) error {
		_, err := a.h.service.PlanSessions(ctx, a.actor, a.plan(), in)
		return err
	})
}

func addGoal(ctx context.Context, a *acting) error {
	in := vouchers.GoalInput{Wording: oneLine(a.text("wording")), ParentID: a.id("gol", "parent")}
	return a.judge(ctx, func(ctx context.Context) error {
		_, err := a.h.service.CreateGoal(ctx, a.actor, a.plan(), in)
		return err
	})
}

// oneLine joins the lines that a field of several has room for.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func enrol(ctx context.Context, a *acting) error {
	in := vouchers.Enrol{PlanID: a.plan(), ProgrammeID: a.id("prg", "programme"), StartDate: a.date("start")}
	return a.judge(ctx, func(ctx context.Context) error {
		_, err := a.h.service.Enrol(ctx, a.actor, a.key, in)
		return err
	})
}

func pausePlan(ctx context.Context, a *acting) error {
	in := vouchers.PauseInput{Reason: a.text("reason"), FirstDay: a.date("first_day"), LastDay: a.date("last_day")}
	return a.judge(ctx, func(ctx context.Context) error {
		_, err := a.h.service.CreatePause(ctx, a.actor, a.key, a.plan(), in)
		return err
	})
}

func endPause(ctx context.Context, a *acting) error {
	id, change := a.id("pau", "pause"), vouchers.PauseChange{LastDay: a.date("last_day"), Because: oneLine(a.text("because"))}
	return a.judge(ctx, func(ctx context.Context) error {
		pause, err := a.h.service.Pause(ctx, a.actor, id)
		if err == nil {
			_, err = a.h.service.UpdatePause(ctx, a.actor, id, pause.Version, change)
		}
		return err
	})
}

func proposeGrant(ctx context.Context, a *acting) error {
	in := vouchers.GrantInput{EnrolmentID: a.id("enr", "enrolment"), Amount: a.money("amount"), Grounds: oneLine(a.text("grounds")), Evidence: a.text("evidence")}
	return a.judge(ctx, func(ctx context.Context) error {
		_, err := a.h.service.ProposeGrant(ctx, a.actor, a.key, in)
		return err
	})
}

func proposeWithholding(ctx context.Context, a *acting) error {
	in := vouchers.WithholdingInput{AwardID: a.id("awd", "award"), Reason: oneLine(a.text("grounds")), Evidence: a.text("evidence")}
	return a.judge(ctx, func(ctx context.Context) error {
		_, err := a.h.service.ProposeWithholding(ctx, a.actor, a.key, in)
		return err
	})
}

func endEnrolment(ctx context.Context, a *acting) error {
	id, on := a.id("enr", "enrolment"), a.date("ended_on")
	return a.judge(ctx, func(ctx context.Context) error {
		_, err := a.h.service.EndEnrolment(ctx, a.actor, id, on)
		return err
	})
}

func endPlan(ctx context.Context, a *acting) error {
	on, why := a.date("ended_on"), a.text("end_reason")
	return a.judge(ctx, func(ctx context.Context) error {
		_, err := a.h.service.UpdatePlan(ctx, a.actor, a.plan(), a.o.Plan.Version, vouchers.PlanChange{EndDate: &on, EndReason: &why})
		return err
	})
}

func addPlan(ctx context.Context, a *acting) error {
	in := vouchers.PlanInput{
		CitizenID: a.o.Citizen.ID, Reference: a.text("plan_reference"), AssessmentDate: a.date("assessment_date"), AssessmentReference: a.text("assessment_reference"), StartDate: a.date("start"),
	}
	return a.judge(ctx, func(ctx context.Context) error {
		_, err := a.h.service.CreatePlan(ctx, a.actor, in)
		return err
	})
}

func keepCitizen(ctx context.Context, a *acting) error {
	in := vouchers.KeepInput{Until: a.date("until"), Reason: oneLine(a.text("reason"))}
	return a.judge(ctx, func(ctx context.Context) error {
		_, err := a.h.service.Keep(ctx, a.actor, a.o.Citizen.ID, a.o.Citizen.Version, in)
		return err
	})
}

// reachGoal says that a goal is reached, today.
func (h *handlers) reachGoal(c echo.Context) error {
	o, err := h.overview(c)
	if err != nil {
		return err
	}
	goal, err := addressed(c, "gol", "goal_id", h.service.Goal)
	if err != nil {
		return err
	}
	reached, today := "reached", o.Today
	if goal.State != reached { // a second click finds it done
		ctx := c.Request().Context()
		if _, err := h.service.UpdateGoal(ctx, auth.Actor(ctx), goal.ID, goal.Version, vouchers.GoalChange{State: &reached, ReachedOn: &today}); err != nil {
			return err
		}
	}
	return c.Redirect(http.StatusSeeOther, saying(citizenAddress(o), "citizen_goal_reached"))
}
