package main

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// A client that is slow, or sends headers without end, is given up on. The times
// are a hundred times shorter than in production.
func TestSlowClients(t *testing.T) {
	server := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			return
		}
		_, _ = io.WriteString(w, "ok")
	}), slog.New(slog.NewJSONHandler(leaks.Log, nil)))
	for _, limit := range []*time.Duration{&server.ReadHeaderTimeout, &server.ReadTimeout, &server.WriteTimeout, &server.IdleTimeout} {
		require.Positive(t, *limit)
		*limit /= 100
	}
	listener, err := listen(t.Context(), "127.0.0.1:0", "")
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	defer func() {
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-ended, http.ErrServerClosed)
	}()
	for name, c := range map[string]struct {
		sends string
		gets  string
	}{
		"no headers":      {"", ""},
		"half a header":   {"GET / HTTP/1.1\r\nHost: x\r\nX-A: ", ""},
		"half a body":     {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf", ""},
		"endless headers": {"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("a", 4*headerBytes) + "\r\n\r\n", "431"},
		"all of it":       {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "200 OK"},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", listener.Addr().String())
			require.NoError(t, err)
			defer func() { _ = conn.Close() }()
			require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
			_, err = io.WriteString(conn, c.sends)
			require.NoError(t, err)
			said, err := io.ReadAll(conn) // until the server hangs up
			if err != nil {
				require.ErrorContains(t, err, "reset")
			}
			require.Contains(t, string(said), c.gets)
		})
	}
}

// The rate is a number.
func TestRequestRate(t *testing.T) {
	for text, good := range map[string]bool{"": true, "1": true, "2.5": true, "0": false, "-1": false, "many": false, "NaN": false} {
		f, err := loadConfig(environment{rateVariable: text}.get).front()
		require.Equal(t, good, err == nil, text)
		require.True(t, !good || f.rate >= 1)
	}
}
