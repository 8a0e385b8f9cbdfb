package rules_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

// compiled is the schema as a JSON Schema validator reads it.
var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(rules.Schema()))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("fasthold.json", schema); err != nil {
		return nil, err
	}
	return c.Compile("fasthold.json")
})

// tree reads YAML or JSON as an editor does.
func tree(t testing.TB, document []byte) any {
	t.Helper()
	text, err := yaml.YAMLToJSON(document)
	require.NoError(t, err)
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	return v
}

// fitsSchema wants a document that Parse takes to pass the schema, as it was
// written and as it is stored. Every valid document of these tests comes by here.
func fitsSchema(t testing.TB, document []byte, d rules.Document) {
	t.Helper()
	schema, err := compiled()
	require.NoError(t, err)
	require.NoError(t, schema.Validate(tree(t, document)), "%s", document)
	require.NoError(t, schema.Validate(tree(t, d.JSON())), "%s", d.JSON())
}

// TestSchema_presets: an editor has nothing to say against a preset, and marks
// any field in it that is not of the language, wherever it stands.
func TestSchema_presets(t *testing.T) {
	schema, err := compiled()
	require.NoError(t, err)
	for _, name := range rules.Presets() {
		text, err := rules.Preset(name)
		require.NoError(t, err)
		fitsSchema(t, text, preset(t, name))
		document := tree(t, text)
		for _, at := range mappings(document, "") {
			at.fields["unheard_of"] = true
			require.Error(t, schema.Validate(document), "%s: %s.unheard_of", name, at.path)
			delete(at.fields, "unheard_of")
		}
		require.NoError(t, schema.Validate(document))
	}
}

type mapping struct {
	path   string
	fields map[string]any
}

// mappings are all that a document has, itself among them.
func mappings(v any, path string) (list []mapping) {
	switch v := v.(type) {
	case map[string]any:
		list = append(list, mapping{path, v})
		for key, inner := range v {
			list = append(list, mappings(inner, path+"."+key)...)
		}
	case []any:
		for i, inner := range v {
			list = append(list, mappings(inner, fmt.Sprintf("%s[%d]", path, i))...)
		}
	}
	return list
}

// TestSchema_refuses: a slip of the pen in a word, a number or a kind of value is
// marked too.
func TestSchema_refuses(t *testing.T) {
	schema, err := compiled()
	require.NoError(t, err)
	for _, slip := range [][2]string{
		{"mode: automatic", "mode: automatik"}, {"no_show: hold", "no_show: holds"}, {"met: 2", "met: 0"}, {"met: 2", "met: two"}, {"constant: 20000", "constant: 200.50"},
		{"days: 140", "days: 140 days"}, {"period: episode", "period: course"}, {"partial: true", "partial: sometimes"}, {"currency: DKK", "currency: kroner"},
		{"age: {from: 18}", "age: 18"}, {"legal_basis: serviceloven-101-9\n", ""},
	} {
		require.Error(t, schema.Validate(tree(t, moveYAML(t, slip[0], slip[1]))), slip[1])
	}
}
