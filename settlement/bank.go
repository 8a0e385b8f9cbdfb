package settlement

import (
	"context"
	"crypto/sha256"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/camt"
	"github.com/fasthold/fasthold/store"
)

// BankFile is a file of the bank as it was sent.
type BankFile struct {
	Data     []byte
	Currency string       // of a CSV file that does not say it; "" else
	Columns  camt.Columns // the headings of a CSV file that are not recognised
}

// Taken is what became of a file: its statements, and how many of their entries
// were matched by themselves.
type Taken struct {
	Statements []domain.BankStatement
	Matched    int64
	Unmatched  int64
}

// matchedBySystem is who matched what nobody had to look at.
const matchedBySystem = domain.SystemPerson + "bank statement"

// perInsert is how many entries are stored by one statement: databases take only so
// many values at a time.
const perInsert = 500

// TakeStatement takes a file of the bank, whole or not at all. An entry is matched by
// itself only when it bears a settlement's number and its amount and currency, and the
// settlement waits for just that; what else there is waits for somebody. Invalid when
// it is of another account than the municipality's, or of days that have not come;
// Conflict "statement_known" when the file, or a statement in it, was taken before.
func (s *Service) TakeStatement(ctx context.Context, actor domain.Actor, key store.Key, file BankFile) (store.Answer[Taken], error) {
	call := s.call(actor, "createBankStatement")
	call.Key = key
	if err := actor.May(call.Action); err != nil {
		return store.Answer[Taken]{}, err
	}
	statements, err := camt.Read(file.Data, file.Columns)
	if err == nil {
		err = currencies(statements, file.Currency)
	}
	if err != nil {
		return store.Answer[Taken]{}, err
	}
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (taken Taken, err error) {
		if err := credible(tx, call, statements); err != nil {
			return taken, err
		}
		partners, err := store.All[domain.Partner](tx, "")
		if err != nil {
			return taken, err
		}
		var entries []domain.BankEntry
		hash, known := sha256.Sum256(file.Data), familiarWith(partners)
		for i, said := range statements {
			row := statementRow(said, call, hash[:], i+1)
			taken.Statements = append(taken.Statements, row)
			if err := store.Insert(tx, &row); store.IsDuplicate(err) {
				return taken, domain.Errorf(domain.Conflict, "statement_known", "this statement was taken before: nothing is changed, look it up in the list of statements")
			} else if err != nil {
				return taken, err
			}
			for n, e := range said.Entries {
				entries = append(entries, known.entryRow(e, row, n+1))
			}
		}
		if err := s.matchAll(tx, entries); err != nil {
			return taken, err
		}
		for chunk := range slices.Chunk(entries, perInsert) {
			if err := tx.Append(&chunk); err != nil {
				return taken, err
			}
		}
		return taken, s.auditTaken(tx, &taken, entries)
	})
}

// currencies says in which currency a CSV file is that does not say it itself.
func currencies(statements []camt.Statement, said string) error {
	for i := range statements {
		current := &statements[i].Currency
		if *current == "" {
			*current = said
		}
		switch {
		case *current == "":
			return domain.InvalidField("currency", "required", "the file does not say its currency: name it, like DKK")
		case said != "" && *current != said:
			return domain.InvalidField("currency", "other_currency", "the file is in %s: leave the currency out, or send the right file", *current)
		}
	}
	return nil
}

func statementRow(said camt.Statement, call store.Call, hash []byte, part int) domain.BankStatement {
	return domain.BankStatement{
		MunicipalityID: call.Actor.MunicipalityID, ID: store.NewID(), Hash: hash, Part: part, Format: said.Format, Reference: said.Reference, IBAN: said.IBAN, Currency: said.Currency,
		PeriodFrom: said.From, PeriodTo: said.To, Opening: said.Opening, Closing: said.Closing, Entries: int64(len(said.Entries)), UploadedBy: domain.Fold(call.Actor.Person), CreatedAt: call.At,
	}
}

// auditTaken counts what was matched and leaves an entry for each statement.
func (s *Service) auditTaken(tx *store.Tx, taken *Taken, entries []domain.BankEntry) error {
	matched := map[domain.ID]int64{}
	for _, e := range entries {
		if e.State != domain.EntryMatched {
			taken.Unmatched++
			continue
		}
		taken.Matched++
		matched[e.StatementID]++
		if err := auditMatch(tx, e, "matchBankEntry", *e.SettlementID); err != nil {
			return err
		}
	}
	for _, row := range taken.Statements {
		err := tx.Audit("createBankStatement", "bank_statement", row.ID, row.CreatedAt, domain.Detail(map[string]any{
			"format": row.Format, "entries": row.Entries, "matched": matched[row.ID], "closing": row.Closing, "period_to": row.PeriodTo,
		}))
		if err != nil {
			return err
		}
	}
	return nil
}

// auditMatch says with which settlement an entry is matched, or is not any more.
func auditMatch(tx *store.Tx, e domain.BankEntry, action domain.Action, settlement domain.ID) error {
	at := e.CreatedAt
	if e.DecidedAt != nil {
		at = *e.DecidedAt
	}
	return tx.Audit(action, "bank_entry", e.ID, at, domain.Detail(map[string]any{"settlement": settlement, "amount": e.Amount, "by": e.DecidedBy}))
}

// BankStatement gives one statement.
func (s *Service) BankStatement(ctx context.Context, actor domain.Actor, id domain.ID) (domain.BankStatement, error) {
	return store.One(ctx, s.store, s.call(actor, "getBankStatement"), id, store.Everyone[domain.BankStatement])
}

// BankStatements lists statements, newest first.
func (s *Service) BankStatements(ctx context.Context, actor domain.Actor, page store.Page) (store.Listed[domain.BankStatement], error) {
	return store.Several[domain.BankStatement](ctx, s.store, s.call(actor, "listBankStatements"), page)
}
