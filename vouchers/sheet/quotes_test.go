package sheet

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Of a line with quotation marks either the one reading that makes sense is
// taken, or the line is refused; the lines round it are taken all the same.
func TestQuotes(t *testing.T) {
	t.Parallel()
	const head = "note;" + visitHead
	note := func(s string) string { return s + ";" + visitA }
	for name, c := range map[string]struct {
		lines string
		want  []string // rows, after 2 B-1
		bad   []int
	}{
		"quoted":                  {note(`"x"`), []string{"3 A-1", "4 C-1"}, nil},
		"separator in quotes":     {note(`"x;y;""z"""`), []string{"3 A-1", "4 C-1"}, nil},
		"lone inside":             {note(`5" pipe`), []string{"3 A-1", "4 C-1"}, nil},
		"lone at the end":         {note(`Bo"`), []string{"3 A-1", "4 C-1"}, nil},
		"lone at the start":       {note(`"Bo`), []string{"3 A-1", "4 C-1"}, nil},
		"nickname in front":       {note(`"Bo" Hansen`), []string{"3 A-1", "4 C-1"}, nil},
		"nickname in quotes":      {note(`"Ib "Bo" Hansen"`), []string{"3 A-1", "4 C-1"}, nil},
		"lone with separators":    {note(`"Bo;Ib`), []string{"4 C-1"}, []int{3}},
		"closed in another field": {note(`"Bo`) + note(`Ib"`), []string{"3 A-1", "5 C-1"}, nil},
		"closed, lines differ":    {note(`"Bo`) + strings.Replace(note(`Ib"`), "A-1", "D-1", 1), []string{"3 A-1", "4 D-1", "5 C-1"}, nil},
		"two lone ones in a line": {strings.Replace(note(`"Bo`), "pær", `pær"`, 1), []string{"4 C-1"}, []int{3}},
		"a whole line quoted":     {`"` + strings.TrimSpace(note("x")) + "\"\n", []string{"4 C-1"}, []int{3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, refusals := visits(t, head+";"+visitB+c.lines+"x;"+strings.Replace(visitB, "B-1", "C-1", 1))
			require.Equal(t, append([]string{"2 B-1"}, c.want...), ids(rows))
			require.Equal(t, c.bad, lineNumbers(refusals))
		})
	}
}

func TestQuotesSpanLines(t *testing.T) {
	t.Parallel()
	const head = "id;version;plan;tidspunkt;type;udfald;registreret_af;registreret;note\n"
	a, b := strings.TrimSpace(visitA), strings.TrimSpace(visitB)
	c := strings.Replace(b, "B-1", "C-1", 1)
	for name, test := range map[string]struct {
		lines string
		want  []string
		bad   []int
	}{
		"two lines":               {b + ";\n" + a + ";\"first\nsecond\"\n" + c + ";\n", []string{"2 B-1", "3 A-1", "5 C-1"}, nil},
		"blank lines in between":  {b + ";\r\n" + a + ";\"first\r\n\r\n;\r\nlast; \"\"line\"\"\"\r\n" + c + ";\r\n", []string{"2 B-1", "3 A-1", "7 C-1"}, nil},
		"never closed":            {b + ";\n" + a + ";\"first\nsecond\n" + c + ";\n", []string{"2 B-1", "3 A-1", "5 C-1"}, []int{4}},
		"closed far too late":     {a + ";\"first\n" + strings.Repeat("more\n", 20) + "last\"\n" + c + ";\n", []string{"2 A-1", "24 C-1"}, seq(3, 23)},
		"good lines are not text": {a + ";\"first\n" + b + ";x\"\n" + c + ";\n", []string{"2 A-1", "3 B-1", "4 C-1"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, refusals := visits(t, head+test.lines)
			require.Equal(t, test.want, ids(rows))
			require.Equal(t, test.bad, lineNumbers(refusals))
		})
	}
}

// A line break in a column that is read is refused there.
func TestQuotesLineBreakInColumn(t *testing.T) {
	t.Parallel()
	rows, refusals := visits(t, visitHead+strings.Replace(visitA, "pær", "\"p\nr\"", 1)+visitB)
	require.Equal(t, []string{"4 B-1"}, ids(rows))
	require.Equal(t, []Refusal{{2, "registreret_af", "the field has a line break, or a character that cannot be read"}}, refusals)
}

func seq(from, to int) (n []int) {
	for i := from; i <= to; i++ {
		n = append(n, i)
	}
	return n
}
