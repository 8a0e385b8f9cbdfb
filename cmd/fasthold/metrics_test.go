package main

import (
	"io"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// Metrics are on an address of their own, while the server runs.
func TestMetricsListen(t *testing.T) {
	e := newEnvironment("sqlite:" + t.TempDir() + "/new.db")
	e.must(t, "migrate", "up")
	e.must(t, "municipality", "create", "Varde Kommune")
	e[metricsVariable] = "127.0.0.1:99999"
	require.Contains(t, e.fails(t, "serve"), metricsVariable)
	e[metricsVariable] = "127.0.0.1:0"
	server := serving(t, e)
	require.Equal(t, http.StatusNotFound, get(t, server.address+"/metrics", ""))
	address := "http://" + regexp.MustCompile(`"metrics","at":"([^"]+)"`).FindStringSubmatch(server.log.String())[1] + "/metrics"
	require.Eventually(t, func() bool {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		require.NoError(t, err)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		leaks.Page(string(text))
		return regexp.MustCompile(`fasthold_job_last_run_seconds\{job="expire",succeeded="true"\} [0-9.e+]+`).Match(text)
	}, time.Minute, 50*time.Millisecond)
	server.cancel()
	require.NoError(t, <-server.ended)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	_, err = http.DefaultClient.Do(r) //nolint:bodyclose // there is no answer
	require.Error(t, err)
}
