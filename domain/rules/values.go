package rules

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// text reads a line of print of at most limit letters.
func (s section) text(key string, limit int) string {
	v, ok := s.get(key, "a line of text")
	if !ok {
		return ""
	}
	str, ok := v.(string)
	switch {
	case !ok:
		s.add(s.at(key), codeType, "must be a line of text")
	case strings.TrimSpace(str) == "" || utf8.RuneCountInString(str) > limit || strings.ContainsFunc(str, unprintable):
		s.add(s.at(key), codeValue, "must be one line of 1 to %d letters", limit)
	default:
		return strings.TrimSpace(str)
	}
	return ""
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }

var slug = regexp.MustCompile(`^[a-z0-9]+([_-][a-z0-9]+)*$`)

const slugWant = "must be a word of at most 64 letters from a to z, digits, - and _"

// slug reads a name that programs use, such as "move-2026".
func (s section) slug(key string) string {
	v, ok := s.get(key, `a word like "move-2026"`)
	if !ok {
		return ""
	}
	return s.slugAt(s.at(key), v)
}

func (p *problems) slugAt(path string, v any) string {
	str, ok := v.(string)
	if !ok || len(str) > 64 || !slug.MatchString(str) {
		p.add(path, codeValue, slugWant)
		return ""
	}
	return str
}

// slugs reads a list of different words.
func (s section) slugs(key string, least int) []string {
	out := []string{}
	for i, v := range s.list(key, least, maxList) {
		path := fmt.Sprintf("%s[%d]", s.at(key), i)
		word := s.slugAt(path, v)
		if word != "" && slices.Contains(out, word) {
			s.add(path, codeValue, "is in the list already")
		}
		out = append(out, word)
	}
	return out
}

// list reads a list.
func (s section) list(key string, least, most int) []any {
	v, ok := s.get(key, "a list")
	if !ok {
		return nil
	}
	items, ok := v.([]any)
	switch {
	case !ok:
		s.add(s.at(key), codeType, "must be a list")
	case len(items) < least:
		s.add(s.at(key), codeRange, "must have at least %d", least)
	case len(items) > most:
		s.add(s.at(key), codeRange, "must have at most %d", most)
	default:
		return items
	}
	return nil
}

// number reads a whole number from least to most.
func (s section) number(key string, least, most int64) int64 {
	v, ok := s.get(key, "a whole number")
	if !ok {
		return 0
	}
	return s.numberAt(s.at(key), v, least, most)
}

func (p *problems) numberAt(path string, v any, least, most int64) int64 {
	number, ok := v.(json.Number)
	if !ok {
		p.add(path, codeType, "must be a whole number")
		return 0
	}
	n, err := strconv.ParseInt(string(number), 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		p.add(path, codeRange, "must be from %d to %d", least, most)
	case err != nil:
		p.add(path, codeType, "must be a whole number, without decimals")
	case n < least:
		p.add(path, codeRange, "must be at least %d", least)
	case n > most:
		p.add(path, codeRange, "must be at most %d", most)
	default:
		return n
	}
	return 0
}

// word reads one word of a choice.
func (s section) word(key string, w words) string {
	v, ok := s.get(key, or(w))
	if !ok {
		return ""
	}
	return s.wordAt(s.at(key), v, w)
}

func (p *problems) wordAt(path string, v any, w words) string {
	str, ok := v.(string)
	switch {
	case ok && slices.Contains(w, str):
		return str
	default:
		p.add(path, codeValue, "must be %s", or(w))
	}
	return ""
}

// flag reads true or false.
func (s section) flag(key string) bool {
	v, ok := s.get(key, "true or false")
	if !ok {
		return false
	}
	switch v {
	case true, "yes": // YAML 1.2 takes yes and no for words
		return true
	case false, "no":
		return false
	default:
		s.add(s.at(key), codeType, "must be true or false")
		return false
	}
}

// or writes "a, b or c".
func or(choices []string) string {
	last := len(choices) - 1
	if last < 1 {
		return strings.Join(choices, "")
	}
	return strings.Join(choices[:last], ", ") + " or " + choices[last]
}
