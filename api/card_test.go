package api

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store/storetest"
)

// TestCardIsServedWithItsPolicy: a browser that keeps to the policy sent with
// the page shows the style sent in it.
func TestCardIsServedWithItsPolicy(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	answer := w.do(domain.TeamLeader, "GET", "/vouchers/"+example("vch", 1)+"/card", "")
	require.Equal(t, 200, answer.Code)
	require.Equal(t, "text/html; charset=utf-8", answer.Header().Get("Content-Type"))
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(answer.Body.String())
	require.NotEmpty(t, style)
	sum := sha256.Sum256([]byte(style[1]))
	require.Len(t, answer.Header().Values("Content-Security-Policy"), 1)
	require.Contains(t, answer.Header().Get("Content-Security-Policy"), "style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"';")
}
