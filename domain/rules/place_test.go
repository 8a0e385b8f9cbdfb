package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// lines gives what is wrong with a document: path → line.
func lines(text string) map[string]int {
	found := map[string]int{}
	_, err := rules.Parse([]byte(text))
	for _, f := range domain.FieldsOf(err) {
		found[f.Field] = f.Line
	}
	return found
}

// Every problem says on which line it is: of what is wrong, its own, of what is
// missing, that of what it would be in; the same in YAML and in JSON.
func TestLines(t *testing.T) {
	wrong := strings.NewReplacer("days: 140", "days: none", "{met: 2}", "{met: 0}", "period: episode, ", "", "age: {from: 18}", "age: {from: -1}").Replace(string(moveYAML(t)))
	number := func(text, part string) int {
		return 1 + strings.Count(text[:strings.Index(text, part)], "\n")
	}
	want := map[string]int{
		"age.from": number(wrong, "age:"), "phases[0].days": number(wrong, "days: none"), "phases[0].requirement.met": number(wrong, "requirement:"), "caps[0].period": number(wrong, "- {count"),
	}
	require.Equal(t, want, lines(wrong))
	require.Equal(t, want, lines(strings.ReplaceAll(wrong, "\n", "\r\n")), "as a browser sends it")
	for path := range want {
		want[path] += 3
	}
	require.Equal(t, want, lines("\n \n\n"+wrong), "what is before the document counts")

	json := "{\n  \"age\": {\n    \"from\": 18\n  },\n  \"phases\": [\n    {\"days\": 0},\n    {\n      \"a b\": [1,\n2]\n    }\n  ]\n}"
	found := lines(json)
	require.Equal(t, []int{6, 6, 8, 7, 1}, []int{found["phases[0].days"], found["phases[0].target"], found[`phases[1]."a b"`], found["phases[1].target"], found["voucher"]})
}

// A fault of form has its line too.
func TestLinesOfForm(t *testing.T) {
	for text, line := range map[string]int{
		"a: 1\nb: [1\nc: 2\n": 3, "a: 1\na: 2\n": 2, "{\"a\": 1,\n\"a\": 2}": 2, "\n\na: &x 1": 3, "\xff": 0, "": 0,
	} {
		require.Equal(t, map[string]int{"document": line}, lines(text), text)
	}
	require.Equal(t, 2, rules.LineOf([]byte("a: 1\nprogramme: x"), "programme"))
	require.Equal(t, 1, rules.LineOf([]byte("a: 1"), "programme"))
}
