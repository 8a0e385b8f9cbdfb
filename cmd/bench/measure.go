package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"sync/atomic"
	"time"
)

// measure runs everything and writes the tables of docs/performance.md.
func measure(ctx context.Context, w io.Writer, o options, s *site, address string, p pgbench) error {
	if err := p.prepare(ctx); err != nil {
		return err
	}
	fmt.Fprintf(w, "%s, %d cores, %s, %d vouchers, %s a run\n\n", time.Now().Format(time.DateOnly), runtime.NumCPU(), runtime.Version(), s.vouchers, o.seconds)
	work := &workload{site: s, start: time.Now().UnixNano()}
	for _, run := range []workloadRun{
		{"redeem", http.StatusCreated, work.redeem, p.run},
		{"redeem at one till", http.StatusCreated, work.redeemAtOne, nil},
		{"attendance that earns", http.StatusCreated, work.attend, nil},
		{"voucher check", http.StatusOK, work.check, nil},
	} {
		if err := run.table(ctx, w, o, address); err != nil {
			return err
		}
	}
	return work.history(ctx, w, o, address)
}

// workloadRun is one kind of request and, where there is one, the limit to
// compare it with.
type workloadRun struct {
	name  string
	want  int // the status that is no error
	next  func(client int) request
	limit func(ctx context.Context, clients int, d time.Duration) (rate float64, latency time.Duration, err error)
}

// table measures with each number of clients.
func (r workloadRun) table(ctx context.Context, w io.Writer, o options, address string) error {
	heading, rule := "| clients | requests/s | p50 | p95 | p99 | errors |", "|---|---|---|---|---|---|"
	if r.limit != nil {
		heading, rule = heading+" pgbench/s | pgbench average | ratio |", rule+"---|---|---|"
	}
	fmt.Fprintf(w, "### %s\n\n%s\n%s\n", r.name, heading, rule)
	for _, n := range o.clients {
		line, err := r.row(ctx, o, address, n)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, line)
	}
	fmt.Fprintln(w)
	return nil
}

// rounds is how often a run and its limit take turns, so that both meet the same
// machine.
const rounds = 4

// row measures with n clients.
func (r workloadRun) row(ctx context.Context, o options, address string, n int) (string, error) {
	var got outcome
	var limits float64
	var average time.Duration
	for range rounds {
		one, err := drive(ctx, address, n, o.seconds/rounds, r.want, r.next)
		if err != nil {
			return "", err
		}
		got.add(one)
		if r.limit == nil {
			continue
		}
		rate, latency, err := r.limit(ctx, n, o.seconds/rounds)
		if err != nil {
			return "", err
		}
		limits, average = limits+rate/rounds, average+latency/rounds
	}
	line := fmt.Sprintf("| %d | %.0f | %s | %s | %s | %d |", n, got.rate(), short(got.quantile(.50)), short(got.quantile(.95)), short(got.quantile(.99)), got.errors)
	if r.limit != nil {
		line += fmt.Sprintf(" %.0f | %s | %.2f |", limits, short(average), got.rate()/limits)
	}
	return line + got.firstError, nil
}

func short(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}

// workload makes requests that each do their work once.
type workload struct {
	site  *site
	start int64 // tells this run's keys from an earlier one's
	made  atomic.Int64
}

func (w *workload) code() string {
	secret, _ := w.site.ring.Make(voucherID(rand.IntN(w.site.vouchers))) //nolint:gosec // which voucher is no secret
	return secret.Reveal()
}

// redeem takes 1 kr. from a voucher of 200 kr. chosen at random, at the client's
// own till.
func (w *workload) redeem(client int) request {
	return w.redeemAt(w.site.tills[client%tills])
}

// redeemAtOne is redeem with all clients at the same till.
func (w *workload) redeemAtOne(int) request { return w.redeemAt(w.site.tills[0]) }

func (w *workload) redeemAt(at till) request {
	key := fmt.Sprintf("bench-%d-%d", w.start, w.made.Add(1))
	return request{
		path: "/v1/redemptions", token: at.key, key: key,
		body: `{"code":"` + w.code() + `","amount":100,"client_redemption_id":"` + key + `"}`,
	}
}

func (w *workload) check(client int) request {
	return request{path: "/v1/voucher-checks", token: w.site.tills[client%tills].key, body: `{"code":"` + w.code() + `"}`}
}

// attend records a visit a minute after the last, to one plan after another.
func (w *workload) attend(int) request {
	n := int(w.made.Add(1))
	return w.visit(n%(plans-2), n)
}

func (w *workload) visit(plan, minute int) request {
	at := began.In(time.UTC).Add(12*time.Hour + time.Duration(minute)*time.Minute)
	return request{
		path: "/v1/attendances", token: w.site.caseworker, key: fmt.Sprintf("visit-%d-%d-%d", w.start, plan, minute),
		body: fmt.Sprintf(`{"plan_id":"pln_%x","occurred_at":"%s","kind":"individual","outcome":"attended"}`, w.site.plans[plan][:], at.Format(time.RFC3339)),
	}
}

// historyVisits is how many visits are timed with few and with many before them.
const historyVisits = 300

// history times the recording of a visit with few and with many earlier visits,
// turn by turn so that both meet the same machine.
func (w *workload) history(ctx context.Context, out io.Writer, o options, address string) error {
	c, err := connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = c.conn.Close() }()
	few, many := plans-2, plans-1
	record := func(plan, minute int) (time.Duration, error) {
		began := time.Now()
		status, body, err := c.post(w.visit(plan, minute))
		if err == nil && status != http.StatusCreated {
			err = fmt.Errorf("history: %d %s", status, body)
		}
		return time.Since(began), err
	}
	for i := range o.history {
		if _, err := record(many, i); err != nil {
			return err
		}
	}
	var short, long []time.Duration
	for i := range historyVisits {
		a, err := record(few, i)
		if err != nil {
			return err
		}
		b, err := record(many, o.history+i)
		if err != nil {
			return err
		}
		if i >= 10 {
			short, long = append(short, a), append(long, b)
		}
	}
	slices.Sort(short)
	slices.Sort(long)
	a, b := short[len(short)/2], long[len(long)/2]
	fmt.Fprintf(out, "### what history costs\n\nRecording a visit that earns, one client, median: %.2f ms with 10 to %d earlier visits, %.2f ms with %d or more: %.2f times.\n",
		a.Seconds()*1000, historyVisits, b.Seconds()*1000, o.history, b.Seconds()/a.Seconds())
	return nil
}
