package rules

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// Codes of a document's problems.
const (
	codeMalformed     = "malformed"     // not readable as a tree at all
	codeRequired      = "required"      // must be stated
	codeUnknown       = "unknown_field" // no such field in the language
	codeNotSupported  = "not_supported" // right, but not yet read
	codeType          = "wrong_type"
	codeRange         = "out_of_range"
	codeValue         = "invalid_value"
	codeContradiction = "contradiction" // two fields that cannot both hold
)

// maxProblems is how many problems one answer names; a document with more is
// told so.
const maxProblems = 100

// problems collects what is wrong with a document.
type problems struct {
	fields domain.Fields
	count  int
	where  *place // of the document; nil while it is not read
}

func (p *problems) add(path, code, format string, args ...any) {
	p.count++
	switch {
	case p.count <= maxProblems:
		p.put(p.where.lineOf(path), path, code, format, args...)
	case p.count == maxProblems+1:
		p.put(0, "document", codeMalformed, "has more than %d problems: the rest are not listed", maxProblems)
	}
}

func (p *problems) put(line int, path, code, format string, args ...any) {
	p.fields.Put(domain.FieldError{Field: path, Code: code, Message: fmt.Sprintf(format, args...), Danish: inDanish(format, args...), Line: line})
}

// section is one mapping of the document. Its methods read one field each; what
// is wrong there they note, and give the zero value.
type section struct {
	*problems
	path   string // "" for the document itself
	obj    object
	absent bool // is no mapping, in which nothing more is missing
}

// open reads v as a mapping with those fields. What is not a mapping is noted
// and opened as one in which nothing is missing.
func (p *problems) open(path string, v any, f fields) section {
	obj, ok := v.(object)
	s := section{problems: p, path: path, obj: obj, absent: !ok}
	if !ok {
		p.add(cmp.Or(path, "document"), codeType, "must be a mapping with %s", strings.Join(f, ", "))
	}
	for _, key := range slices.Sorted(maps.Keys(obj)) {
		if !slices.Contains(f, key) {
			s.add(s.at(key), codeUnknown, "is no field here: the fields are %s", strings.Join(f, ", "))
		}
	}
	return s
}

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`)

// at is the path of one of the section's fields.
func (s section) at(key string) string {
	if s.path == "" {
		return written(key)
	}
	return s.path + "." + written(key)
}

// written is a key as paths have it.
func written(key string) string {
	if !plainKey.MatchString(key) {
		return fmt.Sprintf("%.60q", key)
	}
	return key
}

// get gives a field that must be stated.
func (s section) get(key, want string) (any, bool) {
	v, ok := s.obj[key]
	if !ok && !s.absent {
		s.add(s.at(key), codeRequired, "must be stated: %s", want)
	}
	return v, ok
}

func (s section) has(key string) bool { _, ok := s.obj[key]; return ok }

// section opens a field that must be a mapping.
func (s section) section(key string, f fields) section {
	v, ok := s.get(key, "a mapping with "+strings.Join(f, ", "))
	if !ok {
		return section{problems: s.problems, path: s.at(key), absent: true}
	}
	return s.open(s.at(key), v, f)
}
