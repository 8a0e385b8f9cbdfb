package api

import (
	"net/http"
	"net/url"
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
	r.GET("/postings/file", h.listFile(h.postingsList), h.staff)
	r.GET("/postings/:posting_id", h.postingPage, h.staff)
	r.GET("/postings/:posting_id/file", h.listFile(h.entryList), h.staff)
	r.GET("/exports", func(c echo.Context) error { return h.showExports(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/exports", h.askExport, h.staff, small)
	r.GET("/records/vouchers/:voucher_id", h.voucherRecord, h.staff)
	r.GET("/records/awards/:award_id", h.awardRecord, h.staff)
	r.GET("/records/awards/:award_id/file", h.listFile(h.recordList), h.staff)
}

// books is how the reader of a page sees the books.
func (h *handlers) books(c echo.Context) (b web.Books, err error) {
	ctx := c.Request().Context()
	b = web.Books{View: viewOf(c), Behind: func(f vouchers.PostingFilter) url.Values { return postingQuery(f) }}
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
	asked, err := h.journalAsked(c)
	if err != nil {
		return err
	}
	place, err := page(journalLines, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	book, err := h.journalPart(c, asked, place)
	if err != nil {
		return err
	}
	asked.Older = older(c, book.Rows, book.More, func(p ledger.Posting) domain.ID { return p.ID })
	data := web.NewJournal(b, asked, book)
	data.Queued = queued(asked.Filter)
	return showPage(c, http.StatusOK, "journal", web.Page{Title: "journal.title", Wide: true, Data: data})
}

// journalAsked reads which lines the address asks for.
func (h *handlers) journalAsked(c echo.Context) (asked web.JournalAsked, err error) {
	asked.Query = c.QueryParams()
	if asked.Filter, err = readPostingQuery(asked.Query); err != nil {
		return asked, echo.ErrNotFound
	}
	if asked.Serial = strings.ToUpper(strings.TrimSpace(c.QueryParam("serial"))); asked.Serial == "" {
		return asked, nil
	}
	ctx := c.Request().Context()
	found, err := h.service.Vouchers(ctx, auth.Actor(ctx), store.Page{Limit: 1}, vouchers.VoucherFilter{Serial: asked.Serial})
	if asked.None = len(found.Rows) == 0; !asked.None {
		asked.Filter.VoucherID = found.Rows[0].ID
	}
	return asked, err
}

// journalPart reads a part of the lines that are asked for.
func (h *handlers) journalPart(c echo.Context, asked web.JournalAsked, place store.Page) (vouchers.Book, error) {
	if asked.None {
		return vouchers.Book{}, nil
	}
	ctx := c.Request().Context()
	return h.service.Book(ctx, auth.Actor(ctx), place, asked.Filter)
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
	b, err := h.books(c)
	if err != nil {
		return err
	}
	p, book, err := h.bookLine(c)
	if err != nil {
		return err
	}
	return showPage(c, http.StatusOK, "posting", web.Page{Title: "posting.title", Wide: true, Back: backTo(c, "/postings", "journal.title"), Data: web.NewJournalLine(b, p, book)})
}

// bookLine reads the line that the address names, and its entry.
func (h *handlers) bookLine(c echo.Context) (p ledger.Posting, book vouchers.Book, err error) {
	id, err := pathID(c, "pst", "posting_id")
	if err != nil {
		return p, book, err
	}
	ctx := c.Request().Context()
	return h.service.BookLine(ctx, auth.Actor(ctx), id)
}

// voucherRecord shows what the books have of a voucher, and why it was given.
func (h *handlers) voucherRecord(c echo.Context) error {
	id, err := pathID(c, "vch", "voucher_id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	r, v, err := h.service.VoucherRecord(ctx, auth.Actor(ctx), id)
	if err != nil {
		return err
	}
	return h.showRecord(c, web.Page{Title: "voucher.title", Heading: web.Text(readerOf(c), "voucher.heading", v.Serial)}, r, &v)
}

// awardRecord shows what the books have of an award, and why it was given.
func (h *handlers) awardRecord(c echo.Context) error {
	r, err := h.award(c)
	if err != nil {
		return err
	}
	return h.showRecord(c, web.Page{Title: "record.award"}, r, nil)
}

// award reads what the books have of the award that the address names.
func (h *handlers) award(c echo.Context) (vouchers.Record, error) {
	return addressed(c, "awd", "award_id", h.service.AwardRecord)
}

// showRecord shows it on a page; of a voucher, or of nil.
func (h *handlers) showRecord(c echo.Context, p web.Page, r vouchers.Record, v *domain.Voucher) error {
	b, err := h.books(c)
	if err != nil {
		return err
	}
	p.Wide, p.Back, p.Data = true, backTo(c, "/postings", "journal.title"), web.NewRecord(b, r, v)
	return showPage(c, http.StatusOK, "record", p)
}
