package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// StatementSum is a statement of the bank, and what became of its entries.
type StatementSum struct {
	domain.BankStatement
	store.EntrySum
}

// BankDesk is what finance looks at of the bank: what waits for somebody, and the
// statements.
type BankDesk struct {
	Desk
	Open       []Entry // that nobody has matched or set aside, the newest first
	OpenMore   bool
	Statements []StatementSum // newest first
	More       bool
}

// mostShown is how much of what waits a page shows at once.
const mostShown = 25

// BankDesk gives what waits and a page of the statements.
func (s *Service) BankDesk(ctx context.Context, actor domain.Actor, page store.Page) (b BankDesk, err error) {
	err = s.store.Look(ctx, s.call(actor, "listBankStatements"), func(tx *store.Tx) error {
		if b.Desk, err = s.desk(tx); err != nil {
			return err
		}
		open, more, err := store.List[domain.BankEntry](tx, store.Page{Limit: mostShown}, store.Is("state", domain.EntryUnmatched))
		if err == nil {
			b.OpenMore = more
			b.Open, err = suggested(tx, open)
		}
		if err != nil {
			return err
		}
		rows, more, err := store.List[domain.BankStatement](tx, page)
		if err == nil {
			b.More = more
			b.Statements, err = summedStatements(tx, rows)
		}
		return err
	})
	return b, err
}

// summedStatements counts the entries of statements, with one query however many.
func summedStatements(tx *store.Tx, rows []domain.BankStatement) ([]StatementSum, error) {
	ids := make([]domain.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	sums, err := tx.EntrySums(ids)
	list := make([]StatementSum, len(rows))
	for i, row := range rows {
		list[i] = StatementSum{row, sums[row.ID]}
	}
	return list, err
}

// StatementStory is one statement with a page of its entries.
type StatementStory struct {
	Desk
	StatementSum
	Rows    []Entry // newest first
	More    bool
	Numbers map[domain.ID]string // of the settlements that they are matched with
}

// StatementStory gives one statement, its entries of one state, or all if that is "".
func (s *Service) StatementStory(ctx context.Context, actor domain.Actor, id domain.ID, page store.Page, state string) (x StatementStory, err error) {
	err = s.store.Look(ctx, s.call(actor, "listBankEntries"), func(tx *store.Tx) error {
		row, err := store.Get[domain.BankStatement](tx, id)
		if err != nil {
			return err
		}
		if x.Desk, err = s.desk(tx); err != nil {
			return err
		}
		sums, err := summedStatements(tx, []domain.BankStatement{row})
		if err != nil {
			return err
		}
		x.StatementSum = sums[0]
		entries, more, err := store.List[domain.BankEntry](tx, page, store.Is("statement_id", id), store.Eq("state", state))
		if err == nil {
			x.More = more
			x.Rows, err = suggested(tx, entries)
		}
		if err == nil {
			x.Numbers, err = numbersOf(tx, x.Rows)
		}
		return err
	})
	return x, err
}

// numbersOf gives the numbers of the settlements that entries are matched with.
func numbersOf(tx *store.Tx, entries []Entry) (map[domain.ID]string, error) {
	var ids []domain.ID
	for _, e := range entries {
		if e.SettlementID != nil {
			ids = append(ids, *e.SettlementID)
		}
	}
	numbers := map[domain.ID]string{}
	if len(ids) == 0 {
		return numbers, nil
	}
	rows, err := keyed(tx, ids, func(row domain.Settlement) domain.ID { return row.ID })
	for id, row := range rows {
		numbers[id] = row.Number
	}
	return numbers, err
}

// EntryStory is one entry with its statement, and the settlement that it is matched
// with.
type EntryStory struct {
	Desk
	Entry
	Statement  domain.BankStatement
	Settlement *domain.Settlement // nil: it is matched with none
}

// EntryStory gives one entry, with suggestions while it is unmatched.
func (s *Service) EntryStory(ctx context.Context, actor domain.Actor, id domain.ID) (x EntryStory, err error) {
	err = s.store.Look(ctx, s.call(actor, "getBankEntry"), func(tx *store.Tx) error {
		row, err := store.Get[domain.BankEntry](tx, id)
		if err != nil {
			return err
		}
		if x.Desk, err = s.desk(tx); err != nil {
			return err
		}
		list, err := suggested(tx, []domain.BankEntry{row})
		if err != nil {
			return err
		}
		x.Entry = list[0]
		if x.Statement, err = store.Get[domain.BankStatement](tx, row.StatementID); err != nil || row.SettlementID == nil {
			return err
		}
		about, err := store.Get[domain.Settlement](tx, *row.SettlementID)
		x.Settlement = &about
		return err
	})
	return x, err
}
