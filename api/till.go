package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

// tillPath is the page on which a device becomes a till.
const tillPath = "/till"

// till adds that page.
func (h *handlers) till(r router) {
	r.GET(tillPath, h.showTill)
	r.POST(tillPath, h.enrolTill)
}

// tillData is what the page shows.
type tillData struct {
	Label, Shop string // what this device is; "" when it is no till
	Ended       bool   // it was one
	Problem     string // key of what was wrong with the code; "" when nothing was
	Typed       string // the code that was wrong
}

// showTill says which till this device is, and gives it its cookie anew, or asks
// for a code.
func (h *handlers) showTill(c echo.Context) error {
	var data tillData
	if cookie, err := c.Cookie(auth.TillCookie); err == nil {
		terminal, partner, err := h.tillOf(c, cookie.Value)
		switch {
		case domain.KindOf(err) == domain.Unauthenticated:
			auth.ClearCookie(c.Response(), auth.TillCookie)
			data.Ended = true
		case err != nil:
			return err
		default:
			c.SetCookie(tillCookie(cookie.Value))
			data.Label, data.Shop = terminal.Label, partner.Name
		}
	}
	return tillPage(c, http.StatusOK, data)
}

// tillOf finds the till that a key belongs to.
func (h *handlers) tillOf(c echo.Context, key string) (domain.Terminal, domain.Partner, error) {
	ctx := c.Request().Context()
	actor, err := h.access.Authenticate(ctx, key)
	if err == nil && actor.Kind != domain.ByTerminal {
		err = access.Unauthenticated()
	}
	if err != nil {
		return domain.Terminal{}, domain.Partner{}, err
	}
	terminal, err := h.access.Terminal(ctx, actor, actor.TerminalID)
	return terminal, actor.Partner, err
}

// enrolTill takes the code that was typed, or that the page's script put in.
func (h *handlers) enrolTill(c echo.Context) error {
	c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, largestForm)
	typed := c.FormValue("code")
	in, err := h.access.EnrolTerminal(c.Request().Context(), access.Device{Address: c.RealIP(), RequestID: c.Response().Header().Get(echo.HeaderXRequestID)}, typed)
	switch domain.CodeOf(err) {
	case "invalid_code", "rate_limited":
		status, told := tell(err)
		return tillPage(c, status, tillData{Problem: "till." + told.Code, Typed: typed})
	}
	if err != nil {
		return err
	}
	c.SetCookie(tillCookie(in.Key))
	return c.Redirect(http.StatusSeeOther, tillPath)
}

// largestForm bounds what a page's form may send, in bytes.
const largestForm = 16 << 10

// tillPage answers with a page whose frame does not name the program: a shop that
// looked the name up would learn what its customers come for.
func tillPage(c echo.Context, status int, data tillData) error {
	return showPage(c, status, "till", web.Page{Title: "till.title", Script: "till.js", Plain: true, Data: data})
}
