package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// jobs are what the server does by itself. Several servers over one database
// may run them at once.
type jobs struct {
	*vouchers.Service
	access  *access.Service
	log     *slog.Logger
	metrics *api.Metrics  // nil: nothing is counted
	post    vouchers.Post // nil: no mail is sent
	inTime  func(context.Context) error
}

const (
	lookForImports = time.Second
	lookForExports = time.Second
	expireVouchers = time.Minute
	fundAwards     = time.Minute
	sweepEnded     = time.Hour
	remindLeaders  = time.Hour
	eraseCitizens  = time.Hour
	lookForMail    = 5 * time.Second
	afterFailure   = time.Minute
)

// run runs the jobs until ctx ends, each in its own time: a long import does
// not keep vouchers from expiring.
func (j jobs) run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { j.every(ctx, lookForImports, "import", j.runImports) })
	all.Go(func() { j.every(ctx, lookForExports, "export", j.runExports) })
	all.Go(func() { j.every(ctx, expireVouchers, "expire", j.expire) })
	all.Go(func() { j.every(ctx, fundAwards, "fund", j.fund) })
	all.Go(func() { j.every(ctx, sweepEnded, "sweep", j.sweep) })
	all.Go(func() { j.every(ctx, remindLeaders, "remind", j.remind) })
	all.Go(func() { j.every(ctx, eraseCitizens, "erase", j.erase) })
	all.Go(func() { j.every(ctx, noteHeads, "heads", j.heads()) })
	if j.post != nil {
		all.Go(func() { j.every(ctx, lookForMail, "mail", j.sendMail) })
	}
	all.Wait()
}

// every runs a job at once and then at each interval, or after a pause when it
// failed, for each municipality.
func (j jobs) every(ctx context.Context, interval time.Duration, name string, job func(context.Context, domain.ID) error) {
	for ctx.Err() == nil {
		pause := interval
		err := j.forEach(ctx, job)
		j.metrics.Ran(name, err == nil, time.Now())
		if err != nil && ctx.Err() == nil {
			j.log.ErrorContext(ctx, "job failed", "job", name, "error", err)
			pause = afterFailure
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// forEach runs a job for every municipality; one that fails does not keep the
// others waiting. By a wrong clock nothing is done: vouchers would lapse.
func (j jobs) forEach(ctx context.Context, job func(context.Context, domain.ID) error) (failed error) {
	if err := j.inTime(ctx); err != nil {
		return err
	}
	all, err := everyMunicipality(ctx, j.Service)
	if err != nil {
		return err
	}
	for _, m := range all {
		if err := job(ctx, m.MunicipalityID); err != nil {
			failed = fmt.Errorf("municipality %s: %w", m.MunicipalityID, err)
		}
	}
	return failed
}

// runImports takes in what waits, and what a stop interrupted.
func (j jobs) runImports(ctx context.Context, municipality domain.ID) error {
	waiting, err := j.Unfinished(ctx, municipality)
	if err != nil {
		return err
	}
	var failed error // one that fails does not keep the others waiting
	for _, id := range waiting {
		im, err := j.RunImport(ctx, municipality, id, func(domain.Import) {})
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("import %s: %w", id, err))
			continue
		}
		j.log.InfoContext(ctx, "import ended", "import", id, "state", im.State, "vouchers", im.Vouchers, "refused", im.LinesRefused, "failure", im.Failure)
	}
	return failed
}

// runExports makes the files that finance asked for.
func (j jobs) runExports(ctx context.Context, municipality domain.ID) error {
	n, err := j.RunExports(ctx, municipality)
	if n > 0 {
		j.log.InfoContext(ctx, "exports made", "municipality", municipality, "exports", n)
	}
	return err
}

// expire books what lapsed.
func (j jobs) expire(ctx context.Context, municipality domain.ID) error {
	n, err := j.Expire(ctx, municipality)
	if err == nil && n > 0 {
		j.log.InfoContext(ctx, "vouchers expired", "municipality", municipality, "vouchers", n)
	}
	return err
}

// fund issues what waited for money, as far as budgets have some now.
func (j jobs) fund(ctx context.Context, municipality domain.ID) error {
	n, err := j.Fund(ctx, municipality)
	if n > 0 {
		j.log.InfoContext(ctx, "awards funded", "municipality", municipality, "awards", n)
	}
	return err
}

// remind tells the leaders of what has waited for long.
func (j jobs) remind(ctx context.Context, municipality domain.ID) error {
	n, err := j.Remind(ctx, municipality)
	if err == nil && n > 0 {
		j.log.InfoContext(ctx, "leaders reminded", "municipality", municipality, "units", n)
	}
	return err
}

// erase erases those whose time is over by the municipality's setting.
func (j jobs) erase(ctx context.Context, municipality domain.ID) error {
	n, err := j.EraseDue(ctx, municipality)
	if n > 0 {
		j.log.InfoContext(ctx, "citizens erased", "municipality", municipality, "citizens", n)
	}
	return err
}

// sweep deletes what let somebody in and ended long ago, the files of exports that
// were kept for a day, and old refused lines of imports.
func (j jobs) sweep(ctx context.Context, municipality domain.ID) error {
	n, err := j.access.Sweep(ctx, municipality)
	if err == nil && n > 0 {
		j.log.InfoContext(ctx, "ended sign-ins deleted", "municipality", municipality, "sign_ins", n)
	}
	files, failed := j.SweepExports(ctx, municipality)
	if files > 0 {
		j.log.InfoContext(ctx, "files of exports deleted", "municipality", municipality, "exports", files)
	}
	lines, unswept := j.SweepRefusals(ctx, municipality)
	if lines > 0 {
		j.log.InfoContext(ctx, "refused lines of imports deleted", "municipality", municipality, "lines", lines)
	}
	return errors.Join(err, failed, unswept)
}

// sendMail sends what waits in the outbox.
func (j jobs) sendMail(ctx context.Context, municipality domain.ID) error {
	n, err := j.SendMail(ctx, municipality, j.post)
	if n > 0 {
		j.log.InfoContext(ctx, "mail sent", "municipality", municipality, "mails", n)
	}
	return err
}
