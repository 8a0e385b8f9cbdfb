package journal

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/fasthold/fasthold/domain"
)

var utc = time.UTC

// Writer writes rows, which come day by day. It holds no more than the rows of a day
// that is being summed.
type Writer struct {
	layout  Layout
	out     *csv.Writer
	to      io.Writer
	debit   int64
	credit  int64
	day     domain.Date
	waiting map[string]*sum // of the day, when rows are summed
	order   []string
}

// sum is one row of a day that is being summed.
type sum struct {
	cells  []string
	amount int64
}

// New begins a file. The layout must have passed Check.
func New(w io.Writer, l Layout) (*Writer, error) {
	j := &Writer{layout: l, to: w, waiting: map[string]*sum{}}
	switch l.Encoding {
	case "iso-8859-1":
		j.to = &latin{w: w}
	case "utf-8-bom":
		if _, err := io.WriteString(w, "\xef\xbb\xbf"); err != nil {
			return nil, err
		}
	}
	j.out = csv.NewWriter(j.to)
	j.out.Comma, j.out.UseCRLF = []rune(strings.Replace(l.Separator, "tab", "\t", 1))[0], true
	if !l.Headings {
		return j, nil
	}
	cells := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		cells[i] = c.Heading
	}
	return j, j.out.Write(cells)
}

// Row writes a posting, or adds it to those of its day that it is to be summed with.
func (j *Writer) Row(r Row) error {
	if r.AccountString == "" {
		return fmt.Errorf("journal: posting %s has no account string", r.Posting)
	}
	cells := j.cells(r)
	if !j.layout.Summed {
		return j.write(cells, r.Amount)
	}
	if r.BookedOn != j.day {
		if err := j.flush(); err != nil {
			return err
		}
		j.day = r.BookedOn
	}
	key := strings.Join(append(cells, r.AccountString, r.Currency), "\x00")
	if j.waiting[key] == nil {
		j.waiting[key] = &sum{cells: cells}
		j.order = append(j.order, key)
	}
	j.waiting[key].amount += r.Amount
	return nil
}

// cells are what the columns say of a row, but for amounts.
func (j *Writer) cells(r Row) []string {
	cells := make([]string, len(j.layout.Columns))
	for i, c := range j.layout.Columns {
		if c.Source == "text" {
			cells[i] = c.Text
		} else if say := sources[c.Source]; say != nil {
			cells[i] = say(r, j.layout)
		}
	}
	return cells
}

// flush writes what was summed of a day, in the order in which it came; what came to
// nothing is left out.
func (j *Writer) flush() error {
	for _, key := range j.order {
		if s := j.waiting[key]; s.amount != 0 {
			if err := j.write(s.cells, s.amount); err != nil {
				return err
			}
		}
	}
	clear(j.waiting)
	j.order = j.order[:0]
	return nil
}

// write writes a row with its amount.
func (j *Writer) write(cells []string, amount int64) error {
	debit, credit := max(amount, 0), max(-amount, 0)
	j.debit += debit
	j.credit += credit
	for i, c := range j.layout.Columns {
		switch {
		case c.Source == "amount":
			cells[i] = j.decimal(amount)
		case c.Source == "debit" && debit > 0:
			cells[i] = j.decimal(debit)
		case c.Source == "credit" && credit > 0:
			cells[i] = j.decimal(credit)
		}
	}
	return j.out.Write(cells)
}

// Close writes what is left and the foot. It gives an error unless debit is credit:
// then the file is of half an entry.
func (j *Writer) Close() error {
	if err := j.flush(); err != nil {
		return err
	}
	if j.debit != j.credit {
		return fmt.Errorf("journal: debit is %d and credit %d", j.debit, j.credit)
	}
	if j.layout.Foot {
		cells := make([]string, len(j.layout.Columns))
		for i, c := range j.layout.Columns {
			switch {
			case c.Source == "debit":
				cells[i] = j.decimal(j.debit)
			case c.Source == "credit":
				cells[i] = j.decimal(j.credit)
			case c.Source == "amount":
				cells[i] = j.decimal(j.debit - j.credit)
			case i == 0:
				cells[i] = "I alt"
			}
		}
		if err := j.out.Write(cells); err != nil {
			return err
		}
	}
	j.out.Flush()
	return j.out.Error()
}

// decimal writes minor units: 1234,50.
func (j *Writer) decimal(minor int64) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	return sign + strconv.FormatInt(minor/100, 10) + j.layout.Decimal + fmt.Sprintf("%02d", minor%100)
}

// latin writes UTF-8 as ISO 8859-1, with a question mark for what that has not. What
// it is handed may end within a letter, whose rest then comes next.
type latin struct {
	w    io.Writer
	rest []byte
}

func (l *latin) Write(b []byte) (int, error) {
	text := append(l.rest, b...)
	out := make([]byte, 0, len(text))
	for len(text) > 0 && utf8.FullRune(text) {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		if c, ok := charmap.ISO8859_1.EncodeRune(r); ok && r != utf8.RuneError {
			out = append(out, c)
		} else {
			out = append(out, '?')
		}
	}
	l.rest = append([]byte(nil), text...)
	if _, err := l.w.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}
