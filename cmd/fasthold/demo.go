package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api"
	"github.com/fasthold/fasthold/store"
)

type demoCommand struct {
	Data   string `type:"path" default:"fasthold-demo" help:"The demo's folder; it is made when it is not there."`
	Fresh  bool   `help:"Start over: forget what the folder holds."`
	Listen string `default:"127.0.0.1:8080" help:"Address to serve on."`
}

// Help is what --help adds.
func (demoCommand) Help() string {
	return "All people, shops and figures in it are invented. It ends with Ctrl-C; the next start goes on where it was. Example:\n\n" +
		"  fasthold demo --fresh --listen 127.0.0.1:8081"
}

// Run builds the demo, if it is not there, and serves it. It takes its address
// first: a port that is taken is known before any work is done.
func (c demoCommand) Run(ctx context.Context, p *program) (err error) {
	began := time.Now()
	listener, err := listen(ctx, c.Listen, "--listen")
	if err != nil {
		return err
	}
	defer func() {
		if closing := listener.Close(); !errors.Is(closing, net.ErrClosed) {
			err = errors.Join(err, closing)
		}
	}()
	folder := demoFolder(c.Data)
	if err := folder.prepare(c.Fresh); err != nil {
		return fmt.Errorf("--data: %w", err)
	}
	public := demoSite(listener.Addr())
	s, built, err := folder.open(ctx, p, public)
	if err != nil {
		return err
	}
	defer s.close(&err)
	guide := demoGuide{site: s, folder: folder, tokens: built.Tokens, finance2: built.Finance2, address: reachable(listener.Addr()), public: public, door: api.NewDemoDoor()}
	if err := guide.fillToday(ctx, time.Now()); err != nil {
		return err
	}
	if err := guide.print(ctx, p.stdout, time.Now()); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "\nReady after %.1f s. Ctrl-C ends it; --fresh starts over.\n", time.Since(began).Seconds())
	log := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return serve(ctx, listener, s, log, front{public: public, demo: guide.door})
}

// open opens the folder's database, and builds it when that was not done or
// not finished.
func (f demoFolder) open(ctx context.Context, p *program, public *url.URL) (_ *site, built demoState, err error) {
	built, done, err := f.load()
	if err != nil {
		return nil, built, err
	}
	if !done {
		if err := f.clear(); err != nil {
			return nil, built, err
		}
	}
	keys, err := f.secrets()
	if err != nil {
		return nil, built, err
	}
	db, err := store.Open(ctx, "sqlite:"+f.file(demoDatabase))
	if err != nil {
		return nil, built, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	defer func() {
		if !done && err != nil && ctx.Err() != nil {
			err = errors.New("interrupted: the next start builds the demo anew")
		}
	}()
	if err := db.Migrate(ctx); err != nil {
		return nil, built, err
	}
	if err := sealAll(ctx, db, f.secrets, p.stderr); err != nil { // a demo of an earlier version
		return nil, built, err
	}
	if !done {
		clock := &demoClock{}
		built, err = buildDemo(ctx, newSite(db, keys, clock.now), clock, time.Now(), newProgress(p.stderr))
		if err == nil {
			err = f.save(built)
		}
		if err != nil {
			return nil, built, fmt.Errorf("build the demo: %w", err)
		}
	}
	s := newSite(db, keys, time.Now, access.WithAddress(public))
	if err := s.checkKeys(ctx); err != nil {
		return nil, built, fmt.Errorf("%w; --fresh starts over", err)
	}
	return s, built, nil
}

// reachable is the address as one that a client on this machine can call.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
