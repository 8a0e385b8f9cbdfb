package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest/cluster"
)

// verifying measures `fasthold verify` over a year: `bench verify -people 170000`
// makes a year of as many citizens with six vouchers each.
func verifying(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench verify", flag.ContinueOnError)
	people := flags.Int("people", 170_000, "citizens with six vouchers each")
	runs := flags.Int("runs", 3, "how often it verifies")
	hold := flags.Bool("hold", false, "keep the database until interrupted, and say how to reach it")
	if err := flags.Parse(args); err != nil {
		return err
	}
	pg, err := cluster.Start(ctx, cluster.Options{Settings: map[string]string{"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min"}})
	if err != nil {
		return err
	}
	defer func() { _ = pg.Stop() }()
	y, err := seedYear(ctx, pg.URL(), *people)
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	dir, err := os.MkdirTemp("", "fasthold-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	served, err := application(pg.URL())
	if err != nil {
		return err
	}
	env := []string{"FASTHOLD_DATABASE_URL=" + served, "FASTHOLD_CODE_KEYS=" + y.keys, "FASTHOLD_DATA_KEYS=" + y.dataKeys}
	if *hold {
		fmt.Println("owner:", pg.URL())
		for _, e := range env {
			fmt.Printf("export '%s'\n", e)
		}
		<-ctx.Done()
		return nil
	}
	return verifyTimes(ctx, dir, env, *runs)
}

// verifyTimes runs the program's verify so often.
func verifyTimes(ctx context.Context, dir string, env []string, runs int) error {
	binary := filepath.Join(dir, "fasthold")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/fasthold").CombinedOutput(); err != nil { //nolint:gosec // our own program, into our own folder
		return fmt.Errorf("build: %w: %s", err, out)
	}
	for range runs {
		command := exec.CommandContext(ctx, binary, "verify") //nolint:gosec // the program just built
		command.Env, command.Stdout, command.Stderr = append(os.Environ(), env...), os.Stdout, os.Stderr
		began := time.Now()
		if err := command.Run(); err != nil {
			return err
		}
		used := command.ProcessState.SysUsage().(*syscall.Rusage)
		fmt.Printf("verified in %s, %s of processor, at most %d MB\n\n", time.Since(began).Round(100*time.Millisecond), command.ProcessState.UserTime().Round(time.Second), used.Maxrss>>10)
	}
	return nil
}

// seedYear makes the year of so many citizens.
func seedYear(ctx context.Context, address string, people int) (*year, error) {
	st, err := store.Open(ctx, address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = st.Close() }()
	if err := st.Migrate(ctx); err != nil {
		return nil, err
	}
	y, err := newYear(ctx, st)
	if err != nil {
		return nil, err
	}
	for n := range lives {
		if err := y.live(ctx, n); err != nil {
			return nil, err
		}
	}
	if err := y.close(ctx); err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := admit(ctx, st, conn, address); err != nil {
		return nil, err
	}
	if err := multiply(ctx, conn, y.ring, people); err != nil {
		return nil, err
	}
	if err := y.settle(ctx, st); err != nil {
		return nil, err
	}
	_, err = conn.Exec(ctx, "VACUUM ANALYZE")
	return y, err
}
