package api

import (
	"context"
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
	return takeForm(c, nil, func(in web.Input) (string, error) { return h.adoptAs(c, e, in) }, func(c echo.Context, status int, in web.Input) error {
		return h.showAdopt(c, status, e, in, nil)
	})
}

func (h *handlers) adoptAs(c echo.Context, e vouchers.Edition, in web.Input) (string, error) {
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	asked := vouchers.Adoption{AdoptedBy: r.text("adopted_by"), AdoptedOn: r.date("adopted_on"), InForceFrom: r.date("in_force_from"), InForceTo: r.date("in_force_to"), Succeeds: true}
	read := r.version()
	switch r.text("do") {
	case "change":
		return "", h.showAdopt(c, http.StatusOK, e, in, nil)
	case "adopt":
		return viewOf(c).VersionAt(*e.Version) + "?said=programme_adopted", r.judge(ctx, func(ctx context.Context) error {
			_, err := h.service.AdoptVersion(ctx, auth.Actor(ctx), e.Version.ID, read, asked)
			return err
		})
	}
	var preview vouchers.AdoptionPreview
	if err := r.judge(ctx, func(ctx context.Context) (err error) {
		preview, err = h.service.PreviewAdoption(ctx, auth.Actor(ctx), e.Version.ID, asked)
		return err
	}); err != nil {
		return "", err
	}
	return "", h.showAdopt(c, http.StatusOK, e, in, &preview)
}
