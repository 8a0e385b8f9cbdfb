package api

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

// flowCookie carries a flow to the provider and back.
const flowCookie = "__Host-fasthold-flow"

// noTime makes a cookie end with the browser: when the sign-in ends, the server
// knows.
var noTime time.Time

// provider gives the provider of the municipality whose address this is.
func (h *handlers) provider(c echo.Context) (*signin.Provider, error) {
	id, err := of(c)
	if err != nil {
		return nil, err
	}
	p, ok := h.providers.Of(id)
	if !ok {
		return nil, echo.ErrNotFound
	}
	return p, nil
}

// toProvider sends the browser to the provider: with again=1, for a fresh proof of
// who is signed in.
func (h *handlers) toProvider(c echo.Context) error {
	p, err := h.provider(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	var again domain.ID
	if c.QueryParam("again") != "" {
		actor, err := h.signedIn(c)
		if err != nil || actor.MunicipalityID != p.Municipality {
			return c.Redirect(http.StatusSeeOther, signin.Path(p.Municipality)+back(c.QueryParam("return")))
		}
		again = actor.TokenID
	}
	flow, address, err := p.Begin(ctx, c.QueryParam("return"), again, string(readerOf(c)))
	if domain.KindOf(err) == domain.Unavailable {
		h.log.LogAttrs(ctx, slog.LevelWarn, "provider away", slog.String("municipality", p.Municipality.String()), slog.Any("error", err))
		c.Response().Header().Set(echo.HeaderRetryAfter, "10")
		return h.showSignIn(c, http.StatusServiceUnavailable, true)
	}
	if err != nil {
		return err
	}
	carried, err := h.providers.Seal(flow)
	if err != nil {
		return err
	}
	auth.SetCookie(c.Response(), flowCookie, carried, flow.Started.Add(signin.FlowFor))
	return c.Redirect(http.StatusSeeOther, address)
}

// signedIn gives who is signed in in this browser.
func (h *handlers) signedIn(c echo.Context) (domain.Actor, error) {
	cookie, err := c.Cookie(auth.StaffCookie)
	if err != nil {
		return domain.Actor{}, access.Unauthenticated()
	}
	actor, err := h.access.Authenticate(c.Request().Context(), cookie.Value)
	if err == nil && actor.Kind != domain.BySignIn {
		err = access.Unauthenticated()
	}
	return actor, err
}

// fromProvider ends a flow: the browser comes back from the provider.
func (h *handlers) fromProvider(c echo.Context) error {
	p, err := h.provider(c)
	if err != nil {
		return err
	}
	cookie, err := c.Cookie(flowCookie)
	if err != nil {
		cookie = &http.Cookie{}
	}
	flow, err := h.providers.Resume(p, cookie.Value, c.QueryParam("state"))
	if err != nil {
		return h.refused(c, p, err)
	}
	auth.ClearCookie(c.Response(), flowCookie)
	ctx := c.Request().Context()
	if err := h.once(c, p, flow); err != nil {
		return err
	}
	who, err := p.End(ctx, flow, c.QueryParams())
	if domain.CodeOf(err) == "no_role" {
		if err := h.access.RolesGone(ctx, p.Municipality, access.Subject{Issuer: p.Issuer, Name: who.Subject}); err != nil {
			return err
		}
	}
	if err != nil {
		return h.refused(c, p, err)
	}
	units, err := h.access.Organisations(ctx, p.Municipality)
	if err != nil {
		return err
	}
	roles, err := p.Assignments(who.Grants, units)
	if err != nil {
		return h.refused(c, p, err)
	}
	proof := access.Proof{Person: who.Person, Method: "oidc", At: who.Proved, ACR: who.ACR, Subject: who.Subject, ProviderSession: who.Session, Assignments: roles}
	if flow.Again != (domain.ID{}) {
		err = h.proveAgain(c, p, flow, proof)
	} else {
		err = h.enter(c, p, proof)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, flow.Return)
}

// once is Forbidden for a flow that ended before, at any server.
func (h *handlers) once(c echo.Context, p *signin.Provider, flow signin.Flow) error {
	err := h.access.Attempt(c.Request().Context(), p.Municipality, "flow "+flow.State, 1, 2*signin.FlowFor)
	if domain.KindOf(err) == domain.TooMany {
		return h.refused(c, p, domain.Errorf(domain.Forbidden, "sign_in_over", "this sign-in has ended before"))
	}
	return err
}

// refused notes in the log why somebody was not let in: the claim and never what
// it says, nor who it was.
func (h *handlers) refused(c echo.Context, p *signin.Provider, err error) error {
	_, told := tell(err)
	h.log.LogAttrs(c.Request().Context(), slog.LevelWarn, "sign-in refused", slog.String("request_id", c.Response().Header().Get(echo.HeaderXRequestID)),
		slog.String("municipality", p.Municipality.String()), slog.String("code", told.Code), slog.String("reason", told.Message))
	return err
}

// enter signs in who came from the provider, in the place of who was signed in in
// this browser.
func (h *handlers) enter(c echo.Context, p *signin.Provider, proof access.Proof) (err error) {
	ctx := c.Request().Context()
	if proof.Person, err = h.access.Identify(ctx, p.Municipality, access.Subject{Issuer: p.Issuer, Name: proof.Subject}, proof.Person); err != nil {
		return err
	}
	in, err := h.access.SignIn(ctx, p.Municipality, proof)
	if err != nil {
		return err
	}
	if before, err := h.signedIn(c); err == nil {
		if err := h.access.EndSignIn(ctx, before); err != nil {
			return err
		}
	}
	auth.SetCookie(c.Response(), auth.StaffCookie, in.Text, in.Until)
	return nil
}

// proveAgain renews the proof of who is signed in, who must be who began the flow
// and who comes from the provider.
func (h *handlers) proveAgain(c echo.Context, p *signin.Provider, flow signin.Flow, proof access.Proof) error {
	ctx := c.Request().Context()
	other := domain.Errorf(domain.Forbidden, "another_person", "this was somebody else than who is signed in: sign out first")
	actor, err := h.signedIn(c)
	if err != nil || actor.TokenID != flow.Again {
		return other
	}
	proof.Person, err = h.access.Identified(ctx, p.Municipality, access.Subject{Issuer: p.Issuer, Name: proof.Subject})
	if domain.KindOf(err) == domain.NotFound {
		return other
	}
	if err != nil {
		return err
	}
	text, err := h.access.ProveAgain(ctx, actor, proof)
	if err != nil {
		return err
	}
	auth.SetCookie(c.Response(), auth.StaffCookie, text, noTime)
	return nil
}

// signOut signs out who is signed in: here first, then at the provider.
func (h *handlers) signOut(c echo.Context) error {
	ctx := c.Request().Context()
	if err := h.access.EndSignIn(ctx, auth.Actor(ctx)); err != nil {
		return err
	}
	return h.signedOut(c)
}

// signOutEverywhere signs out who is signed in wherever they are.
func (h *handlers) signOutEverywhere(c echo.Context) error {
	ctx := c.Request().Context()
	if _, err := h.access.EndSignIns(ctx, auth.Actor(ctx), ""); err != nil {
		return err
	}
	return h.signedOut(c)
}

// signedOut leads on to the page that says so, so that to load it again sends
// nothing again.
func (h *handlers) signedOut(c echo.Context) error {
	auth.ClearCookie(c.Response(), auth.StaffCookie)
	actor := auth.Actor(c.Request().Context())
	where := signin.Path(actor.MunicipalityID) + "/ended"
	if actor.Method == "oidc" {
		where += "?at=provider"
	}
	return c.Redirect(http.StatusSeeOther, where)
}

// signedOutPage says that one is signed out, and leads on to the provider where
// that is how it began. A page does, and no redirect: a form of ours may not lead
// elsewhere (form-action).
func (h *handlers) signedOutPage(c echo.Context) error {
	id, err := of(c)
	if err != nil {
		return err
	}
	data := web.SignedOut{}
	if p, ok := h.providers.Of(id); ok && c.QueryParam("at") == "provider" {
		data.Provider, data.Address = p.Name, p.SignOut(c.Request().Context())
	}
	if data.Address != "" {
		c.Response().Header().Set("Refresh", "1; url="+data.Address)
	}
	return showPage(c, http.StatusOK, "signedout", web.Page{Title: "signedout.title", Data: data})
}

const (
	longestLogoutToken = 32 << 10 // bytes of a back-channel message
	mostMessages       = 120      // a minute from one address
)

// backChannel takes what a provider tells of somebody who signed out there.
func (h *handlers) backChannel(c echo.Context) error {
	p, err := h.provider(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := h.access.Attempt(ctx, p.Municipality, "back channel "+c.RealIP(), mostMessages, time.Minute); err != nil {
		return err
	}
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, longestLogoutToken)
	if err := r.ParseForm(); err != nil {
		return unread(err)
	}
	told, err := p.Told(ctx, r.PostForm.Get("logout_token"))
	if err != nil {
		return h.notTold(c, p, err)
	}
	_, err = h.access.EndByProvider(ctx, p.Municipality, access.EndedElsewhere{Message: p.Issuer + " " + told.ID, Subject: told.Subject, Session: told.Session, Until: told.Until})
	if err != nil {
		return h.notTold(c, p, err)
	}
	return c.NoContent(http.StatusOK)
}

// notTold answers a message that does not count as the specification wants it.
func (h *handlers) notTold(c echo.Context, p *signin.Provider, err error) error {
	if kind := domain.KindOf(err); kind != domain.Invalid && kind != domain.TooMany {
		return err
	}
	err = h.refused(c, p, err)
	return c.JSON(http.StatusBadRequest, map[string]string{"error": "invalid_request", "error_description": domain.CodeOf(err)})
}
