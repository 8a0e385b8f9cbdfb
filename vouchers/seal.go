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
// again: what is sealed stays sealed. It needs the rights of who migrates.
func (s *Service) SealAll(ctx context.Context, municipality domain.ID) (n int, err error) {
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
	if err := s.sealAnswers(ctx, municipality); err != nil {
		return n, err
	}
	return n, s.sealing(ctx, municipality, "", func(tx *store.Tx) error {
		return store.Change[domain.Municipality](tx, map[string]any{"sealed_at": s.now()})
	})
}

// sealing runs one transaction of SealAll.
func (s *Service) sealing(ctx context.Context, municipality domain.ID, column string, fn func(*store.Tx) error) error {
	return s.store.Write(ctx, keyJob(municipality), func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Audit("sealAll", "municipality", municipality, s.now(), detail(map[string]any{"column": column}))
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

// withoutReasons empties every plain Reason in a JSON document.
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
		for name, item := range v {
			if text, ok := item.(string); ok && name == "Reason" && !strings.HasPrefix(text, domain.SealedPrefix) {
				v[name] = ""
			}
			emptyReasons(item)
		}
	}
}
