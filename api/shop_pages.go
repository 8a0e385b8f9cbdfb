package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

// shopPages adds what a shop reads at its till: what it was paid, and where the
// payment of each purchase is.
func (h *handlers) shopPages(r router) {
	r.GET(tillPath+"/statements", h.shopStatements, h.atTill)
	r.GET(tillPath+"/statements/:settlement_id", h.shopStatement, h.atTill)
	r.GET(tillPath+"/purchases", h.shopPurchases, h.atTill)
}

// shopPage answers with a page to read: it takes no vouchers, and needs no script.
func shopPage(c echo.Context, name string, p web.Page) error {
	p.Plain = true
	return showPage(c, http.StatusOK, name, p)
}

func (h *handlers) shopStatements(c echo.Context) error {
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	l, err := h.settlement.OwnSettlements(ctx, auth.Actor(ctx), place)
	if err != nil {
		return err
	}
	data := web.NewShopStatements(deskView(c, l.Site), l)
	data.Next = older(c, l.Rows, l.More, func(s settlement.Settled) domain.ID { return s.ID })
	return shopPage(c, "shop_statements", web.Page{Title: "shop.statements", Back: backTo(c, tillPath, "till.title"), Data: data})
}

func (h *handlers) shopStatement(c echo.Context) error {
	x, next, err := h.settlementStory(c)
	if err != nil {
		return err
	}
	data := web.NewShopStatement(deskView(c, x.Site), x, auth.Actor(c.Request().Context()))
	data.Next = next
	return shopPage(c, "shop_statement", web.Page{
		Title: "shop.statement", Heading: web.Text(readerOf(c), "shop.statement_name", x.Number), Back: backTo(c, tillPath+"/statements", "shop.statements"), Data: data,
	})
}

func (h *handlers) shopPurchases(c echo.Context) error {
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	l, err := h.settlement.OwnPurchases(ctx, auth.Actor(ctx), place)
	if err != nil {
		return err
	}
	data := web.NewShopPurchases(deskView(c, l.Site), l)
	data.Next = older(c, l.Rows, l.More, func(p settlement.OwnPurchase) domain.ID { return p.ID })
	return shopPage(c, "shop_purchases", web.Page{Title: "shop.purchases", Back: backTo(c, tillPath+"/statements", "shop.statements"), Data: data})
}
