package api

import (
	"bytes"
	"html/template"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// voucherPages adds a voucher as its caseworker has it: shown, handed out, stopped
// and replaced. Its code is in no address.
func (h *handlers) voucherPages(r router) {
	r.GET("/vouchers/:voucher_id", func(c echo.Context) error { return h.showVoucherPage(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/vouchers/:voucher_id", formHandler(h.showVoucherPage, h.changeVoucher, nil), h.staff, small)
	r.GET("/vouchers/:voucher_id/code", h.voucherCode, h.staff)
	r.GET("/vouchers/:voucher_id/link", h.offerLink, h.staff)
}

// voucherStory reads the voucher that the address names.
func (h *handlers) voucherStory(c echo.Context) (vouchers.VoucherStory, error) {
	return addressed(c, "vch", "voucher_id", h.service.VoucherStory)
}

func (h *handlers) showVoucherPage(c echo.Context, status int, in web.Input) error {
	story, err := h.voucherStory(c)
	if err != nil {
		return err
	}
	lang := readerOf(c)
	shown := web.NewHeldVoucher(story, in, auth.Actor(c.Request().Context()).May("voidVoucher") == nil, lang, show)
	back := &web.Choice{Name: shown.Name, Address: "/citizens/" + shown.Citizen}
	return showPage(c, status, "voucher", web.Page{Title: "voucher.title", Heading: web.Text(lang, "voucher.heading", story.Voucher.Serial), Back: back, Data: shown})
}

// changeVoucher blocks, unblocks, re-issues or voids a voucher, as the form says.
func (h *handlers) changeVoucher(c echo.Context, in web.Input) (string, error) {
	id, err := pathID(c, "vch", "voucher_id")
	if err != nil {
		return "", err
	}
	ctx := c.Request().Context()
	actor, reason, do := auth.Actor(ctx), in.Values.Get("reason"), in.Values.Get("do")
	switch do {
	case "block":
		_, err = h.service.Block(ctx, actor, id, reason)
	case "unblock":
		_, err = h.service.Unblock(ctx, actor, id, reason)
	case "void":
		_, err = h.service.Void(ctx, actor, keyOf(c, in), id, reason)
	case "reissue":
		var again vouchers.Answer[vouchers.Reissued]
		again, err = h.service.Reissue(ctx, actor, keyOf(c, in), id, reason)
		id = again.Value.New.ID
	default:
		err = echo.ErrNotFound
	}
	return "/vouchers/" + show("vch", id) + "?said=voucher_" + do, err
}

// voucherCode shows the code, which leaves its entry in the audit log.
func (h *handlers) voucherCode(c echo.Context) error {
	id, ok := parse("vch", c.Param("voucher_id"))
	if !ok {
		return echo.ErrNotFound
	}
	ctx := c.Request().Context()
	v, secret, err := h.service.Reveal(ctx, auth.Actor(ctx), "getVoucherQRSVG", id)
	if err != nil {
		return err
	}
	svg, err := secret.SVG()
	if err != nil {
		return err
	}
	shown := web.VoucherCode{
		ID: show("vch", v.ID), Serial: v.Serial, Balance: domain.FormatMoney(v.Balance, v.Currency), Code: secret.Reveal(),
		QR: template.HTML(bytes.TrimSpace(svg)), //nolint:gosec // drawn by vouchers/code from squares: nobody typed anything in it
	}
	back := &web.Choice{Name: web.Text(readerOf(c), "voucher.heading", v.Serial), Address: "/vouchers/" + shown.ID}
	return showPage(c, http.StatusOK, "voucher_code", web.Page{Title: "voucher.code_title", Back: back, Data: shown})
}

// offerLink says what a link to the citizen's own page is, before one is made.
func (h *handlers) offerLink(c echo.Context) error {
	story, err := h.voucherStory(c)
	if err != nil {
		return err
	}
	back := &web.Choice{Name: web.Text(readerOf(c), "voucher.heading", story.Voucher.Serial), Address: "/vouchers/" + show("vch", story.Voucher.ID)}
	return showPage(c, http.StatusOK, "voucher_link", web.Page{Title: "voucher.link_title", Back: back, Data: web.NewLinkOffer(story, show)})
}
