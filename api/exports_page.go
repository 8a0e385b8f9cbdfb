package api

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/vouchers"
)

// showExports shows where rows are asked for as a file, and the files that the reader
// asked for.
func (h *handlers) showExports(c echo.Context, status int, in web.Input) error {
	b, err := h.books(c)
	if err != nil {
		return err
	}
	place, err := page(10, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	l, err := h.service.Exports(ctx, auth.Actor(ctx), place)
	if err != nil {
		return err
	}
	files := make([]web.Asked, len(l.Rows))
	for i, e := range l.Rows {
		files[i].Export = e
		if err := json.Unmarshal(e.Filters, &files[i].Filters); err != nil {
			return err
		}
	}
	what := cmp.Or(in.Values.Get("what"), c.QueryParam("what"), web.ExportKinds[0])
	if !slices.Contains(web.ExportKinds, what) {
		return echo.ErrNotFound
	}
	filters := vouchers.ExportFiltersOf(what)
	if status == http.StatusOK {
		for _, name := range filters { // what the page that leads here was narrowed to
			if text := c.QueryParam(name); text != "" {
				in.Values.Set(name, text)
			}
		}
	}
	data := web.NewExports(b, what, filters, in, files)
	data.Next = older(c, l.Rows, l.More, func(e domain.Export) domain.ID { return e.ID })
	if wantsPart(c) {
		return showPart(c, status, "exports", "files-made", data)
	}
	return showPage(c, status, "exports", web.Page{Title: "exports.title", Live: data.Works, Wide: true, Data: data})
}

// askExport asks for rows as a file.
func (h *handlers) askExport(c echo.Context) error {
	names := map[string]string{}
	for _, name := range []string{"from", "to", "at", "unit_id", "programme_id", "partner_id", "account", "event", "state", "currency"} {
		names["filters."+name] = name
	}
	return takeForm(c, names, func(in web.Input) (string, error) {
		r := formReader{values: in.Values}
		asked := vouchers.ExportRequest{What: r.text("what"), Format: r.text("format"), Filters: vouchers.ExportFilters{
			From: r.date("from"), To: r.date("to"), At: r.date("at"), UnitID: r.id("unt", "unit_id"), ProgrammeID: r.id("prg", "programme_id"), PartnerID: r.id("prt", "partner_id"),
			Account: ledger.Account(r.text("account")), Event: ledger.Event(r.text("event")), State: r.text("state"), Currency: r.text("currency"), Lang: string(readerOf(c)),
		}}
		ctx := c.Request().Context()
		return "/exports?said=export_asked&what=" + asked.What, r.judge(ctx, func(ctx context.Context) error {
			_, err := h.service.StartExport(ctx, auth.Actor(ctx), keyOf(c, in), asked)
			return err
		})
	}, h.showExports)
}
