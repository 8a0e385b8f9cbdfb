package api

import (
	"context"
	"strconv"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showBudget(b domain.Budget) Budget {
	return Budget{
		ID: BudgetID(b.ID), ProgrammeID: ProgrammeID(b.ProgrammeID), UnitID: optional[unt](b.UnitID), Year: b.Year, Currency: b.Currency,
		AccountString: b.AccountString, Amount: b.Amount, Changes: b.Changes, CreatedAt: b.CreatedAt,
	}
}

// CreateBudget answers createBudget.
func (h *handlers) CreateBudget(ctx context.Context, r CreateBudgetRequestObject) (CreateBudgetResponseObject, error) {
	in := vouchers.BudgetInput{
		ProgrammeID: domain.ID(r.Body.ProgrammeID), Year: r.Body.Year, Currency: r.Body.Currency, Amount: r.Body.Amount,
		AccountString: r.Body.AccountString, Reason: r.Body.Reason,
	}
	if unit := domain.ID(r.Body.UnitID); unit != (domain.ID{}) {
		in.UnitID = &unit
	}
	b, err := h.service.CreateBudget(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), in)
	if err != nil {
		return nil, err
	}
	return CreateBudget201JSONResponse{showBudget(b.Value), CreateBudget201ResponseHeaders{etag(b.Value.Version), replayed(b.Replayed)}}, nil
}

// ChangeBudget answers changeBudget.
func (h *handlers) ChangeBudget(ctx context.Context, r ChangeBudgetRequestObject) (ChangeBudgetResponseObject, error) {
	b, err := h.service.ChangeBudget(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.BudgetID), r.Body.Amount, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return ChangeBudget201JSONResponse{showBudget(b.Value), ChangeBudget201ResponseHeaders{etag(b.Value.Version), replayed(b.Replayed)}}, nil
}

// UpdateBudget answers updateBudget.
func (h *handlers) UpdateBudget(ctx context.Context, r UpdateBudgetRequestObject) (UpdateBudgetResponseObject, error) {
	b, err := h.service.UpdateBudget(ctx, auth.Actor(ctx), domain.ID(r.BudgetID), version(r.Params.IfMatch), r.Body.AccountString)
	if err != nil {
		return nil, err
	}
	return UpdateBudget200JSONResponse{showBudget(b), UpdateBudget200ResponseHeaders{etag(b.Version)}}, nil
}

// GetBudget answers getBudget.
func (h *handlers) GetBudget(ctx context.Context, r GetBudgetRequestObject) (GetBudgetResponseObject, error) {
	b, err := h.service.Budget(ctx, auth.Actor(ctx), domain.ID(r.BudgetID))
	if err != nil {
		return nil, err
	}
	return GetBudget200JSONResponse{showBudget(b), GetBudget200ResponseHeaders{etag(b.Version)}}, nil
}

// ListBudgets answers listBudgets.
func (h *handlers) ListBudgets(ctx context.Context, r ListBudgetsRequestObject) (ListBudgetsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Budgets(ctx, auth.Actor(ctx), p, vouchers.BudgetFilter{ProgrammeID: domain.ID(r.Params.ProgrammeID), UnitID: domain.ID(r.Params.UnitID), Year: r.Params.Year})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(b domain.Budget) domain.ID { return b.ID }, showBudget)
	return ListBudgets200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// ListBudgetChanges answers listBudgetChanges.
func (h *handlers) ListBudgetChanges(ctx context.Context, r ListBudgetChangesRequestObject) (ListBudgetChangesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.BudgetChanges(ctx, auth.Actor(ctx), p, domain.ID(r.BudgetID))
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(c domain.BudgetChange) domain.ID { return c.ID }, func(c domain.BudgetChange) BudgetChange {
		return BudgetChange{Number: c.Number, Amount: c.Amount, Reason: c.Reason, BookedOn: c.BookedOn, ChangedBy: c.ChangedBy, CreatedAt: c.CreatedAt}
	})
	return ListBudgetChanges200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetBudgetFigures answers getBudgetFigures.
func (h *handlers) GetBudgetFigures(ctx context.Context, r GetBudgetFiguresRequestObject) (GetBudgetFiguresResponseObject, error) {
	figures, err := h.service.BudgetFigures(ctx, auth.Actor(ctx), vouchers.BudgetQuery{
		At:           r.Params.At,
		BudgetFilter: vouchers.BudgetFilter{ProgrammeID: domain.ID(r.Params.ProgrammeID), UnitID: domain.ID(r.Params.UnitID), Year: r.Params.Year},
	})
	if err != nil {
		return nil, err
	}
	shown := BudgetFiguresReport{At: figures.At, Year: figures.Year, Data: each(figures.Rows, func(f vouchers.BudgetFigures) BudgetRow { return showBudgetRow(f, figures.Figures(f)) })}
	if r.Params.Format == "csv" {
		return budgetTable(shown), nil
	}
	return GetBudgetFigures200JSONResponse(shown), nil
}

// showBudgetRow shows a budget, or what is outside any, with figures of which the
// first is what was appropriated.
func showBudgetRow(f vouchers.BudgetFigures, figures []vouchers.BudgetFigure) BudgetRow {
	row := BudgetRow{ProgrammeID: ProgrammeID(f.ProgrammeID), Currency: f.Currency, Figures: each(figures, func(f vouchers.BudgetFigure) BudgetFigure {
		return BudgetFigure{Figure: f.Name, Amount: f.Amount, PostingsURL: postings(f.Postings)}
	})}
	if m := f.Missing; m != nil {
		row.Waiting = &BudgetWaiting{Awards: m.Awards, Amount: m.Amount, Missing: m.Short}
	}
	if b := f.Budget; b != nil {
		row.BudgetID, row.UnitID, row.AccountString = BudgetID(b.ID), optional[unt](b.UnitID), b.AccountString
		row.Figures[0].ChangesURL = base + "/budgets/" + row.BudgetID.String() + "/changes"
	}
	return row
}

// budgetTable is the figures as CSV.
func budgetTable(r BudgetFiguresReport) table {
	heading := []string{"at", "year", "budget_id", "programme_id", "unit_id", "account_string", "currency"}
	for _, f := range (vouchers.BudgetTable{}).Figures(vouchers.BudgetFigures{}) {
		heading = append(heading, f.Name)
	}
	heading = append(heading, "awards_waiting", "waiting_amount", "missing")
	return table{heading: heading, rows: func(row func(...string) error) error {
		for _, f := range r.Data {
			cells := []string{r.At.String(), strconv.Itoa(r.Year), shown[bdg](domain.ID(f.BudgetID)), f.ProgrammeID.String(), shown[unt](domain.ID(f.UnitID)), f.AccountString, f.Currency}
			for _, figure := range f.Figures {
				cells = append(cells, strconv.FormatInt(figure.Amount, 10))
			}
			waits := []string{"", "", ""}
			if w := f.Waiting; w != nil {
				waits = []string{strconv.FormatInt(w.Awards, 10), strconv.FormatInt(w.Amount, 10), strconv.FormatInt(w.Missing, 10)}
			}
			cells = append(cells, waits...)
			if err := row(cells...); err != nil {
				return err
			}
		}
		return nil
	}}
}
