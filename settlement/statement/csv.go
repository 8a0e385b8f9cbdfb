package statement

import (
	"encoding/csv"
	"io"

	"github.com/fasthold/fasthold/domain"
)

// bom makes Excel read UTF-8.
const bom = "\xef\xbb\xbf"

// CSV writes the statement as a table that Excel opens: one row for each line, one for
// what is carried in, and the total last. Danish has semicolons and decimal commas,
// English commas and points. Lines go out as they come.
func CSV(w io.Writer, s Statement, lines Lines) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return err
	}
	t, out := s.words(), csv.NewWriter(w)
	out.UseCRLF = true
	if s.Language == Danish {
		out.Comma = ';'
	}
	if err := out.Write([]string{t.statement, t.kind, t.date, t.clock, t.branch, t.till, t.receipt, t.voucher, t.amount, t.currency}); err != nil {
		return err
	}
	row := func(kind, day, clock, branch, till, receipt, serial string, amount int64) error {
		return out.Write([]string{
			s.Number, kind, day, clock, domain.SafeCell(branch), domain.SafeCell(till), domain.SafeCell(receipt), serial, s.decimal(amount), s.Currency,
		})
	}
	err := s.checked(lines, func(l Line) error {
		at := l.At.In(s.Zone)
		return row(s.kind(l), at.Format("2006-01-02"), at.Format("15:04"), l.Branch, l.Till, l.Receipt, l.Serial, l.Amount)
	})
	if err != nil {
		return err
	}
	if s.CarriedIn != 0 {
		if err := row(t.carried, "", "", "", "", "", "", s.CarriedIn); err != nil {
			return err
		}
	}
	if err := row(t.sum, "", "", "", "", "", "", s.Total); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// kind says what a line is.
func (s Statement) kind(l Line) string {
	if l.Kind == domain.LineReversal {
		return s.words().undone
	}
	return s.words().redeemed
}
