package api

import (
	"context"
	"strconv"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// GetReport answers getReport.
func (h *handlers) GetReport(ctx context.Context, r GetReportRequestObject) (GetReportResponseObject, error) {
	q := vouchers.ReportQuery{
		Figure: r.Figure, GroupBy: r.Params.GroupBy, From: r.Params.From, At: r.Params.At,
		PostingFilter: vouchers.PostingFilter{
			UnitID: domain.ID(r.Params.UnitID), ProgrammeID: domain.ID(r.Params.ProgrammeID), PartnerID: domain.ID(r.Params.PartnerID), Currency: r.Params.Currency,
		},
	}
	if q.GroupBy == "" {
		q.GroupBy = "programme"
	}
	report, err := h.service.Report(ctx, auth.Actor(ctx), q)
	if err != nil {
		return nil, err
	}
	shown := showReport(report)
	if r.Params.Format == "csv" {
		return reportTable(shown), nil
	}
	return GetReport200JSONResponse(shown), nil
}

func showReport(r vouchers.Report) Report {
	return Report{
		Figure: r.Figure, GroupBy: r.GroupBy, From: r.ReportQuery.From, At: r.At, Currency: r.Currency, Total: r.Total, Vouchers: r.Vouchers, PostingsURL: postings(r.Behind(vouchers.ReportRow{})),
		Rows: each(r.Rows, func(row vouchers.ReportRow) ReportRow {
			return ReportRow{Key: vouchers.GroupKey(r.GroupBy, row.Key), Label: row.Label, Amount: row.Amount, Vouchers: row.Vouchers, PostingsURL: postings(r.Behind(row))}
		}),
	}
}

func reportTable(r Report) table {
	return table{
		heading: []string{r.GroupBy, "label", r.Figure, "currency", "vouchers", "from", "at"},
		rows: func(row func(...string) error) error {
			for _, x := range r.Rows {
				if err := row(x.Key, domain.SafeCell(x.Label), strconv.FormatInt(x.Amount, 10), r.Currency, strconv.FormatInt(x.Vouchers, 10), r.From.String(), r.At.String()); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
