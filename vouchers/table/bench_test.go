package table

import (
	"fmt"
	"io"
	"testing"
	"time"
)

// BenchmarkRows writes rows as wide as those of the journal.
func BenchmarkRows(b *testing.B) {
	for _, format := range []string{CSV, XLSX} {
		b.Run(format, func(b *testing.B) {
			heading, cells := make([]string, 16), make([]any, 16)
			w, err := New(format, io.Discard, Sheet{Name: "Rows", Heading: heading})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for n := range b.N {
				for i := range cells {
					cells[i] = "vch_0192f0c4a1b27f00a1b2c3d4e5f60718"
				}
				cells[3], cells[5], cells[11], cells[12] = Money(n), fmt.Sprint(n), "", time.Unix(int64(n), 0)
				if err := w.Row(cells...); err != nil {
					b.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}
