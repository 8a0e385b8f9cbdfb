// Command pgtemp runs a command with a private PostgreSQL beside it:
//
//	go run ./store/storetest/pgtemp -- go test ./...
//
// The command finds the server in FASTHOLD_TEST_POSTGRES and pgtemp ends with
// the command's exit status. Where that variable is set already, pgtemp starts
// nothing: the tests use the server it names.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/fasthold/fasthold/store/storetest/cluster"
)

// variable is what storetest, cmd/bench and pgtemp agree on.
const variable = "FASTHOLD_TEST_POSTGRES"

func main() {
	durable := flag.Bool("durable", false, "keep fsync and synchronous commit on, as production has them")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: pgtemp [-durable] -- command [argument …]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	status, err := run(flag.Args(), *durable)
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgtemp:", err)
		os.Exit(1)
	}
	os.Exit(status)
}

// run gives the command's exit status.
func run(args []string, durable bool) (status int, err error) {
	if os.Getenv(variable) == "" {
		c, failed := cluster.Start(context.Background(), cluster.Options{Durable: durable})
		if failed != nil {
			return 0, failed
		}
		defer func() { err = errors.Join(err, c.Stop()) }()
		if failed := os.Setenv(variable, c.URL()); failed != nil {
			return 0, failed
		}
	}
	return passThrough(args)
}

// passThrough runs the command on our own input and output. Signals go on to
// it, so that it is always the command that ends first.
func passThrough(args []string) (int, error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)

	cmd := exec.Command(args[0], args[1:]...) //nolint:gosec,noctx // running the caller's command is what it is for
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	go func() {
		for s := range signals {
			_ = cmd.Process.Signal(s) // it may have ended already
		}
	}()
	err := cmd.Wait()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil // a signal's -1 is a failure as well
	}
	return 0, err
}
