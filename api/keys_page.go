package api

import (
	"cmp"
	"context"
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
	r.GET("/keys", emptyForm(h.showKeys), h.staff, administers)
	r.GET("/keys/new", emptyForm(h.showNewKey), h.staff, administers)
	r.POST("/keys/new", formHandler(h.showNewKey, h.makeKey, scopes), h.staff, administers, small)
	r.POST("/keys/:token_id", formHandler(h.showKeys, h.lookAfterKey, nil), h.staff, administers, small)
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
	in.Key = cmp.Or(in.Key, newInput().Key)
	return showPage(c, status, "key_new", web.Page{Title: "keys.new", Back: backTo(c, "/keys", "keys.title"), Data: web.NewKeyNew(deskView(c, p.Site), p, in)})
}

// makeKey makes a token of the administrator's own, or of a shop's.
func (h *handlers) makeKey(c echo.Context, in web.Input) (string, error) {
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	places, err := h.access.Places(ctx, auth.Actor(ctx))
	if err != nil {
		return "", err
	}
	asked := access.TokenInput{Days: r.number("days"), Key: keyOf(c, in)}
	for _, scope := range strings.FieldsFunc(r.text("scopes"), func(at rune) bool { return at == ',' || at == ' ' }) {
		asked.Scopes = append(asked.Scopes, domain.Action(scope))
	}
	if partner := r.id("prt", "partner"); partner != (domain.ID{}) {
		asked.Person, asked.Role, asked.PartnerID = r.text("person"), domain.PartnerRole, partner
	} else if r.text("person") != "" && r.text("partner") == "" {
		r.faults.Add("partner", "required", "say which shop the program is of, or leave the program empty for a key of your own")
	}
	var token domain.Token
	var text string
	if err := r.judge(ctx, func(ctx context.Context) (err error) {
		token, text, err = h.access.CreateToken(ctx, auth.Actor(ctx), asked)
		return err
	}); err != nil {
		return "", err
	}
	return "", showKey(c, places, token, text)
}

// showKey shows a token's text, here and never again.
func showKey(c echo.Context, p access.Places, token domain.Token, text string) error {
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
		places, err := h.access.Places(ctx, auth.Actor(ctx))
		if err != nil {
			return "", err
		}
		token, text, err := h.access.RotateToken(ctx, auth.Actor(ctx), id, overlap)
		if err != nil {
			return "", err
		}
		return "", showKey(c, places, token, text)
	case "revoke":
		_, err = h.access.RevokeToken(ctx, auth.Actor(ctx), id)
		return "/keys?said=keys_revoke", err
	}
	return "", echo.ErrNotFound
}
