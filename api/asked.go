package api

import (
	"context"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// What follows is what handlers of pages ask of a request.

// viewOf is how the reader of a page sees it; the site is what the use case says.
func viewOf(c echo.Context) web.View { return web.View{Lang: readerOf(c), ID: show} }

// deskView is viewOf at the site's clocks.
func deskView(c echo.Context, site *time.Location) web.View {
	view := viewOf(c)
	view.Site = site
	return view
}

// siteView is viewOf with the municipality's clocks.
func (h *handlers) siteView(c echo.Context) (view web.View, err error) {
	ctx := c.Request().Context()
	m, err := h.service.Municipality(ctx, auth.Actor(ctx))
	if err != nil {
		return view, err
	}
	site, err := time.LoadLocation(m.TimeZone)
	return deskView(c, site), err
}

// pathID reads an id from the address.
func pathID(c echo.Context, prefix, name string) (domain.ID, error) {
	id, ok := parse(prefix, c.Param(name))
	if !ok {
		return id, echo.ErrNotFound
	}
	return id, nil
}

// addressed reads, for who asks, what the address names by an id.
func addressed[T any](c echo.Context, prefix, name string, read func(context.Context, domain.Actor, domain.ID) (T, error)) (found T, err error) {
	id, err := pathID(c, prefix, name)
	if err != nil {
		return found, err
	}
	ctx := c.Request().Context()
	return read(ctx, auth.Actor(ctx), id)
}

// backTo leads back to a page, by the words of its heading.
func backTo(c echo.Context, address, words string) *web.Choice {
	return &web.Choice{Name: web.Text(readerOf(c), words), Address: address}
}

// saying is the address of a page that says what was done: the words said.<that>.
func saying(at, said string) string {
	if strings.Contains(at, "?") {
		return at + "&said=" + said
	}
	return at + "?said=" + said
}

// may says whether the reader may ask for an action, if perhaps after proving again
// who they are.
func may(c echo.Context) func(domain.Action) bool {
	actor := auth.Actor(c.Request().Context())
	return func(action domain.Action) bool {
		err := actor.May(action)
		return err == nil || domain.CodeOf(err) == "step_up_required"
	}
}

// older is where the page is that goes on after these rows; "" when there are no
// more.
func older[T any](c echo.Context, rows []T, more bool, id func(T) domain.ID) string {
	_, _, next := listed(store.Listed[T]{Rows: rows, More: more}, id, id)
	return after(c, next)
}

// after is where the page is that begins at a cursor; "" for none.
func after(c echo.Context, next string) string {
	if next == "" {
		return ""
	}
	return web.Asking(c.Request().URL.Path, c.QueryParams(), "cursor", next)
}
