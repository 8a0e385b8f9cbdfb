package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/fasthold/fasthold/domain"
)

const (
	maxValue = 200       // characters that a field which is read may have
	maxCount = 1_000_000 // the highest version
)

// cells reads the fields of one record and keeps the first problem. After a
// problem its values mean nothing.
type cells struct {
	heading heading
	record  record
	problem *Refusal
}

func newCells(h heading, r record) *cells {
	c := &cells{heading: h, record: r}
	if r.broken != "" {
		c.problem = &Refusal{Line: r.line, Reason: r.broken}
		return c
	}
	last := len(h.names)
	if len(r.fields) > last && slices.ContainsFunc(r.fields[last:], func(f string) bool { return f != "" }) {
		c.problem = &Refusal{Line: r.line, Reason: fmt.Sprintf("too many fields: %d, where the heading has %d", len(r.fields), last)}
	}
	return c
}

func (c *cells) refuse(name, format string, args ...any) {
	if c.problem == nil {
		c.problem = &Refusal{c.record.line, c.heading.names[c.heading.at[name]], fmt.Sprintf(format, args...)}
	}
}

// text gives a field that may not be empty.
func (c *cells) text(name string) string {
	if c.problem != nil {
		return ""
	}
	at := c.heading.at[name]
	if at >= len(c.record.fields) {
		c.refuse(name, "too few fields: %d, where the heading has %d", len(c.record.fields), len(c.heading.names))
		return ""
	}
	v := c.record.fields[at]
	switch {
	case v == "":
		c.refuse(name, "the field is empty")
	case utf8.RuneCountInString(v) > maxValue:
		c.refuse(name, "the field is longer than %d characters", maxValue)
	case strings.ContainsFunc(v, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }):
		c.refuse(name, "the field has a line break, or a character that cannot be read")
	}
	return v
}

// count gives a whole number from 1.
func (c *cells) count(name string) int {
	v := c.text(name)
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > maxCount {
		c.refuse(name, "%s is no whole number from 1 to %d", this(v), maxCount)
	}
	return n
}

// date gives a date. Spreadsheets may write midnight after it.
func (c *cells) date(name string, loc *time.Location) domain.Date {
	m, reason := parseMoment(c.text(name))
	d, whole := m.civil(loc)
	if reason == "" && !whole {
		reason = "a time of day stands behind the date: only a date is wanted here"
	}
	if reason != "" {
		c.refuse(name, "%s", reason)
	}
	return d
}

// instant gives a point in time, in UTC and whole seconds.
func (c *cells) instant(name string, loc *time.Location) time.Time {
	m, reason := parseMoment(c.text(name))
	var at time.Time
	if reason == "" {
		at, reason = m.in(loc)
	}
	if reason != "" {
		c.refuse(name, "%s", reason)
	}
	return at.UTC().Truncate(time.Second)
}

// vocabulary is the words that a column may hold.
type vocabulary struct {
	what  string            // what the words are, for a refusal
	known string            // the words, for a refusal
	words map[string]string // as plain gives them → as the domain has them
}

// word gives the domain's word for a field's.
func (c *cells) word(name string, v vocabulary) string {
	written := c.text(name)
	w, ok := v.words[plain(written)]
	if !ok {
		c.refuse(name, "unknown %s%s: known are %s", v.what, Shown(written), v.known)
	}
	return w
}
