package api

import (
	"fmt"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
)

// list is a list that a page shows a part of, and a file has all of.
type list struct {
	name     string      // of the file, without days and ending
	from, to domain.Date // the days it is of; zero: all until today
	only     []string    // what it is narrowed to, in words
	part     func(store.Page) (grid web.Grid, next domain.ID, err error)
}

// fileRows is how many rows of a list are read at a time.
const fileRows = 100

// listFile answers with a list as a file, however long it is.
func (h *handlers) listFile(read func(echo.Context, web.Books) (list, error)) echo.HandlerFunc {
	return h.file(func(c echo.Context) (f gridFile, err error) {
		if f.Books, err = h.books(c); err != nil {
			return f, err
		}
		l, err := read(c, f.Books)
		if err != nil {
			return f, err
		}
		f.name, f.from, f.to, f.only = l.name, l.from, l.to, l.only
		if f.to.IsZero() {
			f.to = f.Names.Today
		}
		var next domain.ID
		f.Grid, next, err = l.part(store.Page{Limit: fileRows})
		f.rest = func(add func(rows [][]web.Cell) error) error {
			for next != (domain.ID{}) {
				grid, after, err := l.part(store.Page{Limit: fileRows, After: next})
				if err == nil {
					err = add(grid.Rows)
				}
				if err != nil {
					return err
				}
				next = after
			}
			return nil
		}
		return f, err
	})
}

// beyond gives the row that the next part begins after; zero when there is none.
func beyond[T any](rows []T, more bool, id func(T) domain.ID) domain.ID {
	if !more {
		return domain.ID{}
	}
	return id(rows[len(rows)-1])
}

func (h *handlers) runsList(c echo.Context, b web.Books) (list, error) {
	ctx := c.Request().Context()
	return list{name: "runs", part: func(p store.Page) (web.Grid, domain.ID, error) {
		l, err := h.settlement.RunList(ctx, auth.Actor(ctx), p)
		return web.RunGrid(b, l.Steps), beyond(l.Steps, l.More, func(r settlement.RunStep) domain.ID { return r.ID }), err
	}}, nil
}

// settlementsList has what a run pays each partner.
func (h *handlers) settlementsList(c echo.Context, b web.Books) (list, error) {
	r, err := h.runStory(c)
	return list{name: fmt.Sprintf("run-%d", r.Number), part: func(store.Page) (web.Grid, domain.ID, error) {
		return web.SettlementGrid(b, r), domain.ID{}, nil
	}}, err
}

// linesList has the purchases of one settlement.
func (h *handlers) linesList(c echo.Context, b web.Books) (list, error) {
	id, err := pathID(c, "stl", "settlement_id")
	if err != nil {
		return list{}, err
	}
	ctx := c.Request().Context()
	s, err := h.settlement.Settlement(ctx, auth.Actor(ctx), id)
	return list{name: "settlement-" + s.Number, part: func(p store.Page) (web.Grid, domain.ID, error) {
		x, err := h.settlement.SettlementStory(ctx, auth.Actor(ctx), id, p)
		return web.LineGrid(b, x), beyond(x.Lines, x.More, func(l domain.SettlementLine) domain.ID { return l.ID }), err
	}}, err
}

func (h *handlers) holdsList(c echo.Context, b web.Books) (list, error) {
	ctx, decided := c.Request().Context(), c.QueryParam("decided") == "yes"
	return list{name: "held", part: func(p store.Page) (web.Grid, domain.ID, error) {
		l, err := h.settlement.HoldList(ctx, auth.Actor(ctx), p, decided)
		return web.HoldGrid(b, l), beyond(l.Rows, l.More, func(x domain.SettlementHold) domain.ID { return x.ID }), err
	}}, nil
}

func (h *handlers) statementsList(c echo.Context, b web.Books) (list, error) {
	ctx := c.Request().Context()
	return list{name: "bank", part: func(p store.Page) (web.Grid, domain.ID, error) {
		l, err := h.settlement.BankDesk(ctx, auth.Actor(ctx), p)
		return web.StatementGrid(b, l), beyond(l.Statements, l.More, func(s settlement.StatementSum) domain.ID { return s.ID }), err
	}}, nil
}

// waitingList has the bank's entries that somebody is to look at.
func (h *handlers) waitingList(c echo.Context, b web.Books) (list, error) {
	ctx := c.Request().Context()
	return list{name: "bank-waiting", part: func(p store.Page) (web.Grid, domain.ID, error) {
		l, err := h.settlement.Entries(ctx, auth.Actor(ctx), p, settlement.EntryFilter{State: domain.EntryUnmatched})
		return web.EntryGrid(b, l.Rows, nil), beyond(l.Rows, l.More, func(e settlement.Entry) domain.ID { return e.ID }), err
	}}, nil
}

