package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/vouchers/table"
)

// Rows are counted in the file itself, on all its sheets; what takes too long, or too
// much memory, is told.
func TestRowsIn(t *testing.T) {
	for _, format := range []string{table.CSV, table.XLSX} {
		var out bytes.Buffer
		w, err := table.New(format, &out, table.Sheet{Name: "Rows", Heading: []string{"a", "b"}, About: "About", Facts: [][2]string{{"a", "b"}, {"c", "d"}}})
		require.NoError(t, err)
		for range 1000 {
			require.NoError(t, w.Row("<row> > </row>", int64(1)))
		}
		require.NoError(t, w.Close())
		path := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(path, out.Bytes(), 0o600))
		n, err := rowsIn(path, format)
		require.NoError(t, err)
		require.EqualValues(t, 1000, n)
	}
	require.False(t, exported{fetched: time.Minute, used: spent{memory: mostMemory}}.tooMuch())
	require.True(t, exported{fetched: time.Minute + 1}.tooMuch())
	require.True(t, exported{used: spent{memory: mostMemory + 1}}.tooMuch())
}
