package api

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

// signInPages adds where staff sign in and out, and where they stand then.
func (h *handlers) signInPages(r router) {
	r.GET("/", h.home, h.staff)
	r.GET("/you", h.you, h.staff)
	r.GET("/accessibility", accessibility(false), h.known)
	r.GET("/accessibility/plain", accessibility(true))
	r.GET("/signed-in", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) }, h.staff)
	r.GET(signedInAgain, func(c echo.Context) error {
		return showPage(c, http.StatusOK, "proved", web.Page{Title: "proved.title"})
	}, h.staff)
	r.GET("/signin", h.chooseMunicipality)
	r.GET("/signin/:municipality", h.signInPage)
	r.GET("/signin/:municipality/oidc", h.toProvider)
	r.GET("/signin/:municipality/callback", h.fromProvider)
	r.POST("/signin/:municipality/backchannel", h.backChannel)
	r.GET("/signin/:municipality/ended", h.signedOutPage)
	r.POST("/signin/logout", h.signOut, h.staff)
	r.POST("/signin/logout-everywhere", h.signOutEverywhere, h.staff)
	r.POST("/signin/assignment", h.switchAssignment, h.staff)
}

// staff lets through who is signed in. A browser that asks for a page is sent to
// sign in first, and then back to it; a page that asks for a part is told, and stays.
func (h *handlers) staff(next echo.HandlerFunc) echo.HandlerFunc { return h.staffFor("")(next) }

// staffFor is staff for a page that works as long as an operation of the API does, and
// is bounded as that is.
func (h *handlers) staffFor(operation string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			err := auth.Require(h.access.Authenticate, auth.StaffCookie)(h.load.bound(operation)(next))(c)
			if domain.KindOf(err) == domain.Unauthenticated && c.Request().Method == http.MethodGet && !wantsPart(c) {
				return c.Redirect(http.StatusSeeOther, "/signin"+back(c.Request().URL.RequestURI()))
			}
			return err
		}
	}
}

// known lets everybody through, with who is signed in where somebody is.
func (h *handlers) known(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := auth.Require(h.access.Authenticate, auth.StaffCookie)(next)(c)
		if domain.KindOf(err) == domain.Unauthenticated {
			return next(c)
		}
		return err
	}
}

// back is the query that says where to go after signing in; none for the first
// page.
func back(path string) string {
	if path = signin.LocalPath(path); path == "/" {
		return ""
	}
	return "?" + url.Values{"return": {path}}.Encode()
}

// of gives the municipality whose address this is.
func of(c echo.Context) (domain.ID, error) {
	id, ok := parse("mun", c.Param("municipality"))
	if !ok {
		return id, echo.ErrNotFound
	}
	return id, nil
}

// chooseMunicipality shows the municipalities; where there is one only, it goes on
// there.
func (h *handlers) chooseMunicipality(c echo.Context) error {
	all, err := h.access.Directory(c.Request().Context())
	if err != nil {
		return err
	}
	query := back(c.QueryParam("return"))
	if len(all) == 1 {
		return c.Redirect(http.StatusSeeOther, signin.Path(all[0].MunicipalityID)+query)
	}
	order := collate.New(language.Danish)
	slices.SortFunc(all, func(a, b domain.Municipality) int { return order.CompareString(a.Name, b.Name) })
	var choices []web.Choice
	for _, m := range all {
		choices = append(choices, web.Choice{Name: m.Name, Address: signin.Path(m.MunicipalityID) + query})
	}
	return showPage(c, http.StatusOK, "municipalities", web.Page{Title: "signin.choose", Data: choices})
}

// signInPage shows the ways to sign in to a municipality.
func (h *handlers) signInPage(c echo.Context) error { return h.showSignIn(c, http.StatusOK, false) }

// showSignIn shows the ways to sign in; away says that the provider is.
func (h *handlers) showSignIn(c echo.Context, status int, away bool) error {
	id, err := of(c)
	if err != nil {
		return err
	}
	all, err := h.access.Directory(c.Request().Context())
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.MunicipalityID == id {
			data := web.SignIn{Municipality: m.Name, Away: away, Several: len(all) > 1, Demo: h.demo != nil}
			if p, ok := h.providers.Of(id); ok {
				data.Provider, data.Address = p.Name, signin.Path(id)+"/oidc"+back(c.QueryParam("return"))
			}
			if data.Local, err = h.localSignIn(c, id); err != nil {
				return err
			}
			return showPage(c, status, "signin", web.Page{Title: "signin.title", Script: "passkeys.js", Data: data})
		}
	}
	return echo.ErrNotFound
}

// home leads who is signed in to the page that they begin with.
func (h *handlers) home(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, web.FirstPage(auth.Actor(c.Request().Context()).Role))
}

// accessibility shows how far the pages can be used by everybody, as the law on
// web accessibility wants it said.
func accessibility(plain bool) echo.HandlerFunc {
	return func(c echo.Context) error {
		return showPage(c, http.StatusOK, "accessibility", web.Page{Title: "accessibility.title", Plain: plain})
	}
}

// you shows who is signed in where they stand.
func (h *handlers) you(c echo.Context) error {
	actor := auth.Actor(c.Request().Context())
	st, err := h.access.Standing(c.Request().Context(), actor)
	if err != nil {
		return err
	}
	return showPage(c, http.StatusOK, "you", web.Page{Title: "you.title", Data: standing(actor, st)})
}

func standing(actor domain.Actor, st access.Standing) web.Home {
	data := web.Home{Person: actor.Person, Municipality: st.Municipality.Name}
	for _, a := range st.Assignments {
		held := web.Held{ID: show("asg", a.ID), Role: "role." + string(a.Role)}
		switch {
		case a.UnitID != nil:
			held.Place = st.Places[*a.UnitID]
		case a.PartnerID != nil:
			held.Place = st.Places[*a.PartnerID]
		}
		if a.ID == st.Current {
			data.Now = held
		} else {
			data.Others = append(data.Others, held)
		}
	}
	return data
}

// switchAssignment lets who is signed in act under another of their roles.
func (h *handlers) switchAssignment(c echo.Context) error {
	id, ok := parse("asg", c.FormValue("assignment"))
	if !ok {
		return domain.OutOfReach()
	}
	ctx := c.Request().Context()
	text, err := h.access.Switch(ctx, auth.Actor(ctx), id)
	if err != nil {
		return err
	}
	auth.SetCookie(c.Response(), auth.StaffCookie, text, noTime)
	return c.Redirect(http.StatusSeeOther, "/")
}
