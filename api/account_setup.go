package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

func showInvitation(c echo.Context, status int, trouble string) error {
	return showPage(c, status, "invitation", web.Page{Title: "invitation.title", Script: "invitation.js", Data: web.Invitation{Trouble: trouble}})
}

// openInvitation lets an invited person choose how to sign in.
func (h *handlers) openInvitation(c echo.Context) error {
	setup, err := h.access.OpenInvitation(c.Request().Context(), c.FormValue("code"), c.RealIP())
	switch domain.CodeOf(err) {
	case "":
	case "invitation_ended":
		return showInvitation(c, http.StatusNotFound, "invitation.ended")
	case "rate_limited":
		retryAfter(c, http.StatusTooManyRequests)
		return showInvitation(c, http.StatusTooManyRequests, "local.limited")
	}
	if err != nil {
		return err
	}
	return h.showSetup(c, http.StatusOK, setup, "")
}

// showSetup shows the ways of signing in that a person can choose.
func (h *handlers) showSetup(c echo.Context, status int, setup access.Setup, trouble string) error {
	data, err := setupOf(c, setup, "/setup/password", trouble)
	if err != nil {
		return err
	}
	if h.access.Passkeys() {
		data.Passkey = &web.Passkey{Do: "create", Options: "/setup/passkey/options", Finish: "/setup/passkey", Ticket: setup.Ticket, Return: "/", Label: "setup.passkey_make", Named: true}
	}
	return showPage(c, status, "setup", web.Page{Title: "setup.title", Script: "passkeys.js", Data: data})
}

func setupOf(c echo.Context, setup access.Setup, action, trouble string) (web.Setup, error) {
	qr, err := picture(c, setup.TOTPAddress, "setup.qr")
	return web.Setup{Form: web.Form{Action: action, Person: setup.Person, Trouble: trouble}, Ticket: setup.Ticket, TOTPText: setup.TOTPText, QR: qr}, err
}

// setupTrouble gives the words for what is wrong with a choice; "" when it is
// something else than the fields.
func setupTrouble(err error) string {
	for _, f := range domain.FieldsOf(err) {
		if key := "setup.trouble." + f.Code; web.Has(key) {
			return key
		}
	}
	return ""
}

// choosePassword takes the password and the code generator that a person chose.
func (h *handlers) choosePassword(c echo.Context) error {
	ctx := c.Request().Context()
	in, err := h.access.ChoosePassword(ctx, c.FormValue("ticket"), c.FormValue("password"), c.FormValue("code"))
	if trouble := setupTrouble(err); trouble != "" {
		setup, err := h.access.SameSetup(ctx, c.FormValue("ticket"))
		if err != nil {
			return err
		}
		return h.showSetup(c, http.StatusUnprocessableEntity, setup, trouble)
	}
	if err == nil {
		err = h.enters(c, in)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/")
}

// newPasskey begins the making of a person's first passkey.
func (h *handlers) newPasskey(c echo.Context) error {
	f, err := readPasskeyForm(c)
	if err != nil {
		return err
	}
	ceremony, err := h.access.NewPasskey(c.Request().Context(), f.Ticket)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, ceremony)
}

// choosePasskey takes the passkey that a person chose.
func (h *handlers) choosePasskey(c echo.Context) error {
	f, err := readPasskeyForm(c)
	if err != nil {
		return err
	}
	in, err := h.access.ChoosePasskey(c.Request().Context(), access.PasskeyInput{State: f.State, Answer: f.Answer, Name: f.Name})
	if err == nil {
		err = h.enters(c, in)
	}
	if err != nil {
		return err
	}
	return follow(c, f.Return)
}

// recoveryPage is for who has lost their means of signing in.
func (h *handlers) recoveryPage(c echo.Context) error { return showRecoveryPage(c, http.StatusOK, "") }

func showRecoveryPage(c echo.Context, status int, trouble string) error {
	id, err := of(c)
	if err != nil {
		return err
	}
	form := web.Form{Action: signin.Path(id) + "/recovery", Person: c.FormValue("person"), Trouble: trouble}
	return showPage(c, status, "recovery", web.Page{Title: "recovery.title", Data: form})
}

// openRecovery lets who has both halves of a code choose how to sign in.
func (h *handlers) openRecovery(c echo.Context) error {
	id, err := of(c)
	if err != nil {
		return err
	}
	setup, err := h.access.OpenRecovery(c.Request().Context(), id, access.RecoveryCode{
		Person: c.FormValue("person"), First: c.FormValue("first"), Second: c.FormValue("second"), Address: c.RealIP(),
	})
	switch domain.CodeOf(err) {
	case "":
	case "recovery_refused":
		return showRecoveryPage(c, http.StatusUnauthorized, "recovery.failed")
	case "rate_limited":
		retryAfter(c, http.StatusTooManyRequests)
		return showRecoveryPage(c, http.StatusTooManyRequests, "local.limited")
	}
	if err != nil {
		return err
	}
	return h.showSetup(c, http.StatusOK, setup, "")
}
