package api

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

func TestDecode(t *testing.T) {
	v, err := decode([]byte(` {"a": [1, 2.50, {"b": null}], "å": "x", "c": true} `))
	require.NoError(t, err)
	require.Equal(t, map[string]any{
		"a": []any{json.Number("1"), json.Number("2.50"), map[string]any{"b": nil}}, "å": "x", "c": true,
	}, v)
}

func TestDecodeRefuses(t *testing.T) {
	for name, c := range map[string]struct{ body, field, code string }{
		"nothing":           {"", "body", "required"},
		"space":             {" \n", "body", "required"},
		"no JSON":           {"name=x", "body", "not_json"},
		"half":              {`{"name": "x"`, "body", "not_json"},
		"two":               {`{} {}`, "body", "not_json"},
		"garbage after":     {`{"name": "x"}]`, "body", "not_json"},
		"comma":             {`{"name": "x",}`, "body", "not_json"},
		"other encoding":    {"{\"name\": \"M\xf8de\"}", "body", "not_json"},
		"key twice":         {`{"a": {"name": 1, "name": 2}}`, "a.name", "duplicate_field"},
		"key twice, hidden": {`{"name": 1, "n\u0061me": 2}`, "name", "duplicate_field"},
		"NUL":               {`{"a": ["x", "y\u0000"]}`, "a[1]", "control_character"},
		"NUL in a key":      {`{"a": {"\u0000": 1}}`, "a", "control_character"},
		"deep":              {strings.Repeat("[", 1000), strings.Repeat("[0]", deepest+1), "too_deep"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decode([]byte(c.body))
			_, told := tell(err)
			require.Len(t, told.Fields, 1)
			require.Equal(t, domain.FieldError{Field: c.field, Code: c.code, Message: told.Fields[0].Message}, told.Fields[0])
		})
	}
}

// FuzzDecode holds that what is taken is what encoding/json takes.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `[1,"x",null]`, `{"a":{"a":1},"b":[{}]}`, `"x"`, `{"a":1,"a":2}`, `{} x`, `1e999`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, err := decode(raw)
		if err != nil {
			status, _ := tell(err)
			require.Equal(t, 400, status)
			return
		}
		var want any
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		require.NoError(t, d.Decode(&want))
		require.Equal(t, want, v)
	})
}
