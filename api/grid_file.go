package api

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	files "github.com/fasthold/fasthold/vouchers/table"
)

// gridFile is a table of a page, to be had as a file.
type gridFile struct {
	web.Books
	web.Grid
	name     string                                        // of the file, without days and ending
	from, to domain.Date                                   // the days it is of; a zero from: all until then
	only     []string                                      // what it is narrowed to, in words
	rest     func(add func(rows [][]web.Cell) error) error // reads the rows that come after those of the Grid; nil: there are none
}

// workbookType is what Excel files are written as.
const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// file answers with a table as the page shows it: for Excel, or as CSV in the way that
// a Danish spreadsheet reads it.
func (h *handlers) file(read func(echo.Context) (gridFile, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		f, err := read(c)
		if err != nil {
			return err
		}
		switch c.QueryParam("format") {
		case files.XLSX:
			return attachment{kind: workbookType, name: f.fileName() + ".xlsx", body: f.workbook}.write(c.Response())
		case files.CSV:
			return attachment{kind: "text/csv; charset=utf-8", name: f.fileName() + ".csv", body: f.csv}.write(c.Response())
		}
		return echo.ErrNotFound
	}
}

// fileName is what to call it, without its ending: after what is in it and its days.
func (f gridFile) fileName() string {
	name := f.name
	for _, day := range []domain.Date{f.from, f.to} {
		if !day.IsZero() {
			name += "-" + day.String()
		}
	}
	return name
}

// workbook writes it for Excel.
func (f gridFile) workbook(out io.Writer) error {
	sheet := files.Sheet{Name: f.sheetName(), Site: f.Site, About: web.Text(f.Lang, "books.about_file"), Facts: [][2]string{{web.Text(f.Lang, "books.contents"), f.Name}}}
	for _, at := range []struct {
		key string
		day domain.Date
	}{{"books.from", f.from}, {"books.to", f.to}} {
		if !at.day.IsZero() {
			sheet.Facts = append(sheet.Facts, [2]string{web.Text(f.Lang, at.key), f.Date(at.day)})
		}
	}
	if len(f.only) > 0 {
		sheet.Facts = append(sheet.Facts, [2]string{web.Text(f.Lang, "journal.only"), strings.Join(f.only, " · ")})
	}
	sheet.Heading = f.heading()
	w, err := files.New(files.XLSX, out, sheet)
	if err != nil {
		return err
	}
	money := f.money()
	err = f.each(func(row []web.Cell) error {
		cells := make([]any, len(row), len(row)+1)
		for i, c := range row {
			cells[i] = c.Value
		}
		if money {
			cells = append(cells, currency(row))
		}
		return w.Row(cells...)
	})
	if err != nil {
		return errors.Join(err, w.Close())
	}
	return w.Close()
}

// each hands out the rows one by one, the totals last.
func (f gridFile) each(row func([]web.Cell) error) error {
	add := func(rows [][]web.Cell) error {
		for _, r := range rows {
			if err := row(r); err != nil {
				return err
			}
		}
		return nil
	}
	if err := add(f.Rows); err != nil {
		return err
	}
	if f.rest != nil {
		if err := f.rest(add); err != nil {
			return err
		}
	}
	return add(f.Foot)
}

// money reports whether there are amounts in it, whose currency is to be said.
func (f gridFile) money() bool {
	return slices.ContainsFunc(f.Rows, func(row []web.Cell) bool { return currency(row) != "" })
}

// heading is that of the page, and of the column that says the currency of amounts.
func (f gridFile) heading() (heading []string) {
	for _, head := range f.Heads {
		heading = append(heading, head.Text)
	}
	if f.money() {
		heading = append(heading, web.Text(f.Lang, "books.currency"))
	}
	return heading
}

// currency is that of a row's amounts.
func currency(row []web.Cell) string {
	for _, c := range row {
		if c.Currency != "" {
			return c.Currency
		}
	}
	return ""
}

// sheetName is the table's name as a sheet can have it.
func (f gridFile) sheetName() string {
	name := []rune(strings.NewReplacer("/", " ", ":", " ").Replace(f.Name))
	return strings.TrimSpace(string(name[:min(len(name), 25)]))
}

// csv writes it as a Danish spreadsheet opens it: with semicolons, decimals behind a
// comma and a mark that it is UTF-8.
func (f gridFile) csv(out io.Writer) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.Comma = ';'
	if err := w.Write(f.heading()); err != nil {
		return err
	}
	money := f.money()
	err := f.each(func(row []web.Cell) error {
		line := make([]string, len(row), len(row)+1)
		for i, c := range row {
			line[i] = plainCell(c)
		}
		if money {
			line = append(line, currency(row))
		}
		return w.Write(line)
	})
	w.Flush()
	return errors.Join(err, w.Error())
}

// plainCell is a cell without what only people read: 1234,50 for 1.234,50 kr.
func plainCell(c web.Cell) string {
	switch v := c.Value.(type) {
	case files.Money:
		sign, minor := "", int64(v)
		if minor < 0 {
			sign, minor = "-", -minor
		}
		return fmt.Sprintf("%s%d,%02d", sign, minor/100, minor%100)
	case int64:
		return c.Text
	}
	return domain.SafeCell(c.Text)
}
