package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/net/netutil"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api"
)

type serveCommand struct {
	Migrate bool `help:"First apply migrations that are pending."`
}

// Help is what --help adds.
func (serveCommand) Help() string {
	return "It is configured by environment variables: docs/operations.md has them all. Example:\n\n" +
		"  export FASTHOLD_DATABASE_URL=postgres://fasthold@localhost/fasthold\n" +
		"  export FASTHOLD_CODE_KEYS_FILE=/etc/fasthold/keys FASTHOLD_DATA_KEYS_FILE=/etc/fasthold/data-keys\n  fasthold serve"
}

// Run serves until it is told to stop.
func (c serveCommand) Run(ctx context.Context, p *program) (err error) {
	if err := p.config.production(); err != nil {
		return err // before anything is migrated
	}
	if _, err := p.config.secrets(); err != nil {
		return err
	}
	front, err := p.config.front()
	if err != nil {
		return err
	}
	settings, err := p.config.signIn()
	if err != nil {
		return err
	}
	if c.Migrate {
		if err := (migrateUpCommand{}).Run(ctx, &program{config: p.config, stdout: p.stderr}); err != nil {
			return err
		}
	}
	s, err := p.openWithKeys(ctx, access.WithAddress(front.public))
	if err != nil {
		return err
	}
	defer s.close(&err)
	if err := s.store.Bound(ctx); err != nil {
		return fmt.Errorf("FASTHOLD_DATABASE_URL: %w: let it name a role that owns nothing, and %s who owns the tables, and run fasthold migrate up (docs/operations.md, PostgreSQL)", err, ownerVariable)
	}
	if err := s.inTime(ctx); err != nil {
		return err
	}
	if front.signIn, err = s.providers(ctx, settings, front); err != nil {
		return err
	}
	listener, err := listen(ctx, p.config.Listen, "FASTHOLD_LISTEN")
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(p.stderr, nil))
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if front.metrics, err = p.metrics(ctx, s, log); err != nil {
		return errors.Join(err, listener.Close())
	}
	log.InfoContext(ctx, "listening", "address", listener.Addr().String(), "database", s.store.Dialect())
	return serve(ctx, listener, s, log, front)
}

// listen takes the address, or says which setting names another.
func listen(ctx context.Context, address, setting string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s, perhaps because something else does: name another address with %s, like 127.0.0.1:8081 (%w)", address, setting, err)
	}
	return listener, nil
}

// longestStop is how long a server may take to end.
const longestStop = 30 * time.Second

// heapGrowth lets the small heap of a server grow to four times what is in use
// before it is collected, which costs some megabytes and saves a tenth of the
// processor's time.
const heapGrowth = 300

// serve answers on listener and runs the jobs until ctx ends; then it takes no
// more requests, finishes those in flight, and returns.
func serve(ctx context.Context, listener net.Listener, s *site, log *slog.Logger, f front) error {
	handler, err := api.New(api.Options{Service: s.Service, Access: s.access, Settlement: s.settlement, Log: log, Proxies: f.proxies, Public: f.public, Metrics: f.metrics, Rate: f.rate, SignIn: f.signIn, Demo: f.demo, InTime: s.inTime})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := newServer(handler, log)
	if set := debug.SetGCPercent(heapGrowth); set != 100 {
		debug.SetGCPercent(set) // GOGC says otherwise
	}
	ctx, stop := context.WithCancel(ctx)
	var atWork sync.WaitGroup
	atWork.Go(func() { jobs{s.Service, s.access, log, f.metrics, f.post, s.inTime}.run(ctx) })
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(netutil.LimitListener(listener, mostConnections)) }()
	select {
	case err = <-failed: // never nil
	case <-ctx.Done():
		log.InfoContext(ctx, "stopping", "at_most", longestStop.String())
		patience, enough := context.WithTimeout(context.WithoutCancel(ctx), longestStop)
		err = server.Shutdown(patience)
		enough()
	}
	stop()
	atWork.Wait()
	return err
}
