package main

import (
	"log/slog"
	"net/http"
	"time"
)

// What one client can take of a server: how long it may be slow, and how many
// bytes of headers and connections there may be. An upload of an export fits in
// longest, and so does each piece of an answer, of which there may be many. How many connections one address may
// have is for the reverse proxy, which alone sees addresses.
const (
	longestHeader   = 10 * time.Second
	longest         = 2 * time.Minute
	longestIdle     = 2 * time.Minute
	headerBytes     = 16 << 10
	mostConnections = 4096
)

// newServer makes a server that gives up on slow clients.
func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: longestHeader, ReadTimeout: longest, WriteTimeout: longest, IdleTimeout: longestIdle,
		MaxHeaderBytes: headerBytes, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
