package api

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/vouchers"
)

// base is where the operations of openapi.yaml are.
const base = "/v1"

// Options is what a server needs.
type Options struct {
	Service    *vouchers.Service
	Access     *access.Service
	Settlement *settlement.Service
	Log        *slog.Logger
	Proxies    []*net.IPNet                // reverse proxies whose X-Forwarded-For is believed; none: the connection's own address counts
	Metrics    *Metrics                    // nil: nothing is counted
	Rate       float64                     // requests a second that one credential may send; 0: DefaultRate
	Public     *url.URL                    // the address that people use, without a path; nil: not said, and nobody can sign in
	SignIn     *signin.Providers           // the municipalities' OpenID providers; nil: there are none
	InTime     func(context.Context) error // an error while the server's clock is wrong: it is not ready then; nil: nobody asks
	Demo       *DemoDoor                   // how people get into the demo; nil: this is no demo
	load       *load                       // what callers are bounded by; nil: one is made
}

// New makes the HTTP API. Timeouts are the http.Server's, in cmd.
func New(o Options) (http.Handler, error) {
	if o.load == nil {
		o.load = newLoad(o.Rate)
	}
	h := &handlers{service: o.Service, access: o.Access, settlement: o.Settlement, public: o.Public, providers: o.SignIn, log: o.Log, load: o.load, demo: o.Demo}
	return server(o, o.Access.Authenticate, o.ready, h, h.signInPages, h.accountPages, h.demoPages, h.todayPages, h.correctPages, h.voucherPages, h.citizenPages, h.importPages, h.leaderPages, h.limitPages, h.runPages, h.programmePages, h.booksPages, h.budgetPages, h.auditPages, h.adminPages, h.till)
}

// ready gives an error unless requests can be served.
func (o Options) ready(ctx context.Context) error {
	if err := o.Service.Ready(ctx); err != nil || o.InTime == nil {
		return err
	}
	return o.InTime(ctx)
}

// handlers answers the operations, one file a resource.
type handlers struct {
	service    *vouchers.Service
	access     *access.Service
	settlement *settlement.Service
	public     *url.URL          // nil: not said
	providers  *signin.Providers // nil: no municipality has one
	log        *slog.Logger
	load       *load
	demo       *DemoDoor // nil: this is no demo
}

func server(o Options, find auth.Caller, ready func(context.Context) error, ops StrictServerInterface, pages ...func(router)) (http.Handler, error) {
	table, err := operations()
	if err != nil {
		return nil, err
	}
	ours, err := crossOrigin(o.Public)
	if err != nil {
		return nil, err
	}
	e := echo.New()
	e.HTTPErrorHandler = answer
	e.IPExtractor = addresses(o.Proxies)
	e.Use(patient, headers(o.Public), watch(o.Log, o.Metrics), sameOrigin(ours))
	r := router{e}
	r.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	r.GET("/readyz", func(c echo.Context) error { return readiness(c, ready) })
	r.GET("/static/:file", asset)
	load, chain := o.load, map[string][]echo.MiddlewareFunc{}
	if load == nil {
		load = newLoad(o.Rate)
	}
	ownPages{o.Service, o.Access, find, load}.routes(r)
	for id, op := range table {
		chain[id] = []echo.MiddlewareFunc{auth.Nobody, op.validate}
		if !op.public {
			chain[id] = []echo.MiddlewareFunc{auth.Require(find, op.cookies...), load.bound(id), op.validate}
		}
	}
	for _, add := range pages {
		add(r)
	}
	RegisterHandlersWithOptions(r, NewStrictHandler(ops, nil), RegisterHandlersOptions{BaseURL: base, OperationMiddlewares: chain})
	return e, nil
}

// router answers HEAD wherever it answers GET, with the same headers; net/http
// leaves the body out (RFC 9110 §9.3.2).
type router struct{ *echo.Echo }

func (r router) GET(path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) *echo.Route {
	r.HEAD(path, h, m...)
	return r.Echo.GET(path, h, m...)
}

// readiness answers whether requests can be served: the database answers, its
// schema is current and the clock is right. Why not is for the log only.
func readiness(c echo.Context, ready func(context.Context) error) error {
	if err := ready(c.Request().Context()); err != nil {
		return &notReady{err}
	}
	return c.String(http.StatusOK, "ready\n")
}

// notReady tells the outside as little as a database that is away.
type notReady struct{ cause error }

func (n *notReady) Error() string { return n.cause.Error() }

func (n *notReady) Unwrap() error {
	return domain.Errorf(domain.Unavailable, "not_ready", "the database is away, its schema is not current, or the clock is wrong")
}

// addresses says whose word counts for where a request comes from.
func addresses(proxies []*net.IPNet) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		trust = append(trust, echo.TrustIPRange(p))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}
