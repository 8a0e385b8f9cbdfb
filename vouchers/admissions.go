package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// OpenProgramme is a programme that plans can join.
type OpenProgramme struct {
	ID    domain.ID
	Title rules.Text
}

// OpenProgrammes gives the programmes of which a version is in force today or will
// be, the newest first.
func (s *Service) OpenProgrammes(ctx context.Context, actor domain.Actor) (open []OpenProgramme, err error) {
	err = s.read(ctx, actor, "listVersions", func(tx *store.Tx) error {
		open = nil
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		versions, err := store.All[domain.ProgrammeVersion](tx, "", store.Is("state", domain.VersionAdopted))
		if err != nil {
			return err
		}
		takes := map[domain.ID]bool{}
		for _, v := range versions {
			takes[v.ProgrammeID] = takes[v.ProgrammeID] || v.InForceTo.IsZero() || !v.InForceTo.Before(today)
		}
		programmes, err := store.All[domain.Programme](tx, "id DESC")
		for _, p := range programmes {
			if takes[p.ID] {
				open = append(open, OpenProgramme{p.ID, rules.Text{DA: p.TitleDA, EN: p.TitleEN}})
			}
		}
		return err
	})
	return open, err
}
