package vouchers

import (
	"context"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Find finds citizens within reach by whatever is at hand: a CPR number, the
// municipality's number of the person or of a plan, or words of a name, which are
// looked for in one unit (zero: the caller's own). It is noted as LookUp is.
func (s *Service) Find(ctx context.Context, actor domain.Actor, text string, unit domain.ID) (Found, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Found{}, domain.InvalidField("text", "required", "must not be empty")
	}
	if looksLikeCPR(text) {
		return s.LookUp(ctx, actor, Lookup{CPR: text})
	}
	found, err := s.byNumber(ctx, actor, text)
	if err != nil || len(found.Citizens) > 0 {
		return found, err
	}
	return s.LookUp(ctx, actor, Lookup{Name: text, UnitID: unit})
}

// byNumber finds the citizen whose number, or one of whose plans' number, a text is.
func (s *Service) byNumber(ctx context.Context, actor domain.Actor, text string) (found Found, err error) {
	if err := actor.May("lookUpCitizens"); err != nil {
		return found, err
	}
	err = s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		if found.Citizens, err = store.All[domain.Citizen](tx, "", store.Eq("reference", text), store.Eq("unit_id", actor.UnitID)); err != nil {
			return err
		}
		if len(found.Citizens) == 0 {
			plans, err := store.All[domain.Plan](tx, "", store.Eq("reference", text), store.Eq("unit_id", actor.UnitID))
			if err != nil {
				return err
			}
			of := store.In("id", ids(plans, func(p domain.Plan) domain.ID { return p.CitizenID }))
			if found.Citizens, err = store.All[domain.Citizen](tx, "", of, store.Eq("unit_id", actor.UnitID)); err != nil {
				return err
			}
		}
		return s.open(tx, pointers(found.Citizens)...)
	})
	if err != nil || len(found.Citizens) == 0 {
		return Found{}, err
	}
	return found, s.write(ctx, actor, "lookUpCitizens", func(tx *store.Tx) error { return s.noteLookup(tx, "number", found) })
}
