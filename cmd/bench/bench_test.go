package main

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestDrive sends requests from several clients to a real server, whose answers
// are short, long enough to come in chunks, or refusals.
func TestDrive(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Idempotency-Key") == "refuse":
			http.Error(w, "no", http.StatusConflict)
		case r.URL.Path == "/long":
			_, _ = w.Write([]byte(long))
		default:
			_, _ = w.Write([]byte(r.Header.Get("Authorization")))
		}
	}))
	defer server.Close()
	c, err := connect(t.Context(), server.Listener.Addr().String())
	require.NoError(t, err)
	for path, want := range map[string]string{"/": "Bearer tok", "/long": long} {
		status, body, err := c.post(request{path: path, token: "tok", body: "{}"})
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, want, string(body))
	}
	got, err := drive(t.Context(), server.Listener.Addr().String(), 2, 50*time.Millisecond, http.StatusOK, func(int) request { return request{path: "/"} })
	require.NoError(t, err)
	require.NotEmpty(t, got.latencies)
	require.Zero(t, got.errors)
	n := len(got.latencies)
	got.add(got)
	require.Len(t, got.latencies, 2*n)
	require.InDelta(t, float64(n)/.05, got.rate(), 1)
	require.LessOrEqual(t, got.quantile(.5), got.quantile(.99))
	_, err = drive(t.Context(), server.Listener.Addr().String(), 1, time.Millisecond, http.StatusOK, func(int) request { return request{path: "/", key: "refuse"} })
	require.ErrorContains(t, err, "no request succeeded: 409 no")
}

func TestAnswerIncomplete(t *testing.T) {
	for _, text := range []string{"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"} {
		c := client{reader: bufio.NewReader(strings.NewReader(text))}
		_, _, err := c.answer()
		require.Error(t, err, text)
	}
}

func TestParse(t *testing.T) {
	o, err := parse([]string{"-clients", "1, 8", "-seconds", "3"})
	require.NoError(t, err)
	require.Equal(t, []int{1, 8}, o.clients)
	require.Equal(t, 3*time.Second, o.seconds)
	require.Equal(t, 1_000_000, o.vouchers)
	for _, bad := range []string{"", "0", "1001", "eight"} {
		_, err := parse([]string{"-clients", bad})
		require.ErrorContains(t, err, "-clients")
	}
}

// TestVoucherID is the ID that redeem.sql works out from the same number.
func TestVoucherID(t *testing.T) {
	require.Equal(t, "01900000-0000-7000-8000-0000000003e8", voucherID(1000).String())
}
