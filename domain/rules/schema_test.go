package rules

import (
	"encoding/json"
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
		require.ElementsMatch(t, f.known, slices.Collect(maps.Keys(root.Defs[name].Properties)), name)
		require.NotEmpty(t, root.Defs[name].Description, name)
		for field, n := range root.Defs[name].Properties {
			require.NotEmpty(t, n.Description, "%s.%s", name, field)
		}
		require.Subset(t, f.known, root.Defs[name].Required, name)
	}
}
