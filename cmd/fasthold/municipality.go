package main

import (
	"context"
	"fmt"

	"github.com/fasthold/fasthold/api"
)

type municipalityCommands struct {
	Create municipalityCreateCommand `cmd:"" help:"Make a municipality."`
	List   municipalityListCommand   `cmd:"" help:"List the municipalities."`
}

type municipalityCreateCommand struct {
	Name     string `arg:"" help:"What it is called."`
	TimeZone string `default:"Europe/Copenhagen" help:"IANA name; decides which date a visit belongs to and never changes."`
}

// Help is what --help adds.
func (municipalityCreateCommand) Help() string {
	return "Example:\n\n  fasthold municipality create \"Varde Kommune\""
}

// Run makes the municipality.
func (c municipalityCreateCommand) Run(ctx context.Context, p *program) (err error) {
	s, err := p.open(ctx, secrets{})
	if err != nil {
		return err
	}
	defer s.close(&err)
	m, err := s.Found(ctx, c.Name, c.TimeZone)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, api.MunicipalityID(m.MunicipalityID), m.Name)
	return nil
}

type municipalityListCommand struct{}

// Help is what --help adds.
func (municipalityListCommand) Help() string { return "Example:\n\n  fasthold municipality list" }

// Run lists the municipalities.
func (municipalityListCommand) Run(ctx context.Context, p *program) (err error) {
	s, err := p.open(ctx, secrets{})
	if err != nil {
		return err
	}
	defer s.close(&err)
	all, err := everyMunicipality(ctx, s.Service)
	for _, m := range all {
		fmt.Fprintln(p.stdout, api.MunicipalityID(m.MunicipalityID), m.Name)
	}
	return err
}
