package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// budgetPages adds where finance gives money, closes the books and reads how a year
// ended.
func (h *handlers) budgetPages(r router) {
	r.GET("/budgets/new", h.newBudgetPage, h.staff)
	r.POST("/budgets/new", formHandler(h.showNewBudget, h.makeBudget, budgetNames), h.staff, small)
	r.GET("/budgets/:budget_id", func(c echo.Context) error { return h.showBudgetPage(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/budgets/:budget_id", formHandler(h.showBudgetPage, h.changeBudget, map[string]string{"amount": "by", "account_string": "account"}), h.staff, small)
	r.GET("/budgets/:budget_id/file", h.listFile(h.changesList), h.staff)
	r.GET("/closings", func(c echo.Context) error { return h.showClosings(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/closings", formHandler(h.showClosings, h.closeBooks, nil), h.staff, small)
	r.GET("/closings/file", h.listFile(h.closingsList), h.staff)
	r.GET("/closings/:closing_id", h.closingPage, h.staff)
	r.GET("/closings/:closing_id/file", h.listFile(h.totalsList), h.staff)
	r.GET("/year-end", h.yearEndPage, h.staffFor("getYearEnd"))
	r.GET("/year-end/file", h.file(h.yearEndGrid), h.staff)
}

// budgetNames are the form's names of fields that the use cases call otherwise.
var budgetNames = map[string]string{"programme_id": "programme", "unit_id": "unit", "account_string": "account"}

// newBudgetPage shows where a budget is made; of what the address names.
func (h *handlers) newBudgetPage(c echo.Context) error {
	in := newInput()
	for _, name := range []string{"programme", "unit", "year"} {
		if text := c.QueryParam(name); text != "" {
			in.Values.Set(name, text)
		}
	}
	return h.showNewBudget(c, http.StatusOK, in)
}

func (h *handlers) showNewBudget(c echo.Context, status int, in web.Input) error {
	if actor := auth.Actor(c.Request().Context()); actor.Role != domain.Finance {
		return domain.Errorf(domain.Forbidden, "forbidden", "only finance makes budgets")
	}
	b, err := h.books(c)
	if err != nil {
		return err
	}
	if !in.Values.Has("year") {
		in.Values.Set("year", strconv.Itoa(b.Names.Today.Year))
	}
	return showPage(c, status, "budget_new", web.Page{Title: "budget.new", Back: backTo(c, "/year", "year.title"), Data: web.NewBudgetNew(b, in)})
}

// makeBudget makes a budget.
func (h *handlers) makeBudget(c echo.Context, in web.Input) (string, error) {
	r := formReader{values: in.Values}
	budget := vouchers.BudgetInput{ProgrammeID: r.id("prg", "programme"), Year: r.number("year"), Currency: "DKK", Amount: r.money("amount"), AccountString: r.text("account"), Reason: r.text("reason")}
	if unit := r.id("unt", "unit"); unit != (domain.ID{}) {
		budget.UnitID = &unit
	}
	ctx := c.Request().Context()
	var made vouchers.Answer[domain.Budget]
	err := r.judge(ctx, func(ctx context.Context) (err error) {
		made, err = h.service.CreateBudget(ctx, auth.Actor(ctx), keyOf(c, in), budget)
		return err
	})
	return "/budgets/" + show("bdg", made.Value.ID) + "?said=budget_new", err
}

func (h *handlers) showBudgetPage(c echo.Context, status int, in web.Input) error {
	id, err := pathID(c, "bdg", "budget_id")
	if err != nil {
		return err
	}
	b, err := h.books(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	budget, err := h.service.Budget(ctx, actor, id)
	if err != nil {
		return err
	}
	t, err := h.service.BudgetFigures(ctx, actor, vouchers.BudgetQuery{At: b.Names.Today, BudgetFilter: vouchers.BudgetFilter{ProgrammeID: budget.ProgrammeID, Year: budget.Year}})
	if err != nil {
		return err
	}
	changes, err := h.service.BudgetChanges(ctx, actor, store.Page{Limit: mostChanges}, id)
	if err != nil {
		return err
	}
	data := web.NewBudgetPage(b, budget, t, changes.Rows, in, actor.Role == domain.Finance)
	data.Changes.Files = web.FilesAt("/budgets/"+data.ID+"/file", c.QueryParams())
	return showPage(c, status, "budget", web.Page{Title: "budget.title", Heading: web.BudgetName(b, budget), Wide: true, Back: backTo(c, "/year", "year.title"), Data: data})
}

// mostChanges is how many of a budget's changes its page has, the newest first.
const mostChanges = 100

// changeBudget appropriates more or lowers it, or changes the account string.
func (h *handlers) changeBudget(c echo.Context, in web.Input) (string, error) {
	id, err := pathID(c, "bdg", "budget_id")
	if err != nil {
		return "", err
	}
	ctx := c.Request().Context()
	actor, r := auth.Actor(ctx), formReader{values: in.Values}
	to := "/budgets/" + show("bdg", id) + "?said=budget_"
	if r.text("do") == "account" {
		version := r.version()
		return to + "account", r.judge(ctx, func(ctx context.Context) error {
			_, err := h.service.UpdateBudget(ctx, actor, id, version, r.text("account"))
			return err
		})
	}
	amount := r.money("by")
	if r.text("way") == "lower" {
		amount = -amount
	}
	return to + "change", r.judge(ctx, func(ctx context.Context) error {
		_, err := h.service.ChangeBudget(ctx, actor, keyOf(c, in), id, amount, r.text("reason"))
		return err
	})
}

// showClosings shows through which days the books are closed.
func (h *handlers) showClosings(c echo.Context, status int, in web.Input) error {
	b, err := h.books(c)
	if err != nil {
		return err
	}
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	l, err := h.settlement.Closings(ctx, actor, place)
	if err != nil {
		return err
	}
	data := web.NewClosings(b, l.Rows, in, actor.Role == domain.Finance)
	data.Grid.Files = web.FilesAt("/closings/file", c.QueryParams())
	if _, _, next := listed(l, func(x domain.Closing) domain.ID { return x.ID }, func(x domain.Closing) domain.ID { return x.ID }); next != "" {
		data.Next = "/closings?cursor=" + next
	}
	return showPage(c, status, "closings", web.Page{Title: "closings.title", Back: backTo(c, "/year", "year.title"), Data: data})
}

// closeBooks closes the books through a day.
func (h *handlers) closeBooks(c echo.Context, in web.Input) (string, error) {
	r := formReader{values: in.Values}
	through := r.date("through")
	r.faults.Check(r.text("sure") == "yes", "sure", "required", "tick that you know that it cannot be undone")
	ctx := c.Request().Context()
	return "/closings?said=closed", r.judge(ctx, func(ctx context.Context) error {
		_, err := h.settlement.Close(ctx, auth.Actor(ctx), keyOf(c, in), through)
		return err
	})
}

// closingPage shows what stood on each account.
func (h *handlers) closingPage(c echo.Context) error {
	b, err := h.books(c)
	if err != nil {
		return err
	}
	closed, err := h.closed(c)
	if err != nil {
		return err
	}
	grid := closingGrid(b, closed)
	grid.Files = web.FilesAt("/closings/"+show("cls", closed.ID)+"/file", c.QueryParams())
	return showPage(c, http.StatusOK, "closing", web.Page{Title: "closings.title", Heading: web.Text(b.Lang, "closing.title", b.Date(closed.Through)), Wide: true, Back: backTo(c, "/closings", "closings.title"), Data: grid})
}

// closed reads the closing that the address names.
func (h *handlers) closed(c echo.Context) (settlement.Closed, error) {
	return addressed(c, "cls", "closing_id", h.settlement.Closing)
}

// closingGrid is the table of what stood on each account.
func closingGrid(b web.Books, closed settlement.Closed) web.Grid {
	return web.NewClosing(b, closed, func(t domain.ClosingTotal) vouchers.PostingFilter { return behindTotal(closed.Closing, t) })
}

// yearEndPage shows how a year ended.
func (h *handlers) yearEndPage(c echo.Context) error {
	b, report, err := h.yearEnd(c)
	if err != nil {
		return err
	}
	data := web.NewYearEnd(b, report)
	data.Then.Files = web.FilesAt("/year-end/file", c.QueryParams())
	later := c.QueryParams()
	later.Set("part", "later")
	data.Later.Files = web.FilesAt("/year-end/file", later)
	return showPage(c, http.StatusOK, "yearend", web.Page{Title: "yearend.title", Heading: web.Text(b.Lang, "yearend.heading", data.Year), Wide: true, Back: backTo(c, "/year", "year.title"), Data: data})
}

// yearEnd reads the report that the address asks for.
func (h *handlers) yearEnd(c echo.Context) (b web.Books, report vouchers.YearEnd, err error) {
	if b, err = h.books(c); err != nil {
		return b, report, err
	}
	r := formReader{values: c.QueryParams()}
	year, at := r.number("year"), r.date("at")
	if year == 0 {
		year = b.Names.Today.Year
	}
	if r.faults.Err() != nil || year < 2000 || year > b.Names.Today.Year {
		return b, report, echo.ErrNotFound
	}
	if at.Year <= year || b.Names.Today.Before(at) {
		at = domain.Date{} // of another year, or to come
	}
	ctx := c.Request().Context()
	report, err = h.service.YearEnd(ctx, auth.Actor(ctx), year, at)
	return b, report, err
}

// yearEndGrid is one of its tables as a file.
func (h *handlers) yearEndGrid(c echo.Context) (gridFile, error) {
	b, report, err := h.yearEnd(c)
	if err != nil {
		return gridFile{}, err
	}
	shown := web.NewYearEnd(b, report)
	file := gridFile{Books: b, Grid: shown.Then, name: "year-end", to: report.EndedOn}
	if b.Names.Today.Before(file.to) {
		file.to = b.Names.Today
	}
	if c.QueryParam("part") == "later" {
		file.Grid, file.name, file.to = shown.Later, "year-end-"+shown.Year+"-later", report.At
	}
	return file, nil
}
