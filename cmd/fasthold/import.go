package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

type importCommand struct {
	Plans        string `type:"path" help:"CSV file of treatment plans."`
	Attendance   string `type:"path" help:"CSV file of attendance."`
	Programme    string `required:"" help:"The programme the plans join: its short name, like move-2026, or a rule document to be adopted, like rules.yaml."`
	AdoptedBy    string `help:"Who adopted the programme, when it is not yet in the database: the council or its committee."`
	InForceFrom  string `help:"The first day on which that holds, no later than the first plan's start; YYYY-MM-DD."`
	AdoptedOn    string `help:"The day it was adopted, if that is not the first day it holds; YYYY-MM-DD."`
	Municipality string `help:"Name or ID; not needed where there is only one."`
	Refused      string `type:"path" default:"fasthold-refused.csv" help:"Where the refused lines are written, if there are any."`
}

// Help is what --help adds.
func (importCommand) Help() string {
	return "Run it again after an interruption, or with newer files: what is in stays in, once. It finds out encoding, separator and language by itself. " +
		"docs/operations.md describes the columns. Example:\n\n" +
		"  fasthold import --plans planer.csv --attendance fremmoede.csv --programme move-2026"
}

// Run finishes what was interrupted, takes the files in, and says what it
// refused.
func (c importCommand) Run(ctx context.Context, p *program) (err error) {
	export, err := c.read()
	if err != nil {
		return err
	}
	s, err := p.openWithKeys(ctx)
	if err != nil {
		return err
	}
	defer s.close(&err)
	m, err := s.municipality(ctx, c.Municipality)
	if err != nil {
		return err
	}
	actor := system(m.MunicipalityID, "import")
	job := importJob{site: s, actor: actor, program: p}
	if err := job.finish(ctx); err != nil {
		return err
	}
	programme, currency, err := c.programme(ctx, s, actor, export)
	if err != nil {
		return err
	}
	export.ProgrammeID = programme
	im, err := s.StartImport(ctx, actor, vouchers.Key{}, export)
	if err != nil {
		return err
	}
	done, err := job.run(ctx, im.Value.ID)
	if err != nil {
		return err
	}
	refused, err := s.ImportRefusals(ctx, actor, done.ID)
	if err != nil {
		return err
	}
	if err := c.tellRefused(p.stdout, refused); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s, %s issued; %s taken in, %s refused\n",
		count(done.Vouchers, "voucher"), money(done.Amount, currency), count(done.LinesAccepted, "line"), count(done.LinesRefused, "line"))
	return nil
}

// read reads the files.
func (c importCommand) read() (export vouchers.Export, err error) {
	if c.Plans == "" && c.Attendance == "" {
		return export, errors.New("name a file with --plans, with --attendance, or both")
	}
	for _, file := range []struct {
		name string
		into *[]byte
	}{{c.Plans, &export.Plans}, {c.Attendance, &export.Attendance}} {
		if file.name == "" {
			continue
		}
		if *file.into, err = os.ReadFile(file.name); err != nil {
			return export, err
		}
		if len(*file.into) == 0 {
			return export, fmt.Errorf("%s is empty", filepath.Base(file.name))
		}
	}
	return export, nil
}

// importJob runs imports and shows how far they are.
type importJob struct {
	*site
	*program
	actor domain.Actor
}

// finish finishes the imports that were interrupted, so that what they began is
// whole before anything is added.
func (j importJob) finish(ctx context.Context) error {
	waiting, err := j.Unfinished(ctx, j.actor.MunicipalityID)
	for _, id := range waiting {
		im, err := j.run(ctx, id)
		if err != nil {
			return fmt.Errorf("finish an interrupted import: %w", err)
		}
		fmt.Fprintf(j.stdout, "finished the import of %s that was interrupted: %s issued in all, %s refused\n",
			im.CreatedAt.Format("2006-01-02 15:04 UTC"), count(im.Vouchers, "voucher"), count(im.LinesRefused, "line"))
	}
	return err
}

// run runs one import to its end.
func (j importJob) run(ctx context.Context, id domain.ID) (domain.Import, error) {
	line := newProgress(j.stderr)
	im, err := j.RunImport(ctx, j.actor.MunicipalityID, id, func(im domain.Import) {
		if line.terminal {
			line.show("%s %s of %s, %s", bar(im.PlansDone, im.PlansTotal), thousands(im.PlansDone), count(im.PlansTotal, "plan"), count(im.Vouchers, "voucher"))
		} else {
			line.show("taking in %s", count(im.PlansTotal, "plan number"))
		}
	})
	line.clear()
	if ctx.Err() != nil {
		return im, fmt.Errorf("interrupted at plan %s of %s: run the same command again to go on", thousands(im.PlansDone), thousands(im.PlansTotal))
	}
	if err == nil && im.State == "failed" {
		err = errors.New(im.Failure)
	}
	return im, err
}
