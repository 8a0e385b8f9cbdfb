package vouchers

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// SealAll seals what a municipality has stored in plain text, before texts were
// sealed, and gives how many texts that were. It can be stopped anywhere and run
// again: what is sealed stays sealed. It needs the rights of who migrates. The
// files of the database are to be scrubbed next, and then NoteSealed called.
func (s *Service) SealAll(ctx context.Context, municipality domain.ID) (n int, err error) {
	if err := s.CheckKeys(ctx, municipality); err != nil {
		return 0, err // begun before, with other keys
	}
	for _, column := range store.PersonalColumns {
		var last domain.ID
		for more := true; more; {
			var texts []store.Plain
			err := s.sealing(ctx, municipality, column, func(tx *store.Tx) (err error) {
				if texts, err = tx.PlainTexts(column, last, keysTogether); err != nil || len(texts) == 0 {
					return err
				}
				last = texts[len(texts)-1].ID
				return s.sealTexts(tx, column, texts)
			})
			if err != nil {
				return n, err
			}
			n, more = n+len(texts), len(texts) == keysTogether
		}
	}
	if err := s.sealWaiting(ctx, municipality); err != nil {
		return n, err
	}
	return n, s.sealAnswers(ctx, municipality)
}

// NoteSealed notes that nothing personal is in plain text any more. Conflict when
// something still is: whoever wrote it while SealAll ran does not seal.
func (s *Service) NoteSealed(ctx context.Context, municipality domain.ID) error {
	return s.sealing(ctx, municipality, "", func(tx *store.Tx) error {
		for _, column := range store.PersonalColumns {
			texts, err := tx.PlainTexts(column, domain.ID{}, 1)
			if err != nil {
				return err
			}
			if len(texts) > 0 {
				return domain.Errorf(domain.Conflict, "wrong_state", "%s has plain texts again: stop the servers of the older version and run it again", column)
			}
		}
		return store.Change[domain.Municipality](tx, map[string]any{"sealed_at": s.now()})
	})
}

// sealWaiting seals the files of exports that wait to be taken in.
func (s *Service) sealWaiting(ctx context.Context, municipality domain.ID) error {
	return s.sealing(ctx, municipality, "imports", func(tx *store.Tx) error {
		waiting, err := store.All[domain.Import](tx, "id", store.In("state", []string{"queued", "running"}))
		if err != nil {
			return err
		}
		for _, im := range waiting {
			if im.PlansFile, im.AttendanceFile, err = s.openFiles(tx, im); err != nil {
				return err
			}
			if err := s.sealFiles(tx, &im); err != nil {
				return err
			}
			if err := store.Change[domain.Import](tx, map[string]any{"plans_file": im.PlansFile, "attendance_file": im.AttendanceFile}, store.Is("id", im.ID)); err != nil {
				return err
			}
		}
		return nil
	})
}

// sealing runs one transaction of SealAll.
func (s *Service) sealing(ctx context.Context, municipality domain.ID, column string, fn func(*store.Tx) error) error {
	return s.store.Write(ctx, keyJob(municipality), func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Audit("sealAll", "municipality", municipality, s.now(), domain.Detail(map[string]any{"column": column}))
	})
}

// sealTexts seals the plain texts of a column.
func (s *Service) sealTexts(tx *store.Tx, column string, texts []store.Plain) error {
	keys := map[domain.ID]vault.Key{}
	for i, t := range texts {
		key, known := keys[t.CitizenID]
		if !known {
			var err error
			if key, err = s.citizenKey(tx, t.CitizenID); err != nil {
				return err
			}
			keys[t.CitizenID] = key
		}
		if err := key.Seal(domain.PersonalText{Column: column, Row: t.ID, Text: &texts[i].Text}); err != nil {
			return err
		}
	}
	return tx.SealPlain(column, texts)
}

// sealAnswers takes the plain reasons out of the answers that are remembered
// under Idempotency-Keys: they cannot be told apart from what they were given
// for, and who repeats the request so late can do without.
func (s *Service) sealAnswers(ctx context.Context, municipality domain.ID) error {
	var last domain.Idempotency
	for more := true; more; {
		err := s.sealing(ctx, municipality, "idempotency_keys.result", func(tx *store.Tx) error {
			kept, err := tx.RememberedReasons(last, keysTogether)
			if more = len(kept) == keysTogether; err != nil {
				return err
			}
			for _, last = range kept {
				without, err := withoutReasons(last.Result)
				if err != nil {
					return err
				}
				err = store.Change[domain.Idempotency](tx, map[string]any{"result": without}, store.Is("caller", last.Caller), store.Is("key", last.Key))
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// withoutReasons empties every plain Reason in a JSON document but a pause's,
// which is one of a few words.
func withoutReasons(document domain.Raw) (domain.Raw, error) {
	read := json.NewDecoder(bytes.NewReader(document))
	read.UseNumber()
	var v any
	if err := read.Decode(&v); err != nil {
		return nil, err
	}
	emptyReasons(v)
	return json.Marshal(v)
}

func emptyReasons(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			emptyReasons(item)
		}
	case map[string]any:
		_, pause := v["FirstDay"]
		for name, item := range v {
			if text, ok := item.(string); ok && name == "Reason" && !pause && !strings.HasPrefix(text, domain.SealedPrefix) {
				v[name] = ""
			}
			emptyReasons(item)
		}
	}
}
