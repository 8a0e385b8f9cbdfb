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

// adoptPage asks who decided on a draft, when, and from which day it holds.
func (h *handlers) adoptPage(c echo.Context) error {
	e, err := h.edition(c)
	if err != nil {
		return err
	}
	if e.Version.State != domain.VersionDraft {
		return c.Redirect(http.StatusSeeOther, viewOf(c).VersionAt(*e.Version))
	}
	return h.showAdopt(c, http.StatusOK, e, newInput(), nil)
}

func (h *handlers) showAdopt(c echo.Context, status int, e vouchers.Edition, in web.Input, preview *vouchers.AdoptionPreview) error {
	view := viewOf(c)
	data := web.NewAdoption(view, *e.Version, e.Today, auth.Actor(c.Request().Context()).Person, in)
	if preview != nil {
		data.Shows(view, *preview)
	}
	return showPage(c, status, "adopt", web.Page{Title: "rules.adopt", Heading: web.Text(readerOf(c), "rules.adopt_this", strconv.Itoa(e.Version.Number)), Wide: preview != nil, Back: backToVersion(c, e), Data: data})
}

// adopt shows what an adoption would do and, pressed there, adopts.
func (h *handlers) adopt(c echo.Context) error {
	e, err := h.edition(c)
	if err != nil {
		return err
	}
	in, err := sentInput(c)
	if err != nil {
		return err
	}
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	asked := vouchers.Adoption{AdoptedBy: r.text("adopted_by"), AdoptedOn: r.date("adopted_on"), InForceFrom: r.date("in_force_from"), InForceTo: r.date("in_force_to"), Succeeds: true}
	read := int64(r.number("version"))
	if err = r.faults.Err(); err == nil {
		switch r.text("do") {
		case "change":
			return h.showAdopt(c, http.StatusOK, e, in, nil)
		case "adopt":
			var v domain.ProgrammeVersion
			if v, err = h.service.AdoptVersion(ctx, auth.Actor(ctx), e.Version.ID, read, asked); err == nil {
				return c.Redirect(http.StatusSeeOther, viewOf(c).VersionAt(v)+"?said=programme_adopted")
			}
		default:
			var preview vouchers.AdoptionPreview
			if preview, err = h.service.PreviewAdoption(ctx, auth.Actor(ctx), e.Version.ID, asked); err == nil {
				return h.showAdopt(c, http.StatusOK, e, in, &preview)
			}
		}
	}
	shown, status, err := refused(c, in, err, nil)
	if err != nil {
		return err
	}
	return h.showAdopt(c, status, e, shown, nil)
}
