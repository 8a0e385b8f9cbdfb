package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

// invoicePages adds the invoices of partners that are paid by them.
func (h *handlers) invoicePages(r router) {
	r.GET("/invoices", func(c echo.Context) error { return h.showInvoices(c, http.StatusOK, newInput(), "") }, h.staff)
	r.POST("/invoices", h.sendInvoice, h.staff, twoFiles)
	r.GET("/invoices/file", h.listFile(h.invoicesList), h.staff)
	r.GET("/invoices/:invoice_id", func(c echo.Context) error { return h.showInvoicePage(c, http.StatusOK, newInput()) }, h.staff)
	r.GET("/invoices/:invoice_id/file", h.listFile(h.differencesList), h.staff)
	r.POST("/invoices/:invoice_id", formHandler(h.showInvoicePage, h.decideInvoice, nil), h.staff, small)
}

// showInvoices shows what waits, and all of them. Detail is what was wrong with a
// file.
func (h *handlers) showInvoices(c echo.Context, status int, in web.Input, detail string) error {
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	l, err := h.settlement.InvoiceList(ctx, auth.Actor(ctx), place)
	if err != nil {
		return err
	}
	data := web.NewInvoices(deskView(c, l.Site), l, in, may(c)("createInvoice"))
	data.Detail, data.Files = detail, web.FilesAt("/invoices/file", c.QueryParams())
	data.Next = older(c, l.Rows, l.More, func(i domain.Invoice) domain.ID { return i.ID })
	return showPage(c, status, "invoices", web.Page{Title: "invoices.title", Data: data})
}

// sendInvoice takes an invoice or a credit note. Sent twice, the second is known.
func (h *handlers) sendInvoice(c echo.Context) error {
	return takeFile(c, nil, func(_ web.Input, form map[string][]byte) (string, error) {
		if len(form["file"]) == 0 {
			return "", domain.InvalidField("file", "required", "send the invoice or credit note")
		}
		ctx := c.Request().Context()
		taken, err := h.settlement.TakeInvoice(ctx, auth.Actor(ctx), form["file"])
		return "/invoices/" + show("inv", taken.ID) + "?said=invoice_taken", err
	}, h.showInvoices)
}

// invoiceStory reads the invoice that the address names.
func (h *handlers) invoiceStory(c echo.Context) (settlement.InvoiceStory, error) {
	return addressed(c, "inv", "invoice_id", h.settlement.InvoiceStory)
}

func (h *handlers) showInvoicePage(c echo.Context, status int, in web.Input) error {
	x, err := h.invoiceStory(c)
	if err != nil {
		return err
	}
	data := web.NewInvoice(deskView(c, x.Site), x, in, may(c))
	return showPage(c, status, "invoice", web.Page{Title: "invoices.title", Heading: web.InvoiceName(readerOf(c), x.Invoice), Back: backTo(c, "/invoices", "invoices.title"), Data: data})
}

// decideInvoice accepts an invoice that differs, or rejects it.
func (h *handlers) decideInvoice(c echo.Context, in web.Input) (string, error) {
	id, err := pathID(c, "inv", "invoice_id")
	if err != nil {
		return "", err
	}
	ctx, why, do := c.Request().Context(), in.Values.Get("comment"), in.Values.Get("do")
	switch do {
	case "accept":
		_, err = h.settlement.AcceptInvoice(ctx, auth.Actor(ctx), id, why)
	case "reject":
		_, err = h.settlement.RejectInvoice(ctx, auth.Actor(ctx), id, why)
	default:
		err = echo.ErrNotFound
	}
	return "/invoices/" + show("inv", id) + "?said=invoice_" + do, err
}
