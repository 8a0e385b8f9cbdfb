package table

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// mostRows is how many rows a sheet of Excel has, the heading among them.
const mostRows = 1 << 20

// workbook is an Excel file; rows that do not fit on a sheet go on on the next,
// under the same heading. What is text stays text: Excel takes none for a formula.
type workbook struct {
	out     io.Writer
	file    *excelize.File
	heading []any
	most    int // rows on a sheet
	sheets  int
	sheet   *excelize.StreamWriter
	rows    int // on this sheet
	failed  bool
}

func newWorkbook(out io.Writer, heading []string, most int) (*workbook, error) {
	w := &workbook{out: out, file: excelize.NewFile(), most: most}
	for _, name := range heading {
		w.heading = append(w.heading, name)
	}
	// excelize would make the whole file in memory: it is made of the sheets
	// straight into out, and compressed a little less for three times the speed.
	w.file.ZipWriter = func(io.Writer) excelize.ZipWriter {
		packed := zip.NewWriter(w.out)
		packed.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestSpeed) })
		return packed
	}
	if err := w.next(); err != nil {
		return nil, errors.Join(err, w.file.Close())
	}
	return w, nil
}

// next begins a sheet.
func (w *workbook) next() error {
	if w.sheet != nil {
		if err := w.sheet.Flush(); err != nil {
			return err
		}
	}
	w.sheets++
	name := "Sheet" + strconv.Itoa(w.sheets) // the first is there
	if _, err := w.file.NewSheet(name); err != nil {
		return err
	}
	var err error
	if w.sheet, err = w.file.NewStreamWriter(name); err != nil {
		return err
	}
	if err := w.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	w.rows = 1
	return w.sheet.SetRow("A1", w.heading)
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
	for i, cell := range cells {
		if cell == "" {
			cells[i] = nil // an empty cell takes no room
		}
	}
	if w.rows == w.most {
		if err := w.next(); err != nil {
			return err
		}
	}
	w.rows++
	return w.sheet.SetRow("A"+strconv.Itoa(w.rows), cells)
}

func (w *workbook) Close() (err error) {
	defer func() { err = errors.Join(err, w.file.Close()) }()
	if w.failed {
		return nil
	}
	if err := w.sheet.Flush(); err != nil {
		return err
	}
	_, err = w.file.WriteToBuffer() // through ZipWriter into out
	return err
}
