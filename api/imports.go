package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/sheet"
)

func showImport(i domain.Import) Import {
	shown := Import{
		ID: ImportID(i.ID), ProgrammeID: ProgrammeID(i.ProgrammeID), State: i.State, PlansTotal: i.PlansTotal, PlansDone: i.PlansDone,
		LinesAccepted: i.LinesAccepted, LinesRefused: i.LinesRefused, Vouchers: i.Vouchers, Amount: i.Amount, Failure: i.Failure, CreatedAt: i.CreatedAt,
	}
	if i.FinishedAt != nil {
		shown.FinishedAt = *i.FinishedAt
	}
	return shown
}

// StartImport answers startImport.
func (h *handlers) StartImport(ctx context.Context, r StartImportRequestObject) (StartImportResponseObject, error) {
	form, err := readForm(r.Body, "programme_id", "plans", "attendance")
	if err != nil {
		return nil, err
	}
	if len(form["plans"]) == 0 && len(form["attendance"]) == 0 {
		return nil, malformed(domain.FieldError{Field: "plans", Code: "required", Message: "send plans, attendance or both"})
	}
	var programme ProgrammeID
	if err := programme.UnmarshalText(form["programme_id"]); err != nil {
		return nil, malformed(domain.FieldError{Field: "programme_id", Code: "invalid", Message: "must be a programme's id: " + err.Error()})
	}
	// The boundary between the parts differs each time a form is sent: what was
	// asked is the parts.
	ctx = withAsked(ctx, fmt.Appendf(nil, "startImport %s %x %x", programme, sha256.Sum256(form["plans"]), sha256.Sum256(form["attendance"])))
	a, err := h.service.StartImport(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), vouchers.Export{
		ProgrammeID: domain.ID(programme), Plans: form["plans"], Attendance: form["attendance"],
	})
	if err != nil {
		return nil, err
	}
	shown := showImport(a.Value)
	return StartImport202JSONResponse{shown, StartImport202ResponseHeaders{replayed(a.Replayed), base + "/imports/" + shown.ID.String()}}, nil
}

// readForm reads the parts of a form, which may have these names, each no further
// than a file may be long.
func readForm(r *multipart.Reader, parts ...string) (map[string][]byte, error) {
	form := map[string][]byte{}
	for {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, unread(err)
		}
		name := part.FormName()
		switch _, twice := form[name]; {
		case !slices.Contains(parts, name):
			return nil, malformed(domain.FieldError{Field: named(inside("", name)), Code: "unknown_field", Message: "is not known here: leave it out"})
		case twice:
			return nil, malformed(domain.FieldError{Field: name, Code: "duplicate_field", Message: "must be there once only"})
		}
		if form[name], err = io.ReadAll(io.LimitReader(part, sheet.MaxBytes+1)); err != nil {
			return nil, unread(err)
		}
		if len(form[name]) > sheet.MaxBytes {
			return nil, refuse(http.StatusRequestEntityTooLarge, "too_large", "a file may be at most 16 MiB: export it in parts",
				domain.FieldError{Field: name, Code: "too_large", Message: fmt.Sprintf("must be at most %d bytes", sheet.MaxBytes)})
		}
	}
	return form, nil
}

// GetImport answers getImport.
func (h *handlers) GetImport(ctx context.Context, r GetImportRequestObject) (GetImportResponseObject, error) {
	i, err := h.service.Import(ctx, auth.Actor(ctx), domain.ID(r.ImportID))
	if err != nil {
		return nil, err
	}
	return GetImport200JSONResponse(showImport(i)), nil
}

// ListImports answers listImports.
func (h *handlers) ListImports(ctx context.Context, r ListImportsRequestObject) (ListImportsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Imports(ctx, auth.Actor(ctx), p)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(i domain.Import) domain.ID { return i.ID }, showImport)
	return ListImports200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// ListImportRefusals answers listImportRefusals.
func (h *handlers) ListImportRefusals(ctx context.Context, r ListImportRefusalsRequestObject) (ListImportRefusalsResponseObject, error) {
	lines, err := h.service.ImportRefusals(ctx, auth.Actor(ctx), domain.ID(r.ImportID))
	if err != nil {
		return nil, err
	}
	if r.Params.Format == "csv" {
		return refusalTable(lines), nil
	}
	return ListImportRefusals200JSONResponse{Data: each(lines, func(l domain.ImportRefusal) ImportRefusal {
		return ImportRefusal{File: l.File, Line: l.Line, Column: l.Column, Reason: l.Reason}
	})}, nil
}

func refusalTable(lines []domain.ImportRefusal) table {
	return table{
		heading: []string{"file", "line", "column", "reason"},
		rows: func(row func(...string) error) error {
			for _, l := range lines {
				if err := row(l.File, strconv.Itoa(l.Line), domain.SafeCell(l.Column), domain.SafeCell(l.Reason)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
