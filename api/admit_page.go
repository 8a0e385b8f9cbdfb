package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// admitNames are what the form calls the fields of the use case.
var admitNames = map[string]string{
	"unit_id": "unit", "wording": "goals", "plan.reference": "plan_reference", "plan.start_date": "start", "plan.assessment_date": "assessment_date", "plan.assessment_reference": "assessment_reference",
	"sessions.starts_at": "date", "sessions.kind": "kind", "sessions.repeat.every": "every", "sessions.repeat.count": "count",
	"enrolment.start_date": "programme", "enrolment.plan_id": "programme", "enrolment.programme_id": "programme",
}

// admitPage shows the form that takes a new citizen in.
func (h *handlers) admitPage(c echo.Context) error {
	return h.showAdmit(c, http.StatusOK, newInput(), nil)
}

func (h *handlers) showAdmit(c echo.Context, status int, in web.Input, alike []domain.Citizen) error {
	ctx := c.Request().Context()
	if err := auth.Actor(ctx).May("createCitizen"); err != nil {
		return err
	}
	units, err := h.unitOptions(c)
	if err != nil {
		return err
	}
	programmes, err := h.service.OpenProgrammes(ctx, auth.Actor(ctx))
	if err != nil {
		return err
	}
	return showPage(c, status, "citizen_new", web.Page{Title: "admit.title", Wide: true, Back: backTo(c, "/citizens", "find.title"), Data: web.NewAdmit(viewOf(c), in, units, programmes, alike)})
}

// admit takes a new citizen in at one press. Where there may be one already, it
// shows who that is, and asks to be pressed again.
func (h *handlers) admit(c echo.Context) error {
	in, err := sentInput(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	m, err := h.service.Municipality(ctx, actor)
	if err != nil {
		return err
	}
	r := &formReader{values: in.Values}
	who, err := r.newcomer(actor, m)
	if err != nil {
		return err
	}
	if r.faults.Err() == nil && r.text("other") != "yes" {
		alike, err := h.alike(c, actor, who.Citizen)
		if err != nil {
			return h.admitAgain(c, in, err)
		}
		if len(alike) > 0 {
			return h.showAdmit(c, http.StatusOK, in, alike) // no refusal, but a question
		}
	}
	var made vouchers.Answer[vouchers.Admitted]
	err = r.judge(ctx, func(ctx context.Context) (err error) {
		made, err = h.service.Admit(ctx, actor, keyOf(c, in), who)
		return err
	})
	if err != nil {
		return h.admitAgain(c, in, err)
	}
	return c.Redirect(http.StatusSeeOther, "/citizens/"+show("cit", made.Value.CitizenID)+"?said=citizen_new")
}

func (h *handlers) admitAgain(c echo.Context, in web.Input, err error) error {
	shown, status, err := refusedForm(c, in, err, admitNames)
	if err != nil {
		return err
	}
	return h.showAdmit(c, status, shown, nil)
}

// newcomer reads the form. A name, which the use case can do without, it must have.
func (r *formReader) newcomer(actor domain.Actor, m domain.Municipality) (vouchers.Newcomer, error) {
	site, err := time.LoadLocation(m.TimeZone)
	if err != nil {
		return vouchers.Newcomer{}, err
	}
	who := vouchers.Newcomer{
		Citizen: vouchers.CitizenInput{UnitID: r.id("unt", "unit"), Reference: r.text("reference"), Name: r.text("name"), CPR: r.text("cpr"), Phone: r.text("phone"), BirthDate: r.date("birth_date")},
		Plan: vouchers.PlanInput{
			Reference: r.text("plan_reference"), AssessmentDate: r.date("assessment_date"), AssessmentReference: r.text("assessment_reference"), StartDate: r.date("start"),
		},
		ProgrammeID: r.id("prg", "programme"),
		Sessions:    r.sessionsOf(vouchers.SessionsInput{StartsAt: r.moment("date", "time", site), Kind: r.text("kind")}, "every", "count"),
	}
	if actor.Restricted() {
		who.Citizen.UnitID = actor.UnitID
	}
	for line := range strings.Lines(r.text("goals")) {
		if goal := oneLine(line); goal != "" {
			who.Goals = append(who.Goals, goal)
		}
	}
	if who.Citizen.Name == "" {
		r.faults.Add("name", "required", "must not be empty")
	}
	return who, nil
}

// alike finds who may be the same person: by CPR number, and by name in the unit.
func (h *handlers) alike(c echo.Context, actor domain.Actor, who vouchers.CitizenInput) (alike []domain.Citizen, err error) {
	ctx := c.Request().Context()
	for _, by := range []vouchers.Lookup{{CPR: who.CPR}, {Name: who.Name, UnitID: who.UnitID}} {
		if by.CPR == "" && by.Name == "" {
			continue
		}
		found, err := h.service.LookUp(ctx, actor, by)
		if domain.KindOf(err) == domain.Invalid {
			continue // taking them in says so, with whatever else is wrong
		}
		if err != nil {
			return nil, err
		}
		alike = append(alike, found.Citizens...)
	}
	slices.SortStableFunc(alike, func(a, b domain.Citizen) int { return slices.Compare(a.ID[:], b.ID[:]) })
	return slices.CompactFunc(alike, func(a, b domain.Citizen) bool { return a.ID == b.ID }), nil
}
