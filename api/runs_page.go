package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
)

// runPages adds settlement as finance does it: runs from draft to reconciled, what
// each partner is paid, and what is held out.
func (h *handlers) runPages(r router) {
	r.GET("/runs", func(c echo.Context) error { return h.showRuns(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/runs", h.draftRun, h.staff, small)
	r.GET("/runs/file", h.listFile(h.runsList), h.staff)
	r.GET("/runs/held", h.heldPage, h.staff)
	r.GET("/runs/held/file", h.listFile(h.holdsList), h.staff)
	r.GET("/runs/purchases/:redemption_id", func(c echo.Context) error { return h.showPurchase(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/runs/purchases/:redemption_id", formHandler(h.showPurchase, h.decidePurchase, map[string]string{"comment": "reason"}), h.staff, small)
	r.GET("/runs/settlements/:settlement_id", func(c echo.Context) error { return h.showSettlementPage(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/runs/settlements/:settlement_id", formHandler(h.showSettlementPage, h.undoPayment, nil), h.staff, small)
	r.GET("/runs/settlements/:settlement_id/file", h.listFile(h.linesList), h.staff)
	h.bankPages(r)
	h.invoicePages(r)
	h.shopPages(r)
	r.GET("/runs/:run_id", h.runPage, h.staff)
	r.GET("/runs/:run_id/settlements/file", h.listFile(h.settlementsList), h.staff)
	r.GET("/runs/:run_id/:act", func(c echo.Context) error { return h.confirmRun(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/runs/:run_id/:act", formHandler(h.confirmRun, h.actOnRun, nil), h.staff, small)
}

func (h *handlers) showRuns(c echo.Context, status int, in web.Input) error {
	ctx := c.Request().Context()
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	l, err := h.settlement.RunList(ctx, auth.Actor(ctx), place)
	if err != nil {
		return err
	}
	data := web.NewRuns(deskView(c, l.Site), l, in, may(c)("createSettlementRun"))
	data.Files = web.FilesAt("/runs/file", c.QueryParams())
	data.Next = older(c, l.Steps, l.More, func(r settlement.RunStep) domain.ID { return r.ID })
	return showPage(c, status, "runs", web.Page{Title: "runs.title", Wide: true, Data: data})
}

// draftRun makes the draft of a run.
func (h *handlers) draftRun(c echo.Context) error {
	return takeForm(c, nil, func(in web.Input) (string, error) {
		r := formReader{values: in.Values}
		period := settlement.Period{From: r.date("period_from"), To: r.date("period_to"), Currency: r.text("currency")}
		ctx := c.Request().Context()
		var made store.Answer[settlement.Run]
		err := r.judge(ctx, func(ctx context.Context) (err error) {
			made, err = h.settlement.DraftRun(ctx, auth.Actor(ctx), keyOf(c, in), period)
			return err
		})
		return "/runs/" + show("srn", made.Value.ID) + "?said=run_drafted", err
	}, h.showRuns)
}

// runStory reads the run that the address names.
func (h *handlers) runStory(c echo.Context) (settlement.RunStory, error) {
	return addressed(c, "srn", "run_id", h.settlement.RunStory)
}

// runTitle is what a run is called.
func runTitle(c echo.Context, number int) string {
	return web.Text(readerOf(c), "runs.name", strconv.Itoa(number))
}

func (h *handlers) runPage(c echo.Context) error {
	r, err := h.runStory(c)
	if err != nil {
		return err
	}
	data := web.NewRun(deskView(c, r.Site), r, may(c))
	data.Files = web.FilesAt("/runs/"+data.ID+"/settlements/file", c.QueryParams())
	return showPage(c, http.StatusOK, "run", web.Page{Title: "runs.title", Heading: runTitle(c, r.Number), Wide: true, Back: backTo(c, "/runs", "runs.title"), Data: data})
}

// confirmRun says what a step would do, and asks for it. Where the step is not to be
// done, as after it was, the run itself says how it is.
func (h *handlers) confirmRun(c echo.Context, status int, in web.Input) error {
	r, err := h.runStory(c)
	if err != nil {
		return err
	}
	act, at := c.Param("act"), "/runs/"+c.Param("run_id")
	possible := slices.ContainsFunc(web.RunActs(r), func(p web.PossibleAct) bool { return p.Name == act && may(c)(p.Action) })
	if !possible && in.Problem == "" {
		return c.Redirect(http.StatusSeeOther, at)
	}
	if !web.Has("runs.do." + act) {
		return echo.ErrNotFound
	}
	data := web.NewRunConfirm(deskView(c, r.Site), r, act, in)
	return showPage(c, status, "run_confirm", web.Page{Title: "runs.do." + act, Back: &web.Choice{Name: runTitle(c, r.Number), Address: at}, Data: data})
}

// actOnRun does what the address says with a run.
func (h *handlers) actOnRun(c echo.Context, in web.Input) (string, error) {
	id, err := pathID(c, "srn", "run_id")
	if err != nil {
		return "", err
	}
	return "/runs/" + show("srn", id) + "?said=run_" + c.Param("act"), h.doWithRun(c, id, in)
}

func (h *handlers) doWithRun(c echo.Context, id domain.ID, in web.Input) error {
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	actor, key, office := auth.Actor(ctx), keyOf(c, in), h.settlement
	on, from, to := r.date("execute_on"), r.date("period_from"), r.date("period_to")
	paid := settlement.Paid{On: r.date("paid_on")}
	var seen int64
	if c.Param("act") == "approve" {
		seen = r.version()
	}
	return r.judge(ctx, func(ctx context.Context) (err error) {
		switch c.Param("act") {
		case "approve":
			_, err = office.ApproveRun(ctx, actor, key, id, seen)
		case "remake":
			_, err = office.RemakeRun(ctx, actor, key, id, settlement.Period{From: from, To: to})
		case "file":
			_, err = office.FileRun(ctx, actor, key, id, on)
		case "pay":
			_, err = office.PayRun(ctx, actor, key, id, paid)
		case "reverse":
			_, err = office.ReverseRun(ctx, actor, key, id, r.text("reason"))
		default:
			err = echo.ErrNotFound
		}
		return err
	})
}
