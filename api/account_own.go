package api

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

// seconds writes a time as HTTP headers have it.
func seconds(d time.Duration) string { return strconv.Itoa(int(d.Seconds())) }

// provePath is where who is signed in proves again who they are, and then goes on.
func provePath(path string) string { return "/prove" + back(path) }

// freshly sends who has not just proved who they are to do so first.
func freshly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !auth.Actor(c.Request().Context()).Fresh {
			return c.Redirect(http.StatusSeeOther, provePath(c.Request().URL.Path))
		}
		return next(c)
	}
}

// provePage asks who is signed in to prove again who they are: here, or at their
// provider.
func (h *handlers) provePage(c echo.Context) error { return h.showProve(c, http.StatusOK, "") }

func (h *handlers) showProve(c echo.Context, status int, trouble string) error {
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	own, err := h.access.Own(ctx, actor)
	if err != nil {
		return err
	}
	there := signin.LocalPath(c.QueryParam("return"))
	if actor.Method == "oidc" {
		query := url.Values{"again": {"1"}, "return": {there}}
		return c.Redirect(http.StatusSeeOther, signin.Path(actor.MunicipalityID)+"/oidc?"+query.Encode())
	}
	data := web.Prove{Form: web.Form{Action: provePath(there), Person: actor.Person, Trouble: trouble}, Password: own.Account.PasswordHash != ""}
	if actor.Method == demoMethod {
		data.Demo = there
	}
	if h.access.Passkeys() && len(own.Passkeys) > 0 {
		data.Passkey = &web.Passkey{Do: "get", Options: signin.Path(actor.MunicipalityID) + "/passkey/options", Finish: "/prove/passkey", Return: there, Label: "prove.passkey"}
	}
	return showPage(c, status, "prove", web.Page{Title: "prove.title", Script: "passkeys.js", Data: data})
}

// proveWithPassword takes the proof of a password and a code.
func (h *handlers) proveWithPassword(c echo.Context) error {
	ctx := c.Request().Context()
	text, err := h.access.ProveWithPassword(ctx, auth.Actor(ctx), access.PasswordInput{
		Password: c.FormValue("password"), Code: c.FormValue("code"), Address: c.RealIP(), Device: deviceOf(c),
	})
	if words := troubles[domain.CodeOf(err)]; words != "" {
		status, _ := tell(err)
		retryAfter(c, status)
		return h.showProve(c, status, words)
	}
	if err != nil {
		return err
	}
	auth.SetCookie(c.Response(), auth.StaffCookie, text, noTime)
	return c.Redirect(http.StatusSeeOther, signin.LocalPath(c.QueryParam("return")))
}

