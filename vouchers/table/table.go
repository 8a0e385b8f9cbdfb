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

	"github.com/fasthold/fasthold/domain"
)

// The formats.
const (
	CSV  = "csv"
	XLSX = "xlsx"
)

// Writer writes rows to a file. Close ends it.
type Writer interface {
	// Row adds a row. A cell is a string or an int64; "" is an empty cell.
	Row(cells ...any) error
	// Close writes what is not written yet. After an error of Row it does nothing.
	Close() error
}

// New begins a file in one of the formats with a heading.
func New(format string, out io.Writer, heading ...string) (Writer, error) {
	switch format {
	case CSV:
		w := &text{out: csv.NewWriter(out), cells: make([]string, len(heading))}
		return w, w.out.Write(heading)
	case XLSX:
		return newWorkbook(out, heading, mostRows)
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
		switch v := cell.(type) {
		case string:
			w.cells[i] = domain.SafeCell(v)
		case int64:
			w.cells[i] = strconv.FormatInt(v, 10)
		default:
			return fmt.Errorf("table: a cell is text or a whole number, not %T", cell)
		}
	}
	return w.out.Write(w.cells)
}

func (w *text) Close() error {
	w.out.Flush()
	return w.out.Error()
}
