// Package table writes rows as a file for a spreadsheet: CSV, or an Excel
// workbook. It holds no more than a few rows at a time, so that a file may have
// millions, and leaves nothing on the disk.
package table

import (
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// The formats.
const (
	CSV  = "csv"
	XLSX = "xlsx"
)

// Sheet is what a file is called, and what stands above its rows.
type Sheet struct {
	Name    string // of a workbook's sheet; at most 25 letters, none of []:*?/\
	Heading []string
	Site    *time.Location       // whose clocks a workbook's times are of; nil: UTC
	Names   map[domain.ID]string // what a workbook calls things
	Words   map[Code]string      // what a workbook calls codes
	Facts   [][2]string          // what a workbook says of itself, on a last sheet of their own; none: there is no such sheet
	About   string               // that sheet's name
}

// Money is a cell with an amount in minor units: in CSV these, in a workbook a
// number with two decimals.
type Money int64

// Thing is a cell with something that has a name: in CSV the text, in a workbook the
// name that the Sheet gives, or else the text.
type Thing struct {
	ID   domain.ID
	Text string
}

// Code is a cell with one of a few words that programs read, as a state: in CSV the
// text, in a workbook what the Sheet calls it, or else the text.
type Code struct{ Of, Text string }

// Writer writes rows to a file. Close ends it.
type Writer interface {
	// Row adds a row. A cell is a string, an int64, Money, a Thing, a Code, a domain.Date
	// or a time.Time; what is "" or zero is an empty cell, but for numbers.
	Row(cells ...any) error
	// Close writes what is not written yet. After an error of Row it does nothing.
	Close() error
}

// New begins a file in one of the formats with a heading.
func New(format string, out io.Writer, sheet Sheet) (Writer, error) {
	switch format {
	case CSV:
		w := &text{out: csv.NewWriter(out), cells: make([]string, len(sheet.Heading))}
		return w, w.out.Write(sheet.Heading)
	case XLSX:
		return newWorkbook(out, sheet, mostRows)
	}
	return nil, fmt.Errorf("table: no format %q", format)
}

// ID shows an ID as the API does: "vch_" and 32 hexadecimal digits; "" when it is
// zero.
func ID(prefix string, id domain.ID) string {
	if id == (domain.ID{}) {
		return ""
	}
	return prefix + "_" + hex.EncodeToString(id[:])
}

// stamp shows a time as the API does; "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func errKind(cell any) error {
	return fmt.Errorf("table: a cell is text, a whole number, an amount, a day or a time, not %T", cell)
}

// text is a file of CSV.
type text struct {
	out   *csv.Writer
	cells []string
}

func (w *text) Row(cells ...any) error {
	if len(cells) != len(w.cells) {
		return fmt.Errorf("table: %d cells under %d headings", len(cells), len(w.cells))
	}
	for i, cell := range cells {
		shown, err := Text(cell)
		if err != nil {
			return err
		}
		w.cells[i] = shown
	}
	return w.out.Write(w.cells)
}

// Text is a cell as CSV has it.
func Text(cell any) (string, error) {
	switch v := cell.(type) {
	case string:
		return domain.SafeCell(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case Money:
		return strconv.FormatInt(int64(v), 10), nil
	case Thing:
		return domain.SafeCell(v.Text), nil
	case Code:
		return v.Text, nil
	case domain.Date:
		return v.String(), nil
	case time.Time:
		return stamp(v), nil
	}
	return "", errKind(cell)
}

func (w *text) Close() error {
	w.out.Flush()
	return w.out.Error()
}
