package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/fasthold/fasthold/domain"
)

// deepest is how far a body may nest: a rule document needs seven levels.
const deepest = 32

// decode reads one JSON value, more strictly than encoding/json: valid UTF-8, no
// key twice in an object, no NUL (PostgreSQL has no such letter), nothing after
// the value, not nested without end. Numbers stay as they were written.
func decode(raw []byte) (any, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, notJSON("body", "required", "send a JSON object")
	}
	if !utf8.Valid(raw) {
		return nil, notJSON("body", "not_json", "must be JSON in UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	v, err := value(d, "", 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, notJSON("body", "not_json", "must be one JSON object and nothing after it")
	}
	return v, nil
}

func notJSON(field, code, message string) error {
	return malformed(domain.FieldError{Field: field, Code: code, Message: message})
}

// value reads the next value; path is where it is.
func value(d *json.Decoder, path string, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, broken(d)
	}
	if depth > deepest {
		return nil, notJSON(named(path), "too_deep", fmt.Sprintf("must not nest deeper than %d levels", deepest))
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return object(d, path, depth)
		}
		return array(d, path, depth)
	case string:
		if strings.ContainsRune(t, 0) {
			return nil, notJSON(named(path), "control_character", "must not contain the letter U+0000")
		}
	}
	return token, nil
}

func object(d *json.Decoder, path string, depth int) (any, error) {
	m := map[string]any{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, broken(d)
		}
		key := token.(string) // the decoder takes no other key
		at := inside(path, key)
		if _, twice := m[key]; twice {
			return nil, notJSON(at, "duplicate_field", "must be there once only")
		}
		if strings.ContainsRune(key, 0) {
			return nil, notJSON(named(path), "control_character", "must not contain the letter U+0000")
		}
		if m[key], err = value(d, at, depth+1); err != nil {
			return nil, err
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, broken(d)
	}
	return m, nil
}

func array(d *json.Decoder, path string, depth int) (any, error) {
	list := []any{}
	for d.More() {
		v, err := value(d, fmt.Sprintf("%s[%d]", path, len(list)), depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	if _, err := d.Token(); err != nil {
		return nil, broken(d)
	}
	return list, nil
}

func broken(d *json.Decoder) error {
	return notJSON("body", "not_json", fmt.Sprintf("must be JSON: it breaks off or goes wrong at byte %d", d.InputOffset()))
}

// longestName is how much of a name that the caller made up an answer repeats.
const longestName = 100

// inside gives the path of a key in the object at path.
func inside(path, key string) string {
	if len(key) > longestName {
		key = strings.ToValidUTF8(key[:longestName], "") + "…"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// named is how an answer calls a path; the body's own is empty.
func named(path string) string {
	if path == "" {
		return "body"
	}
	return path
}
