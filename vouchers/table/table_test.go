package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
)

// write makes a file of n rows.
func write(t testing.TB, w Writer, n int) {
	t.Helper()
	for i := range n {
		require.NoError(t, w.Row(fmt.Sprint("=", i), int64(-i), "", "æ <&> \"x\";\n'"))
	}
	require.NoError(t, w.Close())
}

var (
	heading = []string{"name", "amount", "none", "words"}
	sheet   = Sheet{Name: "Rows", Heading: heading}
)

func TestCSV(t *testing.T) {
	var out bytes.Buffer
	w, err := New(CSV, &out, sheet)
	require.NoError(t, err)
	write(t, w, 3)
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	require.Equal(t, [][]string{heading, {"'=0", "0", "", "æ <&> \"x\";\n'"}, {"'=1", "-1", "", "æ <&> \"x\";\n'"}, {"'=2", "-2", "", "æ <&> \"x\";\n'"}}, rows)
}

// A workbook has as many sheets as its rows need, each under the heading; text
// is text and a number a number; nothing temporary stays behind.
func TestWorkbook(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, n := range []int{0, 1, 4, 5, 9, 200_000} {
		most := 5
		if n > 100 {
			most = mostRows // more than excelize would keep in memory
		}
		var out bytes.Buffer
		w, err := newWorkbook(&out, sheet, most)
		require.NoError(t, err)
		write(t, w, n)
		left, err := os.ReadDir(os.TempDir())
		require.NoError(t, err)
		require.Empty(t, left)
		if n > 100 {
			continue // reading it takes longer than it is worth
		}
		read, err := excelize.OpenReader(&out)
		require.NoError(t, err)
		var got [][]string
		for _, sheet := range read.GetSheetList() {
			rows, err := read.GetRows(sheet)
			require.NoError(t, err)
			require.LessOrEqual(t, len(rows), most)
			require.Equal(t, heading, rows[0])
			got = append(got, rows[1:]...)
		}
		require.Len(t, got, n)
		require.Equal(t, max(1, (n+3)/4), len(read.GetSheetList()))
		for i, row := range got {
			require.Equal(t, []string{fmt.Sprint("=", i), fmt.Sprint(-i), "", "æ <&> \"x\";\n'"}, row)
		}
		if n > 0 {
			kind, err := read.GetCellType("Rows", "A2")
			require.NoError(t, err)
			require.Equal(t, excelize.CellTypeInlineString, kind, "no formula")
			formula, err := read.GetCellFormula("Rows", "A2")
			require.NoError(t, err)
			require.Empty(t, formula)
		}
		require.NoError(t, read.Close())
	}
}

// Days, times and amounts are what Excel can add up and sort: times as the clocks at
// the site show them. The heading stays in sight, can be filtered by, and a last
// sheet says what the file is of.
func TestWorkbookKinds(t *testing.T) {
	site, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(t, err)
	var out, text bytes.Buffer
	about := Sheet{Name: "Forbrug", Heading: []string{"day", "time", "amount", "none"}, Site: site, Facts: [][2]string{{"Til og med", "21-11-2026"}}, About: "Om filen"}
	at := time.Date(2026, 11, 21, 10, 0, 1, 999, time.UTC)
	for format, to := range map[string]*bytes.Buffer{XLSX: &out, CSV: &text} {
		w, err := New(format, to, about)
		require.NoError(t, err)
		require.NoError(t, w.Row(domain.Date{Year: 2026, Month: 11, Day: 21}, at, Money(-123405), time.Time{}))
		require.NoError(t, w.Row(domain.Date{}, time.Time{}, Money(7), int64(0)))
		require.Error(t, w.Row(1, "", "", ""))
		require.NoError(t, w.Close())
		if format == XLSX { // which is not ended after an error
			to.Reset()
			w, err = New(format, to, about)
			require.NoError(t, err)
			require.NoError(t, w.Row(domain.Date{Year: 2026, Month: 11, Day: 21}, at, Money(-123405), time.Time{}))
			require.NoError(t, w.Row(domain.Date{}, time.Time{}, Money(7), int64(0)))
			require.NoError(t, w.Close())
		}
	}
	require.Equal(t, "day,time,amount,none\n2026-11-21,2026-11-21T10:00:01.000000999Z,-123405,\n,,7,0\n", text.String())
	book, err := excelize.OpenReader(&out)
	require.NoError(t, err)
	require.Equal(t, []string{"Forbrug", "Om filen"}, book.GetSheetList())
	for cell, want := range map[string][2]string{"A2": {"21-11-2026", "46347"}, "B2": {"21-11-2026 11:00:01", "46347.45834491"}, "C2": {"-1,234.05", "-1234.05"}, "C3": {"0.07", "0.07"}} {
		shown, err := book.GetCellValue("Forbrug", cell)
		require.NoError(t, err)
		raw, err := book.GetCellValue("Forbrug", cell, excelize.Options{RawCellValue: true})
		require.NoError(t, err)
		require.Equal(t, want, [2]string{shown, raw}, cell)
	}
	panes, err := book.GetPanes("Forbrug")
	require.NoError(t, err)
	require.True(t, panes.Freeze)
	facts, err := book.GetRows("Om filen")
	require.NoError(t, err)
	require.Equal(t, [][]string{{"Til og med", "21-11-2026"}}, facts)
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestRefused(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	_, err := New("pdf", full{}, Sheet{Heading: []string{"a"}})
	require.Error(t, err)
	for _, format := range []string{CSV, XLSX} {
		w, err := New(format, full{}, Sheet{Name: "A", Heading: []string{"a"}})
		require.NoError(t, err)
		require.ErrorContains(t, w.Row("a", "b"), "2 cells under 1 headings")
		_ = w.Close()
		w, err = New(format, full{}, Sheet{Name: "A", Heading: []string{"a"}})
		require.NoError(t, err)
		require.NoError(t, w.Row(strings.Repeat("x", 10)))
		require.ErrorContains(t, w.Close(), "no room")
	}
	left, err := os.ReadDir(os.TempDir())
	require.NoError(t, err)
	require.Empty(t, left)
}

// Any text comes out as it went in, and none becomes a formula or another letter.
func TestWorkbookText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ _x0-9A-F]*`), rapid.SampledFrom([]string{"_x0041_", "_x005F_", "__x000a_x0041_", " a ", "\t", "=1+1", "]]>", "\x00\ufffe", strings.Repeat("😀", 1<<14)})).Draw(t, "text")
		var out bytes.Buffer
		w, err := New(XLSX, &out, Sheet{Name: "Rows", Heading: []string{"a", "b"}})
		require.NoError(t, err)
		require.NoError(t, w.Row(text, int64(1)))
		require.NoError(t, w.Close())
		read, err := excelize.OpenReader(&out)
		require.NoError(t, err)
		got, err := read.GetCellValue("Rows", "A2")
		require.NoError(t, err)
		require.Equal(t, expected(text), got)
		formula, err := read.GetCellFormula("Rows", "A2")
		require.NoError(t, err)
		require.Empty(t, formula)
	})
}

// expected is a text as XML can hold it, as long as a cell can be.
func expected(text string) string {
	if units := utf16.Encode([]rune(text)); len(units) > mostLetters {
		text = string(utf16.Decode(units[:mostLetters]))
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff' {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}
