package rules_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// documentKeys are the fields of a document, as refusals list them.
const documentKeys = "programme, title, legal_basis, age, currency, time_zone, mode, phases, funder, caps, claw_back, voucher, " +
	"excused, pauses, readmission"

// refusal gives a refused document's problems as "code path: sentence" lines.
func refusal(t testing.TB, document []byte) []string {
	t.Helper()
	_, err := rules.Parse(document)
	var refused *domain.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, domain.Invalid, refused.Kind)
	var out []string
	for _, f := range refused.Fields {
		out = append(out, f.Code+" "+f.Field+": "+f.Message)
	}
	return out
}

func TestParse(t *testing.T) {
	d := move(t)
	require.Equal(t, "move-2026", d.Programme)
	require.Equal(t, rules.Text{DA: "MOVE-gavekort", EN: "MOVE vouchers"}, d.Title)
	require.Equal(t, "serviceloven-101-9", d.LegalBasis)
	require.Equal(t, rules.Age{From: 18}, d.Age)
	require.Equal(t, "Europe/Copenhagen", d.Location().String())
	require.Equal(t, rules.Automatic, d.Mode)
	require.Equal(t, []rules.Phase{{
		Name:        "treatment",
		Days:        140,
		Target:      rules.Target{Attend: []string{"individual", "group"}},
		Outcomes:    rules.Outcomes{NoShow: rules.Hold, Excused: rules.Hold, Cancelled: rules.Ignore},
		Requirement: rules.Requirement{Met: 2},
		Magnitude:   rules.Magnitude{Constant: 20000},
	}}, d.Phases)
	require.Equal(t, []rules.Cap{{Count: 6, Period: rules.Episode, AtLimit: rules.Stop}}, d.Caps)
	require.Equal(t, rules.Voucher{
		ValidDays: 365, Partial: true,
		Categories: []string{"groceries", "clothing", "sport"},
		Excluded:   []string{"alcohol", "tobacco", "gambling", "cash"},
	}, d.Voucher)
}

func TestParse_formsOfOneDocument(t *testing.T) {
	want := move(t)
	for name, text := range map[string]string{
		"JSON":            string(want.JSON()),
		"indented JSON":   indent(t, want.JSON()),
		"byte order mark": "\uFEFF" + string(moveYAML(t)),
		"CRLF":            strings.ReplaceAll(string(moveYAML(t)), "\n", "\r\n"),
		"block style":     string(moveYAML(t, "title: {da: MOVE-gavekort, en: MOVE vouchers}", "title:\n  da: MOVE-gavekort\n  en: |-\n    MOVE vouchers")),
		"digits grouped":  string(moveYAML(t, "20000", "200_00")),
		"quoted":          string(moveYAML(t, "programme: move-2026", `programme: "move-2026"`)),
	} {
		t.Run(name, func(t *testing.T) {
			d, err := rules.Parse([]byte(text))
			require.NoError(t, err)
			require.Equal(t, want, d)
			require.Equal(t, want.JSON(), d.JSON())
		})
	}
	require.Equal(t, move(t, "    requirement: {met: 2}\n", ""), move(t, met, "{met: 1}"), "no requirement is {met: 1}")
}

func TestDocument_asJSONField(t *testing.T) {
	type holder struct{ Document rules.Document }
	b, err := json.Marshal(holder{move(t)})
	require.NoError(t, err)
	var h holder
	require.NoError(t, json.Unmarshal(b, &h))
	require.Equal(t, move(t), h.Document)
	b = []byte(strings.Replace(string(b), `"count":6`, `"count":0`, 1))
	require.ErrorContains(t, json.Unmarshal(b, &h), "caps[0].count: must be at least 1")
}

