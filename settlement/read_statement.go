package settlement

import (
	"cmp"
	"context"
	"io"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/statement"
	"github.com/fasthold/fasthold/store"
)

// The formats of a statement.
const (
	StatementPDF = "pdf"
	StatementCSV = "csv"
)

// StatementFile is the statement of a settlement, to be written.
type StatementFile struct {
	statement.Statement
	lines  statement.Lines
	format string
}

// Write writes the statement. Lines go out as they come.
func (f StatementFile) Write(w io.Writer) error {
	if f.format == StatementCSV {
		return statement.CSV(w, f.Statement, f.lines)
	}
	return statement.PDF(w, f.Statement, f.lines)
}

// Statement gives the statement of a settlement, in a format and a language
// (statement.Danish, statement.English); to a partner its own, once the run is
// approved. It is read from the database again while it is written.
func (s *Service) Statement(ctx context.Context, actor domain.Actor, id domain.ID, format, language string) (f StatementFile, err error) {
	call := s.call(actor, "getSettlementStatement")
	f.format = format
	err = s.store.Look(ctx, call, func(tx *store.Tx) error {
		row, err := store.Get[domain.Settlement](tx, id)
		if err == nil && !mayRead(actor, row) {
			err = domain.OutOfReach()
		}
		if err == nil {
			f.Statement, err = stated(tx, row, language)
		}
		return err
	})
	f.lines = func(yield func(statement.Line) error) error {
		return s.store.Look(ctx, call, func(tx *store.Tx) error {
			return tx.EachSold(id, func(l store.Sold) error {
				return yield(statement.Line{At: l.HappenedAt, Kind: l.Kind, Branch: l.Branch, Till: l.Till, Receipt: l.Receipt, Serial: l.Serial, Amount: l.Amount})
			})
		})
	}
	return f, err
}

// stated says what a statement says above its lines.
func stated(tx *store.Tx, row domain.Settlement, language string) (s statement.Statement, err error) {
	run, err := store.Get[domain.SettlementRun](tx, row.RunID)
	if err != nil {
		return s, err
	}
	partner, err := store.Get[domain.Partner](tx, row.PartnerID)
	if err != nil {
		return s, err
	}
	home, err := store.First[domain.Municipality](tx)
	if err != nil {
		return s, err
	}
	zone, err := tx.Zone()
	if err != nil {
		return s, err
	}
	payer, err := payerNow(tx)
	if err != nil {
		return s, err
	}
	made := run.MadeAt
	if run.ApprovedAt != nil {
		made = *run.ApprovedAt
	}
	s = statement.Statement{
		Language: language, Number: row.Number, Draft: row.State == domain.SettlementDraft, Municipality: home.Name, Contact: home.FinanceEmail,
		Payer:   statement.Payer{Name: cmp.Or(payer.Name, home.Name), CVR: payer.CVR, GLN: payer.GLN},
		Partner: partner.Name, CVR: partner.CVR, From: run.PeriodFrom, To: run.PeriodTo, MadeOn: domain.DateOf(made, zone),
		Method: row.Method, IBAN: domain.IBANFor(tx.Actor(), row.IBAN), Zone: zone, Currency: row.Currency, CarriedIn: row.CarriedIn, Total: row.Total,
	}
	if s.Payment, err = wasPaid(tx, row); err != nil {
		return s, err
	}
	if row.Method == domain.ByBank {
		s.Payment.ExecuteOn = run.ExecuteOn
	}
	return s, added(tx, row.ID, &s)
}

// wasPaid says whether a partner has the money of a settlement, and since when.
func wasPaid(tx *store.Tx, row domain.Settlement) (statement.Payment, error) {
	u, err := undoneOf(tx, row)
	if err == nil && u.hasMoney() {
		return statement.Payment{PaidOn: cmp.Or(row.PaidOn, u.corrections[len(u.corrections)-1].HappenedOn)}, nil
	}
	return statement.Payment{
		PaidOn: row.PaidOn, Forward: row.State == domain.SettlementForward, Returned: row.State == domain.SettlementBounced, Reversed: row.State == domain.SettlementReversed,
	}, err
}

// added says what the lines come to.
func added(tx *store.Tx, settlement domain.ID, s *statement.Statement) error {
	parts, err := tx.SoldParts(settlement)
	for _, part := range parts {
		if part.Kind == domain.LineReversal {
			s.Reversals = statement.Part{Lines: part.Lines, Amount: part.Amount}
		} else {
			s.Redemptions = statement.Part{Lines: part.Lines, Amount: part.Amount}
		}
	}
	return err
}
