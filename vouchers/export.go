package vouchers

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/table"
)

// ExportRequest asks for rows as a file.
type ExportRequest struct {
	What    string // of ExportKinds
	Format  string // table.CSV or table.XLSX
	Filters ExportFilters
}

// mostWaiting is how many exports of one person may wait or be made at a time.
const mostWaiting = 5

// StartExport queues an export; RunExports makes it. A filter that the rows asked
// for do not have is refused, not ignored.
func (s *Service) StartExport(ctx context.Context, actor domain.Actor, key store.Key, in ExportRequest) (store.Answer[domain.Export], error) {
	call := s.call(actor, "startExport")
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (domain.Export, error) {
		if err := in.Filters.today(tx, s.now(), in.What); err != nil {
			return domain.Export{}, err
		}
		e, err := s.newExport(actor, in)
		if err != nil {
			return e, err
		}
		waiting, err := store.Count[domain.Export](tx, store.In("state", []string{domain.ExportQueued, domain.ExportRunning}), store.Is("person", actor.Person))
		if err != nil {
			return e, err
		}
		if waiting >= mostWaiting {
			return e, domain.Errorf(domain.Conflict, "too_many_exports", "%d exports of yours are waiting or being made: wait until one is done", waiting)
		}
		if err := store.Insert(tx, &e); err != nil {
			return e, err
		}
		return e, tx.Audit("startExport", "export", e.ID, e.CreatedAt, domain.Detail(map[string]any{"what": e.What, "format": e.Format, "filters": json.RawMessage(e.Filters)}))
	})
}

// newExport checks what is asked for.
func (s *Service) newExport(actor domain.Actor, in ExportRequest) (domain.Export, error) {
	var f domain.Fields
	kind, known := exportKinds[in.What]
	f.Check(known, "what", "unknown", "must be one of %s", ExportKinds())
	f.Check(in.Format == table.CSV || in.Format == table.XLSX, "format", "unknown", "must be csv or xlsx")
	if known {
		in.Filters.check(&f, in.What, kind.filters)
	}
	filters, err := json.Marshal(in.Filters)
	if err == nil {
		err = f.Err()
	}
	return domain.Export{
		MunicipalityID: actor.MunicipalityID, ID: store.NewID(), What: in.What, Format: in.Format, Filters: filters,
		State: domain.ExportQueued, Person: actor.Person, Role: actor.Role, CreatedAt: s.now(),
	}, err
}

// mayHave reports whether an export is the actor's: who asked for it, as the same role.
func mayHave(actor domain.Actor) func(domain.Export) bool {
	return func(e domain.Export) bool { return e.Person == actor.Person && e.Role == actor.Role }
}

// Export says how far one of the actor's own exports is.
func (s *Service) Export(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Export, error) {
	return store.One(ctx, s.store, s.call(actor, "getExport"), id, mayHave(actor))
}

// Exports lists the actor's own exports, newest first.
func (s *Service) Exports(ctx context.Context, actor domain.Actor, page store.Page) (Listed[domain.Export], error) {
	return store.Several[domain.Export](ctx, s.store, s.call(actor, "listExports"), page, store.Is("person", actor.Person), store.Is("role", actor.Role))
}

// ExportFile gives an export that is done, and its file to be read and closed,
// piece by piece.
func (s *Service) ExportFile(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Export, io.ReadCloser, error) {
	e, err := store.One(ctx, s.store, s.call(actor, "getExportFile"), id, mayHave(actor))
	if err != nil {
		return e, nil, err
	}
	switch e.State {
	case domain.ExportDone:
	case domain.ExportDeleted:
		return e, nil, domain.Errorf(domain.NotFound, "export_deleted", "the file was kept for a day and is deleted: ask for the export again")
	case domain.ExportFailed:
		return e, nil, domain.Errorf(domain.Conflict, "wrong_state", "the export failed: %s", e.Failure)
	default:
		return e, nil, domain.Errorf(domain.Conflict, "export_not_done", "the export is not done yet: ask again when its state is done")
	}
	if e.CreatedAt, err = s.atSite(ctx, e); err != nil {
		return e, nil, err
	}
	pieces := &pieces{ctx: ctx, store: s.store, of: e}
	if e.Format == table.XLSX {
		return e, pieces, nil
	}
	file, err := gzip.NewReader(pieces)
	return e, file, err
}

// atSite is when an export was asked for, as the clock at the site said it.
func (s *Service) atSite(ctx context.Context, e domain.Export) (at time.Time, err error) {
	err = s.store.Read(ctx, e.MunicipalityID, func(tx *store.Tx) error {
		site, err := tx.Zone()
		if err == nil {
			at = e.CreatedAt.In(site)
		}
		return err
	})
	return at, err
}

// pieces reads an export's file as it is kept.
type pieces struct {
	ctx    context.Context //nolint:containedctx // of the one request that reads
	store  *store.Store
	of     domain.Export
	number int // of the piece being read
	rest   []byte
}

func (p *pieces) Read(into []byte) (int, error) {
	for len(p.rest) == 0 {
		p.number++
		err := p.store.Read(p.ctx, p.of.MunicipalityID, func(tx *store.Tx) error {
			next, err := store.First[domain.ExportChunk](tx, store.Is("export_id", p.of.ID), store.Is("number", p.number))
			p.rest = next.Content
			return err
		})
		if domain.KindOf(err) == domain.NotFound {
			return 0, io.EOF
		}
		if err != nil {
			return 0, err
		}
	}
	n := copy(into, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func (p *pieces) Close() error { return nil }
