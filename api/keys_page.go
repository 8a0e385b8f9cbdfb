package api

import (
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

// keyPages adds the API tokens with which programs come in.
func (h *handlers) keyPages(r router) {
	scopes := map[string]string{"partner_id": "partner", "expires_in_days": "days", "scopes[0]": "scopes"}
	r.GET("/keys", fresh(h.showKeys), h.staff, administers)
	r.GET("/keys/new", fresh(h.showNewKey), h.staff, administers)
	r.POST("/keys/new", form(h.showNewKey, h.makeKey, scopes), h.staff, small)
	r.POST("/keys/:token_id", form(h.showKeys, h.lookAfterKey, nil), h.staff, small)
}

func (h *handlers) showKeys(c echo.Context, status int, in web.Input) error {
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	k, err := h.access.Keys(ctx, auth.Actor(ctx), place)
	if err != nil {
		return err
	}
	data := web.NewKeys(deskView(c, k.Site), k, auth.Actor(ctx), in)
	data.Next = older(c, k.Rows, k.More, func(t domain.Token) domain.ID { return t.ID })
	return showPage(c, status, "keys", web.Page{Title: "keys.title", Wide: true, Data: data})
}

func (h *handlers) showNewKey(c echo.Context, status int, in web.Input) error {
	ctx := c.Request().Context()
	p, err := h.access.Places(ctx, auth.Actor(ctx))
	if err != nil {
		return err
	}
	return showPage(c, status, "key_new", web.Page{Title: "keys.new", Back: backTo(c, "/keys", "keys.title"), Data: web.NewNewKey(deskView(c, p.Site), p, in)})
}

// makeKey makes a token of the administrator's own, or of a shop's.
func (h *handlers) makeKey(c echo.Context, in web.Input) (string, error) {
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	asked := access.TokenInput{Days: r.number("days")}
	for _, scope := range strings.FieldsFunc(r.text("scopes"), func(at rune) bool { return at == ',' || at == ' ' }) {
		asked.Scopes = append(asked.Scopes, domain.Action(scope))
	}
	if partner := r.id("prt", "partner"); partner != (domain.ID{}) {
		asked.Person, asked.Role, asked.PartnerID = r.text("person"), domain.PartnerRole, partner
	}
	if err := r.faults.Err(); err != nil {
		return "", err
	}
	token, text, err := h.access.CreateToken(ctx, auth.Actor(ctx), asked)
	if err != nil {
		return "", err
	}
	return "", h.showKey(c, token, text)
}

// showKey shows a token's text, here and never again.
func (h *handlers) showKey(c echo.Context, token domain.Token, text string) error {
	ctx := c.Request().Context()
	p, err := h.access.Places(ctx, auth.Actor(ctx))
	if err != nil {
		return err
	}
	return showSecret(c, web.Secret{For: token.Person, What: "keys.created", Text: text, Until: deskView(c, p.Site).Moment(*token.ExpiresAt), Hint: "keys.hint"}, "keys.made", "/keys")
}

// lookAfterKey revokes a token, or makes one that takes over from it.
func (h *handlers) lookAfterKey(c echo.Context, in web.Input) (string, error) {
	id, err := pathID(c, "tok", "token_id")
	if err != nil {
		return "", err
	}
	ctx := c.Request().Context()
	switch in.Values.Get("do") {
	case "rotate":
		token, text, err := h.access.RotateToken(ctx, auth.Actor(ctx), id, overlap)
		if err != nil {
			return "", err
		}
		return "", h.showKey(c, token, text)
	case "revoke":
		_, err = h.access.RevokeToken(ctx, auth.Actor(ctx), id)
		return "/keys?said=keys_revoke", err
	}
	return "", echo.ErrNotFound
}
