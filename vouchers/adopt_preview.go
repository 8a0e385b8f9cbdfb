package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// AdoptionPreview is what an adoption would do.
type AdoptionPreview struct {
	Edition
	Ends *domain.ProgrammeVersion // the version that would end, with its last day; nil: none
	Stay int64                    // active enrolments in it, which stay in it until they are moved
}

// PreviewAdoption tells what AdoptVersion would do, and changes nothing. It
// refuses what AdoptVersion refuses.
func (s *Service) PreviewAdoption(ctx context.Context, actor domain.Actor, id domain.ID, in Adoption) (p AdoptionPreview, err error) {
	err = s.read(ctx, actor, "adoptVersion", func(tx *store.Tx) error {
		p = AdoptionPreview{}
		v, err := store.Get[domain.ProgrammeVersion](tx, id)
		if err != nil {
			return err
		}
		if p.Edition, err = s.edition(tx, v.ProgrammeID); err != nil {
			return err
		}
		if p.Ends, err = s.adopting(tx, &v, &in); err != nil {
			return err
		}
		p.Version = &v
		if p.Ends != nil {
			p.Stay, err = store.Count[domain.Enrolment](tx, store.Is("programme_id", v.ProgrammeID), store.Is("version_id", p.Ends.ID), store.Is("state", "active"))
			if err != nil {
				return err
			}
		}
		doc, err := s.document(tx, id)
		if err == nil {
			p.Said, err = s.said(tx, doc, p.Edition)
		}
		return err
	})
	return p, err
}
