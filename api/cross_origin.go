package api

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/domain"
)

// crossOrigin tells our own pages from others'. The address that people use is
// ours also where a reverse proxy calls this server by another name.
func crossOrigin(public *url.URL) (*http.CrossOriginProtection, error) {
	check := http.NewCrossOriginProtection()
	if public == nil {
		return check, nil
	}
	return check, check.AddTrustedOrigin(public.Scheme + "://" + public.Host)
}

// sameOrigin refuses a change that a page of another site asks a browser for: it
// would travel with the cookie of whoever looks at that page. What is no browser
// says nothing of where it comes from, and passes.
func sameOrigin(check *http.CrossOriginProtection) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if check.Check(c.Request()) != nil {
				return domain.Errorf(domain.Forbidden, "cross_origin", "a page of another site asked for this change: do it from our own pages")
			}
			return next(c)
		}
	}
}
