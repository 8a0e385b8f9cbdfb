package vectors

import (
	"encoding/csv"
	"io/fs"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Row is one line of a file: from a column's name to its cell.
type Row map[string]string

// Table reads a file, row by row.
func Table(t testing.TB, files fs.FS, name string) (rows []Row) {
	t.Helper()
	f, err := files.Open(name)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	lines, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	for _, line := range lines[1:] {
		row := Row{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		rows = append(rows, row)
	}
	require.NotEmpty(t, rows, name)
	return rows
}

// Groups splits rows by the values of some columns, in the order of the file.
// A group's name is those values with a space between.
func Groups(rows []Row, columns ...string) (names []string, by map[string][]Row) {
	by = map[string][]Row{}
	for _, row := range rows {
		var values []string
		for _, c := range columns {
			values = append(values, row[c])
		}
		name := strings.Join(values, " ")
		if _, ok := by[name]; !ok {
			names = append(names, name)
		}
		by[name] = append(by[name], row)
	}
	return names, by
}

// Minor reads "27.00" as 2700.
func Minor(t testing.TB, s string) int64 {
	t.Helper()
	whole, cents, ok := strings.Cut(s, ".")
	require.True(t, ok && len(cents) == 2, s)
	n, err := strconv.ParseInt(whole+cents, 10, 64)
	require.NoError(t, err)
	return n
}

func number(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}
