package api

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store/storetest"
)

// counted is the page that Prometheus reads.
func counted(m *Metrics) string {
	w := httptest.NewRecorder()
	m.Page().ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), "GET", "/metrics", nil))
	return w.Body.String()
}

// Requests are counted by route, method and status, refusals by code, and what
// the use cases did by what it was.
func TestMetrics(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	require.Equal(t, 201, w.do(domain.Administrator, "POST", "/units", `{"name": "Syd"}`).Code)
	require.Equal(t, 404, w.do(domain.PartnerRole, "POST", "/voucher-checks", `{"code": "0000-0000-0000-0000-0000"}`).Code)
	w.metrics.Ran("expire", true, time.Unix(1_800_000_000, 0))
	page := counted(w.metrics)
	for _, line := range []string{
		`fasthold_requests_total{method="POST",route="/v1/units",status="201"} 1`,
		`fasthold_requests_total{method="POST",route="/v1/voucher-checks",status="404"} 1`,
		`fasthold_request_seconds_count{method="POST",route="/v1/units"} 1`,
		`fasthold_refusals_total{code="invalid"} 1`,
		`fasthold_wrong_codes_total 1`,
		`fasthold_job_last_run_seconds{job="expire",succeeded="true"} 1.8e+09`,
		"fasthold_database_connections_most 8",
	} {
		require.Contains(t, page, line+"\n")
	}
	require.Regexp(t, `fasthold_vouchers_issued_total [1-9]`, page)
	require.Equal(t, http.StatusNotFound, func() int {
		answer := httptest.NewRecorder()
		w.server.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
		return answer.Code
	}(), "the address that people use does not show them")
}

// Whatever is asked for, labels have few values, and none that a caller made up.
func TestMetricsAreFew(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	routes := map[string]bool{"none": true}
	for _, c := range examples(t) {
		w.send(doer(c.id), c.request(w))
		routes[base+regexp.MustCompile(`\{(\w+)\}`).ReplaceAllString(c.path, ":$1")] = true
	}
	series := strings.Count(counted(w.metrics), "\n")
	for i := range 50 {
		for _, path := range []string{fmt.Sprint("/made-up/", i), fmt.Sprint("/v1/made-up", i), fmt.Sprintf("/v1/vouchers/vch_%032d", i), fmt.Sprint("/v1/units?x=", i)} {
			for _, method := range []string{"GET", "DELETE", fmt.Sprint("MADEUP", i)} {
				r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
				r.Header.Set("Authorization", fmt.Sprint("Bearer made-up-", i))
				w.server.ServeHTTP(httptest.NewRecorder(), r)
			}
		}
	}
	page := counted(w.metrics)
	require.Less(t, strings.Count(page, "\n"), series+300)
	require.NotContains(t, strings.ToLower(page), "made")
	for _, label := range regexp.MustCompile(`route="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		require.True(t, routes[label[1]], label[1])
	}
	require.NotRegexp(t, `[a-z]{3}_[0-9a-f]{32}`, page, "no ID")
	require.NotContains(t, page, "@", "no person")
}
