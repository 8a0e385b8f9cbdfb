package api

import (
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// reports has two exports made, and closes the books through July and August.
func (w *world) reports() {
	ctx, finance := w.t.Context(), w.as(domain.Finance)
	for n, format := range []string{"csv", "xlsx"} {
		w.is("exp", n+1, ok(w.service.StartExport(ctx, finance, store.Key{}, vouchers.ExportRequest{What: "postings", Format: format})).Value.ID)
	}
	require.Equal(w.t, 2, ok(w.service.RunExports(ctx, w.home)))
	for n, through := range []domain.Date{{Year: 2026, Month: 7, Day: 31}, {Year: 2026, Month: 8, Day: 31}} {
		w.is("cls", n+1, ok(w.settlement.Close(ctx, finance, store.Key{}, through)).Value.ID)
	}
}
