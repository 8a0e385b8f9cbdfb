package web

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

// What follows are the lists of settlement as files have them.

// RunGrid are settlement runs.
func RunGrid(b Books, runs []settlement.RunStep) Grid {
	g := Grid{Name: Text(b.Lang, "runs.all"), Heads: b.heads("#runs.number", "runs.from", "runs.to", "#runs.total", "#runs.settlements", "runs.state", "runs.then", "runs.then_by")}
	for _, r := range runs {
		next, by := b.nextStep(r)
		g.Rows = append(g.Rows, []Cell{
			count(int64(r.Number)), b.day(r.PeriodFrom, ""), b.day(r.PeriodTo, ""), amount(r.Sum.Payable, r.Currency, ""), count(r.Sum.Settlements), b.badge(Badge{Words: "runs.state." + string(r.State)}), word(next), word(by),
		})
	}
	return g
}

func (v View) badge(b Badge) Cell { return word(Text(v.Lang, b.Words)) }

// SettlementGrid is what a run pays each partner.
func SettlementGrid(b Books, r settlement.RunStory) Grid {
	g := Grid{Name: Text(b.Lang, "runs.settlements"), Heads: b.heads("runs.number", "runs.shop", "runs.how_paid", "#runs.amount", "#runs.carried_in", "#runs.total", "#runs.held_out", "runs.state")}
	for _, s := range r.Settlements {
		g.Rows = append(g.Rows, []Cell{
			word(s.Number), word(r.Partner(s.PartnerID)), word(Text(b.Lang, "runs.method."+s.Method)), amount(s.Amount, s.Currency, ""), amount(s.CarriedIn, s.Currency, ""), amount(s.Total, s.Currency, ""),
			amount(r.HeldOf[s.PartnerID], s.Currency, ""), b.badge(settlementBadge(s.Settlement)),
		})
	}
	return g
}

// LineGrid are the purchases of a settlement.
func LineGrid(b Books, x settlement.Story) Grid {
	g := Grid{Name: Text(b.Lang, "runs.purchases"), Heads: b.heads("runs.when", "runs.till", "runs.voucher", "#runs.sum", "runs.back")}
	for _, line := range x.Lines {
		back := word("")
		if line.Kind == domain.LineReversal {
			back = word(Text(b.Lang, "runs.back"))
		}
		g.Rows = append(g.Rows, []Cell{b.moment(line.HappenedAt, ""), word(x.Terminals[line.TerminalID.String()]), word(line.Serial), amount(line.Amount, x.Currency, ""), back})
	}
	return g
}

// HoldGrid are purchases that are, or were, held out.
func HoldGrid(b Books, l settlement.HoldList) Grid {
	g := Grid{Name: Text(b.Lang, "runs.held_title"), Heads: b.heads("runs.shop", "#runs.sum", "runs.state", "runs.why", "runs.note", "runs.when", "runs.held_by")}
	for i, row := range NewHolds(b.View, l, false).Rows {
		h := l.Rows[i]
		g.Rows = append(g.Rows, []Cell{word(row.Partner), amount(h.Amount, h.Currency, ""), b.badge(row.Badge), word(row.Why), word(row.Note), b.moment(h.HeldAt, ""), word(row.By)})
	}
	return g
}

// StatementGrid are the bank's statements.
func StatementGrid(b Books, l settlement.BankDesk) Grid {
	g := Grid{Name: Text(b.Lang, "bank.statements"), Heads: b.heads("runs.from", "runs.to", "bank.account", "#bank.movements", "#bank.state.unmatched")}
	for _, s := range l.Statements {
		g.Rows = append(g.Rows, []Cell{b.day(s.PeriodFrom, ""), b.day(s.PeriodTo, ""), word(s.IBAN), count(s.Entries), count(s.Unmatched)})
	}
	return g
}

// EntryGrid are entries of the bank's, with the numbers of the settlements that they
// are matched with.
func EntryGrid(b Books, entries []settlement.Entry, numbers map[domain.ID]string) Grid {
	g := Grid{Name: Text(b.Lang, "bank.movements"), Heads: b.heads("bank.day", "#runs.sum", "bank.text", "runs.state", "bank.about", "bank.suggestion")}
	for _, e := range entries {
		row := b.entryRow(e, numbers, settlement.Desk{Partners: b.partnersNamed()})
		about := ""
		if row.Settlement != nil {
			about = row.Settlement.Name
		}
		g.Rows = append(g.Rows, []Cell{b.day(e.BookedOn, ""), amount(e.Amount, e.Currency, ""), word(row.About), b.badge(row.Badge), word(about), word(row.Guess)})
	}
	return g
}

// partnersNamed are the partners' names as a settlement.Desk has them.
func (b Books) partnersNamed() map[string]string {
	names := make(map[string]string, len(b.Names.Partners))
	for id, name := range b.Names.Partners {
		names[id.String()] = name
	}
	return names
}

// InvoiceGrid are the invoices of partners.
func InvoiceGrid(b Books, l settlement.InvoiceList) Grid {
	g := Grid{Name: Text(b.Lang, "invoices.title"), Heads: b.heads("invoices.document", "runs.shop", "#runs.sum", "invoices.day", "runs.state")}
	for _, i := range l.Rows {
		g.Rows = append(g.Rows, []Cell{word(InvoiceName(b.Lang, i)), word(supplier(i, l.Desk)), amount(i.Amount, i.Currency, ""), b.day(i.IssuedOn, ""), b.badge(invoiceBadge(i))})
	}
	return g
}
