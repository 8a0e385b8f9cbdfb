package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/fasthold/fasthold/api"
)

// metricsVariable names the address where metrics are read.
const metricsVariable = "FASTHOLD_METRICS_LISTEN"

// metrics counts for a server and, where the configuration names an address,
// shows it there until ctx ends.
func (p *program) metrics(ctx context.Context, s *site, log *slog.Logger) (*api.Metrics, error) {
	m := api.NewMetrics(s.Figures, s.store.Pool)
	if p.config.Metrics == "" {
		return m, nil
	}
	listener, err := listen(ctx, p.config.Metrics, metricsVariable)
	if err != nil {
		return nil, err
	}
	log.InfoContext(ctx, "metrics", "at", listener.Addr().String())
	server := newServer(m.Page(), log)
	context.AfterFunc(ctx, func() { _ = server.Close() }) // nobody waits for the last figures
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.ErrorContext(ctx, "metrics end", "error", err)
		}
	}()
	return m, nil
}
