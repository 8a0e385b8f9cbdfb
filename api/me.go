package api

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// ownPages answers the pages of a citizen's own. Each change is a form that works
// without script, and ends at the page again.
type ownPages struct {
	service *vouchers.Service
	access  *access.Service
	find    auth.Caller
	load    *load
}

func (o ownPages) routes(r router) {
	r.GET("/me", o.show)
	r.GET("/me/history", o.signedIn("listOwnAwards", o.history))
	r.GET("/me/paper", o.signedIn("getOwnPage", o.paper))
	r.POST("/me", o.enter)
	for path, change := range map[string]echo.HandlerFunc{
		"/me/unlock": o.unlock, "/me/pin": o.setPIN, "/me/pin/removal": o.removePIN, "/me/vouchers/:voucher_id/block": o.block, "/me/sign-out": o.signOut,
	} {
		r.POST(path, o.signedIn("", change))
	}
}

// signedIn lets only a citizen through who is signed in; others get the page that
// says how. It is bounded as an operation of the API is.
func (o ownPages) signedIn(operation string, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := auth.Require(o.find, auth.CitizenCookie)(func(c echo.Context) error {
			c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, largestForm)
			return o.load.bound(operation)(next)(c)
		})(c)
		if domain.KindOf(err) == domain.Unauthenticated {
			auth.ClearCookie(c.Response(), auth.CitizenCookie)
			return c.Redirect(http.StatusSeeOther, "/me?problem=unauthenticated")
		}
		return err
	}
}

// show answers with the page of who is signed in, or how to get in.
func (o ownPages) show(c echo.Context) error {
	err := auth.Require(o.find, auth.CitizenCookie)(o.load.bound("getOwnPage")(o.own))(c)
	if domain.KindOf(err) == domain.Unauthenticated {
		return ownPage(c, "me_enter", "me.enter.title", web.OwnEntry{Problem: told(c)})
	}
	return err
}

// ownPage answers with a page whose frame does not name the program: it is read
// in whatever company.
func ownPage(c echo.Context, name, title string, data any) error {
	return showOwn(c, name, web.Page{Title: title, Data: data})
}

func showOwn(c echo.Context, name string, p web.Page) error {
	p.Script, p.Plain = "me.js", true
	return showPage(c, http.StatusOK, name, p)
}

// backToOwn leads back to the first of a citizen's own pages.
func backToOwn(c echo.Context) *web.Choice { return backTo(c, "/me", "me.title") }

// own answers with the citizen's page, or asks for the PIN.
func (o ownPages) own(c echo.Context) error {
	after, err := placeOf(c.QueryParam("after"))
	if err != nil {
		return echo.ErrNotFound
	}
	own, err := o.service.OwnPage(c.Request().Context(), auth.Actor(c.Request().Context()), vouchers.OwnAsked{After: after, Codes: true})
	if domain.CodeOf(err) == "pin_required" {
		return ownPage(c, "me_locked", "me.pin.locked", web.OwnEntry{Problem: told(c)})
	}
	if err != nil {
		return err
	}
	shown, err := web.NewOwn(own, readerOf(c), func(id domain.ID) string { return VoucherID(id).String() })
	if err != nil {
		return err
	}
	if shown.Problem = told(c); shown.Problem != wrongState {
		shown.Problem, shown.PINProblem = "", shown.Problem
	}
	if next := nextOwn(own.Vouchers); next != "" {
		shown.More = "/me?after=" + next
	}
	if own.Had.More {
		shown.Older = "/me/history"
	}
	p := web.Page{Title: "me.title", Data: shown}
	if after != (store.Place{}) {
		p.Back = backToOwn(c)
	}
	return showOwn(c, "me", p)
}

// history answers with a page of all that was had.
func (o ownPages) history(c echo.Context) error {
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	had, err := o.service.OwnHistory(c.Request().Context(), auth.Actor(c.Request().Context()), place)
	if err != nil {
		return changed(c, err, "")
	}
	shown := web.NewOwnHistory(had, readerOf(c))
	if _, _, next := listed(had.Listed, hadID, hadID); next != "" {
		shown.Next = "/me/history?cursor=" + next
	}
	return showOwn(c, "me_history", web.Page{Title: "me.had", Back: backToOwn(c), Data: shown})
}

