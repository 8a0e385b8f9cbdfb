package api

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// yearPage shows how budgets stand: what finance and auditors begin with.
func (h *handlers) yearPage(c echo.Context) error {
	b, t, err := h.year(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	waits, err := h.service.PaymentsWaiting(ctx, actor, duesShown)
	if err != nil {
		return err
	}
	data := web.NewYear(b, t, waits, actor.Role == domain.Finance)
	data.Grid.Files = web.FilesAt("/year/file", c.QueryParams())
	return showPage(c, http.StatusOK, "year", web.Page{Title: "year.title", Heading: web.Text(b.Lang, "year.heading", data.Year), Wide: true, Data: data})
}

// duesShown is how much of what waits the page has.
const duesShown = 5

// year reads the budgets that the address asks for. A day to come has no figures yet.
func (h *handlers) year(c echo.Context) (b web.Books, t vouchers.BudgetTable, err error) {
	if b, err = h.books(c); err != nil {
		return b, t, err
	}
	r := formReader{values: c.QueryParams()}
	q := vouchers.BudgetQuery{At: r.date("at"), BudgetFilter: vouchers.BudgetFilter{Year: cmp.Or(r.number("year"), b.Names.Today.Year)}}
	if r.faults.Err() != nil || !vouchers.IsBudgetYear(q.Year) {
		return b, t, echo.ErrNotFound
	}
	if q.At.IsZero() || b.Names.Today.Before(q.At) {
		q.At = b.Names.Today
	}
	ctx := c.Request().Context()
	t, err = h.service.BudgetFigures(ctx, auth.Actor(ctx), q)
	return b, t, err
}

// yearGrid is the page's table as a file.
func (h *handlers) yearGrid(c echo.Context) (gridFile, error) {
	b, t, err := h.year(c)
	if err != nil {
		return gridFile{}, err
	}
	return gridFile{Books: b, Grid: web.NewYear(b, t, vouchers.Queue{}, false).Grid, name: "year-" + strconv.Itoa(t.Year), to: t.At}, nil
}

// figurePage is a page of figures of the books.
type figurePage struct {
	path     string
	figures  []string // the first is shown unless another is asked for
	by       []string
	averages bool // it has averages as well
}

var (
	outstandingPage = figurePage{path: "/outstanding", figures: []string{"outstanding"}, by: []string{"programme", "unit", "age", "lapse", "month"}}
	spendPage       = figurePage{path: "/spend", figures: []string{"spend", "payable", "settled", "lapsed"}, by: []string{"unit", "programme", "partner", "month"}, averages: true}
)

// figures is what a page of figures has been asked for, and the answer.
type figures struct {
	web.Books
	asked    web.FiguresAsked
	report   vouchers.Report
	averages *web.Grid
}

// figuresPage shows one figure of the books, grouped.
func (h *handlers) figuresPage(p figurePage) echo.HandlerFunc {
	return func(c echo.Context) error {
		f, err := h.figures(c, p)
		if err != nil {
			return err
		}
		data := web.NewFigures(f.Books, f.asked, f.report)
		data.Averages = f.averages
		if f.averages != nil {
			data.Averages.Files = f.asked.Files("part", "averages")
		}
		title := "figures." + f.report.Figure
		return showPage(c, http.StatusOK, "figures", web.Page{Title: title, Wide: true, Data: data})
	}
}

// figures reads what the address asks for.
func (h *handlers) figures(c echo.Context, p figurePage) (f figures, err error) {
	if f.Books, err = h.books(c); err != nil {
		return f, err
	}
	r := formReader{values: c.QueryParams()}
	q := vouchers.ReportQuery{
		Figure: cmp.Or(r.text("figure"), p.figures[0]), GroupBy: cmp.Or(r.text("by"), p.by[0]), From: r.date("from"), At: r.date("at"),
		PostingFilter: vouchers.PostingFilter{ProgrammeID: r.id("prg", "programme"), UnitID: r.id("unt", "unit"), Currency: r.text("currency")},
	}
	if r.faults.Err() != nil || !slices.Contains(p.figures, q.Figure) || !slices.Contains(p.by, q.GroupBy) {
		return f, echo.ErrNotFound
	}
	if q.At.IsZero() || f.Names.Today.Before(q.At) {
		q.At = f.Names.Today
	}
	if q.Figure == "payable" || q.Figure == "outstanding" || q.At.Before(q.From) {
		q.From = domain.Date{}
	}
	f.asked = web.FiguresAsked{Path: p.path, Query: r.values, Figures: p.figures, By: p.by}
	ctx := c.Request().Context()
	if f.report, err = h.service.Report(ctx, auth.Actor(ctx), q); err != nil || !p.averages || q.Figure != "spend" {
		return f, err
	}
	by := q.GroupBy
	if by == "partner" {
		by = "programme"
	}
	rows, err := h.service.VoucherFigures(ctx, auth.Actor(ctx), vouchers.VoucherQuery{
		GroupBy: by, Currency: f.report.Currency, IssuedFilter: vouchers.IssuedFilter{From: q.From, To: q.At, ProgrammeID: q.ProgrammeID, UnitID: q.UnitID},
	})
	averages := web.Averages(f.Books, by, f.report.Currency, rows)
	f.averages = &averages
	return f, err
}

// figuresGrid is one of the page's tables as a file.
func (h *handlers) figuresGrid(p figurePage) func(echo.Context) (gridFile, error) {
	return func(c echo.Context) (gridFile, error) {
		f, err := h.figures(c, p)
		if err != nil {
			return gridFile{}, err
		}
		file := gridFile{Books: f.Books, Grid: web.NewFigures(f.Books, f.asked, f.report).Grid, name: f.report.Figure + "-by-" + f.report.GroupBy, from: f.report.ReportQuery.From, to: f.report.At}
		if c.QueryParam("part") == "averages" {
			if f.averages == nil {
				return file, echo.ErrNotFound
			}
			file.Grid, file.name = *f.averages, "averages"
		}
		return file, nil
	}
}
