package vouchers

import (
	"context"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// DraftVersion adds a version to a programme from a document in YAML or JSON
// (docs/rules.md). Nobody can be enrolled in it before it is adopted.
func (s *Service) DraftVersion(ctx context.Context, actor domain.Actor, programmeID domain.ID, document []byte) (v domain.ProgrammeVersion, err error) {
	err = s.write(ctx, actor, "draftVersion", func(tx *store.Tx) error {
		if err := forAll(actor); err != nil {
			return err
		}
		// Locked, so that two drafts at once get two numbers.
		programme, err := store.GetLocked[domain.Programme](tx, programmeID)
		if err != nil {
			return err
		}
		loc, err := tx.Zone()
		if err != nil {
			return err
		}
		doc, err := parse(document, programme, loc)
		if err != nil {
			return err
		}
		others, err := store.All[domain.ProgrammeVersion](tx, "number", store.Is("programme_id", programmeID))
		if err != nil {
			return err
		}
		v = domain.ProgrammeVersion{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), ProgrammeID: programmeID, Number: 1, State: domain.VersionDraft,
			Document: doc.JSON(), WrittenBy: domain.Fold(actor.Person), Version: 1, CreatedAt: s.now(),
		}
		if n := len(others); n > 0 {
			v.Number = others[n-1].Number + 1
		}
		if err := store.Insert(tx, &v); err != nil {
			return err
		}
		return tx.Audit("draftVersion", "programme_version", v.ID, v.CreatedAt, domain.Detail(map[string]any{"number": v.Number}))
	})
	return v, err
}

// UpdateVersion replaces a draft's document. Conflict once it is adopted; Stale
// unless version is the one last read.
func (s *Service) UpdateVersion(ctx context.Context, actor domain.Actor, id domain.ID, version int64, document []byte) (v domain.ProgrammeVersion, err error) {
	err = s.write(ctx, actor, "updateVersion", func(tx *store.Tx) error {
		if err := forAll(actor); err != nil {
			return err
		}
		if v, err = store.GetLocked[domain.ProgrammeVersion](tx, id); err != nil {
			return err
		}
		if v.State != domain.VersionDraft {
			return domain.Errorf(domain.Conflict, "version_adopted", "version %d is adopted and never changes: draft a new version", v.Number)
		}
		programme, err := store.Get[domain.Programme](tx, v.ProgrammeID)
		if err != nil {
			return err
		}
		loc, err := tx.Zone()
		if err != nil {
			return err
		}
		doc, err := parse(document, programme, loc)
		if err != nil {
			return err
		}
		v.Document, v.WrittenBy, v.Version = doc.JSON(), domain.Fold(actor.Person), version+1
		if err := store.Set[domain.ProgrammeVersion](tx, id, version, map[string]any{"document": v.Document, "written_by": v.WrittenBy}); err != nil {
			return err
		}
		return tx.Audit("updateVersion", "programme_version", id, s.now(), nil)
	})
	return v, err
}

// parse reads a document of the programme. Its errors name fields below
// "document", where the API takes it.
func parse(document []byte, programme domain.Programme, site *time.Location) (rules.Document, error) {
	var f domain.Fields
	doc, err := rules.Parse(document)
	for _, field := range domain.FieldsOf(err) {
		path := field.Field
		switch {
		case path == "" || path == "document":
			path = "document"
		case strings.HasPrefix(path, "["):
			path = "document" + path
		default:
			path = "document." + path
		}
		field.Field = path
		f.Put(field)
	}
	if err == nil {
		if doc.Programme != programme.Slug {
			f.Put(misplaced(document, "programme", "other_programme", "must be "+programme.Slug+", the programme's slug", "skal være "+programme.Slug+", ordningens korte navn"))
		}
		if doc.TimeZone != site.String() {
			f.Put(misplaced(document, "time_zone", "other_time_zone", "must be "+site.String()+", the municipality's: a visit has one date only", "skal være "+site.String()+", kommunens: et fremmøde har kun én dato"))
		}
	}
	if bad := f.Err(); bad != nil {
		return doc, bad
	}
	return doc, err
}

// misplaced is what is wrong with a field of a document that is another
// programme's.
func misplaced(document []byte, path, code, message, danish string) domain.FieldError {
	return domain.FieldError{Field: "document." + path, Code: code, Message: message, Danish: danish, Line: rules.LineOf(document, path)}
}

// Version gives one version of a programme.
func (s *Service) Version(ctx context.Context, actor domain.Actor, id domain.ID) (domain.ProgrammeVersion, error) {
	return get(ctx, s, actor, "getVersion", id, store.Everyone[domain.ProgrammeVersion])
}

// Versions lists a programme's versions, newest first; in any state when state
// is empty.
func (s *Service) Versions(ctx context.Context, actor domain.Actor, programmeID domain.ID, page store.Page, state string) (l Listed[domain.ProgrammeVersion], err error) {
	err = s.read(ctx, actor, "listVersions", func(tx *store.Tx) error {
		if _, err := store.Get[domain.Programme](tx, programmeID); err != nil {
			return err
		}
		l.Rows, l.More, err = store.List[domain.ProgrammeVersion](tx, page, store.Is("programme_id", programmeID), store.Eq("state", state))
		return err
	})
	return l, err
}

// documentKey is bound to a municipality like every query.
type documentKey struct{ municipality, version domain.ID }

// document gives a version's rules. Those of an adopted version never change
// and are read and parsed once.
func (s *Service) document(tx *store.Tx, id domain.ID) (rules.Document, error) {
	key := documentKey{tx.Actor().MunicipalityID, id}
	if doc, ok := s.documents.Load(key); ok {
		return doc.(rules.Document), nil
	}
	v, err := store.Get[domain.ProgrammeVersion](tx, id)
	if err != nil {
		return rules.Document{}, err
	}
	doc, err := rules.Parse(v.Document)
	if err == nil && v.State != domain.VersionDraft {
		s.documents.Store(key, doc)
	}
	return doc, err
}
