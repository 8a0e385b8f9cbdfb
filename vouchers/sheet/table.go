package sheet

import (
	"fmt"
	"strings"
)

const (
	maxLine = 64 << 10 // bytes that a record may have
	maxSpan = 20       // lines that a record may span
)

// table is a file being read, record by record.
type table struct {
	heading heading
	lines   lines
}

// record is one line of the file, or several when a quoted field spans them.
type record struct {
	line   int // its first
	span   int // how many
	fields []string
	broken string // why it could not be taken apart; "" when it could
}

// open decodes a file and reads its heading: the first line that is not blank
// and not Excel's "sep=;".
func open(data []byte, columns []column) (*table, error) {
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	t := &table{lines: lines{text: text}}
	for line, ok := t.lines.next(); ok; line, ok = t.lines.next() {
		if strings.TrimSpace(line) == "" || t.lines.number == 1 && len(line) == 5 && strings.HasPrefix(line, "sep=") {
			continue
		}
		if len(line) > maxLine || strings.ContainsRune(line, 0) {
			return nil, unreadable("file_not_text", "the file is no text that has a heading in its first line: save it as CSV in UTF-8")
		}
		t.heading, err = readHeading(line, columns)
		return t, err
	}
	return nil, unreadable("heading_unknown", "the file has no heading")
}

// next gives the next record that is not blank. Spreadsheets write blank lines
// as nothing but separators.
func (t *table) next() (record, bool) {
	for {
		line, ok := t.lines.next()
		if !ok {
			return record{}, false
		}
		if strings.Trim(line, blanks+string(t.heading.sep)) != "" {
			return t.record(line), true
		}
	}
}

// record takes a line apart in the one way that makes sense: by its quotation
// marks; else together with the lines that a quoted field spans; else, when
// that gives the heading's number of fields, with its quotation marks as plain
// characters.
func (t *table) record(line string) record {
	r := record{line: t.lines.number, span: 1}
	if len(line) > maxLine {
		r.broken = fmt.Sprintf("the line is longer than %d bytes", maxLine)
		return r
	}
	fields, quotes := split(line, t.heading.sep)
	switch {
	case quotes == closed:
		r.fields = fields
	case quotes == unclosed && t.spans(line, &r):
	default:
		r.fields = literal(line, t.heading.sep)
		if len(r.fields) != len(t.heading.names) {
			r.broken = "a quotation mark is missing or too many: it is unclear where the fields end"
		}
	}
	return r
}

// spans tries to close the line's last field on one of the lines that follow.
// A line that could be a record of its own is never drawn in, and the result
// must have the heading's number of fields: otherwise one lone quotation mark
// would swallow good lines.
func (t *table) spans(line string, r *record) bool {
	ahead, text := t.lines, line
	for span := 2; span <= maxSpan; span++ {
		more, ok := ahead.next()
		if !ok || strings.Count(more, string(t.heading.sep)) >= len(t.heading.names)-1 || len(text)+len(more) >= maxLine {
			return false
		}
		text += "\n" + more
		fields, quotes := split(text, t.heading.sep)
		if quotes == unclosed {
			continue
		}
		if quotes == stray || len(fields) != len(t.heading.names) {
			return false
		}
		t.lines, r.fields, r.span = ahead, fields, span
		return true
	}
	return false
}

// lines walks over a text's lines, which may end in LF, CRLF or CR.
type lines struct {
	text   string // what is left
	number int    // of the line last given; the first is 1
}

func (l *lines) next() (string, bool) {
	if l.text == "" {
		return "", false
	}
	l.number++
	end := strings.IndexAny(l.text, "\r\n")
	if end < 0 {
		line := l.text
		l.text = ""
		return line, true
	}
	line, rest := l.text[:end], l.text[end+1:]
	if l.text[end] == '\r' {
		rest = strings.TrimPrefix(rest, "\n")
	}
	l.text = rest
	return line, true
}
