package api

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/web"
)

// pageType is what pages are written as.
const pageType = "text/html; charset=utf-8"

// showPage answers with the page called name in its frame (web.Render), in the
// language of the reader. A handler fills the page's Title, Script and Data.
func showPage(c echo.Context, status int, name string, p web.Page) error {
	p.Lang = readerOf(c)
	if r := c.Request(); r.Method == http.MethodGet && status < http.StatusBadRequest {
		query := r.URL.Query()
		query.Set("lang", web.Text(p.Lang, "frame.other_code"))
		p.Other = r.URL.EscapedPath() + "?" + query.Encode()
	}
	var html bytes.Buffer
	if err := web.Render(&html, name, p); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentSecurityPolicy, web.Policy)
	return c.Blob(status, pageType, html.Bytes())
}

// languageCookie remembers the language that a reader chose.
const languageCookie = "__Host-language"

const aYear = 365 * 24 * 60 * 60 // in seconds

// readerOf gives the language that a page is wanted in: by ?lang=, which is
// remembered, or as chosen before, or as the browser prefers.
func readerOf(c echo.Context) web.Lang {
	wanted := c.QueryParam("lang")
	if wanted == string(web.Danish) || wanted == string(web.English) {
		c.SetCookie(&http.Cookie{Name: languageCookie, Value: wanted, Path: "/", MaxAge: aYear, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	} else if cookie, err := c.Cookie(languageCookie); err == nil {
		wanted = cookie.Value
	} else {
		wanted = ""
	}
	if english(wanted, c.Request().Header.Get("Accept-Language")) {
		return web.English
	}
	return web.Danish
}

// wantsPage reports whether a browser asks to show what it gets, outside the API.
func wantsPage(r *http.Request) bool {
	return strings.Contains(r.Header.Get(echo.HeaderAccept), "text/html") && r.URL.Path != base && !strings.HasPrefix(r.URL.Path, base+"/")
}

// asset answers with a file that pages use. A browser keeps it, and asks whether
// it has changed.
func asset(c echo.Context) error {
	a, ok := web.Static(c.Param("file"))
	if !ok {
		return echo.ErrNotFound
	}
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "no-cache")
	header.Set("ETag", a.ETag)
	if c.Request().Header.Get("If-None-Match") == a.ETag {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, a.Type, a.Content)
}
