package vouchers

import (
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// versionsShown is how many of a programme's versions an Edition lists.
const versionsShown = 20

// Offer is a programme with what holds in it and what is to come.
type Offer struct {
	Programme domain.Programme
	InForce   *domain.ProgrammeVersion  // today; nil: none is
	Coming    []domain.ProgrammeVersion // adopted, in force from a later day
	Drafts    []domain.ProgrammeVersion
}

// Offers is a page of programmes, newest first, as they stand today.
type Offers struct {
	Listed[Offer]
	Today domain.Date
}

// Offers lists the programmes with their versions that count today. It costs the
// same however many versions there have been.
func (s *Service) Offers(ctx context.Context, actor domain.Actor, page store.Page) (l Offers, err error) {
	err = s.read(ctx, actor, "listVersions", func(tx *store.Tx) error {
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		l = Offers{Today: today}
		programmes, more, err := store.List[domain.Programme](tx, page)
		if err != nil {
			return err
		}
		ids := make([]domain.ID, len(programmes))
		for i, p := range programmes {
			ids[i] = p.ID
		}
		of := store.In("programme_id", ids)
		versions, err := store.All[domain.ProgrammeVersion](tx, "number", of, store.In("state", []string{domain.VersionDraft, domain.VersionAdopted}))
		if err != nil {
			return err
		}
		ended, err := store.All[domain.ProgrammeVersion](tx, "number", of, store.Is("state", domain.VersionEnded), store.From("in_force_to", today))
		if err != nil {
			return err
		}
		l.More = more
		for _, p := range programmes {
			l.Rows = append(l.Rows, offer(p, append(slices.Clone(versions), ended...), today))
		}
		return nil
	})
	return l, err
}

func offer(p domain.Programme, versions []domain.ProgrammeVersion, today domain.Date) Offer {
	o := Offer{Programme: p}
	for i, v := range versions {
		switch {
		case v.ProgrammeID != p.ID:
		case v.State == domain.VersionDraft:
			o.Drafts = append(o.Drafts, v)
		case v.InForce(today):
			o.InForce = &versions[i]
		case today.Before(v.InForceFrom):
			o.Coming = append(o.Coming, v)
		}
	}
	return o
}

// Edition is a version of a programme as people read it: in sentences, in amounts,
// and beside the version in force.
type Edition struct {
	Programme domain.Programme
	Today     domain.Date
	Versions  []domain.ProgrammeVersion // newest first
	Older     bool                      // there are more before them
	InForce   *domain.ProgrammeVersion  // today; nil: none is
	Version   *domain.ProgrammeVersion  // that is read; nil: there is none
	Said
	Enrolled int64 // active in Version
}

// Said is what a document says.
type Said struct {
	Document rules.Document
	Start    domain.Date       // that Amounts begin on
	Amounts  []rules.AmountRow // of someone who meets every opportunity
	Compared bool              // with the version in force: there is one, and it is another
	Changes  []rules.Change    // from that one to this
	Cost     *rules.Cost       // of one person who starts today; nil for who may not know
	Now      *rules.Cost       // the same of the version in force; nil unless Compared
}

// Week is the week of the course, from 1, in which an amount is reached.
func (s Said) Week(a rules.AmountRow) int { return s.Start.Days(a.Date)/7 + 1 }

// Edition reads a version of a programme; for the zero version it is the one in
// force, or else the newest.
func (s *Service) Edition(ctx context.Context, actor domain.Actor, programme, version domain.ID) (e Edition, err error) {
	err = s.read(ctx, actor, "getVersionSentences", func(tx *store.Tx) error {
		if e, err = s.edition(tx, programme); err != nil {
			return err
		}
		switch {
		case version != (domain.ID{}):
			v, err := versionOf(tx, programme, version)
			if err != nil {
				return err
			}
			e.Version = &v
		case e.InForce != nil:
			e.Version = e.InForce
		case len(e.Versions) > 0:
			e.Version = &e.Versions[0]
		default:
			return nil
		}
		doc, err := s.document(tx, e.Version.ID)
		if err != nil {
			return err
		}
		if e.Enrolled, err = store.Count[domain.Enrolment](tx, store.Is("programme_id", programme), store.Is("version_id", e.Version.ID), store.Is("state", "active")); err != nil {
			return err
		}
		e.Said, err = s.said(tx, doc, e)
		return err
	})
	return e, err
}

// edition reads what is about every version of a programme.
func (s *Service) edition(tx *store.Tx, programme domain.ID) (e Edition, err error) {
	if e.Programme, err = store.Get[domain.Programme](tx, programme); err != nil {
		return e, err
	}
	if e.Today, err = s.today(tx); err != nil {
		return e, err
	}
	if e.Versions, e.Older, err = store.List[domain.ProgrammeVersion](tx, store.Page{Limit: versionsShown}, store.Is("programme_id", programme)); err != nil {
		return e, err
	}
	for i := range e.Versions {
		if e.Versions[i].InForce(e.Today) {
			e.InForce = &e.Versions[i]
		}
	}
	return e, nil
}

// versionOf gives a version of that programme; those of others are not there.
func versionOf(tx *store.Tx, programme, version domain.ID) (domain.ProgrammeVersion, error) {
	v, err := store.Get[domain.ProgrammeVersion](tx, version)
	if err == nil && v.ProgrammeID != programme {
		err = domain.OutOfReach()
	}
	return v, err
}

// said works out what a document says beside the version in force.
func (s *Service) said(tx *store.Tx, doc rules.Document, e Edition) (said Said, err error) {
	said.Document, said.Start = doc, e.Today
	said.Amounts = doc.Amounts(e.Today)
	costs := tx.Actor().May("getVersionCost") == nil
	cost := func(doc rules.Document) *rules.Cost {
		c := doc.Cost(rules.Start(doc, e.Today), e.Today)
		return &c
	}
	if costs {
		said.Cost = cost(doc)
	}
	if e.InForce == nil || e.Version != nil && e.Version.ID == e.InForce.ID {
		return said, nil
	}
	now, err := s.document(tx, e.InForce.ID)
	if err != nil {
		return said, err
	}
	said.Compared, said.Changes = true, rules.Diff(now, doc)
	if costs {
		said.Now = cost(now)
	}
	return said, nil
}

// Proof is what an author is told of a document while writing it: what is wrong
// with it, or else what it says.
type Proof struct {
	Edition
	Problems []domain.FieldError // in the paths of the document
}

// Proof reads a document as one of that programme and changes nothing. That it is
// not valid is no error.
func (s *Service) Proof(ctx context.Context, actor domain.Actor, programme domain.ID, document []byte) (p Proof, err error) {
	err = s.read(ctx, actor, "checkRules", func(tx *store.Tx) error {
		p = Proof{}
		if p.Edition, err = s.edition(tx, programme); err != nil {
			return err
		}
		loc, err := tx.Zone()
		if err != nil {
			return err
		}
		doc, err := parse(document, p.Programme, loc)
		if p.Problems = domain.FieldsOf(err); len(p.Problems) > 0 {
			return nil
		}
		if err == nil {
			p.Said, err = s.said(tx, doc, p.Edition)
		}
		return err
	})
	return p, err
}
