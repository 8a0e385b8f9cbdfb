package sheet

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// Whatever the bytes: no panic, and every record of the file is a row, a row
// that came before, or a refusal, in the order of the file, unless the file is
// refused whole.
func FuzzReadAttendance(f *testing.F) {
	f.Add([]byte(visitHead + visitA + visitB + visitA))
	f.Add([]byte("\xef\xbb\xbf" + strings.ReplaceAll(visitHead+visitA, ";", ",")))
	f.Add([]byte(visitHead + "\"x\ny\";1;P1;2026-01-01T10:00Z;group;no-show;kl;29-03-2026 02:30\r" + visitB))
	f.Add([]byte("sep=;\n" + visitHead + ";;\"\n;;;;\"a\"b;;;\n" + visitB + "\x00\xff"))
	f.Add([]byte("\xff\xfei\x00d\x00;\x00"))
	f.Add(file(f, "fremmoede.csv")[:2000])
	loc := copenhagen(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, refusals, err := ReadAttendance(data, loc)
		l := attendance(loc)
		tab, openErr := open(data, l.columns)
		if domain.CodeOf(err) == "too_many_refused" {
			return
		}
		require.Equal(t, openErr, err)
		if err != nil {
			return
		}
		known := map[AttendanceRow]bool{}
		last := tab.lines.number
		for rec, ok := tab.next(); ok; rec, ok = tab.next() {
			require.Greater(t, rec.line, last)
			last = rec.line + rec.span - 1
			row, _ := l.row(newCells(tab.heading, rec))
			switch {
			case len(rows) > 0 && rows[0].Line == rec.line:
				rows[0].Place = Place{}
				require.Equal(t, rows[0], row)
				known[row] = true
				rows = rows[1:]
			case len(refusals) > 0 && refusals[0].Line == rec.line:
				require.NotEmpty(t, refusals[0].Reason)
				refusals = refusals[1:]
			default:
				require.True(t, known[row], "line %d is lost", rec.line)
			}
		}
		require.Empty(t, rows)
		require.Empty(t, refusals)
		require.LessOrEqual(t, last, 1+strings.Count(string(data), "\n")+strings.Count(string(data), "\r"))
	})
}

// Whatever stands between two good lines, both are taken.
func FuzzBadLines(f *testing.F) {
	f.Add(`"`)
	f.Add("X;\"\n\"")
	f.Add(`;;;;;;;"`)
	f.Add("A-1;1;\"P1;05-12-2025\r\n\r\"\";gruppe")
	f.Add("\xe6;\x00")
	good := strings.Replace(visitA, "mødt;pær", "attended;kl", 1)
	loc := copenhagen(f)
	f.Fuzz(func(t *testing.T, bad string) {
		if strings.Contains(bad, "A-1") || strings.Contains(bad, "B-1") {
			return // it claims to be a line beside it
		}
		rows, _, err := ReadAttendance([]byte(visitHead+good+bad+"\n"+visitB), loc)
		require.NoError(t, err)
		require.Equal(t, "2 A-1", ids(rows)[0])
		require.Contains(t, ids(rows)[len(rows)-1], "B-1")
	})
}
