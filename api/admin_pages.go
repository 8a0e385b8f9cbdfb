package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

// adminPages adds what an administrator looks after: who may do what, units, shops
// with their tills, keys and settings. Nothing on them is of a citizen.
func (h *handlers) adminPages(r router) {
	h.peoplePages(r)
	h.unitPages(r)
	h.partnerPages(r)
	h.keyPages(r)
	h.settingPages(r)
}

// shows is a page that shows a form as it is given.
type shows func(c echo.Context, status int, in web.Input) error

// fresh shows a page with nothing typed.
func fresh(page shows) echo.HandlerFunc {
	return func(c echo.Context) error { return page(c, http.StatusOK, web.Input{}) }
}

// does is what a form of a page does; it gives where to go then, and "" when it has
// answered itself.
type does func(c echo.Context, in web.Input) (to string, err error)

// form takes what a page sent. Refused, the page is shown again with what was wrong;
// names are the form's names of fields that the use case calls something else.
func form(page shows, do does, names map[string]string) echo.HandlerFunc {
	return func(c echo.Context) error {
		in, err := sentInput(c)
		if err != nil {
			return err
		}
		to, err := do(c, in)
		if err == nil && to != "" {
			return c.Redirect(http.StatusSeeOther, to)
		}
		if err == nil {
			return nil
		}
		shown, status, wrong := refused(c, in, err, names)
		if wrong != nil {
			return wrong
		}
		return page(c, status, shown)
	}
}

// administers refuses who is no administrator, before anything is done.
func administers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if auth.Actor(c.Request().Context()).Role != domain.Administrator {
			return domain.Errorf(domain.Forbidden, "forbidden", "this is for administrators")
		}
		return next(c)
	}
}
