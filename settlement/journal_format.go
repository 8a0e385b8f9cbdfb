package settlement

import (
	"context"
	"encoding/json"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/journal"
	"github.com/fasthold/fasthold/store"
)

// JournalFormat is how the journal is written, and its version: 0 until finance has
// said it.
type JournalFormat struct {
	journal.Layout
	Number    int
	ChangedBy string
}

// JournalFormat gives how the journal is written now.
func (s *Service) JournalFormat(ctx context.Context, actor domain.Actor) (f JournalFormat, err error) {
	err = s.store.Look(ctx, s.call(actor, "getJournalFormat"), func(tx *store.Tx) error {
		f, err = formatNow(tx)
		return err
	})
	return f, err
}

// UpdateJournalFormat says anew how the journal is written. Stale unless number is
// that of the format last read.
func (s *Service) UpdateJournalFormat(ctx context.Context, actor domain.Actor, number int64, l journal.Layout) (f JournalFormat, err error) {
	call := s.call(actor, "updateJournalFormat")
	err = s.store.Perform(ctx, call, func(tx *store.Tx) error {
		if err := l.Check(); err != nil {
			return err
		}
		now, err := formatNow(tx)
		if err != nil {
			return err
		}
		stale := domain.Errorf(domain.Stale, "stale", "someone else changed it meanwhile: read it again and repeat the change")
		if int64(now.Number) != number {
			return stale
		}
		document, err := json.Marshal(l)
		if err != nil {
			return err
		}
		f = JournalFormat{l, now.Number + 1, domain.Fold(actor.Person)}
		row := domain.JournalFormat{MunicipalityID: actor.MunicipalityID, Number: f.Number, Document: document, ChangedBy: f.ChangedBy, CreatedAt: call.At}
		if err := store.Insert(tx, &row); store.IsDuplicate(err) { // two at once
			return stale
		} else if err != nil {
			return err
		}
		return tx.Audit(call.Action, "journal_format", actor.MunicipalityID, call.At, domain.Detail(map[string]any{"number": f.Number, "layout": l}))
	})
	return f, err
}

// formatNow reads how the journal is written.
func formatNow(tx *store.Tx) (JournalFormat, error) {
	all, err := store.All[domain.JournalFormat](tx, "number")
	if err != nil || len(all) == 0 {
		return JournalFormat{Layout: journal.First()}, err
	}
	row := all[len(all)-1]
	f := JournalFormat{Number: row.Number, ChangedBy: row.ChangedBy}
	return f, json.Unmarshal(row.Document, &f.Layout)
}
