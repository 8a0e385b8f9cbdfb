// Package sheet reads the CSV files that municipalities' systems export:
// treatment plans and attendance. It is pure: bytes in, rows and refusals out.
//
// Real exports are dirty, so it takes what has one meaning and refuses the
// rest line by line, with the reason; one bad line never takes another with
// it. It finds out by itself the encoding (UTF-8, Windows-1252, UTF-16 with a
// byte order mark), the separator (semicolon, comma, tab), the order of the
// columns and whether they are in Danish or English. Columns that it does not
// know are ignored.
package sheet

import "github.com/fasthold/fasthold/domain"

// Refusal is one line that was not taken. A line is refused for the first
// thing that is wrong with it, so there is at most one a line.
type Refusal struct {
	Line   int    // of the file; 1 is its first line, normally the heading
	Column string // as headed in the file; "" when the line as a whole is wrong
	Reason string // one sentence
}

// Place is where a row stands in its file.
type Place struct {
	Line    int // of the file; its first line when it spans several
	heading *heading
}

// Column gives a column, named in English, as it is headed in the file.
func (p Place) Column(name string) string { return p.heading.names[p.heading.at[name]] }

// layout is what a kind of file looks like, and how a line becomes a row.
type layout[T comparable] struct {
	columns []column
	row     func(*cells) (row T, identity string) // Place is left out, so that equal rows are equal
	place   func(row *T, at Place)
	twice   string // what is said of a second row with the same identity
}

// column is a column that a file must have.
type column struct {
	name string   // in English, as it may be headed
	also []string // other headings it may have, as plain gives them
}

// unreadable is the error for a file that cannot be read as a whole.
func unreadable(code, format string, args ...any) error {
	return domain.Errorf(domain.Invalid, code, format, args...)
}
