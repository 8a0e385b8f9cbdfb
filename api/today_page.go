package api

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// todayPages adds the day's sessions: what a caseworker begins with.
func (h *handlers) todayPages(r router) {
	r.GET("/today", func(c echo.Context) error { return h.today(c, http.StatusOK, "", "") }, h.staff)
	r.GET("/today/missing", func(c echo.Context) error { return h.today(c, http.StatusOK, "", "") }, h.staff)
	r.POST("/today/sessions/:session_id", h.tap, h.staff, small)
	r.POST("/today/sessions/:session_id/undo", h.undoTap, h.staff, small)
}

// asked reads which sessions the address asks for. That of a tap says as well which
// page it was on.
func asked(c echo.Context) (in vouchers.DayAsked, err error) {
	in.Missing = c.Path() == "/today/missing" || c.QueryParam("page") == "missing"
	if text := c.QueryParam("date"); text != "" {
		if in.Date, err = domain.ParseDate(text); err != nil {
			return in, echo.ErrNotFound
		}
	}
	if text := c.QueryParam("unit"); text != "" {
		unit, ok := parse("unt", text)
		if !ok {
			return in, echo.ErrNotFound
		}
		in.UnitID = unit
	}
	return in, nil
}

// today answers with the day's sessions. A problem is of the session that was
// tapped.
func (h *handlers) today(c echo.Context, status int, session, problem string) error {
	in, err := asked(c)
	if err != nil {
		return err
	}
	ctx, entered := store.Beside(c.Request().Context())
	day, err := h.service.Day(ctx, auth.Actor(ctx), in)
	if err != nil {
		return err
	}
	desk := h.desk(c, day, in)
	shown := web.NewToday(day, in.UnitID, desk)
	for i := range shown.Slots {
		if shown.Slots[i].ID == session {
			shown.Slots[i].Problem = problem
		}
	}
	return showPage(c, status, "today", web.Page{Title: "today.title", Heading: shown.Heading(day.Date, day.Today, desk.Lang), Live: true, Wide: true, Data: shown}, entered)
}

// desk is where a day is shown.
func (h *handlers) desk(c echo.Context, day vouchers.Day, in vouchers.DayAsked) web.Desk {
	query := url.Values{"date": {day.Date.String()}}
	if in.Missing {
		query = url.Values{"page": {"missing"}}
	}
	if in.UnitID != (domain.ID{}) {
		query.Set("unit", show("unt", in.UnitID))
	}
	return web.Desk{Lang: readerOf(c), ID: show, Site: day.Site, Today: day.Today, Missing: in.Missing, Query: "?" + query.Encode()}
}

// tap records what happened at a session.
func (h *handlers) tap(c echo.Context) error {
	return h.tapped(c, func(session domain.ID) error {
		ctx := c.Request().Context()
		return h.service.Tap(ctx, auth.Actor(ctx), session, c.FormValue("outcome"))
	})
}

// undoTap takes back what was recorded a moment ago.
func (h *handlers) undoTap(c echo.Context) error {
	return h.tapped(c, func(domain.ID) error {
		ctx := c.Request().Context()
		attendance, ok := parse("att", c.FormValue("attendance"))
		if !ok {
			return echo.ErrNotFound
		}
		_, err := h.service.Undo(ctx, auth.Actor(ctx), vouchers.Key{}, attendance)
		return err
	})
}

// tapped answers a tap with the session as it now is: alone, where only it is to
// be changed on the page, or with the page. What was refused is told there.
func (h *handlers) tapped(c echo.Context, do func(session domain.ID) error) error {
	session, ok := parse("ses", c.Param("session_id"))
	if !ok {
		return echo.ErrNotFound
	}
	status, problem := http.StatusOK, ""
	if err := do(session); err != nil {
		var told domain.Error
		if status, told = tell(err); status != http.StatusConflict && status != http.StatusUnprocessableEntity {
			return err
		}
		problem = web.TapProblem(readerOf(c), &told)
	}
	switch {
	case wantsPart(c):
		return h.slot(c, status, session, problem)
	case problem != "":
		return h.today(c, status, c.Param("session_id"), problem)
	}
	path := "/today"
	if c.QueryParam("page") == "missing" {
		path = "/today/missing"
	}
	return c.Redirect(http.StatusSeeOther, path+"?"+c.QueryString()+"#"+c.Param("session_id"))
}

// slot answers with one session of the page.
func (h *handlers) slot(c echo.Context, status int, session domain.ID, problem string) error {
	in, err := asked(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	day, err := h.service.Appointment(ctx, auth.Actor(ctx), session)
	if err != nil {
		return err
	}
	shown := web.NewSlot(day.Appointments[0], h.desk(c, day, in))
	shown.Problem, shown.Changed = problem, true
	return showPart(c, status, "today", "slot", shown)
}
