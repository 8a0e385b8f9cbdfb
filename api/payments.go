package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

func showPayer(p domain.PaymentSettings) PaymentSettings {
	return PaymentSettings{Name: p.Name, IBAN: p.IBAN, Bic: p.BIC, CVR: p.CVR, Gln: p.GLN, Agreement: p.Agreement, ChangedBy: p.ChangedBy, CreatedAt: p.CreatedAt}
}

// GetPaymentSettings answers getPaymentSettings.
func (h *handlers) GetPaymentSettings(ctx context.Context, _ GetPaymentSettingsRequestObject) (GetPaymentSettingsResponseObject, error) {
	p, err := h.settlement.PaymentSettings(ctx, auth.Actor(ctx))
	if err != nil {
		return nil, err
	}
	return GetPaymentSettings200JSONResponse{showPayer(p), GetPaymentSettings200ResponseHeaders{etag(int64(p.Number))}}, nil
}

// UpdatePaymentSettings answers updatePaymentSettings.
func (h *handlers) UpdatePaymentSettings(ctx context.Context, r UpdatePaymentSettingsRequestObject) (UpdatePaymentSettingsResponseObject, error) {
	p, err := h.settlement.UpdatePaymentSettings(ctx, auth.Actor(ctx), version(r.Params.IfMatch), settlement.PayerInput{
		Name: r.Body.Name, IBAN: r.Body.IBAN, BIC: r.Body.Bic, CVR: r.Body.CVR, GLN: r.Body.Gln, Agreement: r.Body.Agreement,
	})
	if err != nil {
		return nil, err
	}
	return UpdatePaymentSettings200JSONResponse{showPayer(p), UpdatePaymentSettings200ResponseHeaders{etag(int64(p.Number))}}, nil
}
