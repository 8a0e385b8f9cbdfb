package api

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/vouchers"
	files "github.com/fasthold/fasthold/vouchers/table"
)

// StartExport answers startExport.
func (h *handlers) StartExport(ctx context.Context, r StartExportRequestObject) (StartExportResponseObject, error) {
	f := r.Body.Filters
	a, err := h.service.StartExport(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), vouchers.ExportRequest{
		What: r.Body.What, Format: r.Body.Format, Filters: vouchers.ExportFilters{
			From: f.From, To: f.To, At: f.At, UnitID: domain.ID(f.UnitID), ProgrammeID: domain.ID(f.ProgrammeID), PartnerID: domain.ID(f.PartnerID),
			Account: ledger.Account(f.Account), Event: ledger.Event(f.Event), State: f.State, Currency: f.Currency, Figure: f.Figure, GroupBy: f.GroupBy,
		},
	})
	if err != nil {
		return nil, err
	}
	shown, err := showExport(a.Value)
	if err != nil {
		return nil, err
	}
	return StartExport202JSONResponse{shown, StartExport202ResponseHeaders{replayed(a.Replayed), base + "/exports/" + shown.ID.String()}}, nil
}

func showExport(e domain.Export) (Export, error) {
	var f vouchers.ExportFilters
	if err := json.Unmarshal(e.Filters, &f); err != nil {
		return Export{}, err
	}
	shown := Export{
		ID: ExportID(e.ID), What: e.What, Format: e.Format, State: e.State, RowsTotal: e.RowsTotal, RowsDone: e.RowsDone, Bytes: e.Bytes, Failure: e.Failure, CreatedAt: e.CreatedAt,
		Filters: ExportFilters{
			From: f.From, To: f.To, At: f.At, UnitID: UnitID(f.UnitID), ProgrammeID: ProgrammeID(f.ProgrammeID), PartnerID: PartnerID(f.PartnerID),
			Account: string(f.Account), Event: string(f.Event), State: f.State, Currency: f.Currency, Figure: f.Figure, GroupBy: f.GroupBy,
		},
	}
	if e.FinishedAt != nil {
		shown.FinishedAt = *e.FinishedAt
	}
	if e.State == domain.ExportDone {
		shown.FileURL = base + "/exports/" + shown.ID.String() + "/file"
	}
	return shown, nil
}

// GetExport answers getExport.
func (h *handlers) GetExport(ctx context.Context, r GetExportRequestObject) (GetExportResponseObject, error) {
	e, err := h.service.Export(ctx, auth.Actor(ctx), domain.ID(r.ExportID))
	if err != nil {
		return nil, err
	}
	shown, err := showExport(e)
	return GetExport200JSONResponse(shown), err
}

// ListExports answers listExports.
func (h *handlers) ListExports(ctx context.Context, r ListExportsRequestObject) (ListExportsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Exports(ctx, auth.Actor(ctx), p)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(e domain.Export) domain.ID { return e.ID }, func(e domain.Export) (shown Export) {
		if err == nil {
			shown, err = showExport(e)
		}
		return shown
	})
	return ListExports200JSONResponse{Data: data, HasMore: more, NextCursor: next}, err
}

// GetExportFile answers getExportFile. The file goes out piece by piece.
func (h *handlers) GetExportFile(ctx context.Context, r GetExportFileRequestObject) (GetExportFileResponseObject, error) {
	e, file, err := h.service.ExportFile(ctx, auth.Actor(ctx), domain.ID(r.ExportID))
	if err != nil {
		return nil, err
	}
	var f vouchers.ExportFilters
	if err := json.Unmarshal(e.Filters, &f); err != nil {
		return nil, err
	}
	headers := GetExportFile200ResponseHeaders{ContentDisposition: fmt.Sprintf("attachment; filename=%q", vouchers.ExportFileName(e, f))}
	if e.Format == files.XLSX {
		return GetExportFile200ApplicationVndOpenxmlformatsOfficedocumentSpreadsheetmlSheetResponse{Body: file, Headers: headers, ContentLength: e.Bytes}, nil
	}
	return GetExportFile200TextCsvResponse{Body: file, Headers: headers, ContentLength: e.Bytes}, nil
}
