package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// printedRefusals is how many refused lines are printed; the file has them all.
const printedRefusals = 50

// tellRefused prints the refused lines and writes them to a file.
func (c importCommand) tellRefused(out io.Writer, refused []domain.ImportRefusal) error {
	if len(refused) == 0 {
		return nil
	}
	names := map[string]string{"plans": filepath.Base(c.Plans), "attendance": filepath.Base(c.Attendance)}
	for i := range refused {
		refused[i].File = names[refused[i].File]
	}
	for _, r := range refused[:min(len(refused), printedRefusals)] {
		where := fmt.Sprintf("%s line %d", r.File, r.Line)
		if r.Column != "" {
			where += ", " + r.Column
		}
		fmt.Fprintf(out, "refused %s: %s\n", where, r.Reason)
	}
	if more := len(refused) - printedRefusals; more > 0 {
		fmt.Fprintf(out, "and %s more\n", thousands(more))
	}
	if err := writeRefused(c.Refused, refused); err != nil {
		return fmt.Errorf("the import is done, but its refused lines cannot be written (--refused): %w", err)
	}
	fmt.Fprintf(out, "all refused lines are in %s\n", c.Refused)
	return nil
}

// writeRefused writes the refused lines as CSV.
func writeRefused(name string, refused []domain.ImportRefusal) (err error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := csv.NewWriter(file)
	w.UseCRLF = true
	rows := [][]string{{"file", "line", "column", "reason"}}
	for _, r := range refused {
		rows = append(rows, []string{plain(r.File), strconv.Itoa(r.Line), plain(r.Column), plain(r.Reason)})
	}
	return w.WriteAll(rows)
}

// plain keeps a spreadsheet from taking a cell for a formula.
func plain(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
