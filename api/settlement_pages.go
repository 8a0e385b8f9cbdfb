package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

// settlementStory reads the settlement that the address names, with a page of its
// lines, and says where the next of them is.
func (h *handlers) settlementStory(c echo.Context) (x settlement.Story, next string, err error) {
	id, err := pathID(c, "stl", "settlement_id")
	if err != nil {
		return x, "", err
	}
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return x, "", err
	}
	ctx := c.Request().Context()
	x, err = h.settlement.SettlementStory(ctx, auth.Actor(ctx), id, place)
	if err != nil {
		return x, "", err
	}
	return x, older(c, x.Lines, x.More, func(l domain.SettlementLine) domain.ID { return l.ID }), nil
}

func (h *handlers) showSettlementPage(c echo.Context, status int, in web.Input) error {
	x, next, err := h.settlementStory(c)
	if err != nil {
		return err
	}
	data := web.NewSettlement(deskView(c, x.Site), x, in, may(c))
	data.Next, data.Files = next, web.FilesAt(data.At+"/file", c.QueryParams())
	back := &web.Choice{Name: runTitle(c, x.Run.Number), Address: "/runs/" + show("srn", x.RunID)}
	return showPage(c, status, "settlement", web.Page{Title: "runs.settlement_title", Heading: web.Text(readerOf(c), "runs.settlement_name", x.Number), Wide: true, Back: back, Data: data})
}

// undoPayment says that the money of a settlement came back, or that it did not.
func (h *handlers) undoPayment(c echo.Context, in web.Input) (string, error) {
	id, err := pathID(c, "stl", "settlement_id")
	if err != nil {
		return "", err
	}
	ctx, reason, do := c.Request().Context(), in.Values.Get("reason"), in.Values.Get("do")
	switch do {
	case "bounce":
		_, err = h.settlement.Bounce(ctx, auth.Actor(ctx), keyOf(c, in), id, settlement.Bounced{Reason: reason, AlthoughReconciled: in.Values.Get("although_reconciled") == "yes"})
	case "unbounce":
		_, err = h.settlement.Unbounce(ctx, auth.Actor(ctx), keyOf(c, in), id, reason)
	default:
		err = echo.ErrNotFound
	}
	return "/runs/settlements/" + show("stl", id) + "?said=settlement_" + do, err
}

// heldPage lists the purchases that are held out, or those that were decided on.
func (h *handlers) heldPage(c echo.Context) error {
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx, decided := c.Request().Context(), c.QueryParam("decided") == "yes"
	l, err := h.settlement.HoldList(ctx, auth.Actor(ctx), place, decided)
	if err != nil {
		return err
	}
	data := web.NewHolds(deskView(c, l.Site), l, decided)
	data.Files = web.FilesAt("/runs/held/file", c.QueryParams())
	data.Next = older(c, l.Rows, l.More, func(x domain.SettlementHold) domain.ID { return x.ID })
	return showPage(c, http.StatusOK, "held", web.Page{Title: "runs.held_title", Back: backTo(c, "/runs", "runs.title"), Data: data})
}

func (h *handlers) showPurchase(c echo.Context, status int, in web.Input) error {
	x, err := addressed(c, "rdm", "redemption_id", h.settlement.Purchase)
	if err != nil {
		return err
	}
	data := web.NewPurchase(deskView(c, x.Site), x, in, may(c))
	return showPage(c, status, "purchase", web.Page{Title: "runs.purchase", Back: backTo(c, "/runs/held", "runs.held_title"), Data: data})
}

// decidePurchase holds a purchase out, or releases or rejects one that is.
func (h *handlers) decidePurchase(c echo.Context, in web.Input) (string, error) {
	id, err := pathID(c, "rdm", "redemption_id")
	if err != nil {
		return "", err
	}
	return "/runs/purchases/" + show("rdm", id) + "?said=purchase_" + in.Values.Get("do"), h.decideOn(c, id, in)
}

func (h *handlers) decideOn(c echo.Context, redemption domain.ID, in web.Input) error {
	ctx, reason, key := c.Request().Context(), in.Values.Get("reason"), keyOf(c, in)
	actor := auth.Actor(ctx)
	if in.Values.Get("do") == "hold" {
		_, err := h.settlement.Hold(ctx, actor, key, redemption, reason)
		return err
	}
	hold, ok := parse("hld", in.Values.Get("hold"))
	if !ok {
		return echo.ErrNotFound
	}
	var err error
	switch in.Values.Get("do") {
	case "release":
		_, err = h.settlement.ReleaseHold(ctx, actor, key, hold, reason)
	case "reject":
		_, err = h.settlement.RejectHold(ctx, actor, key, hold, reason)
	default:
		err = echo.ErrNotFound
	}
	return err
}
