package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A statement is a PDF or CSV, in Danish or English, and a shop has only its own.
func TestStatements(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		address := "/settlements/" + example("stl", 1) + "/statement"
		for _, role := range []domain.Role{domain.Finance, domain.Auditor, domain.PartnerRole} {
			for query, want := range map[string][2]string{
				"": {"application/pdf", "%PDF-"}, "?format=csv": {"text/csv; charset=utf-8", "\ufeffAfregning;Art;"}, "?format=csv&lang=en": {"text/csv; charset=utf-8", "\ufeffStatement,Kind,"}, "?lang=en": {"application/pdf", "%PDF-"},
			} {
				answer := w.do(role, "GET", address+query, "")
				require.Equal(t, 200, answer.Code, answer.Body)
				require.Equal(t, want[0], answer.Header().Get("Content-Type"))
				require.Contains(t, answer.Header().Get("Content-Disposition"), `"afregning-2026-`)
				require.Equal(t, want[1], answer.Body.String()[:len(want[1])])
			}
		}
		danish, english := w.do(domain.Finance, "GET", address, ""), w.do(domain.Finance, "GET", address+"?lang=en", "")
		require.NotEqual(t, danish.Body.String(), english.Body.String())
		require.Equal(t, danish.Body.String(), w.do(domain.Finance, "GET", address, "").Body.String())
		require.Equal(t, 403, w.do(domain.Caseworker, "GET", address, "").Code)

		file := w.do(domain.Auditor, "GET", "/settlement-runs/"+example("srn", 8)+"/file", "")
		require.Equal(t, 200, file.Code, file.Body)
		require.Contains(t, file.Body.String(), "pain.001.001.09")
		none := w.do(domain.Finance, "GET", "/settlement-runs/"+example("srn", 3)+"/file", "")
		require.Equal(t, 404, none.Code)
		require.Empty(t, none.Header().Get("Content-Disposition"))
	})
}
