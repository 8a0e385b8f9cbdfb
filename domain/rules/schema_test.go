package rules

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

type node struct {
	Description string          `json:"description"`
	Properties  map[string]node `json:"properties"`
	Required    []string        `json:"required"`
	Defs        map[string]node `json:"$defs"`
}

// The schema has the fields that Parse reads, no more and no fewer, and says
// what each of them is.
func TestSchema_fieldsAreThoseOfTheGrammar(t *testing.T) {
	var root node
	require.NoError(t, json.Unmarshal(Schema(), &root))
	sections := map[string]fields{
		"title": titleFields, "age": ageFields, "phase": phaseFields, "carry": carryFields, "opportunities": scheduleFields, "target": targetFields,
		"n_of": nOfFields, "outcomes": outcomeFields, "requirement": requirementFields, "rising": risingFields, "magnitude": magnitudeFields,
		"linear": linearFields, "descending": descentFields, "escalation": escalationFields, "every": everyFields, "reset": resetFields, "level": levelFields,
		"restoration": restorationFields, "bonus": bonusFields, "draws": drawsFields, "draw_reset": drawResetFields, "slip": slipFields, "cap": capFields, "tokens": tokensFields, "earn": earnFields, "hat": hatFields, "voucher": voucherFields,
		"excused": excuseFields, "make_up": makeUpFields, "pause": pauseFields, "readmission": readmissionFields,
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(sections)), slices.Collect(maps.Keys(root.Defs)))
	root.Defs["document"], sections["document"] = root, documentFields
	for name, f := range sections {
		require.ElementsMatch(t, f, slices.Collect(maps.Keys(root.Defs[name].Properties)), name)
		require.NotEmpty(t, root.Defs[name].Description, name)
		for field, n := range root.Defs[name].Properties {
			require.NotEmpty(t, n.Description, "%s.%s", name, field)
		}
		require.Subset(t, f, root.Defs[name].Required, name)
	}
}

// Every section and every list of words in grammar.go is held against the schema
// here: one that is added there and not here fails.
func TestSchema_coversTheGrammar(t *testing.T) {
	lists := map[string][]string{
		"modes": modes, "effects": effects, "periods": periods, "bases": bases, "scopes": scopes, "clawBacks": clawBacks,
		"goals": goals, "atAmount": atAmount, "atCount": atCount, "results": results, "weeks": weeks, "readings": readings,
		"applies": applies, "restoreTo": restoreTo, "memories": memories, "partRuns": partRuns, "dayNames": dayNames, "misses": misses,
		"missed": missed, "excusePeriods": excusePeriods, "deciders": deciders, "pauseReasons": pauseReasons, "pauseClocks": pauseClocks,
		"gapClocks": gapClocks, "returnLevels": returnLevels, "returnStreaks": returnStreaks, "laters": laters,
	}
	file, err := parser.ParseFile(token.NewFileSet(), "grammar.go", nil, 0)
	require.NoError(t, err)
	var inGrammar, sections []string
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			switch c, _ := v.Values[0].(*ast.CompositeLit); c.Type.(*ast.Ident).Name {
			case "words":
				inGrammar = append(inGrammar, v.Names[0].Name)
			case "fields":
				sections = append(sections, v.Names[0].Name)
			}
		}
		return true
	})
	require.ElementsMatch(t, inGrammar, slices.Collect(maps.Keys(lists)))
	var schema any
	require.NoError(t, json.Unmarshal(Schema(), &schema))
	require.Len(t, sections, len(schema.(map[string]any)["$defs"].(map[string]any))+1, "the definitions and the document itself: %v", sections)
	found := enums(t, schema)
	for name, words := range lists {
		require.True(t, slices.ContainsFunc(found, func(enum []string) bool { return isSubset(words, enum) }), "%s: no list in the schema has %v", name, words)
	}
}

// enums gives every list of words in the schema; each word has a description.
func enums(t *testing.T, v any) (found [][]string) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		if words, ok := v["enum"].([]any); ok {
			told, _ := v["enumDescriptions"].([]any)
			require.Len(t, told, len(words), "%v", words)
			require.NotContains(t, told, "", "%v", words)
			enum := make([]string, len(words))
			for i, w := range words {
				enum[i] = fmt.Sprint(w)
			}
			found = append(found, enum)
		}
		for _, inner := range v {
			found = append(found, enums(t, inner)...)
		}
	case []any:
		for _, inner := range v {
			found = append(found, enums(t, inner)...)
		}
	}
	return found
}

func isSubset(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