// proveWithPasskey takes the proof of a passkey.
func (h *handlers) proveWithPasskey(c echo.Context) error {
	f, err := readPasskeyForm(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	text, err := h.access.ProveWithPasskey(ctx, auth.Actor(ctx), f.State, f.Answer)
	if err != nil {
		return err
	}
	auth.SetCookie(c.Response(), auth.StaffCookie, text, noTime)
	return follow(c, f.Return)
}

// ownPage shows who is signed in how they can sign in and where they are.
func (h *handlers) ownPage(c echo.Context) error {
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	own, err := h.access.Own(ctx, actor)
	if err != nil {
		return err
	}
	return showPage(c, http.StatusOK, "account", web.Page{Title: "account.title", Script: "passkeys.js", Data: h.own(actor, own, readerOf(c))})
}

// own is what the page shows, times at the site.
func (h *handlers) own(actor domain.Actor, own access.Own, lang web.Lang) web.Account {
	when := func(at *time.Time) string {
		if at == nil {
			return ""
		}
		return web.View{Lang: lang, Site: own.Site}.Moment(*at)
	}
	data := web.Account{
		Person: actor.Person, Local: own.Account.ID != domain.ID{}, HasPassword: own.Account.PasswordHash != "", CanAdd: h.access.Passkeys(), Fresh: actor.Fresh,
		Add: web.Passkey{Do: "create", Options: "/account/passkeys/options", Finish: "/account/passkeys", Return: "/account", Label: "account.new_passkey", Named: true},
	}
	data.Last = len(own.Passkeys) == 0 || len(own.Passkeys) == 1 && !data.HasPassword
	for _, key := range own.Passkeys {
		data.Passkeys = append(data.Passkeys, web.AccountPasskey{ID: show("psk", key.ID), Name: key.Name, Made: when(&key.CreatedAt), Used: when(key.LastUsedAt)})
	}
	for _, in := range own.SignIns {
		data.SignIns = append(data.SignIns, web.AccountSignIn{ID: show("sgn", in.ID), Began: when(&in.CreatedAt), Used: when(in.LastUsedAt), Method: "account.method_" + in.Method, This: in.ID == actor.TokenID})
	}
	return data
}

// endOneSignIn ends a sign-in of the same person elsewhere. One that has ended
// meanwhile is ended.
func (h *handlers) endOneSignIn(c echo.Context) error {
	id, ok := parse("sgn", c.FormValue("sign_in"))
	if !ok {
		return domain.OutOfReach()
	}
	ctx := c.Request().Context()
	err := h.access.EndOneSignIn(ctx, auth.Actor(ctx), id)
	if domain.CodeOf(err) == "already_revoked" {
		err = nil
	}
	return toAccount(c, err)
}

// ownPasswordPage lets who is signed in choose a password and a code generator.
func (h *handlers) ownPasswordPage(c echo.Context) error {
	ctx := c.Request().Context()
	setup, err := h.access.OwnSetup(ctx, auth.Actor(ctx))
	if err != nil {
		return err
	}
	return showPassword(c, http.StatusOK, setup, "")
}

func showPassword(c echo.Context, status int, setup access.Setup, trouble string) error {
	data, err := setupOf(c, setup, "/account/password", trouble)
	if err != nil {
		return err
	}
	return showPage(c, status, "password", web.Page{Title: "setup.password_title", Data: data})
}

// setOwnPassword takes the password and the code generator.
func (h *handlers) setOwnPassword(c echo.Context) error {
	ctx := c.Request().Context()
	err := h.access.SetPassword(ctx, auth.Actor(ctx), c.FormValue("ticket"), c.FormValue("password"), c.FormValue("code"))
	if trouble := setupTrouble(err); trouble != "" {
		setup, err := h.access.SameSetup(ctx, c.FormValue("ticket"))
		if err != nil {
			return err
		}
		return showPassword(c, http.StatusUnprocessableEntity, setup, trouble)
	}
	return toAccount(c, err)
}

// toAccount goes back to the account when something was done.
func toAccount(c echo.Context, err error) error {
	if domain.CodeOf(err) == "step_up_required" {
		return c.Redirect(http.StatusSeeOther, provePath("/account"))
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/account")
}

// removeOwnPassword takes the password away.
func (h *handlers) removeOwnPassword(c echo.Context) error {
	ctx := c.Request().Context()
	return toAccount(c, h.access.RemovePassword(ctx, auth.Actor(ctx)))
}

// addPasskey begins the making of another passkey.
func (h *handlers) addPasskey(c echo.Context) error {
	ctx := c.Request().Context()
	ceremony, err := h.access.AddPasskey(ctx, auth.Actor(ctx))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, ceremony)
}

// keepPasskey stores another passkey.
func (h *handlers) keepPasskey(c echo.Context) error {
	f, err := readPasskeyForm(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := h.access.KeepPasskey(ctx, auth.Actor(ctx), access.PasskeyInput{State: f.State, Answer: f.Answer, Name: f.Name}); err != nil {
		return err
	}
	return follow(c, "/account")
}

// removePasskey takes a passkey away.
func (h *handlers) removePasskey(c echo.Context) error {
	id, ok := parse("psk", c.FormValue("passkey"))
	if !ok {
		return domain.OutOfReach()
	}
	ctx := c.Request().Context()
	return toAccount(c, h.access.RemovePasskey(ctx, auth.Actor(ctx), id))
}
