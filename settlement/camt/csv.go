package camt

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/markup"
)

// preamble is before which line the heading must come: some banks write the account
// and the period above it.
const preamble = 10

// row is a line of the file with its place.
type row struct {
	line   int
	fields []string
}

// readCSV reads a bank's CSV file: fields separated by semicolons, UTF-8 or
// Windows-1252, a heading, and a line for each entry with its date, its amount and
// the balance after it, the newest first or last.
func readCSV(data []byte, columns Columns) (s Statement, err error) {
	s.Format = CSV
	rows, err := records(data)
	if err != nil {
		return s, err
	}
	h, rows, err := findHeading(rows, columns)
	if err != nil {
		return s, err
	}
	if len(rows) == 0 {
		return s, markup.Unreadable("file_empty", "the file has a heading and no entry: export a period in which the account moved")
	}
	balances := make([]int64, len(rows))
	for i, r := range rows {
		entry, balance, currency, err := h.entry(r)
		if err != nil {
			return s, err
		}
		if i > 0 && currency != s.Currency {
			return s, lineErrorf(r.line, "the currency is %q, that of the first line %q: export one account at a time", markup.Shown(currency), markup.Shown(s.Currency))
		}
		s.Currency, balances[i] = currency, balance
		s.From, s.To = widest(s.From, s.To, entry.BookedOn)
		s.Entries = append(s.Entries, entry)
	}
	return s, s.chain(balances)
}

// records takes the file apart.
func records(data []byte) ([]row, error) {
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = ';', -1, false
	var rows []row
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if problem, ok := errors.AsType[*csv.ParseError](err); ok {
			return nil, lineErrorf(problem.StartLine, "its quotation marks do not fit together: export the file again as CSV with semicolons")
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		for i := range fields {
			fields[i] = strings.Trim(fields[i], " \t\r\n\u00a0")
		}
		if strings.Join(fields, "") == "" {
			continue
		}
		if rows = append(rows, row{line, fields}); len(rows) > maxEntries+preamble {
			return nil, lineErrorf(line, "the file has more than %d entries: export fewer days at a time", maxEntries)
		}
	}
}

// decode gives the file's text.
func decode(data []byte) (string, error) {
	const mark = "\xef\xbb\xbf"
	switch {
	case len(data) > MaxBytes:
		return "", markup.Unreadable("file_too_big", "the file is %d bytes; at most %d (16 MiB) are read: export fewer days at a time", len(data), MaxBytes)
	case strings.HasPrefix(string(data[:min(4, len(data))]), "PK\x03\x04"):
		return "", markup.Unreadable("file_not_text", "the file is a workbook or an archive: save it as CSV")
	}
	text := strings.TrimPrefix(string(data), mark)
	if !utf8.ValidString(text) {
		text, _ = charmap.Windows1252.NewDecoder().String(text) // every byte is a letter, or U+FFFD
	}
	if strings.ContainsRune(text, 0) {
		return "", markup.Unreadable("file_not_text", "the file is UTF-16 or no text: save it as CSV in UTF-8")
	}
	if strings.TrimSpace(text) == "" {
		return "", markup.Unreadable("file_empty", "the file is empty: its first line must be the heading")
	}
	return text, nil
}

func lineErrorf(line int, format string, args ...any) error {
	return markup.Unreadable("file_invalid", "line %d: "+format, append([]any{line}, args...)...)
}

// chain checks that each balance is the one before it and its line's amount, puts
// the entries into the order in which they were booked, and finds the opening and
// the closing balance.
func (s *Statement) chain(balances []int64) error {
	last := len(s.Entries) - 1
	down := s.gap(balances, 1) // the line at which the balances do not follow, read downwards
	switch first := s.Entries[0]; {
	case down == 0 && !s.Entries[last].BookedOn.Before(first.BookedOn):
		s.Opening, s.Closing = balances[0]-first.Amount, balances[last]
		return nil
	case s.gap(balances, -1) == 0 && !first.BookedOn.Before(s.Entries[last].BookedOn):
		s.Opening, s.Closing = balances[last]-s.Entries[last].Amount, balances[0]
		for i := range (last + 1) / 2 {
			s.Entries[i], s.Entries[last-i] = s.Entries[last-i], s.Entries[i]
		}
		return nil
	case s.Entries[last].BookedOn.Before(first.BookedOn):
		down = s.gap(balances, -1)
	}
	return lineErrorf(max(down, s.Entries[0].Line), "the balance is not the one before it and the amount: entries are missing, export all of the period, unfiltered and in the order they were booked")
}

// gap gives the first line whose balance does not follow from its neighbour's, 0
// when all do. Step 1 is from the oldest line downwards, -1 from the newest.
func (s *Statement) gap(balances []int64, step int) int {
	for i := range len(balances) - 1 {
		older, newer := i, i+1
		if step < 0 {
			older, newer = newer, older
		}
		if balances[older]+s.Entries[newer].Amount != balances[newer] {
			return s.Entries[i+1].Line
		}
	}
	return 0
}

// danishDate reads 05-11-2026, and 2026-11-05, 05.11.2026, 05/11/2026 and
// 2026/11/05 too.
func danishDate(text string) (domain.Date, bool) {
	text = strings.NewReplacer(".", "-", "/", "-").Replace(text)
	if parts := strings.Split(text, "-"); len(parts) == 3 && len(parts[2]) == 4 && len(parts[0]) <= 2 && len(parts[1]) <= 2 {
		text = parts[2] + "-" + two(parts[1]) + "-" + two(parts[0])
	}
	date, err := domain.ParseDate(text)
	return date, err == nil && date.Year >= 1990 && date.Year <= 2199
}

func two(digits string) string {
	if len(digits) == 1 {
		return "0" + digits
	}
	return digits
}

// danishAmount reads 1.234,50 and -1234,5.
func danishAmount(text string) (minor int64, ok bool) {
	text = strings.Replace(text, "\u2212", "-", 1) // the minus sign that is no hyphen
	sign := int64(1)
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		text, sign = rest, -1
	} else {
		text = strings.TrimPrefix(text, "+")
	}
	minor, ok = domain.ParseMoney(text)
	return sign * minor, ok
}
