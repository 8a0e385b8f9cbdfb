package vouchers

import (
	"context"
	"regexp"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// slugPattern is what a programme's short name may be; its documents repeat it.
var slugPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,62}$`)

// ProgrammeInput names a new programme.
type ProgrammeInput struct {
	Slug  string // unique: "move-2026"
	Title rules.Text
}

// forAll refuses an actor bound to one unit: a programme is for every unit.
func forAll(actor domain.Actor) error {
	if actor.Restricted() {
		return domain.Errorf(domain.Forbidden, "whole_municipality", "programmes are for the whole municipality: someone who is not bound to one unit must do this")
	}
	return nil
}

// CreateProgramme adds a programme without rules; DraftVersion gives it some.
// Conflict if the slug is taken.
func (s *Service) CreateProgramme(ctx context.Context, actor domain.Actor, in ProgrammeInput) (p domain.Programme, err error) {
	err = s.write(ctx, actor, "createProgramme", func(tx *store.Tx) error {
		if err := forAll(actor); err != nil {
			return err
		}
		var f domain.Fields
		f.Check(slugPattern.MatchString(in.Slug), "slug", "invalid", "must be 2 to 63 small letters, digits and dashes, like move-2026")
		p = domain.Programme{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), Slug: in.Slug, TitleDA: f.Clean("title.da", in.Title.DA, 200, false),
			TitleEN: f.Clean("title.en", in.Title.EN, 200, false), CreatedAt: s.now(),
		}
		if err := f.Err(); err != nil {
			return err
		}
		if err := store.Insert(tx, &p); err != nil {
			return err
		}
		return tx.Audit("createProgramme", "programme", p.ID, p.CreatedAt, domain.Detail(map[string]any{"slug": p.Slug}))
	})
	return p, err
}

// Programme gives one programme.
func (s *Service) Programme(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Programme, error) {
	return get(ctx, s, actor, "getProgramme", id, store.Everyone[domain.Programme])
}

// Programmes lists programmes, newest first; all of them when slug is empty.
func (s *Service) Programmes(ctx context.Context, actor domain.Actor, page store.Page, slug string) (Listed[domain.Programme], error) {
	return list[domain.Programme](ctx, s, actor, "listProgrammes", page, store.Eq("slug", slug))
}
