package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// Limits on what Parse reads at all, so that a hostile document costs no more
// than an honest one.
const (
	maxBytes = 64 << 10
	maxDepth = 16
)

// object is a mapping of the document, as it was written in YAML or JSON. A
// document is a tree of object, []any, string, json.Number, bool and nil.
type object map[string]any

// readTree reads YAML or JSON, and where what is in it stands. What it refuses is
// a fault of form, for which no path can be given.
func readTree(data []byte) (tree any, where *place, err error) {
	switch {
	case len(data) > maxBytes:
		return nil, nil, fmt.Errorf("must be at most %d KiB", maxBytes>>10)
	case !utf8.Valid(data):
		return nil, nil, errors.New("must be UTF-8 text")
	}
	data = trim(data)
	where = &place{}
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, nil, errors.New("is empty")
	case json.Valid(data):
		tree, err = readJSON(data, where)
	default:
		tree, err = readYAML(data, where)
	}
	return tree, where, err
}

// trim takes off the space round a document, but for the line breaks before it:
// its lines keep their numbers. They end in a line feed alone.
func trim(data []byte) []byte {
	data = bytes.ReplaceAll(bytes.TrimPrefix(data, []byte("\uFEFF")), []byte("\r\n"), []byte("\n"))
	text := bytes.TrimSpace(data)
	before := bytes.Count(data[:bytes.Index(data, text)], []byte("\n"))
	return append(bytes.Repeat([]byte("\n"), before), text...)
}

// jsonReader reads a JSON document token by token, because encoding/json takes
// the last of two equal keys in silence.
type jsonReader struct {
	*json.Decoder
	data    []byte
	counted int // how much of data is in line
	line    int // of the newest token
}

func readJSON(data []byte, where *place) (any, error) {
	r := &jsonReader{Decoder: json.NewDecoder(bytes.NewReader(data)), data: data, line: 1}
	r.UseNumber()
	v, err := r.value(where, 0)
	if err != nil {
		return nil, err
	}
	if _, err := r.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("must be one document")
	}
	return v, nil
}

// token reads one more. No token has a line break in it.
func (r *jsonReader) token() (json.Token, error) {
	token, err := r.Token()
	read := int(r.InputOffset())
	r.line += bytes.Count(r.data[r.counted:read], []byte("\n"))
	r.counted = read
	return token, err
}

func (r *jsonReader) value(where *place, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	token, err := r.token()
	if err != nil {
		return nil, err
	}
	where.starts(r.line)
	switch token {
	case json.Delim('['):
		list := []any{}
		for r.More() {
			v, err := r.value(where.part(fmt.Sprintf("[%d]", len(list))), depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := r.token() // the closing bracket
		return list, err
	case json.Delim('{'):
		return r.object(where, depth)
	default:
		return token, nil
	}
}

func (r *jsonReader) object(where *place, depth int) (any, error) {
	obj := object{}
	for r.More() {
		token, err := r.token()
		if err != nil {
			return nil, err
		}
		key, line := token.(string), r.line
		part := where.part(written(key))
		part.starts(line)
		v, err := r.value(part, depth+1)
		if err != nil {
			return nil, err
		}
		if err := obj.put(key, v); err != nil {
			return nil, &onLine{line, err.Error()}
		}
	}
	_, err := r.token()
	return obj, err
}

var errTooDeep = fmt.Errorf("must not nest deeper than %d levels", maxDepth)

// put sets a key that must be new.
func (o object) put(key string, v any) error {
	if _, ok := o[key]; ok {
		return fmt.Errorf("must not have the key %.60q twice", key)
	}
	o[key] = v
	return nil
}
