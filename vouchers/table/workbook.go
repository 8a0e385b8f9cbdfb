package table

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// mostRows is how many rows a sheet of Excel has, the heading among them.
const mostRows = 1 << 20

// workbook is an Excel file; rows that do not fit on a sheet go on on the next,
// under the same heading. The rows go into the file as they come; excelize writes
// all else when it ends, and would keep them in memory and in a temporary file
// until then.
type workbook struct {
	out     *zip.Writer
	heading []any
	columns []string // A, B, …
	most    int      // rows on a sheet
	sheets  int
	sheet   *bufio.Writer
	rows    int // on this sheet
	line    []byte
	failed  bool
}

func newWorkbook(out io.Writer, heading []string, most int) (*workbook, error) {
	w := &workbook{out: zip.NewWriter(out), most: most, sheet: bufio.NewWriterSize(nil, 1<<16)}
	// A little larger than it could be, for three times the speed.
	w.out.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestSpeed) })
	for i, name := range heading {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return nil, err
		}
		w.heading, w.columns = append(w.heading, name), append(w.columns, column)
	}
	return w, w.next()
}

// What stands before and after the rows of a sheet, whose heading stays in sight.
const (
	sheetHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
		`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">` +
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`
	sheetFoot = `</sheetData></worksheet>`
	sheetPath = "xl/worksheets/sheet" // as excelize calls them, with their number
)

// next begins a sheet.
func (w *workbook) next() error {
	if err := w.ends(); err != nil {
		return err
	}
	w.sheets++
	sheet, err := w.out.Create(sheetPath + strconv.Itoa(w.sheets) + ".xml")
	if err != nil {
		return err
	}
	w.sheet.Reset(sheet)
	if _, err := w.sheet.WriteString(sheetHead); err != nil {
		return err
	}
	w.rows = 0
	return w.add(w.heading)
}

// ends ends the sheet, if one is begun.
func (w *workbook) ends() error {
	if w.sheets == 0 {
		return nil
	}
	if _, err := w.sheet.WriteString(sheetFoot); err != nil {
		return err
	}
	return w.sheet.Flush()
}

func (w *workbook) Row(cells ...any) error {
	err := w.row(cells)
	w.failed = w.failed || err != nil
	return err
}

func (w *workbook) row(cells []any) error {
	if len(cells) != len(w.heading) {
		return fmt.Errorf("table: %d cells under %d headings", len(cells), len(w.heading))
	}
	if w.rows == w.most {
		if err := w.next(); err != nil {
			return err
		}
	}
	return w.add(cells)
}

// add writes a row. An empty cell takes no room.
func (w *workbook) add(cells []any) error {
	w.rows++
	line := append(strconv.AppendInt(append(w.line[:0], `<row r="`...), int64(w.rows), 10), `">`...)
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		line = strconv.AppendInt(append(append(line, `<c r="`...), w.columns[i]...), int64(w.rows), 10)
		switch v := cell.(type) {
		case string:
			line = append(appendText(append(line, `" t="inlineStr"><is><t xml:space="preserve">`...), v), `</t></is></c>`...)
		case int64:
			line = append(strconv.AppendInt(append(line, `"><v>`...), v, 10), `</v></c>`...)
		default:
			return fmt.Errorf("table: a cell is text or a whole number, not %T", cell)
		}
	}
	w.line = append(line, `</row>`...)
	_, err := w.sheet.Write(w.line)
	return err
}

// Close has excelize write what makes a workbook of the sheets.
func (w *workbook) Close() error {
	if w.failed {
		return nil
	}
	if err := w.ends(); err != nil {
		return err
	}
	book := excelize.NewFile()
	for i := range w.sheets {
		if _, err := book.NewSheet("Sheet" + strconv.Itoa(i+1)); err != nil { // the first is there
			return errors.Join(err, book.Close())
		}
	}
	book.ZipWriter = func(io.Writer) excelize.ZipWriter { return besideSheets{w.out} }
	_, err := book.WriteToBuffer()
	return errors.Join(err, book.Close())
}

// besideSheets takes all parts of a workbook but its sheets, which are written.
type besideSheets struct{ *zip.Writer }

func (b besideSheets) Create(name string) (io.Writer, error) {
	if strings.HasPrefix(name, sheetPath) {
		return io.Discard, nil
	}
	return b.Writer.Create(name)
}
