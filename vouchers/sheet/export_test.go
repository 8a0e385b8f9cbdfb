package sheet

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const exported = "../../testdata/export/"

func file(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(exported + name)
	require.NoError(tb, err)
	return data
}

func TestExportedPlans(t *testing.T) {
	t.Parallel()
	rows, refusals, err := ReadPlans(file(t, "planer.csv"), copenhagen(t))
	require.NoError(t, err)
	require.Empty(t, refusals)
	require.Len(t, rows, 900)
	require.Equal(t, "P02600001", rows[0].Plan)
	require.Equal(t, 901, rows[899].Line)
}

// Of the 24 lines that must be refused, 4 are refused by who knows the plans.
func TestExportedAttendance(t *testing.T) {
	t.Parallel()
	rows, refusals, err := ReadAttendance(file(t, "fremmoede.csv"), copenhagen(t))
	require.NoError(t, err)
	require.Len(t, rows, 9942-280-20, "280 rows were exported twice")

	expected, err := csv.NewReader(strings.NewReader(string(file(t, "expected_rejects.csv")))).ReadAll()
	require.NoError(t, err)
	says := map[string][2]string{ // column, and words of the reason
		"unknown outcome":                        {"udfald", "unknown outcome"},
		"no such date":                           {"tidspunkt", "no such date"},
		"no such local time (clocks go forward)": {"tidspunkt", "no such local time: clocks go forward"},
		"no id":                                  {"id", "the field is empty"},
		"too few fields":                         {"udfald", "too few fields"},
	}
	got, unknown := refusals, 0
	for _, e := range expected[1:] {
		line, err := strconv.Atoi(e[0])
		require.NoError(t, err)
		if e[1] == "unknown plan" {
			at := slices.IndexFunc(rows, func(r AttendanceRow) bool { return r.Line == line })
			require.GreaterOrEqual(t, at, 0)
			require.Equal(t, "P999999", rows[at].Plan)
			unknown++
			continue
		}
		require.NotEmpty(t, got)
		require.Equal(t, line, got[0].Line)
		require.Equal(t, says[e[1]][0], got[0].Column)
		require.Contains(t, got[0].Reason, says[e[1]][1])
		got = got[1:]
	}
	require.Empty(t, got, "refused, but not expected")
	require.Equal(t, 4, unknown)
	require.Len(t, refusals, 20)
}

// However a file is written, the rows are the same.
func TestExportedAttendanceRewritten(t *testing.T) {
	t.Parallel()
	loc := copenhagen(t)
	original := file(t, "fremmoede.csv")
	rows, refusals, err := ReadAttendance(original, loc)
	require.NoError(t, err)
	text, err := charmap.Windows1252.NewDecoder().String(string(original))
	require.NoError(t, err)
	utf16 := func(e unicode.Endianness) string {
		s, err := unicode.UTF16(e, unicode.UseBOM).NewEncoder().String(text)
		require.NoError(t, err)
		return s
	}
	for name, data := range map[string]string{
		"UTF-8":                 text,
		"UTF-8 with mark":       "\ufeff" + text,
		"UTF-16 little-endian":  utf16(unicode.LittleEndian),
		"UTF-16 big-endian":     utf16(unicode.BigEndian),
		"LF":                    strings.ReplaceAll(text, "\r\n", "\n"),
		"CR":                    strings.ReplaceAll(text, "\r\n", "\r"),
		"no end of last line":   strings.TrimRight(text, "\r\n"),
		"trailing blank lines":  text + "\r\n\r\n;;;;;;;\r\n  \r\n",
		"tabs":                  strings.ReplaceAll(text, ";", "\t"),
		"commas":                strings.ReplaceAll(text, ";", ","),
		"quoted, commas":        rewrite(text, `","`, `"`, nil),
		"quoted, semicolons":    rewrite(text, ` " ; "`, `"`, nil),
		"spaces around":         rewrite(text, "  ; ", " ", nil),
		"empty columns at end":  strings.ReplaceAll(text, "\r\n", ";;\r\n"),
		"English":               rewrite(text, ",", "", english),
		"another order":         rewrite(text, ";", "", reverse),
		"a column more between": rewrite(text, ";", "", func(f []string) []string { return slices.Insert(f, 1, "note") }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, gotRefusals, err := ReadAttendance([]byte(data), loc)
			require.NoError(t, err)
			require.Equal(t, lineNumbers(refusals), lineNumbers(gotRefusals))
			require.Equal(t, linesOnly(rows), linesOnly(got))
		})
	}
}

// rewrite writes each line anew: its fields changed by f, with sep between and
// end at both ends.
func rewrite(text, sep, end string, f func([]string) []string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		fields := strings.Split(line, ";")
		if f != nil {
			fields = f(fields)
		}
		b.WriteString(end + strings.Join(fields, sep) + end + "\r\n")
	}
	return b.String()
}

func reverse(fields []string) []string {
	slices.Reverse(fields)
	return fields
}

// english writes a line's words in English and its times in ISO form.
func english(fields []string) []string {
	words := map[string]string{
		"tidspunkt": "occurred_at", "type": "kind", "udfald": "outcome", "registreret_af": "recorded by", "registreret": "Recorded_At",
		"mødt": "attended", "udeblevet": "no-show", "afbud": "excused", "aflyst af stedet": "cancelled",
		"individuel": "individual", "gruppe": "group",
	}
	for i, f := range fields {
		if w, ok := words[f]; ok {
			fields[i] = w
		}
		if at, err := time.Parse("02-01-2006 15:04", f); err == nil {
			fields[i] = at.Format("2006-01-02T15:04")
		}
	}
	return fields
}

func lineNumbers(refusals []Refusal) (n []int) {
	for _, r := range refusals {
		n = append(n, r.Line)
	}
	return n
}

func BenchmarkReadAttendance(b *testing.B) {
	data, loc := file(b, "fremmoede.csv"), copenhagen(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		_, _, _ = ReadAttendance(data, loc)
	}
}
