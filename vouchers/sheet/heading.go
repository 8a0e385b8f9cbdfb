package sheet

import (
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// heading says which column stands where.
type heading struct {
	names []string       // as headed in the file
	at    map[string]int // by column.name
	sep   byte
}

// readHeading reads the heading with the separator that makes most of it.
func readHeading(line string, columns []column) (heading, error) {
	var best heading
	for _, sep := range []byte{';', ',', '\t'} {
		h, err := headingBy(line, sep, columns)
		if err != nil {
			return heading{}, err
		}
		if len(h.at) > len(best.at) {
			best = h
		}
	}
	if len(best.at) == 0 {
		return heading{}, unreadable("heading_unknown", "no column is known in the first line; it must be the heading, with the columns %s", list(columns))
	}
	var missing domain.Fields
	for _, c := range columns {
		if _, ok := best.at[c.name]; !ok {
			missing.Put(domain.FieldError{
				Field: c.name, Code: "no_column", Message: "the file has no column " + c.headings(),
				Danish: "filen mangler kolonnen " + append(slices.Clone(c.also), c.name)[0],
			})
		}
	}
	return best, missing.Err()
}

func headingBy(line string, sep byte, columns []column) (heading, error) {
	names, whole := split(line, sep)
	if whole != closed {
		names = literal(line, sep)
	}
	h := heading{names: names, at: map[string]int{}, sep: sep}
	for i, name := range names {
		for _, c := range columns {
			if !c.isHeaded(name) {
				continue
			}
			if _, twice := h.at[c.name]; twice {
				return heading{}, domain.InvalidField(c.name, "column_twice", "the file has two columns %s; keep one", c.headings())
			}
			h.at[c.name] = i
		}
	}
	return h, nil
}

func (c column) isHeaded(name string) bool {
	name = plain(name)
	if name == c.name {
		return true
	}
	for _, other := range c.also {
		if name == other {
			return true
		}
	}
	return false
}

// headings names the column in all the ways it may be headed.
func (c column) headings() string {
	return strings.Join(append([]string{c.name}, c.also...), " or ")
}

func list(columns []column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.headings()
	}
	return strings.Join(names, ", ")
}

// plain brings headings and words to one form: lower case, ø as oe, and _ for
// space and hyphen.
func plain(s string) string {
	return plainer.Replace(strings.ToLower(strings.TrimSpace(s)))
}

var plainer = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", " ", "_", "\u00a0", "_", "-", "_")
