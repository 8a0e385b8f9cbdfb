package api

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// answered reads an answer of success.
func answered[T any](t *testing.T, answer *httptest.ResponseRecorder) (v T) {
	t.Helper()
	require.Equal(t, 200, answer.Code, answer.Body)
	require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &v))
	return v
}

// TestCheckRules: an author hears everything that is wrong by its path, or what
// the document says; nothing is stored either way.
func TestCheckRules(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	before := w.newest()
	move := string(ok(rules.Preset("move-2026")))
	check := func(query, field string, document any) RulesCheck {
		body := ok(json.Marshal(map[string]any{field: document}))
		return answered[RulesCheck](t, w.do(domain.Administrator, "POST", "/rules/check"+query, string(body)))
	}
	good := check("?start_date=2027-01-04", "document_yaml", move)
	require.True(t, good.Valid)
	require.Empty(t, good.Problems)
	require.Len(t, good.Amounts.Rows, 6)
	require.EqualValues(t, 120000, good.Amounts.Rows[5].Cumulative)
	require.Equal(t, "2027-01-05", good.Amounts.Rows[0].Date.String(), "the second day earns the first reward")
	require.Contains(t, good.Sentences, RuleSentence{Path: "phases[0].magnitude", Text: Sentence{DA: "Belønningen er 200 kr.", EN: "The reward is 200 kr."}})
	require.Equal(t, "2026-11-21", check("", "document_yaml", move).Amounts.StartDate.String(), "today")

	again := check("?start_date=2027-01-04", "document", good.Document)
	require.Equal(t, good, again, "the JSON that it gave says the same")

	bad := check("", "document_yaml", strings.Replace(strings.Replace(move, "met: 2", "met: 0", 1), "mode: automatic", "mode: manual\nwith: x", 1))
	require.False(t, bad.Valid)
	require.Nil(t, bad.Amounts)
	require.Empty(t, bad.Sentences)
	codes := map[string]string{}
	for _, p := range bad.Problems {
		codes[p.Path] = p.Code
		require.NotEmpty(t, p.Message)
	}
	require.Equal(t, map[string]string{"mode": "invalid_value", "phases[0].requirement.met": "out_of_range", "with": "unknown_field"}, codes)
	require.Equal(t, "malformed", check("", "document_yaml", "{").Problems[0].Code)
	require.Equal(t, before, w.newest())
}

// TestPresets: each comes with its comments, and says what its document says.
func TestPresets(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	list := answered[PresetList](t, w.do(domain.Caseworker, "GET", "/rules/presets", ""))
	require.Len(t, list.Data, len(rules.Presets()))
	for _, p := range list.Data {
		require.Contains(t, p.DocumentYaml, "# Source: ", p.Name)
		require.Contains(t, p.DocumentYaml, "# Readings", p.Name)
		require.JSONEq(t, string(ok(rules.Parse([]byte(p.DocumentYaml))).JSON()), string(p.Document))
		require.Equal(t, p, answered[Preset](t, w.do(domain.Caseworker, "GET", "/rules/presets/"+p.Name, "")))
	}
	unknown := w.do(domain.Caseworker, "GET", "/rules/presets/petry", "")
	require.Equal(t, 404, unknown.Code)
	require.Equal(t, "preset_unknown", problem(t, unknown).Code)
	require.Contains(t, problem(t, unknown).Detail, "prize-bowl")
}

// TestSchemaIsForAnyone: an editor has no token.
func TestSchemaIsForAnyone(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	answer := w.do("", "GET", "/rules/schema", "")
	require.Equal(t, "application/schema+json", answer.Header().Get("Content-Type"))
	require.Equal(t, string(rules.Schema()), answer.Body.String())
}

// TestVersionDiff compares with the version in force unless told otherwise.
func TestVersionDiff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		draft := "/versions/" + example("ver", 2)
		text := strings.NewReplacer("constant: 20000", "constant: 25000", "caps:\n", "# caps:\n", "  - {count: 6, period: episode, at_limit: stop}", "",
			"partial: true", "partial: false").Replace(string(ok(rules.Preset("move-2026"))))
		put := w.do(domain.TeamLeader, "PUT", draft, string(ok(json.Marshal(map[string]string{"document_yaml": text}))), "If-Match", `"1"`)
		require.Equal(t, 200, put.Code, put.Body)
		diff := answered[VersionDiff](t, w.do(domain.Auditor, "GET", draft+"/diff", ""))
		require.Equal(t, example("ver", 1), strings.NewReplacer(w.back()...).Replace(diff.From.String()), "in force")
		said := map[string]string{}
		for _, c := range diff.Changes {
			said[c.Path] = c.Change
			require.Equal(t, c.Change != "added", c.Before != nil)
			require.Equal(t, c.Change != "removed", c.After != nil)
		}
		require.Equal(t, map[string]string{"phases[0].magnitude": "changed", "caps[0]": "removed", "voucher": "changed"}, said)
		back := answered[VersionDiff](t, w.do(domain.Auditor, "GET", "/versions/"+example("ver", 1)+"/diff?against="+example("ver", 2), ""))
		require.Len(t, back.Changes, 3)
		require.Contains(t, []string{back.Changes[0].Change, back.Changes[1].Change, back.Changes[2].Change}, "added")

		none := w.do(domain.Auditor, "GET", "/versions/"+example("ver", 3)+"/diff", "")
		require.Equal(t, 422, none.Code)
		require.Equal(t, map[string]string{"against": "required"}, fields(problem(t, none)), "the programme has no version in force")
		unknown := w.do(domain.Auditor, "GET", draft+"/diff?against=ver_000000000000000000000000000000ff", "")
		require.Equal(t, map[string]string{"against": "unknown"}, fields(problem(t, unknown)))
	})
}
