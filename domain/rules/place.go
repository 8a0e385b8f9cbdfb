package rules

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// place is where a value of the document stands, and where its parts do.
type place struct {
	line  int               // its first one, or that of its key, from 1; 0: not known yet
	parts map[string]*place // by their names in paths: a key as it is written, or "[0]"
}

// starts notes the line, unless it is known.
func (p *place) starts(line int) {
	if p.line == 0 {
		p.line = line
	}
}

// part makes a part with that name, or gives the one that there is.
func (p *place) part(name string) *place {
	if p.parts == nil {
		p.parts = map[string]*place{}
	}
	if p.parts[name] == nil {
		p.parts[name] = &place{}
	}
	return p.parts[name]
}

// lineOf gives the line of a path. Of what the document does not have it is the
// line of what it would be in.
func (p *place) lineOf(path string) int {
	if p == nil {
		return 0
	}
	name, rest := firstPart(path)
	if part := p.parts[name]; part != nil {
		return part.lineOf(rest)
	}
	return p.line
}

// firstPart takes the first name off a path.
func firstPart(path string) (name, rest string) {
	path = strings.TrimPrefix(path, ".")
	end := len(path)
	switch {
	case strings.HasPrefix(path, "["):
		end = strings.Index(path, "]") + 1
	case strings.HasPrefix(path, `"`):
		if quoted, err := strconv.QuotedPrefix(path); err == nil {
			end = len(quoted)
		}
	default:
		if i := strings.IndexAny(path, ".["); i >= 0 {
			end = i
		}
	}
	return path[:end], path[end:]
}

// LineOf gives the line of a document on which a path stands, for one who has more
// to say of it than Parse; 0 when it cannot be read.
func LineOf(data []byte, path string) int {
	_, where, err := readTree(data)
	if err != nil {
		return 0
	}
	return where.lineOf(path)
}

// onLine is a fault of form on a line.
type onLine struct {
	line int
	text string
}

func (e *onLine) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.text) }

// lineIn gives the line that an error of form is about; 0 when it is about none.
func lineIn(err error) int {
	if e, ok := errors.AsType[*onLine](err); ok {
		return e.line
	}
	return 0
}
