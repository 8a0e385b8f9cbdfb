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

// readTree reads YAML or JSON. What it refuses is a fault of form, for which no
// path can be given.
func readTree(data []byte) (any, error) {
	switch {
	case len(data) > maxBytes:
		return nil, fmt.Errorf("must be at most %d KiB", maxBytes>>10)
	case !utf8.Valid(data):
		return nil, errors.New("must be UTF-8 text")
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\uFEFF")))
	switch {
	case len(data) == 0:
		return nil, errors.New("is empty")
	case json.Valid(data):
		return readJSON(data)
	default:
		return readYAML(data)
	}
}

// readJSON reads a JSON document token by token, because encoding/json takes the
// last of two equal keys in silence.
func readJSON(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := jsonValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("must be one document")
	}
	return v, nil
}

func jsonValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := jsonValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token() // the closing bracket
		return list, err
	case json.Delim('{'):
		obj := object{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			v, err := jsonValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			if err := obj.put(key.(string), v); err != nil {
				return nil, err
			}
		}
		_, err := d.Token()
		return obj, err
	default:
		return token, nil
	}
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
