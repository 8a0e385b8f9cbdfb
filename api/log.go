package api

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
)

// watch gives every request an id, answers its errors, and leaves one line in
// the log: the route and never the address, for an address may hold what it
// should not; no query, no header, no body.
func watch(log *slog.Logger, metrics *Metrics) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := time.Now()
			c.Response().Header().Set(echo.HeaderXRequestID, rand.Text())
			err := guard(next, c)
			half := err != nil && c.Response().Committed && c.Response().Size > 0
			if err != nil {
				c.Error(err)
			}
			took := time.Since(start)
			line(log, c, err, took)
			metrics.answered(c.Request().Method, c.Path(), c.Response().Status, refusedAs(err), took)
			if half {
				panic(http.ErrAbortHandler) // half an answer must not look like a whole one
			}
			return nil
		}
	}
}

// guard turns a panic into an error, so that it answers as one.
func guard(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		switch r := recover(); r {
		case nil:
		case http.ErrAbortHandler:
			panic(r) // net/http's own way to break an answer off
		default:
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return next(c)
}

func line(log *slog.Logger, c echo.Context, err error, took time.Duration) {
	r, status := c.Request(), c.Response().Status
	attrs := []slog.Attr{
		slog.String("request_id", c.Response().Header().Get(echo.HeaderXRequestID)),
		slog.String("method", r.Method),
		slog.String("route", c.Path()),
		slog.Int("status", status),
		slog.Int64("bytes", c.Response().Size),
		slog.Duration("took", took),
	}
	if a := auth.Actor(r.Context()); a.Role != "" {
		attrs = append(attrs, slog.String("role", string(a.Role)), slog.String("token", a.TokenID.String()), slog.String("municipality", a.MunicipalityID.String()))
	}
	level := slog.LevelInfo
	if code := refusedAs(err); code != "" {
		attrs = append(attrs, slog.String("code", code))
	}
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	if err != nil && level == slog.LevelError { // a page that says so may bring none
		attrs = append(attrs, slog.Any("error", err))
	}
	log.LogAttrs(r.Context(), level, "request", attrs...)
}

// refusedAs is the code that err is answered with; "" where there is none.
func refusedAs(err error) string {
	if err == nil {
		return ""
	}
	_, told := tell(err)
	return told.Code
}

// powers are those of a browser that no page needs but a till's, which scans.
const powers = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"

// headers keeps answers out of caches, addresses out of other sites' logs, what
// we send from being read as something else, and other sites from our pages. A
// server whose public address is https tells browsers to use nothing else.
func headers(public *url.URL) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			h.Set(echo.HeaderCacheControl, "no-store")
			h.Set(echo.HeaderReferrerPolicy, "no-referrer")
			h.Set(echo.HeaderXContentTypeOptions, "nosniff")
			h.Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
			h.Set("Permissions-Policy", powers)
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			if public != nil && public.Scheme == "https" {
				h.Set(echo.HeaderStrictTransportSecurity, "max-age=31536000") // a year
			}
			return next(c)
		}
	}
}
