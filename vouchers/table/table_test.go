package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
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
			most = mostRows // more than fits in memory, so through a temporary file
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
