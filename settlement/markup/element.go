package markup

import (
	"encoding/xml"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/fasthold/fasthold/domain"
)

// Element is one element of a file.
type Element struct {
	Name       string // without its prefix
	Space      string // its namespace
	Line       int    // where it begins; from 1
	attributes []xml.Attr
	text       []byte
	long       bool // there is more text than is read
	children   []*Element
}

// All gives the elements at the end of the path, in the order of the file.
func (e *Element) All(path ...string) []*Element {
	found := []*Element{e}
	for _, name := range path {
		var next []*Element
		for _, parent := range found {
			for _, child := range parent.children {
				if child.Name == name {
					next = append(next, child)
				}
			}
		}
		found = next
	}
	return found
}

// One gives the element at the end of the path, nil when there is none. That there
// are several is an error: which of them counts is not for us to guess.
func (e *Element) One(path ...string) (*Element, error) {
	found := e.All(path...)
	switch len(found) {
	case 0:
		return nil, nil //nolint:nilnil // an element that is not there, and need not be
	case 1:
		return found[0], nil
	}
	return nil, found[1].Errorf("%s is there more than once: only one is expected", strings.Join(path, "/"))
}

// Need is One, and wants the element to be there.
func (e *Element) Need(path ...string) (*Element, error) {
	found, err := e.One(path...)
	if err == nil && found == nil {
		err = e.Errorf("%s is missing: ask the sender for a complete file", strings.Join(path, "/"))
	}
	return found, err
}

// First gives the text of the first of the paths that is there, "" when none is.
func (e *Element) First(paths ...[]string) (string, error) {
	for _, path := range paths {
		found, err := e.One(path...)
		if err != nil {
			return "", err
		}
		if found == nil {
			continue
		}
		if text, err := found.Text(); err != nil || text != "" {
			return text, err
		}
	}
	return "", nil
}

// Text gives an element's text on one line.
func (e *Element) Text() (string, error) {
	text := strings.Join(strings.Fields(string(e.text)), " ")
	switch {
	case e.long || utf8.RuneCountInString(text) > maxText:
		return "", e.Errorf("it is longer than %d letters: ask the sender for a shorter text", maxText)
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }):
		return "", e.Errorf("it has a letter that cannot be read: ask for the file in UTF-8")
	}
	return text, nil
}

// Attribute gives an attribute without a namespace; "" when it is not there.
func (e *Element) Attribute(name string) string {
	for _, a := range e.attributes {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// Date gives a date, or that of a date with a time of day, as it is written.
func (e *Element) Date() (domain.Date, error) {
	text, err := e.Text()
	if err != nil {
		return domain.Date{}, err
	}
	day := text
	if len(text) > len(time.DateOnly) && strings.ContainsRune("TZ+-", rune(text[len(time.DateOnly)])) {
		day = text[:len(time.DateOnly)] // what follows is the time of day, or the zone
	}
	date, err := domain.ParseDate(day)
	if err != nil || date.Year < 1990 || date.Year > 2199 {
		return domain.Date{}, e.Errorf("%q is no date: want yyyy-mm-dd", Shown(text))
	}
	return date, nil
}

// Amount gives an amount in minor units: money has two decimals here.
func (e *Element) Amount() (int64, error) {
	text, err := e.Text()
	if err != nil {
		return 0, err
	}
	digits, sign := text, int64(1)
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		digits, sign = rest, -1
	}
	whole, fraction, point := strings.Cut(digits, ".")
	if point && fraction == "" || len(whole) > domain.MaxWhole {
		whole = ""
	}
	minor, ok := domain.MinorUnits(whole, strings.TrimRight(fraction, "0"))
	if !ok {
		return 0, e.Errorf("%q is no amount with at most two decimals and %d digits before the point, like 1234.50", Shown(text), domain.MaxWhole)
	}
	return sign * minor, nil
}

// Errorf makes the error for this element: it names the line and the element.
func (e *Element) Errorf(format string, args ...any) error {
	prefix := []any{e.Line, Shown(e.Name)}
	return Unreadable("file_invalid", "line %d, %s: "+format, append(prefix, args...)...)
}
