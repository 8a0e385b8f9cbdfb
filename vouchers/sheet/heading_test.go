package sheet

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"

	"github.com/fasthold/fasthold/domain"
)

func TestHeading(t *testing.T) {
	t.Parallel()
	for name, head := range map[string]string{
		"Danish":                "id;version;plan;tidspunkt;type;udfald;registreret_af;registreret",
		"English":               "id;version;plan;time;kind;outcome;recorded_by;recorded_at",
		"capitals, spaces":      "ID; Version ;PLAN;Tidspunkt;Type;Udfald;Registreret af;Registreret",
		"quoted":                `"id";"version";"plan";"occurred_at";"kind";"outcome";"recorded-by";"recorded at"`,
		"after blank lines":     "\n\nid;version;plan;time;kind;outcome;recorded_by;recorded_at",
		"after Excel's sep":     "sep=;\nid;version;plan;time;kind;outcome;recorded_by;recorded_at",
		"with an unnamed one":   "id;version;plan;time;kind;outcome;recorded_by;recorded_at;",
		"with a lone quotation": "id;version;plan;time;kind;outcome;recorded_by;recorded_at;\"note",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, refusals := visits(t, head+"\n"+visitA)
			require.Empty(t, refusals)
			require.Len(t, rows, 1)
			require.Equal(t, strings.Count(head, "\n")+2, rows[0].Line)
		})
	}
	rows, _, err := ReadPlans([]byte("plan,borger,født,enhed,startdato,ordning\nP,B,1-2-2000,Nord,1-2-2026,move\n"), copenhagen(t))
	require.NoError(t, err)
	require.Len(t, rows, 1)
}

func TestUnreadableFiles(t *testing.T) {
	t.Parallel()
	noMark, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(visitHead)
	require.NoError(t, err)
	for name, c := range map[string]struct{ data, says string }{
		"empty":            {"", "the file is empty"},
		"blank":            {"\ufeff \r\n\r\n", "the file is empty"},
		"no heading":       {visitA, "no column is known in the first line"},
		"names all":        {"a;b\n", "the columns id, version, plan, time or tidspunkt or occurred_at,"},
		"plans":            {planHead, "the file has no column id; version: the file has no column version"},
		"one missing":      {strings.Replace(visitHead, "udfald", "x", 1), "outcome: the file has no column outcome or udfald"},
		"column twice":     {"id;" + visitHead, "id: the file has two columns id; keep one"},
		"twice, otherwise": {"time;" + visitHead, "the file has two columns time or tidspunkt or occurred_at; keep one"},
		"workbook":         {"PK\x03\x04 ...", "save it as CSV"},
		"UTF-16 unmarked":  {noMark, "save it as CSV in UTF-8"},
		"picture":          {"\x89PNG\r\n\x1a\n\x00\x00", "no column is known"},
		"too many lines":   {visitHead + strings.Repeat("\n", MaxLines), "at most 1048576 are read"},
		"too big":          {string(bytes.Repeat([]byte("x"), MaxBytes+1)), "at most 16777216 (16 MiB) are read"},
		"garbage":          {visitHead + strings.Repeat("x\n", MaxRefusals+1), "more than 10000 lines are refused"},
		"contradictions":   {visitHead + strings.Repeat(visitA+strings.Replace(visitA, "mødt", "afbud", 1), MaxRefusals/2+1), "more than 10000 lines are refused"},
		"only Excel's sep": {"sep=;\n", "the file has no heading"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, refusals, err := ReadAttendance([]byte(c.data), copenhagen(t))
			require.Equal(t, domain.Invalid, domain.KindOf(err))
			require.ErrorContains(t, err, c.says)
			if name == "one missing" {
				require.Equal(t, "filen mangler kolonnen udfald", domain.FieldsOf(err)[0].Danish)
			}
			require.Empty(t, rows)
			require.Empty(t, refusals)
		})
	}
}