// entriesList has a statement's entries of the state that the page shows.
func (h *handlers) entriesList(c echo.Context, b web.Books) (list, error) {
	id, err := pathID(c, "bst", "statement_id")
	ctx, state := c.Request().Context(), c.QueryParam("state")
	return list{name: "bank-statement", part: func(p store.Page) (web.Grid, domain.ID, error) {
		x, err := h.settlement.StatementStory(ctx, auth.Actor(ctx), id, p, state)
		return web.EntryGrid(b, x.Rows, x.Numbers), beyond(x.Rows, x.More, func(e settlement.Entry) domain.ID { return e.ID }), err
	}}, err
}

func (h *handlers) invoicesList(c echo.Context, b web.Books) (list, error) {
	ctx := c.Request().Context()
	return list{name: "invoices", part: func(p store.Page) (web.Grid, domain.ID, error) {
		l, err := h.settlement.InvoiceList(ctx, auth.Actor(ctx), p)
		return web.InvoiceGrid(b, l), beyond(l.Rows, l.More, func(i domain.Invoice) domain.ID { return i.ID }), err
	}}, nil
}

// differencesList has what an invoice says otherwise than was expected.
func (h *handlers) differencesList(c echo.Context, b web.Books) (list, error) {
	x, err := h.invoiceStory(c)
	return list{name: "invoice-differences", part: func(store.Page) (web.Grid, domain.ID, error) {
		return web.DifferenceGrid(b.View, x), domain.ID{}, nil
	}}, err
}

func (h *handlers) auditList(c echo.Context, b web.Books) (list, error) {
	f, known, err := h.readAudit(c, b.View)
	ctx := c.Request().Context()
	return list{name: "log", part: func(p store.Page) (web.Grid, domain.ID, error) {
		if !known {
			return web.NewLog(b.View, nil, nil, "").Grid, domain.ID{}, nil
		}
		l, err := h.service.AuditEntries(ctx, auth.Actor(ctx), p, f)
		return web.NewLog(b.View, nil, each(l.Rows, pageEntry), "").Grid, beyond(l.Rows, l.More, func(a domain.AuditEntry) domain.ID { return a.ID }), err
	}}, err
}

// changesList has what a budget was changed by.
func (h *handlers) changesList(c echo.Context, b web.Books) (list, error) {
	id, err := pathID(c, "bdg", "budget_id")
	if err != nil {
		return list{}, err
	}
	ctx := c.Request().Context()
	budget, err := h.service.Budget(ctx, auth.Actor(ctx), id)
	return list{name: "budget-changes", part: func(p store.Page) (web.Grid, domain.ID, error) {
		l, err := h.service.BudgetChanges(ctx, auth.Actor(ctx), p, id)
		return web.ChangeGrid(b, budget, l.Rows), beyond(l.Rows, l.More, func(x domain.BudgetChange) domain.ID { return x.ID }), err
	}}, err
}

func (h *handlers) closingsList(c echo.Context, b web.Books) (list, error) {
	ctx := c.Request().Context()
	return list{name: "closings", part: func(p store.Page) (web.Grid, domain.ID, error) {
		l, err := h.settlement.Closings(ctx, auth.Actor(ctx), p)
		return web.NewClosings(b, l.Rows, web.Input{}, false).Grid, beyond(l.Rows, l.More, func(x domain.Closing) domain.ID { return x.ID }), err
	}}, nil
}

// totalsList has what stood on each account when the books were closed.
func (h *handlers) totalsList(c echo.Context, b web.Books) (list, error) {
	closed, err := h.closed(c)
	return list{name: "closing-" + closed.Through.String(), part: func(store.Page) (web.Grid, domain.ID, error) {
		return closingGrid(b, closed), domain.ID{}, nil
	}}, err
}

// postingsList has lines of the books.
func (h *handlers) postingsList(c echo.Context, b web.Books) (list, error) {
	asked, err := h.journalAsked(c)
	return list{name: "postings", from: asked.Filter.From, to: asked.Filter.To, only: asked.Only(b), part: func(p store.Page) (web.Grid, domain.ID, error) {
		p.Limit = 10 * fileRows // of nothing else are there so many
		book, err := h.journalPart(c, asked, p)
		return web.PostingGrid(b, book), beyond(book.Rows, book.More, func(p ledger.Posting) domain.ID { return p.ID }), err
	}}, err
}

// entryList has all lines of an entry, by one of them.
func (h *handlers) entryList(c echo.Context, b web.Books) (list, error) {
	_, book, err := h.bookLine(c)
	return list{name: "entry", part: func(store.Page) (web.Grid, domain.ID, error) {
		return web.PostingGrid(b, book), domain.ID{}, nil
	}}, err
}

// recordList has what an award was issued as, or what that bought.
func (h *handlers) recordList(c echo.Context, b web.Books) (list, error) {
	r, err := h.award(c)
	if err != nil {
		return list{}, err
	}
	shown := web.NewRecord(b, r, nil)
	grid, known := map[string]web.Grid{"vouchers": shown.Vouchers, "purchases": shown.Bought}[c.QueryParam("part")]
	if !known {
		return list{}, echo.ErrNotFound
	}
	return list{name: c.QueryParam("part"), part: func(store.Page) (web.Grid, domain.ID, error) { return grid, domain.ID{}, nil }}, nil
}
