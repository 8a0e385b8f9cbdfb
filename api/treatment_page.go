package api

import (
	"net/http"

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
func treatmentAsked(c echo.Context) (vouchers.FiguresAsked, error) {
	r := formReader{values: c.QueryParams()}
	in := vouchers.FiguresAsked{Year: r.number("year"), UnitID: r.id("unt", "unit"), ProgrammeID: r.id("prg", "programme")}
	if r.faults.Err() != nil || r.text("year") != "" && in.Year == 0 {
		return in, echo.ErrNotFound
	}
	return in, nil
}
