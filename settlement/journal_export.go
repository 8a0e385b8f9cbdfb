package settlement

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/settlement/journal"
	"github.com/fasthold/fasthold/store"
)

// JournalPeriod is what of the journal is wanted.
type JournalPeriod struct {
	From, To domain.Date // days booked, both included
	Currency string
}

// JournalFile is the journal of a period, to be written.
type JournalFile struct {
	JournalPeriod
	Encoding string // one of journal.Encodings
	write    func(w io.Writer) error
}

// Write writes the file. Rows go out as they come.
func (f JournalFile) Write(w io.Writer) error { return f.write(w) }

// ExportJournal gives the journal of a period as the municipality's ledger wants it.
// Invalid, with each account string that is missing and where it is entered: then
// nothing is written.
func (s *Service) ExportJournal(ctx context.Context, actor domain.Actor, p JournalPeriod) (f JournalFile, err error) {
	call := s.call(actor, "exportJournal")
	var n names
	var l journal.Layout
	err = s.store.Look(ctx, call, func(tx *store.Tx) error {
		if err := p.checked(); err != nil {
			return err
		}
		format, err := formatNow(tx)
		if err != nil {
			return err
		}
		l = format.Layout
		if n, err = named(tx); err != nil {
			return err
		}
		return complete(tx, p, l, n)
	})
	f = JournalFile{JournalPeriod: p, Encoding: l.Encoding}
	f.write = func(w io.Writer) error {
		return s.store.Look(ctx, call, func(tx *store.Tx) error {
			out, err := journal.New(w, l)
			if err != nil {
				return err
			}
			if err := tx.EachBooked(p.Currency, p.From, p.To, events(l), func(row ledger.Posting) error { return out.Row(n.row(row, l)) }); err != nil {
				return err
			}
			return out.Close()
		})
	}
	return f, err
}

func (p JournalPeriod) checked() error {
	var f domain.Fields
	f.Check(!p.From.IsZero(), "from", "required", "must be the first day, as 2026-11-01")
	f.Check(!p.To.IsZero(), "to", "required", "must be the last day, as 2026-11-30")
	f.Check(p.From.IsZero() || p.To.IsZero() || !p.To.Before(p.From), "to", "before_from", "must not be before from")
	return f.Err()
}

// events are those that a layout wants; none: all of them.
func events(l journal.Layout) (wanted []ledger.Event) {
	for _, event := range l.Events {
		wanted = append(wanted, ledger.Event(event))
	}
	return wanted
}

// complete refuses a period of which an account string is missing.
func complete(tx *store.Tx, p JournalPeriod, l journal.Layout, n names) error {
	charges, err := tx.Charges(p.Currency, p.From, p.To, events(l))
	if err != nil {
		return err
	}
	var f domain.Fields
	said := map[string]bool{}
	for _, c := range charges {
		budget := n.budgetString(c.BudgetID)
		if l.AccountString(c.Account, budget) != "" {
			continue
		}
		var one domain.Fields
		l.Missing(&one, c.Account, budget, n.budgetName(c.BudgetID))
		for _, field := range domain.FieldsOf(one.Err()) {
			if !said[field.Field] {
				said[field.Field] = true
				f.Add(field.Field, field.Code, "%s", field.Message)
			}
		}
	}
	return f.Err()
}

// names are what postings refer to, by ID.
type names struct {
	programmes, units, partners, cvrs, settlements map[string]string
	budgets                                        map[domain.ID]domain.Budget
}

func named(tx *store.Tx) (n names, err error) {
	for _, read := range []func() error{
		func() (err error) { n.programmes, err = store.Names[domain.Programme](tx, "title_da"); return err },
		func() (err error) { n.units, err = store.Names[domain.Unit](tx, "name"); return err },
		func() (err error) { n.partners, err = store.Names[domain.Partner](tx, "name"); return err },
		func() (err error) { n.cvrs, err = store.Names[domain.Partner](tx, "cvr"); return err },
		func() (err error) { n.settlements, err = store.Names[domain.Settlement](tx, "number"); return err },
	} {
		if err := read(); err != nil {
			return n, err
		}
	}
	budgets, err := store.All[domain.Budget](tx, "")
	n.budgets = make(map[domain.ID]domain.Budget, len(budgets))
	for _, b := range budgets {
		n.budgets[b.ID] = b
	}
	return n, err
}

// budgetString gives a budget's own account string; nil for no budget.
func (n names) budgetString(id *domain.ID) *string {
	if id == nil {
		return nil
	}
	text := n.budgets[*id].AccountString
	return &text
}

// budgetName says for people which budget it is.
func (n names) budgetName(id *domain.ID) string {
	if id == nil {
		return ""
	}
	b := n.budgets[*id]
	name := fmt.Sprintf("%s %d", n.programmes[b.ProgrammeID.String()], b.Year)
	if b.UnitID != nil {
		name += " " + n.units[b.UnitID.String()]
	}
	return name
}

// shown writes an ID as the API does.
func shown(prefix string, id domain.ID) string {
	return prefix + "_" + strings.ReplaceAll(id.String(), "-", "")
}

// row is a posting with what it is called.
func (n names) row(p ledger.Posting, l journal.Layout) journal.Row {
	r := journal.Row{
		BookedOn: p.BookedOn, Entry: shown("ent", p.EntryID), Posting: shown("pst", p.ID), Event: p.Event, Account: p.Account, AccountString: l.AccountString(p.Account, n.budgetString(p.BudgetID)),
		Amount: p.Amount, Currency: p.Currency, Programme: n.programmes[p.ProgrammeID.String()], Unit: n.units[p.UnitID.String()],
	}
	if p.PartnerID != nil {
		r.Partner, r.CVR = n.partners[p.PartnerID.String()], n.cvrs[p.PartnerID.String()]
	}
	if p.BudgetID != nil {
		r.BudgetYear = n.budgets[*p.BudgetID].Year
	}
	if p.SettlementID != nil {
		r.Settlement = n.settlements[p.SettlementID.String()]
	}
	return r
}
