package api

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers/sheet"
)

// A file that is too big, or no export, is refused as such and keeps nothing.
func TestImportRefusedWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		const heading = "id;version;plan;tidspunkt;type;udfald;registreret_af;registreret\n"
		for name, c := range map[string]struct {
			file   string
			status int
			says   []string
		}{
			"too big": {heading + strings.Repeat("\n", sheet.MaxBytes), 413, []string{`"too_large"`, `"attendance"`, "at most 16 MiB: export it in parts"}},
			"garbage": {heading + strings.Repeat("x\n", 512<<10), 422, []string{`"too_many_refused"`, "more than 10000 lines are refused"}},
		} {
			before := w.newest()
			var form bytes.Buffer
			parts := multipart.NewWriter(&form)
			require.NoError(t, parts.WriteField("programme_id", w.here("prg_01920000000070008000000000000001")))
			_, err := ok(parts.CreateFormFile("attendance", "fremmoede.csv")).Write([]byte(c.file))
			require.NoError(t, err)
			require.NoError(t, parts.Close())
			r := httptest.NewRequestWithContext(t.Context(), "POST", base+"/imports", &form)
			r.Header.Set("Content-Type", parts.FormDataContentType())
			r.Header.Set("Idempotency-Key", strings.ReplaceAll(name, " ", "-"))
			answer := w.send(domain.TeamLeader, r)
			require.Equal(t, c.status, answer.Code, answer.Body.String())
			for _, says := range c.says {
				require.Contains(t, answer.Body.String(), says)
			}
			require.Equal(t, before, w.newest())
		}
	})
}
