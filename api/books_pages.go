package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// booksPages adds the books as finance and auditors read them: from the year at a
// glance down to why a voucher was given. Nobody is named there.
func (h *handlers) booksPages(r router) {
	r.GET("/year", h.yearPage, h.staffFor("getReport"))
	r.GET("/year/file", h.file(h.yearGrid), h.staff)
	r.GET("/outstanding", h.figuresPage(outstandingPage), h.staffFor("getVoucherFigures"))
	r.GET("/outstanding/file", h.file(h.figuresGrid(outstandingPage)), h.staff)
	r.GET("/spend", h.figuresPage(spendPage), h.staffFor("getVoucherFigures"))
	r.GET("/spend/file", h.file(h.figuresGrid(spendPage)), h.staff)
	r.GET("/postings", h.journalPage, h.staff)
	r.GET("/postings/file", h.journalFile, h.staffFor("getReport"))
	r.GET("/postings/:posting_id", h.postingPage, h.staff)
	r.GET("/exports", func(c echo.Context) error { return h.showExports(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/exports", h.askExport, h.staff, small)
	r.GET("/records/vouchers/:voucher_id", h.voucherRecord, h.staff)
	r.GET("/records/awards/:award_id", h.awardRecord, h.staff)
}

// books is how the reader of a page sees the books.
func (h *handlers) books(c echo.Context) (b web.Books, err error) {
	ctx := c.Request().Context()
	b = web.Books{View: viewOf(c), Behind: func(f vouchers.PostingFilter) string { return postingQuery(f).Encode() }}
	b.Names, err = h.service.Names(ctx, auth.Actor(ctx))
	b.Site = b.Names.Site
	return b, err
}

// journalPage shows lines of the books.
func (h *handlers) journalPage(c echo.Context) error {
	b, err := h.books(c)
	if err != nil {
		return err
	}
	query := c.QueryParams()
	f, err := readPostingQuery(query)
	if err != nil {
		return echo.ErrNotFound
	}
	place, err := page(journalLines, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	none := false
	if serial := c.QueryParam("serial"); serial != "" {
		found, err := h.service.Vouchers(ctx, auth.Actor(ctx), store.Page{Limit: 1}, vouchers.VoucherFilter{Serial: strings.ToUpper(strings.TrimSpace(serial))})
		if err != nil {
			return err
		}
		if none = len(found.Rows) == 0; !none {
			f.VoucherID = found.Rows[0].ID
		}
	}
	var book vouchers.Book
	if !none {
		if book, err = h.service.Book(ctx, auth.Actor(ctx), place, f); err != nil {
			return err
		}
	}
	_, _, next := listed(book.Listed, func(p ledger.Posting) domain.ID { return p.ID }, func(p ledger.Posting) domain.ID { return p.ID })
	data := web.NewJournal(b, web.JournalAsked{Filter: f, Serial: c.QueryParam("serial"), Query: query, Next: next}, book)
	data.None = none
	data.Queued = queued(f)
	return showPage(c, http.StatusOK, "journal", web.Page{Title: "journal.title", Wide: true, Data: data})
}

// queued is where the same lines are asked for as a file that is made while one waits;
// "": they are narrowed by what those are not.
func queued(f vouchers.PostingFilter) string {
	query := postingQuery(f)
	for name := range query {
		if !slices.Contains(vouchers.ExportFiltersOf("postings"), name) {
			return ""
		}
	}
	query.Set("what", "postings")
	return "/exports?" + query.Encode()
}

// journalLines is how many lines a page has.
const journalLines = 50

// postingPage shows one line, and its entry.
func (h *handlers) postingPage(c echo.Context) error {
	id, err := pathID(c, "pst", "posting_id")
	if err != nil {
		return err
	}
	b, err := h.books(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	p, book, err := h.service.BookLine(ctx, auth.Actor(ctx), id)
	if err != nil {
		return err
	}
	return showPage(c, http.StatusOK, "posting", web.Page{Title: "posting.title", Wide: true, Back: backTo(c, "/postings", "journal.title"), Data: web.NewJournalLine(b, p, book)})
}

// voucherRecord shows what the books have of a voucher, and why it was given.
func (h *handlers) voucherRecord(c echo.Context) error {
	id, err := pathID(c, "vch", "voucher_id")
	if err != nil {
		return err
	}
	b, err := h.books(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	r, v, err := h.service.VoucherRecord(ctx, auth.Actor(ctx), id)
	if err != nil {
		return err
	}
	return showPage(c, http.StatusOK, "record", web.Page{
		Title: "voucher.title", Heading: web.Text(b.Lang, "voucher.heading", v.Serial), Wide: true, Back: backTo(c, "/postings", "journal.title"), Data: web.NewRecord(b, r, &v),
	})
}

// awardRecord shows what the books have of an award, and why it was given.
func (h *handlers) awardRecord(c echo.Context) error {
	id, err := pathID(c, "awd", "award_id")
	if err != nil {
		return err
	}
	b, err := h.books(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	r, err := h.service.AwardRecord(ctx, auth.Actor(ctx), id)
	if err != nil {
		return err
	}
	return showPage(c, http.StatusOK, "record", web.Page{Title: "record.award", Wide: true, Back: backTo(c, "/postings", "journal.title"), Data: web.NewRecord(b, r, nil)})
}