func TestParse_refusals(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		// the newer words
		{"mode: automatic", "mode: automatic\nclaw_back: all", "invalid_value claw_back: must be never or unspent"},
		{"no_show: hold,", "no_show: hold, attended: met,", "unknown_field phases[0].outcomes.attended: is no field here: the fields are no_show, excused, cancelled, late, left_early, no_valid_sample, pending"},
		{magnitude, "{tokens: 1}", "wrong_type phases[0].magnitude.tokens: must be a mapping with earn, price, reward"},
		{theCap, "{amount: 59900, period: episode, basis: issued, at_limit: stop}", "contradiction caps[0].at_limit: must be deny: vouchers are not issued in the order of visits, and stop holds all later ones back"},
		{theCap, "{count: 6, period: episode, basis: paid, at_limit: stop}", "invalid_value caps[0].basis: must be earned or issued"},
		{"currency: DKK", "currency: JPY", "not_supported currency: JPY is not yet supported: amounts have two decimals"},
		// unknown
		{"mode: automatic", "mode: automatic\ncolour: red", "unknown_field colour: is no field here: the fields are " + documentKeys},
		{"period: episode", "period: episode, perod: month", "unknown_field caps[0].perod: is no field here: the fields are count, amount, period, across, basis, at_limit"},
		{"{da: MOVE-gavekort,", "{da: MOVE-gavekort, \"a b\": 1,", `unknown_field title."a b": is no field here: the fields are da, en`},
		// silent gaps
		{"    " + days + "\n", "", "required phases[0].days: must be stated: a whole number"},
		{", excused: hold", "", "required phases[0].outcomes.excused: must be stated: met, not_met, hold or ignore"},
		{", at_limit: stop", "", "required caps[0].at_limit: must be stated: deny or stop"},
		{", partial: true", "", "required voucher.partial: must be stated: true or false"},
		{", en: MOVE vouchers", "", "required title.en: must be stated: a line of text"},
		{"{from: 18}", "{}", "required age: must have from, to or both"},
		{"time_zone: Europe/Copenhagen\n", "", `required time_zone: must be stated: a name like "Europe/Copenhagen"`},
		{theCap, "{amount: 59900, period: episode, at_limit: stop}", "required caps[0].basis: must be stated: earned or issued"},
		// values
		{"count: 6", "count: 0", "out_of_range caps[0].count: must be at least 1"},
		{days, "days: 3661", "out_of_range phases[0].days: must be at most 3660"},
		{days, "days: 99999999999999999999", "wrong_type phases[0].days: must be a whole number"},
		{days, "days: 1.5", "wrong_type phases[0].days: must be a whole number, without decimals"},
		{magnitude, "{constant: 200.0}", "wrong_type phases[0].magnitude.constant: must be a whole number, without decimals"},
		{magnitude, "{constant: 100000001}", "out_of_range phases[0].magnitude.constant: must be at most 100000000"},
		{magnitude, "{table: [100, -1]}", "out_of_range phases[0].magnitude.table[1]: must be at least 0"},
		{magnitude, "{table: []}", "out_of_range phases[0].magnitude.table: must have at least 1"},
		{magnitude, "{table: 7}", "wrong_type phases[0].magnitude.table: must be a list"},
		{magnitude, "20000", "wrong_type phases[0].magnitude: must be a mapping with constant, table, linear, descending, tokens"},
		{"no_show: hold", "no_show: miss", "invalid_value phases[0].outcomes.no_show: must be met, not_met, hold or ignore"},
		{"[individual, group]", "[individual, individual]", "invalid_value phases[0].target.attend[1]: is in the list already"},
		{"[individual, group]", "[]", "out_of_range phases[0].target.attend: must have at least 1"},
		{"currency: DKK", "currency: dkk", `invalid_value currency: must be an ISO 4217 code in capitals, like "DKK"`},
		{"Europe/Copenhagen", "Local", `invalid_value time_zone: must be a time zone's IANA name, like "Europe/Copenhagen"`},
		{"Europe/Copenhagen", "../../etc/passwd", `invalid_value time_zone: must be a time zone's IANA name, like "Europe/Copenhagen"`},
		{"partial: true", "partial: maybe", "wrong_type voucher.partial: must be true or false"},
		{"move-2026\n", "Move 2026\n", "invalid_value programme: must be a word of at most 64 letters from a to z, digits, - and _"},
		{"serviceloven-101-9", `"a\nb"`, "invalid_value legal_basis: must be one line of 1 to 200 letters"},
		{"mode: automatic", "mode:", "invalid_value mode: must be automatic or proposes"},
		// contradictions
		{days, "days: 140\n    weeks: 20", "contradiction phases[0].weeks: must not be stated beside days: take one of them"},
		{magnitude, "{constant: 1, table: [1]}", "contradiction phases[0].magnitude.table: must not be stated beside constant: take one of them"},
		{"count: 6", "count: 6, amount: 100", "contradiction caps[0].amount: must not be stated beside count: make two caps"},
		{"at_limit: stop", "at_limit: pay_rest", "contradiction caps[0].at_limit: must be deny or stop: of a count there is no rest to pay"},
		{magnitude, "{table: [100, 200]}", "contradiction caps[0].count: must be at most 2: the table has no more rewards"},
		{theCap, "{amount: 19999, period: episode, basis: earned, at_limit: deny}", "contradiction caps[0].amount: must be at least 20000, the reward: else nothing is ever paid"},
		{"{from: 18}", "{from: 18, to: 17}", "contradiction age.to: must be at least from, which is 18"},
		{"alcohol,", "sport,", "contradiction voucher.excluded[0]: is among the categories too"},
		{"no_show: hold", "no_show: met", "contradiction phases[0].outcomes.excused: must be met, because no_show is: an excused visit never pays less than an unexcused one"},
		// form
		{"mode: automatic", "mode: automatic\nmode: proposes", `malformed document: line 10: cannot be read as YAML: mapping key "mode" already defined at [9:1]`},
		{"title: {", "title: &t {", "malformed document: line 4: must be plain YAML without anchors, aliases, merges and tags"},
		{"title: {", "title: !!map {", "malformed document: line 4: must be plain YAML without anchors, aliases, merges and tags"},
		{"mode: automatic", "1: automatic", "malformed document: line 9: a key must be a word"},
		{"mode: automatic", "---\nmode: automatic", "malformed document: must be one document"},
	} {
		t.Run(c.want, func(t *testing.T) {
			require.Equal(t, []string{c.want}, refusal(t, moveYAML(t, c.old, c.new)))
		})
	}
}

