package api

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// treatment answers with how treatment goes in a year.
func (h *handlers) treatment(c echo.Context) error {
	in, err := treatmentAsked(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	f, err := h.service.UnitFigures(ctx, auth.Actor(ctx), in)
	if domain.KindOf(err) == domain.Invalid {
		return echo.ErrNotFound // no such year can be chosen
	}
	if err != nil {
		return err
	}
	shown := web.NewTreatment(f, in, viewOf(c))
	return showPage(c, http.StatusOK, "treatment", web.Page{Title: "treatment.title", Wide: true, Data: shown})
}

// treatmentAsked reads which figures the address asks for.
func treatmentAsked(c echo.Context) (in vouchers.FiguresAsked, err error) {
	if text := c.QueryParam("year"); text != "" {
		if in.Year, err = strconv.Atoi(text); err != nil || in.Year == 0 {
			return in, echo.ErrNotFound
		}
	}
	for _, choice := range []struct {
		name, prefix string
		into         *domain.ID
	}{{"unit", "unt", &in.UnitID}, {"programme", "prg", &in.ProgrammeID}} {
		if text := c.QueryParam(choice.name); text != "" {
			id, ok := parse(choice.prefix, text)
			if !ok {
				return in, echo.ErrNotFound
			}
			*choice.into = id
		}
	}
	return in, nil
}
