package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

// tillPath is the page on which a device becomes a till, and works as one.
const tillPath = "/till"

// till adds the pages of a shop's till.
func (h *handlers) till(r router) {
	r.GET(tillPath, h.showTill, camera)
	r.POST(tillPath, h.enrolTill, camera, small)
	r.GET(tillPath+"/device", h.tillDevice, camera, h.atTill)
	r.POST(tillPath+"/checks", h.checkAtTill, camera, h.atTill, small)
	r.POST(tillPath+"/redemptions", h.redeemAtTill, camera, h.atTill, small)
	r.GET(tillPath+"/redemptions/:redemption_id", func(c echo.Context) error { return h.tillPayment(c, http.StatusOK, newInput()) }, camera, h.atTill)
	r.POST(tillPath+"/redemptions/:redemption_id/undo", h.undoAtTill, camera, h.atTill, small)
	r.POST(tillPath+"/asked", h.askedAtTill, camera, h.atTill, small)
	r.GET(tillPath+"/offline", tillOffline, camera)
	r.GET(tillPath+"/app.webmanifest", tillApp)
	r.GET(tillPath+"/worker.js", tillWorker)
}

// camera lets a page use the camera, which no other page may.
func camera(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Permissions-Policy", strings.Replace(powers, "camera=()", "camera=(self)", 1))
		return next(c)
	}
}

// atTill lets through what an enrolled till asks. Another device is led to where it
// becomes one.
func (h *handlers) atTill(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := auth.Require(h.access.Authenticate, auth.TillCookie)(h.load.bound("")(next))(c)
		if domain.KindOf(err) == domain.Unauthenticated {
			return c.Redirect(http.StatusSeeOther, tillPath)
		}
		return err
	}
}

// deviceData is what the page shows on which a device becomes a till.
type deviceData struct {
	Label, Shop string // what this device is; "" when it is no till
	Ended       bool   // it was one
	Problem     string // key of what was wrong with the code; "" when nothing was
	Typed       string // the code that was wrong
}

// showTill begins the till's day and gives it its cookie anew, or asks another
// device for a code.
func (h *handlers) showTill(c echo.Context) error {
	cookie, err := c.Cookie(auth.TillCookie)
	if err != nil {
		return devicePage(c, http.StatusOK, deviceData{})
	}
	actor, err := h.access.Authenticate(c.Request().Context(), cookie.Value)
	switch {
	case domain.KindOf(err) == domain.Unauthenticated, err == nil && actor.Kind != domain.ByTerminal:
		auth.ClearCookie(c.Response(), auth.TillCookie)
		return devicePage(c, http.StatusOK, deviceData{Ended: true})
	case err != nil:
		return err
	}
	auth.Let(c, actor)
	c.SetCookie(tillCookie(cookie.Value))
	return h.load.bound("")(h.tillDay)(c)
}

// tillDevice says which till this device is, and takes the code of another.
func (h *handlers) tillDevice(c echo.Context) error {
	terminal, err := h.thisTill(c)
	if err != nil {
		return err
	}
	return devicePage(c, http.StatusOK, deviceData{Label: terminal.Label, Shop: auth.Actor(c.Request().Context()).Partner.Name})
}

// thisTill is the till that asks.
func (h *handlers) thisTill(c echo.Context) (domain.Terminal, error) {
	actor := auth.Actor(c.Request().Context())
	return h.access.Terminal(c.Request().Context(), actor, actor.TerminalID)
}

// enrolTill takes the code that was typed, or that the page's script put in.
func (h *handlers) enrolTill(c echo.Context) error {
	typed := c.FormValue("code")
	in, err := h.access.EnrolTerminal(c.Request().Context(), access.Device{Address: c.RealIP(), RequestID: c.Response().Header().Get(echo.HeaderXRequestID)}, typed)
	switch domain.CodeOf(err) {
	case "invalid_code", "rate_limited":
		status, told := tell(err)
		return devicePage(c, status, deviceData{Problem: "till." + told.Code, Typed: typed})
	}
	if err != nil {
		return err
	}
	c.SetCookie(tillCookie(in.Key))
	return c.Redirect(http.StatusSeeOther, tillPath+"/device")
}

func devicePage(c echo.Context, status int, data deviceData) error {
	return tillPage(c, status, "till", web.Page{Title: "till.title", Data: data})
}

// tillPage answers with a page whose frame does not name the program: a shop that
// looked the name up would learn what its customers come for.
func tillPage(c echo.Context, status int, name string, p web.Page) error {
	p.Script, p.Plain, p.Manifest = "till.js", true, tillPath+"/app.webmanifest?lang="+string(readerOf(c))
	return showPage(c, status, name, p)
}
