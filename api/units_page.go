package api

import (
	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// unitPages adds the places where people are treated, as an administrator knows
// them: by name.
func (h *handlers) unitPages(r router) {
	r.GET("/units", emptyForm(h.showUnits), h.staff, administers)
	r.POST("/units", formHandler(h.showUnits, h.addUnit, nil), h.staff, administers, small)
	r.GET("/units/:unit_id", emptyForm(h.showUnit), h.staff, administers)
	r.POST("/units/:unit_id", formHandler(h.showUnit, h.changeUnit, map[string]string{"organisation_id": "organisation"}), h.staff, administers, small)
}

func (h *handlers) showUnits(c echo.Context, status int, in web.Input) error {
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	l, err := h.service.Units(ctx, auth.Actor(ctx), place)
	if err != nil {
		return err
	}
	view := viewOf(c)
	data := web.Units{Form: in}
	data.Rows, data.Next = each(l.Rows, view.UnitRow), older(c, l.Rows, l.More, func(u domain.Unit) domain.ID { return u.ID })
	return showPage(c, status, "units", web.Page{Title: "units.title", Data: data})
}

// addUnit makes a unit.
func (h *handlers) addUnit(c echo.Context, in web.Input) (string, error) {
	ctx := c.Request().Context()
	u, err := h.service.CreateUnit(ctx, auth.Actor(ctx), in.Values.Get("name"))
	return "/units/" + show("unt", u.ID) + "?said=units_new", err
}

func (h *handlers) showUnit(c echo.Context, status int, in web.Input) error {
	u, err := addressed(c, "unt", "unit_id", h.service.Unit)
	if err != nil {
		return err
	}
	return showPage(c, status, "unit", web.Page{Title: "units.unit", Heading: u.Name, Back: backTo(c, "/units", "units.title"), Data: web.NewUnit(u, in)})
}

// changeUnit changes what a unit is called, or which organisation it is to the
// sign-in provider.
func (h *handlers) changeUnit(c echo.Context, in web.Input) (string, error) {
	id, err := pathID(c, "unt", "unit_id")
	if err != nil {
		return "", err
	}
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	version := r.version()
	if err := r.faults.Err(); err != nil {
		return "", err
	}
	switch r.text("do") {
	case "name":
		name, mail := r.text("name"), r.text("notify_email")
		_, err = h.service.UpdateUnit(ctx, auth.Actor(ctx), id, version, vouchers.UnitChange{Name: &name, NotifyEmail: &mail})
	case "organisation":
		_, err = h.access.SetOrganisation(ctx, auth.Actor(ctx), id, version, r.text("organisation"))
	default:
		return "", echo.ErrNotFound
	}
	return "/units/" + show("unt", id) + "?said=units_changed", err
}
