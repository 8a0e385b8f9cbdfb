package api

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// A download that is slow but goes on is finished, however many times longer than
// WriteTimeout it takes; one that has come to a stand is broken off.
func TestSlowDownload(t *testing.T) {
	const pieces, patience = 512, 500 * time.Millisecond
	ended := make(chan error, 1)
	long := func(r router) {
		r.GET("/long", func(c echo.Context) error {
			c.Response().WriteHeader(http.StatusOK)
			for range pieces { // more than the system takes in for a client that does not read
				if _, err := c.Response().Write(make([]byte, pieceBytes)); err != nil {
					ended <- err
					return err
				}
			}
			ended <- nil
			return nil
		})
	}
	h := searched(ok(server(Options{Log: slog.New(slog.NewJSONHandler(leaks.Log, nil))}, nil, func(context.Context) error { return errors.New("away") }, stub{}, long)))
	live := httptest.NewUnstartedServer(h)
	live.Config.WriteTimeout = patience
	live.Start()
	defer live.Close()
	call := func() *http.Response {
		client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
			if err == nil {
				err = conn.(*net.TCPConn).SetReadBuffer(64 << 10)
			}
			return conn, err
		}}}
		r, err := client.Do(ok(http.NewRequestWithContext(t.Context(), "GET", live.URL+"/long", nil)))
		require.NoError(t, err)
		return r
	}

	began, slow, got := time.Now(), call(), 0
	for range 32 {
		n, err := io.CopyN(io.Discard, slow.Body, pieces*pieceBytes/32)
		require.NoError(t, err)
		got += int(n)
		time.Sleep(patience / 5)
	}
	require.NoError(t, <-ended)
	require.Equal(t, pieces*pieceBytes, got)
	require.Greater(t, time.Since(began), 4*patience)
	require.NoError(t, slow.Body.Close())

	stalled := call()
	require.ErrorIs(t, <-ended, os.ErrDeadlineExceeded)
	_, err := io.Copy(io.Discard, stalled.Body)
	require.Error(t, err, "half an answer does not look like a whole one")
	require.NoError(t, stalled.Body.Close())
}
