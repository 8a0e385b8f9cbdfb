package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// site is an open, migrated database with the use cases over it.
type site struct {
	*vouchers.Service
	access     *access.Service
	settlement *settlement.Service
	store      *store.Store
	data       *vault.Keys
}

// open opens the database that the environment names. There are no keys for a
// command that neither makes nor reads voucher codes or what is personal.
func (p *program) open(ctx context.Context, keys secrets, options ...access.Option) (*site, error) {
	limits, err := p.config.signIns()
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, p.config.DatabaseURL)
	if err != nil {
		return nil, fmt.Errorf("FASTHOLD_DATABASE_URL: %w", err)
	}
	if err := s.Ready(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return newSite(s, keys, time.Now, append(options, access.WithLimits(limits))...), nil
}

func newSite(s *store.Store, keys secrets, clock func() time.Time, options ...access.Option) *site {
	return &site{vouchers.New(s, keys.codes, keys.data, clock), access.New(s, clock, append([]access.Option{access.WithKeys(keys.data)}, options...)...), settlement.New(s, clock), s, keys.data}
}

// inTime gives an error when this machine's clock and the database's are far apart.
func (s *site) inTime(ctx context.Context) error { return s.store.InTime(ctx, time.Now()) }

// openWithKeys is open for a command that needs the keys.
func (p *program) openWithKeys(ctx context.Context, options ...access.Option) (*site, error) {
	keys, err := p.config.secrets()
	if err != nil {
		return nil, err
	}
	s, err := p.open(ctx, keys, options...)
	if err != nil {
		return nil, err
	}
	if err := s.checkKeys(ctx); err != nil {
		s.close(&err)
		return nil, err
	}
	return s, nil
}

// checkKeys refuses to work with keys that are not those of the database, or on
// one in which personal data is still in plain text.
func (s *site) checkKeys(ctx context.Context) error {
	all, err := everyMunicipality(ctx, s.Service)
	for _, m := range all {
		if m.SealedAt == nil {
			return fmt.Errorf("what is personal in %s is not sealed yet: run fasthold migrate up", m.Name)
		}
		if err := s.CheckKeys(ctx, m.MunicipalityID); err != nil {
			return err
		}
	}
	return err
}

// close closes the database and adds what that says to the command's error.
func (s *site) close(err *error) { *err = errors.Join(*err, s.store.Close()) }

// system is the command line as an actor in a municipality.
func system(municipality domain.ID, job string) domain.Actor {
	return domain.Actor{MunicipalityID: municipality, Role: domain.System, Person: "system:" + job}
}

const pageSize = 100

// everyMunicipality lists all municipalities, oldest first.
func everyMunicipality(ctx context.Context, s *vouchers.Service) (all []domain.Municipality, err error) {
	page := store.Page{Limit: pageSize}
	for {
		l, err := s.Municipalities(ctx, system(domain.ID{}, "list"), page)
		if err != nil {
			return nil, err
		}
		for _, m := range l.Rows {
			all = append([]domain.Municipality{m}, all...)
			page.After = m.MunicipalityID
		}
		if !l.More {
			return all, nil
		}
	}
}

// municipality finds the municipality with that name or ID; when wanted is
// empty, the only one there is.
func (s *site) municipality(ctx context.Context, wanted string) (domain.Municipality, error) {
	all, err := everyMunicipality(ctx, s.Service)
	if err != nil {
		return domain.Municipality{}, err
	}
	names := make([]string, len(all))
	for i, m := range all {
		if strings.EqualFold(m.Name, wanted) || api.MunicipalityID(m.MunicipalityID).String() == wanted {
			return m, nil
		}
		names[i] = m.Name
	}
	switch {
	case len(all) == 0:
		return domain.Municipality{}, errors.New(`there is no municipality yet, make one first: fasthold municipality create "Varde Kommune"`)
	case wanted != "":
		return domain.Municipality{}, fmt.Errorf("there is no municipality %q: --municipality takes a name or an ID, and there are %s", wanted, strings.Join(names, ", "))
	case len(all) > 1:
		return domain.Municipality{}, fmt.Errorf("say which municipality with --municipality: there are %s", strings.Join(names, ", "))
	}
	return all[0], nil
}
