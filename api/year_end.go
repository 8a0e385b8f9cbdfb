package api

import (
	"context"
	"strconv"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// GetYearEnd answers getYearEnd.
func (h *handlers) GetYearEnd(ctx context.Context, r GetYearEndRequestObject) (GetYearEndResponseObject, error) {
	report, err := h.service.YearEnd(ctx, auth.Actor(ctx), r.Params.Year, r.Params.At)
	if err != nil {
		return nil, err
	}
	shown := showYearEnd(report)
	if r.Params.Format == "csv" {
		return yearEndTable(shown), nil
	}
	return GetYearEnd200JSONResponse(shown), nil
}

func showYearEnd(y vouchers.YearEnd) YearEndReport {
	shown := YearEndReport{Year: y.Year, EndedOn: y.EndedOn, At: y.At, Over: y.Over, Closed: y.Closing != nil}
	if y.Closing != nil {
		shown.ClosingID = ClosingID(y.Closing.ID)
	}
	shown.Data = each(y.Rows, func(r vouchers.YearEndRow) BudgetRow { return showBudgetRow(r.BudgetFigures, y.Figures(r)) })
	shown.Totals = each(y.Totals, func(r vouchers.YearEndRow) YearEndTotal {
		return YearEndTotal{Currency: r.Currency, Figures: each(y.Figures(r), func(f vouchers.BudgetFigure) BudgetFigure {
			return BudgetFigure{Figure: f.Name, Amount: f.Amount}
		})}
	})
	return shown
}

// yearEndTable is the report as CSV: a line for each row, and one for each total.
func yearEndTable(r YearEndReport) table {
	heading := []string{"year", "at", "closing_id", "row", "budget_id", "programme_id", "unit_id", "account_string", "currency"}
	for _, f := range (vouchers.YearEnd{}).Figures(vouchers.YearEndRow{}) {
		heading = append(heading, f.Name)
	}
	cells := func(kind string, of BudgetRow) []string {
		line := []string{
			strconv.Itoa(r.Year), r.At.String(), shown[cls](domain.ID(r.ClosingID)), kind, shown[bdg](domain.ID(of.BudgetID)), shown[prg](domain.ID(of.ProgrammeID)),
			shown[unt](domain.ID(of.UnitID)), of.AccountString, of.Currency,
		}
		for _, f := range of.Figures {
			line = append(line, strconv.FormatInt(f.Amount, 10))
		}
		return line
	}
	return table{heading: heading, rows: func(row func(...string) error) error {
		for _, of := range r.Data {
			kind := "budget"
			if of.BudgetID == (BudgetID{}) {
				kind = "outside"
			}
			if err := row(cells(kind, of)...); err != nil {
				return err
			}
		}
		for _, of := range r.Totals {
			if err := row(cells("total", BudgetRow{Currency: of.Currency, Figures: of.Figures})...); err != nil {
				return err
			}
		}
		return nil
	}}
}
