package api

import (
	"context"
	"net/url"
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
		Figure: r.Figure, GroupBy: r.GroupBy, From: r.ReportQuery.From, At: r.At, Currency: r.Currency, Total: r.Total, Vouchers: r.Vouchers,
		Rows: each(r.Rows, func(row vouchers.ReportRow) ReportRow {
			return ReportRow{Key: vouchers.GroupKey(r.GroupBy, row.Key), Label: row.Label, Amount: row.Amount, Vouchers: row.Vouchers, PostingsURL: postings(r, row)}
		}),
	}
}

// postings is where a row's postings are: those that the report's filters and
// the row's group select, and no others.
func postings(r vouchers.Report, row vouchers.ReportRow) string {
	query, from, to := url.Values{}, r.PostingFilter.From, r.To
	set := func(name, value string) {
		if value != "" {
			query.Set(name, value)
		}
	}
	first, last := r.Span(row)
	span := func(prefix string) {
		set(prefix+"_from", first.String())
		set(prefix+"_to", last.String())
	}
	switch {
	case r.GroupBy == "lapse":
		span("lapses")
	case r.GroupBy == "age", r.GroupBy == "month" && r.Figure == "outstanding":
		span("issued")
	case r.GroupBy == "month":
		from, to = later(from, first), earlier(to, last)
	}
	set("figure", r.Figure)
	set("currency", r.Currency)
	set("from", from.String())
	set("to", to.String())
	set("unit_id", shown[unt](r.UnitID))
	set("programme_id", shown[prg](r.ProgrammeID))
	set("partner_id", shown[prt](r.PartnerID))
	if !r.ByDays() {
		set(r.GroupBy+"_id", vouchers.GroupKey(r.GroupBy, row.Key))
	}
	return base + "/postings?" + query.Encode()
}

// later and earlier choose between two dates; a zero one is no bound.
func later(a, b domain.Date) domain.Date {
	if a.IsZero() || a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b domain.Date) domain.Date {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func reportTable(r Report) table {
	return table{
		heading: []string{r.GroupBy, "label", r.Figure, "currency", "vouchers"},
		rows: func(row func(...string) error) error {
			for _, x := range r.Rows {
				if err := row(x.Key, domain.SafeCell(x.Label), strconv.FormatInt(x.Amount, 10), r.Currency, strconv.FormatInt(x.Vouchers, 10)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
