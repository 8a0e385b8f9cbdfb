package main

import (
	"context"
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
)

type verifyCommand struct {
	Municipality string `help:"Name or ID; all of them when left out."`
	Heads        string `type:"existingfile" help:"A file with heads of the logs, as serve logs and verify prints them, to compare with."`
}

// Help is what --help adds.
func (verifyCommand) Help() string {
	return "Reads one moment of a live database and changes nothing. The exit status is 1 when anything differs. Example:\n\n  fasthold verify"
}

// Run verifies one municipality or all.
func (c verifyCommand) Run(ctx context.Context, p *program) (err error) {
	kept, err := keptHeads(c.Heads)
	if err != nil {
		return err
	}
	s, err := p.openWithKeys(ctx)
	if err != nil {
		return err
	}
	defer s.close(&err)
	all, err := everyMunicipality(ctx, s.Service)
	if c.Municipality != "" {
		var one domain.Municipality
		one, err = s.municipality(ctx, c.Municipality)
		all = []domain.Municipality{one}
	}
	if err != nil {
		return err
	}
	differences := 0
	for _, m := range all {
		n, err := c.one(ctx, p, s, m)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		changed, err := p.checkHeads(ctx, s, m.MunicipalityID, kept)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		differences += n + changed
	}
	if differences > 0 {
		return fmt.Errorf("%s found: nothing was changed; keep the database as it is and find out who wrote to it", count(differences, "difference"))
	}
	fmt.Fprintf(p.stdout, "%s verified: no differences\n", count(len(all), "municipality"))
	return nil
}

// one verifies a municipality, prints what was checked, and counts the
// differences.
func (verifyCommand) one(ctx context.Context, p *program, s *site, m domain.Municipality) (int, error) {
	v, err := s.Verify(ctx, m.MunicipalityID)
	if err != nil {
		return 0, err
	}
	fmt.Fprintln(p.stdout, m.Name)
	for _, c := range v.Checks {
		fmt.Fprintf(p.stdout, "  %-22s %10s rows %12s rows/s\n", c.Name, thousands(c.Rows), thousands(perSecond(c.Rows, c.Took)))
	}
	for _, d := range v.Differences {
		fmt.Fprintln(p.stdout, "  DIFFERENCE:", d)
	}
	if v.More > 0 {
		fmt.Fprintf(p.stdout, "  and %s more\n", thousands(v.More))
	}
	fmt.Fprintln(p.stdout, "  head:", v.Head)
	return len(v.Differences) + v.More, nil
}

func perSecond(rows int, took time.Duration) int {
	if took <= 0 {
		return rows
	}
	return int(float64(rows) / took.Seconds())
}
