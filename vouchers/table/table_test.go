package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// write makes a file of n rows.
func write(t testing.TB, w Writer, n int) {
	t.Helper()
	for i := range n {
		require.NoError(t, w.Row(fmt.Sprint("=", i), int64(-i), "", "æ <&> \"x\";\n'"))
	}
	require.NoError(t, w.Close())
}

var heading = []string{"name", "amount", "none", "words"}

func TestCSV(t *testing.T) {
	var out bytes.Buffer
	w, err := New(CSV, &out, heading...)
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
		w, err := newWorkbook(&out, heading, most)
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
			kind, err := read.GetCellType("Sheet1", "A2")
			require.NoError(t, err)
			require.Equal(t, excelize.CellTypeInlineString, kind, "no formula")
			formula, err := read.GetCellFormula("Sheet1", "A2")
			require.NoError(t, err)
			require.Empty(t, formula)
		}
		require.NoError(t, read.Close())
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestRefused(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	_, err := New("pdf", full{}, "a")
	require.Error(t, err)
	for _, format := range []string{CSV, XLSX} {
		w, err := New(format, full{}, "a")
		require.NoError(t, err)
		require.ErrorContains(t, w.Row("a", "b"), "2 cells under 1 headings")
		_ = w.Close()
		w, err = New(format, full{}, "a")
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
		w, err := New(XLSX, &out, "a", "b")
		require.NoError(t, err)
		require.NoError(t, w.Row(text, int64(1)))
		require.NoError(t, w.Close())
		read, err := excelize.OpenReader(&out)
		require.NoError(t, err)
		got, err := read.GetCellValue("Sheet1", "A2")
		require.NoError(t, err)
		require.Equal(t, expected(text), got)
		formula, err := read.GetCellFormula("Sheet1", "A2")
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
