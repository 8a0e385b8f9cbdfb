package rules

import _ "embed" // the schema is a file, so that editors can be pointed at it

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema (2020-12) of a document in YAML or JSON, with a
// description of every field, for editors to complete and check by. What it lets
// through Parse may still refuse: it knows no contradictions.
func Schema() []byte { return append([]byte(nil), schema...) }
