package api

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

// DemoDoor lets whoever started the demo in as its people, by links that each work
// once, and lets them prove who they are by a press. No other server has one.
type DemoDoor struct {
	mu     sync.Mutex
	people map[string]demoPerson // by the link's secret
}

type demoPerson struct {
	municipality domain.ID
	person       string
	till         string // the key of the till that the device becomes; "": it is a person's link
}

// NewDemoDoor makes a door without links.
func NewDemoDoor() *DemoDoor { return &DemoDoor{people: map[string]demoPerson{}} }

// Link makes a link that signs in as a person. Its secret is behind the #, which
// no browser sends and no log keeps.
func (d *DemoDoor) Link(public *url.URL, municipality domain.ID, person string) string {
	return d.link(public, demoPerson{municipality: municipality, person: person})
}

// TillLink makes a link that makes a device the till with this key.
func (d *DemoDoor) TillLink(public *url.URL, key string) string {
	return d.link(public, demoPerson{till: key})
}

func (d *DemoDoor) link(public *url.URL, p demoPerson) string {
	secret := rand.Text()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.people[secret] = p
	at := public.JoinPath("demo")
	at.Fragment = secret
	return at.String()
}

// take gives the person of a link, once.
func (d *DemoDoor) take(secret string) (demoPerson, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.people[secret]
	delete(d.people, secret)
	return p, ok
}

// demoMethod is how a sign-in by such a link is told from others.
const demoMethod = "link"

// demoPages adds the door, where there is one.
func (h *handlers) demoPages(r router) {
	if h.demo == nil {
		return
	}
	r.GET("/demo", func(c echo.Context) error { return showDemo(c, http.StatusOK, "") })
	r.POST("/demo", h.enterDemo, small)
	r.POST("/prove/demo", h.proveInDemo, h.staff, small)
}

func showDemo(c echo.Context, status int, trouble string) error {
	return showPage(c, status, "demo", web.Page{Title: "demo.title", Script: "invitation.js", Data: web.Invitation{Trouble: trouble}})
}

// enterDemo signs in by a link.
func (h *handlers) enterDemo(c echo.Context) error {
	p, ok := h.demo.take(c.FormValue("code"))
	if !ok {
		return showDemo(c, http.StatusNotFound, "demo.ended")
	}
	if p.till != "" {
		c.SetCookie(tillCookie(p.till))
		return c.Redirect(http.StatusSeeOther, tillPath)
	}
	in, err := h.access.SignIn(c.Request().Context(), p.municipality, access.Proof{Person: p.person, Method: demoMethod})
	if err == nil {
		err = h.enters(c, in)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/")
}

// proveInDemo takes a press for a proof: nobody in the demo has a password.
func (h *handlers) proveInDemo(c echo.Context) error {
	actor := auth.Actor(c.Request().Context())
	if actor.Method != demoMethod {
		return domain.OutOfReach()
	}
	text, err := h.access.ProveAgain(c.Request().Context(), actor, access.Proof{Person: actor.Person, Method: demoMethod})
	if err != nil {
		return err
	}
	auth.SetCookie(c.Response(), auth.StaffCookie, text, noTime)
	return c.Redirect(http.StatusSeeOther, signin.LocalPath(c.FormValue("return")))
}
