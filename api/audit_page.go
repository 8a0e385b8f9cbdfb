package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// auditPages adds the audit log as auditors read it.
func (h *handlers) auditPages(r router) {
	r.GET("/audit", h.auditPage, h.staff)
	r.GET("/audit/file", h.listFile(h.auditList), h.staff)
	r.GET("/audit/:audit_entry_id", h.auditEntryPage, h.staff)
}

// auditPage shows who did what, newest first.
func (h *handlers) auditPage(c echo.Context) error {
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	view, err := h.siteView(c)
	if err != nil {
		return err
	}
	f, known, err := h.readAudit(c, view)
	if err != nil {
		return err
	}
	found, err := h.service.AuditEntries(ctx, actor, place, f)
	if err != nil {
		return err
	}
	if !known {
		found = store.Listed[domain.AuditEntry]{}
	}
	data := web.NewLog(view, c.QueryParams(), each(found.Rows, pageEntry), older(c, found.Rows, found.More, func(a domain.AuditEntry) domain.ID { return a.ID }))
	data.None, data.Grid.Files = !known, web.FilesAt("/audit/file", c.QueryParams())
	return showPage(c, http.StatusOK, "log", web.Page{Title: "audit.title", Wide: true, Data: data})
}

// readAudit reads what is looked for; not known: there is nothing with that reference.
func (h *handlers) readAudit(c echo.Context, view web.View) (f vouchers.AuditFilter, known bool, err error) {
	r := formReader{values: c.QueryParams()}
	f = vouchers.AuditFilter{Object: r.text("object"), Person: personNamed(r.text("person")), Action: web.Action(r.text("action"))}
	from, to := r.date("from"), r.date("to")
	if r.faults.Err() != nil || r.text("action") != "" && f.Action == "" {
		return f, false, echo.ErrNotFound
	}
	if !from.IsZero() {
		f.From = from.In(view.Site)
	}
	if !to.IsZero() {
		f.Until = to.AddDays(1).In(view.Site)
	}
	reference := r.text("reference")
	if reference == "" {
		return f, true, nil
	}
	if f.ObjectID, err = anyID(strings.ToLower(reference)); err == nil {
		return f, true, nil
	}
	ctx := c.Request().Context()
	found, err := h.service.Vouchers(ctx, auth.Actor(ctx), store.Page{Limit: 1}, vouchers.VoucherFilter{Serial: strings.ToUpper(reference)})
	if err != nil || len(found.Rows) == 0 {
		return f, false, err
	}
	f.ObjectID = found.Rows[0].ID
	return f, true, nil
}

// pageEntry is an entry as a page has it.
func pageEntry(a domain.AuditEntry) web.Entry {
	a.Person = person(a.Person)
	e := web.Entry{AuditEntry: a, ID: show("aud", a.ID), Detail: showDetail(a.Detail)}
	if prefix := prefixes[a.Object]; prefix != "" && a.ObjectID != (domain.ID{}) {
		e.Subject = show(prefix, a.ObjectID)
	}
	return e
}

// auditEntryPage shows one entry.
func (h *handlers) auditEntryPage(c echo.Context) error {
	view, err := h.siteView(c)
	if err != nil {
		return err
	}
	a, err := addressed(c, "aud", "audit_entry_id", h.service.AuditEntry)
	if err != nil {
		return err
	}
	return showPage(c, http.StatusOK, "log_entry", web.Page{Title: "audit.entry", Back: backTo(c, "/audit", "audit.title"), Data: web.NewLogEntry(view, pageEntry(a))})
}
