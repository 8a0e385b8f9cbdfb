package api

import (
	"database/sql"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/fasthold/fasthold/vouchers"
)

// Metrics count what a server does, for Prometheus. No label holds an ID, an
// address or a person: routes, methods, statuses, codes and jobs are few.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	refusals *prometheus.CounterVec
	jobs     *prometheus.GaugeVec
}

// NewMetrics counts for one server: what the use cases did, and how its
// connections to the database are used.
func NewMetrics(done func() vouchers.Figures, pool func() sql.DBStats) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "fasthold_requests_total", Help: "Requests answered."}, []string{"method", "route", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "fasthold_request_seconds", Help: "How long answers took.", Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60},
		}, []string{"method", "route"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "fasthold_refusals_total", Help: "Requests refused, by the code in docs/api.md."}, []string{"code"}),
		jobs:     prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "fasthold_job_last_run_seconds", Help: "When a job last came to its end, in seconds since 1970; succeeded is false when it failed."}, []string{"job", "succeeded"}),
	}
	m.registry.MustRegister(m.requests, m.took, m.refusals, m.jobs, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for name, c := range map[string]struct {
		help string
		of   func(vouchers.Figures) int64
	}{
		"fasthold_vouchers_issued_total":         {"Vouchers that awards were paid with.", func(f vouchers.Figures) int64 { return f.Issued }},
		"fasthold_redemptions_total":             {"Redemptions.", func(f vouchers.Figures) int64 { return f.Redeemed }},
		"fasthold_redemptions_minor_units_total": {"What redemptions paid, in minor units (øre).", func(f vouchers.Figures) int64 { return f.Paid }},
		"fasthold_wrong_codes_total":             {"Codes that no voucher has.", func(f vouchers.Figures) int64 { return f.WrongCodes }},
	} {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: c.help}, func() float64 { return float64(c.of(done())) }))
	}
	for name, c := range map[string]struct {
		help string
		of   func(sql.DBStats) float64
	}{
		"fasthold_database_connections":        {"Connections to the database.", func(s sql.DBStats) float64 { return float64(s.OpenConnections) }},
		"fasthold_database_connections_in_use": {"Connections at work.", func(s sql.DBStats) float64 { return float64(s.InUse) }},
		"fasthold_database_connections_most":   {"As many connections as there may be.", func(s sql.DBStats) float64 { return float64(s.MaxOpenConnections) }},
		"fasthold_database_waited_seconds":     {"How long requests have waited for a connection, together.", func(s sql.DBStats) float64 { return s.WaitDuration.Seconds() }},
	} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: c.help}, func() float64 { return c.of(pool()) }))
	}
	return m
}

// methods are those that are counted by name.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

// answered counts a request. Its route is "" where there is none; code is "" for
// an answer that refuses nothing.
func (m *Metrics) answered(method, route string, status int, code string, took time.Duration) {
	if m == nil {
		return
	}
	if !slices.Contains(methods, method) {
		method = "other"
	}
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.took.WithLabelValues(method, route).Observe(took.Seconds())
	if code != "" {
		m.refusals.WithLabelValues(code).Inc()
	}
}

// Ran notes that a job came to its end.
func (m *Metrics) Ran(job string, succeeded bool, at time.Time) {
	if m != nil {
		m.jobs.WithLabelValues(job, strconv.FormatBool(succeeded)).Set(float64(at.Unix()))
	}
}

// Page answers with the metrics, at /metrics. It belongs on an address of its
// own, which only the operator's Prometheus reaches.
func (m *Metrics) Page() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return mux
}
