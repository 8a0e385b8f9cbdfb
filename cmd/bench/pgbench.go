package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/fasthold/fasthold/store/storetest/cluster"
)

// redeemSQL is a redemption as one function, written by hand: the fastest that
// this schema allows.
//
//go:embed redeem.sql
var redeemSQL string

// pgbench runs PostgreSQL's own load generator.
type pgbench struct {
	url  string
	dir  string
	site *site
}

// prepare writes the function and the script that calls it.
func (p pgbench) prepare(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, redeemSQL); err != nil {
		return fmt.Errorf("redeem.sql: %w", err)
	}
	terminals, tokens := make([]string, tills), make([]string, tills)
	for i, till := range p.site.tills {
		terminals[i], tokens[i] = "'"+till.terminal.String()+"'", "'"+till.token.String()+"'"
	}
	script := fmt.Sprintf("\\set i random(0, %d)\n\\set till :client_id %% %d + 1\nSELECT bench_redeem('%s', :i, '%s', (ARRAY[%s]::uuid[])[:till], (ARRAY[%s]::uuid[])[:till], 100);\n",
		p.site.vouchers-1, tills, p.site.municipality, p.site.partner, strings.Join(terminals, ","), strings.Join(tokens, ","))
	return os.WriteFile(p.script(), []byte(script), 0o600)
}

func (p pgbench) script() string { return filepath.Join(p.dir, "redeem.pgbench") }

var (
	tpsLine     = regexp.MustCompile(`tps = ([0-9.]+)`)
	latencyLine = regexp.MustCompile(`latency average = ([0-9.]+) ms`)
)

// run gives redemptions a second and their average latency.
func (p pgbench) run(ctx context.Context, clients int, d time.Duration) (rate float64, latency time.Duration, err error) {
	bin, err := cluster.Binaries()
	if err != nil {
		return 0, 0, err
	}
	command := exec.CommandContext(ctx, filepath.Join(bin, "pgbench"), "--no-vacuum", "--protocol=prepared", "--client", strconv.Itoa(clients), //nolint:gosec // our own arguments
		"--jobs", strconv.Itoa(min(clients, 2)), "--time", strconv.Itoa(max(int(d.Seconds()), 1)), "--file", p.script(), p.url)
	said, err := command.CombinedOutput()
	if err != nil {
		return 0, 0, fmt.Errorf("pgbench: %w\n%s", err, said)
	}
	tps, ms := tpsLine.FindSubmatch(said), latencyLine.FindSubmatch(said)
	if tps == nil || ms == nil {
		return 0, 0, fmt.Errorf("pgbench said nothing of its speed:\n%s", said)
	}
	if rate, err = strconv.ParseFloat(string(tps[1]), 64); err != nil {
		return 0, 0, err
	}
	average, err := strconv.ParseFloat(string(ms[1]), 64)
	return rate, time.Duration(average * float64(time.Millisecond)), err
}
