package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/fasthold/fasthold/domain"
)

// BenchmarkRequest is what HTTP itself costs: routing, validation, binding, the
// answer and the log line, without the use case.
func BenchmarkRequest(b *testing.B) {
	ops := stub{redeem: func(context.Context, RedeemVoucherRequestObject) (RedeemVoucherResponseObject, error) {
		return RedeemVoucher201JSONResponse{}, nil
	}}
	find := func(context.Context, string) (domain.Actor, error) { return caller, nil }
	h, err := server(Options{Log: slog.New(slog.DiscardHandler)}, find, nil, ops)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequestWithContext(context.Background(), "POST", "/v1/redemptions", strings.NewReader(`{"code": "7ABC-DEFG-HJKM-NPQR-STVW", "amount": 12500, "client_redemption_id": "kasse1-0042"}`))
		r.Header.Set("Authorization", "Bearer x")
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", "k-1")
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != http.StatusCreated {
			b.Fatal(w.Body)
		}
	}
}
