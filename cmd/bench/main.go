// Command bench measures a running Fasthold server over HTTP with closed-loop
// clients and, in the same run, the same redemption as one hand-written SQL
// function under pgbench on the same PostgreSQL. It starts all it needs itself:
// a private, durable PostgreSQL cluster and the server built from this tree.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"github.com/fasthold/fasthold/store/storetest/cluster"
)

// options are what a run can be told.
type options struct {
	vouchers int           // in the database before it starts
	clients  []int         // closed-loop clients, one run each
	seconds  time.Duration // measured time of each run
	history  int           // earlier visits in the test of what history costs
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "verify" {
		return verifying(ctx, args[1:])
	}
	if len(args) > 0 && args[0] == "exports" {
		return exporting(ctx, args[1:])
	}
	o, err := parse(args)
	if err != nil {
		return err
	}
	pg, err := cluster.Start(ctx, cluster.Options{Durable: true, Settings: map[string]string{
		"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min",
	}})
	if err != nil {
		return err
	}
	defer func() { _ = pg.Stop() }()
	dir, err := os.MkdirTemp("", "fasthold-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	site, err := seed(ctx, pg.URL(), o)
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	served, err := application(pg.URL())
	if err != nil {
		return err
	}
	binary, err := build(ctx, dir)
	if err != nil {
		return err
	}
	server, err := startServer(ctx, binary, standing{url: served, keys: site.keys, dataKeys: site.dataKeys}.env())
	if err != nil {
		return err
	}
	defer server.stop()
	return measure(ctx, os.Stdout, o, site, server.address, pgbench{url: pg.URL(), dir: dir, site: site})
}

func parse(args []string) (options, error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	vouchers := flags.Int("vouchers", 1_000_000, "vouchers in the database")
	seconds := flags.Int("seconds", 12, "measured seconds of each run")
	clients := flags.String("clients", "1,8,32,64", "numbers of closed-loop clients")
	history := flags.Int("history", 10_000, "earlier visits in the test of what history costs")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	o := options{vouchers: *vouchers, seconds: time.Duration(*seconds) * time.Second, history: *history}
	for word := range strings.SplitSeq(*clients, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || n < 1 || n > 1000 {
			return options{}, fmt.Errorf("-clients: %q is not a number from 1 to 1000", word)
		}
		o.clients = append(o.clients, n)
	}
	return o, nil
}
