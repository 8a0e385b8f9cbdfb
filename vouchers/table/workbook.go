package table

import (
	"archive/zip"
	"bufio"
	"cmp"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/fasthold/fasthold/domain"
)

// mostRows is how many rows a sheet of Excel has, the heading among them.
const mostRows = 1 << 20

// workbook is an Excel file; rows that do not fit on a sheet go on on the next,
// under the same heading. The rows go into the file as they come; excelize writes
// all else when it ends, and would keep them in memory and in a temporary file
// until then.
type workbook struct {
	book    *excelize.File // what is beside the sheets
	about   Sheet
	out     *zip.Writer
	heading []any
	columns []string // A, B, …
	styles  [styled]int
	most    int // rows on a sheet
	sheets  int
	sheet   *bufio.Writer
	rows    int // on this sheet
	line    []byte
	failed  bool
}

// The styles of cells.
const (
	plainStyle = iota
	headStyle
	dateStyle
	timeStyle
	moneyStyle
	styled // how many there are
)

func newWorkbook(out io.Writer, about Sheet, most int) (*workbook, error) {
	w := &workbook{book: excelize.NewFile(), about: about, out: zip.NewWriter(out), most: most, sheet: bufio.NewWriterSize(nil, 1<<16)}
	if w.about.Site == nil {
		w.about.Site = time.UTC
	}
	// A little larger than it could be, for three times the speed.
	w.out.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestSpeed) })
	for i := range max(len(about.Heading), len([2]string{})) {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return nil, err
		}
		w.columns = append(w.columns, column)
	}
	for _, name := range about.Heading {
		w.heading = append(w.heading, name)
	}
	if err := w.style(); err != nil {
		return nil, err
	}
	return w, w.next()
}

// style makes the styles of cells.
func (w *workbook) style() (err error) {
	day, clock, amount := "dd-mm-yyyy", "dd-mm-yyyy hh:mm:ss", "#,##0.00"
	for i, style := range []*excelize.Style{
		headStyle: {Font: &excelize.Font{Bold: true}}, dateStyle: {CustomNumFmt: &day}, timeStyle: {CustomNumFmt: &clock}, moneyStyle: {CustomNumFmt: &amount},
	} {
		if style == nil {
			continue // it is there
		}
		if w.styles[i], err = w.book.NewStyle(style); err != nil {
			return err
		}
	}
	return nil
}

// What stands before and after the rows of a sheet, whose heading stays in sight and
// can be filtered by.
const (
	sheetHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`
	frozen      = `<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
	widths      = `<cols><col min="1" max="%d" width="22" customWidth="1"/></cols><sheetData>`
	sheetFilter = `</sheetData><autoFilter ref="A1:%s%d"/></worksheet>`
	sheetFoot   = `</sheetData></worksheet>`
	sheetPath   = "xl/worksheets/sheet" // as excelize calls them, with their number
)

// next begins a sheet of rows.
func (w *workbook) next() error {
	if err := w.ends(); err != nil {
		return err
	}
	if err := w.begin(frozen); err != nil {
		return err
	}
	return w.add(w.heading, w.styles[headStyle])
}

// begin begins a sheet.
func (w *workbook) begin(view string) error {
	w.sheets++
	w.rows = 0
	sheet, err := w.out.Create(sheetPath + strconv.Itoa(w.sheets) + ".xml")
	if err != nil {
		return err
	}
	w.sheet.Reset(sheet)
	_, err = fmt.Fprintf(w.sheet, sheetHead+view+widths, len(w.columns))
	return err
}