func TestParse_namesEveryProblemAtOnce(t *testing.T) {
	require.Equal(t, []string{
		"unknown_field colour: is no field here: the fields are " + documentKeys,
		"invalid_value currency: must be an ISO 4217 code in capitals, like \"DKK\"",
		"out_of_range phases[0].bonus: must have at least 1",
		"out_of_range caps[0].count: must be at least 1",
		"required title.da: must be stated: a line of text",
	}, refusal(t, moveYAML(t, "DKK", "kroner\ncolour: red", "count: 6", "count: -6", "    days", "    bonus: []\n    days", "da: MOVE-gavekort, ", "")))
}

func TestParse_capsUnderATable(t *testing.T) {
	for limit, want := range map[string]string{
		amountCap("250", "stop"):     "contradiction caps[0].amount: must be at least 300, the reward: else nothing is ever paid",
		amountCap("250", "deny"):     "", // the second reward fits
		amountCap("99", "deny"):      "contradiction caps[0].amount: must be at least 100, the reward: else nothing is ever paid",
		amountCap("99", "pay_rest"):  "",
		amountCap("401", "pay_rest"): "contradiction caps[0].amount: must be at most 400: the table has no more to pay",
		amountCap("400", "pay_rest"): "",
	} {
		t.Run(limit, func(t *testing.T) {
			document := moveYAML(t, magnitude, "{table: [300, 100]}", theCap, limit)
			if want == "" {
				_, err := rules.Parse(document)
				require.NoError(t, err)
				return
			}
			require.Equal(t, []string{want}, refusal(t, document))
		})
	}
}

func TestParse_hugeNumberInJSON(t *testing.T) {
	document := strings.Replace(string(move(t).JSON()), `"days":140`, `"days":99999999999999999999`, 1)
	require.Equal(t, []string{"out_of_range phases[0].days: must be from 1 to 3660"}, refusal(t, []byte(document)))
}

