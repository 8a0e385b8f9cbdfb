package api

import (
	"cmp"
	"context"
	"io"
	"strings"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/settlement/statement"
)

// FileSettlementRun answers fileSettlementRun.
func (h *handlers) FileSettlementRun(ctx context.Context, r FileSettlementRunRequestObject) (FileSettlementRunResponseObject, error) {
	a, err := h.settlement.FileRun(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.SettlementRunID), r.Body.ExecuteOn)
	if err != nil {
		return nil, err
	}
	return FileSettlementRun200JSONResponse{showRun(a.Value), FileSettlementRun200ResponseHeaders{replayed(a.Replayed)}}, nil
}

// GetPaymentFile answers getPaymentFile.
func (h *handlers) GetPaymentFile(ctx context.Context, r GetPaymentFileRequestObject) (GetPaymentFileResponseObject, error) {
	file, err := h.settlement.PaymentFile(ctx, auth.Actor(ctx), domain.ID(r.SettlementRunID), r.Params.AlthoughReversed == "yes")
	if err != nil {
		return nil, err
	}
	return attachment{kind: "application/xml", name: "pain.001-" + file.MessageID + ".xml", body: func(w io.Writer) error {
		_, err := io.Copy(w, strings.NewReader(file.Document))
		return err
	}}, nil
}

// GetSettlementStatement answers getSettlementStatement.
func (h *handlers) GetSettlementStatement(ctx context.Context, r GetSettlementStatementRequestObject) (GetSettlementStatementResponseObject, error) {
	format := cmp.Or(r.Params.Format, settlement.StatementPDF)
	f, err := h.settlement.Statement(ctx, auth.Actor(ctx), domain.ID(r.SettlementID), format, cmp.Or(r.Params.Lang, statement.Danish))
	if err != nil {
		return nil, err
	}
	kind := map[string]string{settlement.StatementPDF: "application/pdf", settlement.StatementCSV: "text/csv; charset=utf-8"}[format]
	return attachment{kind: kind, name: "afregning-" + f.Number + "." + format, body: f.Write}, nil
}
