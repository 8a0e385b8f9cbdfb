package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/fasthold/fasthold/store"
)

// longestVerify is what verifying a year of a million vouchers may take.
const longestVerify = time.Minute

// verifying measures `fasthold verify` over a year: `bench verify -people 170000`
// makes a year of as many citizens with six vouchers each.
func verifying(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench verify", flag.ContinueOnError)
	people := flags.Int("people", manyPeople, "citizens with six vouchers each")
	runs := flags.Int("runs", 3, "how often it verifies")
	hold := flags.Bool("hold", false, "keep the databases until interrupted, and say how to measure over them")
	if err := flags.Parse(args); err != nil {
		return err
	}
	tooLong := 0
	err := overYears(ctx, *people, func(dir string, y standing) error {
		if *hold {
			fmt.Printf("\n%s\n", y.name())
			for _, e := range y.env() {
				fmt.Printf("export '%s'\n", e)
			}
			if y.name() == "SQLite" { // the last
				<-ctx.Done()
			}
			return nil
		}
		binary, err := build(ctx, dir)
		if err != nil {
			return err
		}
		quickest, err := verifyTimes(ctx, binary, y, *runs)
		if quickest > longestVerify {
			tooLong++
		}
		return err
	})
	if err == nil && tooLong > 0 {
		err = fmt.Errorf("on %d databases no run took less than %s", tooLong, longestVerify)
	}
	return err
}

// verifyTimes runs the program's verify so often, and gives the shortest time.
func verifyTimes(ctx context.Context, binary string, y standing, runs int) (quickest time.Duration, err error) {
	for range runs {
		command := exec.CommandContext(ctx, binary, "verify")
		command.Env, command.Stdout, command.Stderr = append(os.Environ(), y.env()...), os.Stdout, os.Stderr
		began := time.Now()
		if err := command.Run(); err != nil {
			return 0, err
		}
		took, ended := time.Since(began), command.ProcessState
		if quickest == 0 || took < quickest {
			quickest = took
		}
		fmt.Printf("%s verified in %s, %s of processor, at most %d MB\n\n", y.name(), took.Round(100*time.Millisecond),
			(ended.UserTime() + ended.SystemTime()).Round(time.Second), ended.SysUsage().(*syscall.Rusage).Maxrss>>10)
	}
	return quickest, nil
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