// ends ends the sheet of rows, if one is begun.
func (w *workbook) ends() error {
	if w.sheets == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(w.sheet, sheetFilter, w.columns[len(w.heading)-1], w.rows); err != nil {
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
	return w.add(cells, w.styles[plainStyle])
}

// add writes a row, whose texts have a style. An empty cell takes no room.
func (w *workbook) add(cells []any, style int) error {
	w.rows++
	line := append(strconv.AppendInt(append(w.line[:0], `<row r="`...), int64(w.rows), 10), `">`...)
	for i, cell := range cells {
		switch v := w.called(cell).(type) {
		case string:
			if v != "" {
				line = append(appendText(append(w.cell(line, i, style), `" t="inlineStr"><is><t xml:space="preserve">`...), v), `</t></is></c>`...)
			}
		case int64:
			line = append(strconv.AppendInt(append(w.cell(line, i, w.styles[plainStyle]), `"><v>`...), v, 10), `</v></c>`...)
		case Money:
			line = append(appendMoney(append(w.cell(line, i, w.styles[moneyStyle]), `"><v>`...), int64(v)), `</v></c>`...)
		case domain.Date:
			if !v.IsZero() {
				line = append(strconv.AppendInt(append(w.cell(line, i, w.styles[dateStyle]), `"><v>`...), int64(firstDay.Days(v)), 10), `</v></c>`...)
			}
		case time.Time:
			if !v.IsZero() {
				line = append(appendTime(append(w.cell(line, i, w.styles[timeStyle]), `"><v>`...), v.In(w.about.Site)), `</v></c>`...)
			}
		default:
			return errKind(cell)
		}
	}
	w.line = append(line, `</row>`...)
	_, err := w.sheet.Write(w.line)
	return err
}

// called is a cell as it is shown: of what has a name, that.
func (w *workbook) called(cell any) any {
	switch v := cell.(type) {
	case Thing:
		return cmp.Or(w.about.Names[v.ID], v.Text)
	case Code:
		return cmp.Or(w.about.Words[v], v.Text)
	}
	return cell
}

// cell begins one: where it is, and how it looks.
func (w *workbook) cell(line []byte, column, style int) []byte {
	line = strconv.AppendInt(append(append(line, `<c r="`...), w.columns[column]...), int64(w.rows), 10)
	if style == w.styles[plainStyle] {
		return line
	}
	return strconv.AppendInt(append(line, `" s="`...), int64(style), 10)
}

// Close has excelize write what makes a workbook of the sheets.
func (w *workbook) Close() error {
	if w.failed {
		return w.book.Close()
	}
	if err := errors.Join(w.ends(), w.facts()); err != nil {
		return errors.Join(err, w.book.Close())
	}
	for i := range w.sheets {
		if err := w.call(i); err != nil {
			return errors.Join(err, w.book.Close())
		}
	}
	w.book.ZipWriter = func(io.Writer) excelize.ZipWriter { return besideSheets{w.out} }
	_, err := w.book.WriteToBuffer()
	return errors.Join(err, w.book.Close())
}

// facts writes the last sheet, if there is to be one.
func (w *workbook) facts() error {
	if len(w.about.Facts) == 0 {
		return nil
	}
	if err := w.begin(""); err != nil {
		return err
	}
	for _, fact := range w.about.Facts {
		if err := w.add([]any{fact[0], fact[1]}, w.styles[plainStyle]); err != nil {
			return err
		}
	}
	if _, err := w.sheet.WriteString(sheetFoot); err != nil {
		return err
	}
	return w.sheet.Flush()
}

// call gives the sheet of that place, from 0 on, its name.
func (w *workbook) call(place int) error {
	name := w.about.Name
	switch {
	case place > 0 && place == w.sheets-1 && len(w.about.Facts) > 0:
		name = w.about.About
	case place > 0:
		name += " " + strconv.Itoa(place+1)
	}
	if place == 0 {
		return w.book.SetSheetName("Sheet1", name) // which is there
	}
	_, err := w.book.NewSheet(name)
	return err
}

// besideSheets takes all parts of a workbook but its sheets, which are written.
type besideSheets struct{ *zip.Writer }

func (b besideSheets) Create(name string) (io.Writer, error) {
	if strings.HasPrefix(name, sheetPath) {
		return io.Discard, nil
	}
	return b.Writer.Create(name)
}
