package vouchers

import (
	"context"
	"encoding/json"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Export is a municipality's export to be taken in; either file may be empty.
type Export struct {
	ProgrammeID domain.ID // the plans in the file join this programme
	Plans       []byte
	Attendance  []byte
}

// StartImport keeps an export and queues it; of one from somebody who is bound
// to a unit, only that unit's lines will be taken. RunImport does the work. An
// export that cannot be read, or of which next to nothing could be taken, is
// refused here, and so is a programme that nobody has adopted.
func (s *Service) StartImport(ctx context.Context, actor domain.Actor, key Key, in Export) (Answer[domain.Import], error) {
	wrong := s.checkExport(ctx, actor, in)
	if kind := domain.KindOf(wrong); kind == domain.Unauthenticated || kind == domain.Forbidden {
		return Answer[domain.Import]{}, wrong
	}
	if wrong != nil && key.Value == "" {
		return Answer[domain.Import]{}, wrong
	}
	if wrong != nil { // the key may be that of another request
		earlier, found, err := recalled[domain.Import](ctx, s, actor, "startImport", key)
		if err == nil && !found {
			err = wrong
		}
		return Answer[domain.Import]{Value: earlier, Replayed: found}, err
	}
	by := actor
	by.Address = "" // not needed to go on after a restart, so not kept
	who, err := json.Marshal(by)
	if err != nil {
		return Answer[domain.Import]{}, err
	}
	return once(ctx, s, actor, "startImport", key, func(tx *store.Tx) (domain.Import, error) {
		im := domain.Import{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), ProgrammeID: in.ProgrammeID, State: "queued",
			PlansFile: in.Plans, AttendanceFile: in.Attendance, Actor: who, CreatedAt: s.now(),
		}
		if actor.Restricted() {
			im.UnitID = &actor.UnitID
		}
		if err := s.sealFiles(tx, &im); err != nil {
			return im, err
		}
		if err := store.Insert(tx, &im); err != nil {
			return im, err
		}
		im.PlansFile, im.AttendanceFile = nil, nil // not to be remembered under the key
		return im, tx.Audit("startImport", "import", im.ID, im.CreatedAt, domain.Detail(map[string]any{"bytes": len(in.Plans) + len(in.Attendance)}))
	})
}

// checkExport refuses an export that is not worth keeping. It reads the files
// before any transaction, so that nobody waits for that.
func (s *Service) checkExport(ctx context.Context, actor domain.Actor, in Export) error {
	var loc *time.Location
	err := s.read(ctx, actor, "startImport", func(tx *store.Tx) (err error) {
		if _, err = store.Get[domain.Programme](tx, in.ProgrammeID); err != nil {
			return err
		}
		adopted, err := store.Count[domain.ProgrammeVersion](tx, store.Is("programme_id", in.ProgrammeID), store.In("state", []string{domain.VersionAdopted, domain.VersionEnded}))
		if err == nil && adopted == 0 {
			err = domain.InvalidField("programme_id", "not_adopted", "no version of the programme is adopted: adopt one, for plans can join no other")
		}
		if err == nil {
			loc, err = tx.Zone()
		}
		return err
	})
	if err != nil {
		return err
	}
	rows, err := readFiles(in.Plans, in.Attendance, loc)
	if err != nil {
		return err
	}
	return s.read(ctx, actor, "startImport", func(tx *store.Tx) error { return checkKnown(tx, actor, rows) })
}

// seesImport reports whether the actor may see an import: one who is bound to a
// unit sees those of which only that unit's lines were taken.
func seesImport(actor domain.Actor, im domain.Import) bool {
	return !actor.Restricted() || im.UnitID != nil && actor.Reaches(*im.UnitID)
}

// Import gives one import within the actor's reach, without its files.
func (s *Service) Import(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Import, error) {
	return get(ctx, s, actor, "getImport", id, func(im domain.Import) bool { return seesImport(actor, im) })
}

// Imports lists the imports within the actor's reach, newest first.
func (s *Service) Imports(ctx context.Context, actor domain.Actor, page store.Page) (Listed[domain.Import], error) {
	return list[domain.Import](ctx, s, actor, "listImports", page, store.Eq("unit_id", actor.UnitID))
}

// ImportRefusals lists the lines that an import did not take, in the order of
// the files.
func (s *Service) ImportRefusals(ctx context.Context, actor domain.Actor, id domain.ID) (lines []domain.ImportRefusal, err error) {
	err = s.read(ctx, actor, "listImportRefusals", func(tx *store.Tx) error {
		im, err := store.Get[domain.Import](tx, id)
		if err == nil && !seesImport(actor, im) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		lines, err = store.All[domain.ImportRefusal](tx, "file DESC, line", store.Is("import_id", id))
		return err
	})
	return lines, err
}

// Unfinished gives the imports that wait or were interrupted, oldest first.
func (s *Service) Unfinished(ctx context.Context, municipality domain.ID) (ids []domain.ID, err error) {
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		waiting, err := store.All[domain.Import](tx, "id", store.In("state", []string{"queued", "running"}))
		for _, im := range waiting {
			ids = append(ids, im.ID)
		}
		return err
	})
	return ids, err
}
