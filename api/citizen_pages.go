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

// citizenPages adds the pages of those who treat citizens: finding them, taking
// new ones in, and one citizen's own page with all that can be done for them.
func (h *handlers) citizenPages(r router) {
	r.GET("/citizens", h.findPage, h.staff)
	r.POST("/citizens", h.find, h.staff, small)
	r.GET("/citizens/new", h.admitPage, h.staff)
	r.POST("/citizens/new", h.admit, h.staff, small)
	r.GET("/citizens/:citizen_id", h.citizenPage, h.staff)
	r.GET("/citizens/:citizen_id/history", h.historyPage, h.staff)
	r.GET("/citizens/:citizen_id/accesses", h.accessesPage, h.staff)
	r.GET("/emergency", func(c echo.Context) error { return h.showEmergencyForm(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/emergency", h.takeEmergency, h.staff, small)
	r.GET("/emergency/:emergency_id", h.emergencyRecord, h.staff)
	r.POST("/citizens/:citizen_id/goals/:goal_id", h.reachGoal, h.staff, small)
	r.GET("/citizens/:citizen_id/paper", h.printPaper, h.staffFor("getExplanationsPage"))
	r.POST("/citizens/:citizen_id/cards", h.printCards, h.staff, small)
	r.POST("/citizens/:citizen_id/link", h.makeLink, h.staff, small)
	r.POST("/citizens/:citizen_id/letter", h.printLetter, h.staff, small)
	r.GET("/citizens/:citizen_id/:action", h.citizenForm, h.staff)
	r.POST("/citizens/:citizen_id/:action", h.actOnCitizen, h.staff, small)
}

// overview reads the citizen that the address names, with the plan that it asks
// for.
func (h *handlers) overview(c echo.Context) (o vouchers.Overview, err error) {
	ctx := c.Request().Context()
	citizen, err := pathID(c, "cit", "citizen_id")
	if err != nil {
		return o, err
	}
	var plan domain.ID
	if asked := c.QueryParam("plan"); asked != "" {
		var ok bool
		if plan, ok = parse("pln", asked); !ok {
			return o, echo.ErrNotFound
		}
	}
	return h.service.Overview(ctx, auth.Actor(ctx), citizen, plan)
}

// citizenPage shows one citizen.
func (h *handlers) citizenPage(c echo.Context) error {
	o, err := h.overview(c)
	if err != nil {
		return err
	}
	data := web.NewCitizen(o, readerOf(c), show)
	data.MayLog = may(c)("listAccesses")
	return showPage(c, http.StatusOK, "citizen", web.Page{Title: "citizen.title", Heading: web.CalledIn(readerOf(c), o.Citizen), Wide: true, Back: backTo(c, "/citizens", "find.title"), Data: data})
}

// backToCitizen leads back to the citizen.
func backToCitizen(o vouchers.Overview) *web.Choice {
	return &web.Choice{Name: web.Called(o.Citizen), Address: citizenAddress(o)}
}

// citizenAddress is the page of a citizen, showing the same plan.
func citizenAddress(o vouchers.Overview) string {
	at := "/citizens/" + show("cit", o.Citizen.ID)
	if o.Plan != nil && len(o.Plans) > 1 {
		at += "?" + url.Values{"plan": {show("pln", o.Plan.ID)}}.Encode()
	}
	return at
}

// findPage shows the field to find a citizen by, and the newest citizens.
func (h *handlers) findPage(c echo.Context) error {
	ctx := c.Request().Context()
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	newest, err := h.service.Citizens(ctx, auth.Actor(ctx), place, vouchers.CitizenFilter{})
	if err != nil {
		return err
	}
	_, _, next := listed(newest, func(x domain.Citizen) domain.ID { return x.ID }, func(x domain.Citizen) domain.ID { return x.ID })
	found := web.NewFound(newest.Rows, viewOf(c))
	if next != "" {
		found.Next = "/citizens?cursor=" + next
	}
	return h.showFind(c, http.StatusOK, found)
}

// find finds a citizen. What is looked for is in no address: it may be a name.
func (h *handlers) find(c echo.Context) error {
	ctx := c.Request().Context()
	in, err := sentInput(c)
	if err != nil {
		return err
	}
	r := formReader{values: in.Values}
	found, err := h.service.Find(ctx, auth.Actor(ctx), r.text("text"), r.id("unt", "unit"))
	if err != nil {
		shown, status, err := refusedForm(c, in, err, map[string]string{"cpr": "text", "name": "text", "unit_id": "unit"})
		if err != nil {
			return err
		}
		return h.showFind(c, status, web.Found{Form: shown})
	}
	if len(found.Citizens) == 1 && !found.More {
		return c.Redirect(http.StatusSeeOther, "/citizens/"+show("cit", found.Citizens[0].ID))
	}
	data := web.NewFound(found.Citizens, viewOf(c))
	data.Form, data.Asked, data.More = in, true, found.More
	return h.showFind(c, http.StatusOK, data)
}

func (h *handlers) showFind(c echo.Context, status int, data web.Found) error {
	var err error
	if data.Units, err = h.unitOptions(c); err != nil {
		return err
	}
	return showPage(c, status, "citizens", web.Page{Title: "find.title", Data: data})
}

// unitOptions are the units to choose among; none for one who has a unit.
func (h *handlers) unitOptions(c echo.Context) ([]web.Option, error) {
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	if actor.Restricted() {
		return nil, nil
	}
	units, err := h.service.Units(ctx, actor, store.Page{Limit: mostUnits})
	if err != nil {
		return nil, err
	}
	options := []web.Option{}
	for _, u := range units.Rows {
		options = append(options, web.Option{Value: show("unt", u.ID), Text: u.Name})
	}
	return options, nil
}

// mostUnits is how many units there are to choose among.
const mostUnits = 200

// historyPage shows everything that was recorded about a plan, a page at a time.
func (h *handlers) historyPage(c echo.Context) error {
	o, err := h.overview(c)
	if err != nil {
		return err
	}
	if o.Plan == nil {
		return echo.ErrNotFound
	}
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	happened, err := h.service.Timeline(ctx, auth.Actor(ctx), o.Plan.ID, place)
	if err != nil {
		return err
	}
	_, _, next := listed(happened, func(x vouchers.Happening) domain.ID { return x.ID }, func(x vouchers.Happening) domain.ID { return x.ID })
	view := viewOf(c)
	view.Site = o.Site
	data := web.NewHistory(o, happened.Rows, view)
	if next != "" {
		data.Next = data.At + url.Values{"plan": {show("pln", o.Plan.ID)}, "cursor": {next}}.Encode()
	}
	return showPage(c, http.StatusOK, "history", web.Page{Title: "history.title", Back: backToCitizen(o), Data: data})
}
