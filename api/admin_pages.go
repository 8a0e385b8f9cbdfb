package api

import (
	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
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

// administers refuses who is no administrator, before anything is done.
func administers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if auth.Actor(c.Request().Context()).Role != domain.Administrator {
			return domain.Errorf(domain.Forbidden, "forbidden", "this is for administrators")
		}
		return next(c)
	}
}
