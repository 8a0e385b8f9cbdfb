package api

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

// pageType is what pages are written as.
const pageType = "text/html; charset=utf-8"

// showPage answers with the page called name in its frame (web.Render), in the
// language of the reader. A handler fills the page's Title, Script and Data. What
// must be done before anybody sees it can go on meanwhile: ready waits for it.
func showPage(c echo.Context, status int, name string, p web.Page, ready ...func() error) error {
	p.Lang = readerOf(c)
	if r := c.Request(); r.Method == http.MethodGet && status < http.StatusBadRequest {
		query := r.URL.Query()
		query.Set("lang", web.Text(p.Lang, "frame.other_code"))
		p.Other = r.URL.EscapedPath() + "?" + query.Encode()
	}
	if actor := auth.Actor(c.Request().Context()); actor.Kind == domain.BySignIn && !p.Plain {
		p.Person, p.Menu = actor.Person, web.Menu(actor.Role, c.Request().URL.Path)
	}
	if key := "said." + c.QueryParam("said"); web.Has(key) && c.Request().Method == http.MethodGet { // a form on the page may be sent to its address
		p.Said = key
	}
	var html bytes.Buffer
	if err := web.Render(&html, name, p); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentSecurityPolicy, web.Policy)
	return blob(c, status, pageType, html.Bytes(), func() []byte { return web.ZipPage(html.Bytes()) }, ready...)
}

// showPart answers with a part of a page, which htmx puts in its place.
func showPart(c echo.Context, status int, name, part string, data any) error {
	var html bytes.Buffer
	if err := web.RenderPart(&html, name, part, readerOf(c), data); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentSecurityPolicy, web.Policy)
	return c.Blob(status, pageType, html.Bytes())
}

// wantsPart reports whether htmx asks, for a part of the page only.
func wantsPart(c echo.Context) bool { return c.Request().Header.Get("HX-Request") == "true" }

// blob answers with content, by gzip where the browser takes that. Other sites
// cannot have pages fetched with who is signed in (SameSite), so that nobody can
// guess what is in one by how small it becomes. It is sent once all are ready.
func blob(c echo.Context, status int, kind string, content []byte, zipped func() []byte, ready ...func() error) error {
	var small []byte
	if strings.Contains(c.Request().Header.Get(echo.HeaderAcceptEncoding), "gzip") {
		small = zipped()
	}
	for _, wait := range ready {
		if err := wait(); err != nil {
			return err
		}
	}
	header := c.Response().Header()
	header.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	if small != nil {
		header.Set(echo.HeaderContentEncoding, "gzip")
		content = small
	}
	return c.Blob(status, kind, content)
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

// wantsPage reports whether a browser asks to show what it gets: outside the API,
// or where one is led into it, as to a card to print.
func wantsPage(r *http.Request) bool {
	outside := r.URL.Path != base && !strings.HasPrefix(r.URL.Path, base+"/")
	return strings.Contains(r.Header.Get(echo.HeaderAccept), "text/html") && (outside || r.Header.Get("Sec-Fetch-Dest") == "document")
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
	return blob(c, http.StatusOK, a.Type, a.Content, a.Zipped)
}
