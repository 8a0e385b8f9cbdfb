package api

import (
	"encoding/csv"
	"net/http"

	"github.com/labstack/echo/v4"
)

// table is an answer as CSV. Rows go out as they come, so that a journal of
// years needs no memory; an error before the first of them is still answered as
// a problem, and one after that breaks the answer off.
type table struct {
	heading []string
	rows    func(row func(cells ...string) error) error
}

func (t table) write(w http.ResponseWriter) error {
	w.Header().Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	out := csv.NewWriter(w)
	if err := out.Write(t.heading); err != nil {
		return err
	}
	if err := t.rows(func(cells ...string) error { return out.Write(cells) }); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// VisitListPostingsResponse writes the journal as CSV.
func (t table) VisitListPostingsResponse(w http.ResponseWriter) error { return t.write(w) }

// VisitListRedemptionsResponse writes redemptions as CSV.
func (t table) VisitListRedemptionsResponse(w http.ResponseWriter) error { return t.write(w) }

// VisitGetBudgetFiguresResponse writes how budgets stood as CSV.
func (t table) VisitGetBudgetFiguresResponse(w http.ResponseWriter) error { return t.write(w) }

// VisitGetReportResponse writes a report as CSV.
func (t table) VisitGetReportResponse(w http.ResponseWriter) error { return t.write(w) }

// VisitGetYearEndResponse writes the year-end report as CSV.
func (t table) VisitGetYearEndResponse(w http.ResponseWriter) error { return t.write(w) }

// VisitGetVoucherFiguresResponse writes averages and lapse rates as CSV.
func (t table) VisitGetVoucherFiguresResponse(w http.ResponseWriter) error { return t.write(w) }

// VisitGetClosingResponse writes what stood on each account as CSV.
func (t table) VisitGetClosingResponse(w http.ResponseWriter) error { return t.write(w) }

// VisitListImportRefusalsResponse writes refused lines as CSV.
func (t table) VisitListImportRefusalsResponse(w http.ResponseWriter) error { return t.write(w) }

// VisitListAccessesResponse writes the access log as CSV.
func (t table) VisitListAccessesResponse(w http.ResponseWriter) error { return t.write(w) }
