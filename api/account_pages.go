package api

import (
	"encoding/json"
	"html/template"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers/code"
)

// accountPages adds where people sign in here, without a provider, choose how,
// and look after it.
func (h *handlers) accountPages(r router) {
	r.POST("/signin/:municipality", h.withPassword, small)
	r.POST("/signin/:municipality/passkey/options", h.askForPasskey, small)
	r.POST("/signin/:municipality/passkey", h.withPasskey, small)
	r.GET("/signin/:municipality/recovery", h.recoveryPage)
	r.POST("/signin/:municipality/recovery", h.openRecovery, small)
	r.GET("/invitation", func(c echo.Context) error { return showInvitation(c, http.StatusOK, "") })
	r.POST("/invitation", h.openInvitation, small)
	r.POST("/setup/password", h.choosePassword, small)
	r.POST("/setup/passkey/options", h.newPasskey, small)
	r.POST("/setup/passkey", h.choosePasskey, small)
	r.GET("/prove", h.provePage, h.staff)
	r.POST("/prove", h.proveWithPassword, h.staff, small)
	r.POST("/prove/passkey", h.proveWithPasskey, h.staff, small)
	r.GET("/account", h.ownPage, h.staff)
	r.POST("/account/sign-ins/end", h.endOneSignIn, h.staff, small)
	r.GET("/account/password", h.ownPasswordPage, h.staff, freshly)
	r.POST("/account/password", h.setOwnPassword, h.staff, small)
	r.POST("/account/password/removal", h.removeOwnPassword, h.staff, small)
	r.POST("/account/passkeys/options", h.addPasskey, h.staff, small)
	r.POST("/account/passkeys", h.keepPasskey, h.staff, small)
	r.POST("/account/passkeys/removal", h.removePasskey, h.staff, small)
}

// largestAnswer is how large a form, or a passkey's answer, may be, in bytes.
const largestAnswer = 64 << 10

// small refuses a body that is larger than most forms can be.
func small(next echo.HandlerFunc) echo.HandlerFunc { return upTo(largestAnswer)(next) }

// upTo refuses a body of more than limit bytes.
func upTo(limit int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			r.Body = http.MaxBytesReader(c.Response(), r.Body, limit)
			if r.Header.Get(echo.HeaderContentType) != echo.MIMEApplicationJSON {
				if err := r.ParseForm(); err != nil {
					return unread(err)
				}
			}
			return next(c)
		}
	}
}

// deviceCookie is what a known device is known by.
const deviceCookie = "__Host-fasthold-device"

// enters lets the browser in, in the place of who was signed in in it, and
// remembers the device.
func (h *handlers) enters(c echo.Context, in access.SignedIn) error {
	ctx := c.Request().Context()
	if before, err := h.signedIn(c); err == nil {
		if err := h.access.EndSignIn(ctx, before); err != nil {
			return err
		}
	}
	device, err := h.access.Device(ctx, in.Actor, deviceOf(c))
	if err != nil {
		return err
	}
	if device != "" {
		auth.SetCookie(c.Response(), deviceCookie, device, in.Actor.ProvedAt.Add(access.DeviceHolds))
	}
	auth.SetCookie(c.Response(), auth.StaffCookie, in.Text, in.Until)
	return nil
}

// deviceOf gives the cookie of the device; "" when it has none.
func deviceOf(c echo.Context) string {
	cookie, err := c.Cookie(deviceCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// localSignIn is the part of the sign-in page for who has an account here; nil
// where nobody has.
func (h *handlers) localSignIn(c echo.Context, municipality domain.ID) (*web.Local, error) {
	there, err := h.access.HasAccounts(c.Request().Context(), municipality)
	if err != nil || !there {
		return nil, err
	}
	path := signin.Path(municipality)
	local := &web.Local{Form: web.Form{Action: path + back(c.QueryParam("return")), Person: c.FormValue("person")}, Recovery: path + "/recovery"}
	if h.access.Passkeys() {
		local.Passkey = &web.Passkey{Do: "get", Options: path + "/passkey/options", Finish: path + "/passkey", Return: signin.LocalPath(c.QueryParam("return")), Label: "local.passkey"}
	}
	if trouble, ok := c.Get(troubleKey).(string); ok {
		local.Trouble = trouble
	}
	return local, nil
}

// troubleKey is where a request has what is wrong with its form.
const troubleKey = "trouble"

// troubles are the words for what a sign-in can be refused for, by code.
var troubles = map[string]string{"sign_in_failed": "local.failed", "rate_limited": "local.limited", "busy": "local.busy"}

// retryAfter says how long who tried too often waits.
func retryAfter(c echo.Context, status int) {
	if status == http.StatusTooManyRequests {
		c.Response().Header().Set(echo.HeaderRetryAfter, seconds(access.RetryAfter))
	}
}

// withPassword signs in by name, password and code.
func (h *handlers) withPassword(c echo.Context) error {
	id, err := of(c)
	if err != nil {
		return err
	}
	in, err := h.access.SignInWithPassword(c.Request().Context(), id, access.PasswordInput{
		Person: c.FormValue("person"), Password: c.FormValue("password"), Code: c.FormValue("code"), Address: c.RealIP(), Device: deviceOf(c),
	})
	if words := troubles[domain.CodeOf(err)]; words != "" {
		status, _ := tell(err)
		retryAfter(c, status)
		c.Set(troubleKey, words)
		return h.showSignIn(c, status, false)
	}
	if err == nil {
		err = h.enters(c, in)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, signin.LocalPath(c.QueryParam("return")))
}

// passkeyForm is what the script sends: the form's fields, and the device's
// answer.
type passkeyForm struct {
	Ticket string          `json:"ticket"`
	Return string          `json:"return"`
	Name   string          `json:"name"`
	State  string          `json:"state"`
	Answer json.RawMessage `json:"answer"`
}

func readPasskeyForm(c echo.Context) (f passkeyForm, err error) {
	if err := json.NewDecoder(c.Request().Body).Decode(&f); err != nil {
		return f, unread(err)
	}
	return f, nil
}

// follow tells the script where to go.
func follow(c echo.Context, path string) error {
	return c.JSON(http.StatusOK, map[string]string{"location": signin.LocalPath(path)})
}

// askForPasskey begins a sign-in with a passkey.
func (h *handlers) askForPasskey(c echo.Context) error {
	id, err := of(c)
	if err != nil {
		return err
	}
	ceremony, err := h.access.AskForPasskey(id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, ceremony)
}

// withPasskey signs in with a passkey.
func (h *handlers) withPasskey(c echo.Context) error {
	f, err := readPasskeyForm(c)
	if err != nil {
		return err
	}
	in, err := h.access.SignInWithPasskey(c.Request().Context(), f.State, f.Answer)
	if err == nil {
		err = h.enters(c, in)
	}
	if err != nil {
		return err
	}
	return follow(c, f.Return)
}

// picture draws an address for a camera; title is the key of what it is.
func picture(c echo.Context, address, title string) (template.HTML, error) {
	svg, err := code.LinkSVG(address, web.Text(readerOf(c), title))
	return template.HTML(svg), err //nolint:gosec // drawn by us: its only text is escaped
}