func TestParse_malformed(t *testing.T) {
	for name, c := range map[string]struct{ document, want string }{
		"empty":               {"", "malformed document: is empty"},
		"only a comment":      {"# nothing", "malformed document: must be one document"},
		"not UTF-8":           {"title: \xe6", "malformed document: must be UTF-8 text"},
		"too large":           {strings.Repeat("#", 64<<10+1), "malformed document: must be at most 64 KiB"},
		"a word":              {"hello", "wrong_type document: must be a mapping with " + documentKeys},
		"a JSON list":         {"[1]", "wrong_type document: must be a mapping with " + documentKeys},
		"equal keys in JSON":  {`{"mode":"automatic","mode":"proposes"}`, `malformed document: line 1: must not have the key "mode" twice`},
		"half a JSON object":  {`{"mode":`, "malformed document: line 1: cannot be read as YAML: could not find map value"},
		"deep JSON":           {strings.Repeat("[", 18) + strings.Repeat("]", 18), "malformed document: must not nest deeper than 16 levels"},
		"an alias bomb":       {"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]", "malformed document: line 1: must be plain YAML without anchors, aliases, merges and tags"},
		"brackets left open":  {"a: " + strings.Repeat("[", 60_000), "malformed document: must not nest deeper than 16 levels"},
		"lists within lists":  {strings.Repeat("- ", 30_000) + "a", "malformed document: must not nest deeper than 16 levels"},
		"braces across lines": {strings.Repeat("{a:\n", 10_000), "malformed document: must not nest deeper than 16 levels"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, []string{c.want}, refusal(t, []byte(c.document)))
		})
	}
}

// A refusal is never much larger than the document, and never slow to make.
func TestParse_hostile(t *testing.T) {
	const size = 60_000
	for name, s := range map[string]string{
		"unknown fields": many(size, func(i int) string { return fmt.Sprintf("k%d: 1\n", i) }),
		"one long key":   strings.Repeat("k", size) + ": 1",
		"quotes":         strings.Repeat(`"`, size),
		"anchors":        strings.Repeat("&a ", size/3),
		"aliases":        strings.Repeat("*a ", size/3),
		"tags":           strings.Repeat("!!str ", size/6),
		"questions":      strings.Repeat("? ", size/2),
		"colons":         strings.Repeat("a: ", size/3),
		"literals":       strings.Repeat("a: |\n", size/5),
		"documents":      strings.Repeat("---\n", size/4),
		"caps":           "caps: [" + strings.Repeat("{},", size/3) + "]",
		"table":          "phases: [{magnitude: {table: [" + strings.Repeat("0,", size/2) + "]}}]",
		"long numbers":   "age: {from: " + strings.Repeat("9", size) + "}",
	} {
		t.Run(name, func(t *testing.T) {
			before := time.Now()
			problems := refusal(t, []byte(s))
			require.Less(t, time.Since(before), 5*time.Second)
			require.LessOrEqual(t, len(problems), 101)
			require.Less(t, len(strings.Join(problems, "")), 40_000)
		})
	}
}

func TestPresets(t *testing.T) {
	require.Equal(t, []string{"california", "higgins", "move-2026", "move-group", "prize-bowl", "weaver"}, rules.Presets())
	for _, name := range rules.Presets() {
		b, err := rules.Preset(name)
		require.NoError(t, err)
		d, err := rules.Parse(b)
		require.NoError(t, err)
		require.Equal(t, name, d.Programme)
		for _, word := range []string{"# Source: ", "# Published: ", "# Readings"} {
			require.Contains(t, string(b), word, name)
		}
	}
	_, err := rules.Preset("../doc.go")
	require.Equal(t, domain.NotFound, domain.KindOf(err))
	require.EqualError(t, err, `there is no preset "../doc.go": take one of california, higgins, move-2026, move-group, prize-bowl, weaver`)
}

func TestAge(t *testing.T) {
	for _, c := range []struct {
		age   rules.Age
		years int
		want  bool
	}{
		{rules.Age{From: 18}, 17, false}, {rules.Age{From: 18}, 18, true}, {rules.Age{From: 18}, 99, true},
		{rules.Age{To: 17}, 17, true}, {rules.Age{To: 17}, 18, false}, {rules.Age{From: 15, To: 25}, 14, false},
	} {
		require.Equal(t, c.want, c.age.Includes(c.years), "%+v %d", c.age, c.years)
	}
}

func many(size int, line func(int) string) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString(line(i))
	}
	return b.String()
}

func indent(t *testing.T, b []byte) string {
	t.Helper()
	out, err := json.MarshalIndent(json.RawMessage(b), "", "\t")
	require.NoError(t, err)
	return string(out)
}