// paper answers with a year of the page to print.
func (o ownPages) paper(c echo.Context) error {
	year, err := yearOf(c)
	if err != nil {
		return err
	}
	own, err := o.service.OwnPaper(c.Request().Context(), auth.Actor(c.Request().Context()), year)
	if err != nil {
		return changed(c, err, "")
	}
	html, err := web.Paper(own, readerOf(c), "/me", func(year int) string { return "/me/paper?year=" + strconv.Itoa(year) })
	return printed(c, html, web.ExplanationsPolicy, err)
}

// yearOf is the year that an address asks for; 0: it asks for none.
func yearOf(c echo.Context) (int, error) {
	text := c.QueryParam("year")
	if text == "" {
		return 0, nil
	}
	year, err := strconv.Atoi(text)
	if err != nil || year < 1 || year > 9999 {
		return 0, echo.ErrNotFound
	}
	return year, nil
}

// largestForm bounds what a page's form may send, in bytes.
const largestForm = 16 << 10

// problems begins the keys of the words for what a citizen can do something about.
const problems = "me.problem."

// wrongState is the one of them that is not about the PIN.
const wrongState = problems + "wrong_state"

// problemKey gives the words for an error; "" for one that a citizen can do
// nothing about.
func problemKey(err error) string {
	if key := problems + domain.CodeOf(err); web.Has(key) {
		return key
	}
	return ""
}

// told gives the words for what went wrong just before, as the address says it; ""
// for nothing.
func told(c echo.Context) string {
	if key := problems + c.QueryParam("problem"); web.Has(key) {
		return key
	}
	return ""
}

// enter takes the code of a letter, typed. What was typed is kept, for it is long:
// a page that asks for the rest, and no error that would say it.
func (o ownPages) enter(c echo.Context) error {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, largestForm)
	typed := c.FormValue("code")
	visit, err := o.access.ExchangeCitizenLink(r.Context(), typed, c.FormValue("pin"))
	if key := problemKey(err); key != "" {
		return ownPage(c, "me_enter", "me.enter.title", web.OwnEntry{Problem: key, Code: typed})
	}
	if err != nil {
		return err
	}
	auth.SetCookie(c.Response(), auth.CitizenCookie, visit.Text, visit.Until)
	return c.Redirect(http.StatusSeeOther, "/me")
}

// changed goes back to the page, which says what was done (a key of said; "": nothing)
// or went wrong: a reload does nothing twice.
func changed(c echo.Context, err error, said string) error {
	switch key := problemKey(err); {
	case err == nil && said == "":
		return c.Redirect(http.StatusSeeOther, "/me")
	case err == nil:
		return c.Redirect(http.StatusSeeOther, "/me?said="+said)
	case key != "":
		return c.Redirect(http.StatusSeeOther, "/me?problem="+domain.CodeOf(err))
	}
	return err
}

// unlock opens a page that was left alone.
func (o ownPages) unlock(c echo.Context) error {
	_, err := o.access.Unlock(c.Request().Context(), auth.Actor(c.Request().Context()), c.FormValue("pin"))
	return changed(c, err, "")
}

// setPIN sets a PIN, or changes it.
func (o ownPages) setPIN(c echo.Context) error {
	return changed(c, o.access.SetOwnPIN(c.Request().Context(), auth.Actor(c.Request().Context()), c.FormValue("pin"), c.FormValue("current")), "own_pin")
}

// removePIN takes the PIN away.
func (o ownPages) removePIN(c echo.Context) error {
	return changed(c, o.access.RemoveOwnPIN(c.Request().Context(), auth.Actor(c.Request().Context()), c.FormValue("pin")), "own_no_pin")
}

// block stops a voucher that is lost.
func (o ownPages) block(c echo.Context) error {
	id, ok := parse("vch", c.Param("voucher_id"))
	if !ok {
		return echo.ErrNotFound
	}
	_, err := o.service.BlockOwn(c.Request().Context(), auth.Actor(c.Request().Context()), id)
	return changed(c, err, "own_blocked")
}

// signOut ends the sign-in.
func (o ownPages) signOut(c echo.Context) error {
	if err := o.access.LeaveOwnPage(c.Request().Context(), auth.Actor(c.Request().Context())); err != nil {
		return err
	}
	auth.ClearCookie(c.Response(), auth.CitizenCookie)
	return c.Redirect(http.StatusSeeOther, "/me")
}
