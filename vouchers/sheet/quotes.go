package sheet

import "strings"

// quoting is how a line's quotation marks came out.
type quoting int

const (
	closed   quoting = iota // all fields are whole
	unclosed                // the last field's quotation mark is not closed on the line
	stray                   // something stands behind a closing quotation mark
)

// blanks may surround a field; a tab may not where it separates.
const blanks = " \u00a0\t"

// split takes a line apart. A field that begins with a quotation mark ends at
// the next one that is not doubled, and may hold separators and line breaks;
// in other fields a quotation mark is a character like any other.
func split(line string, sep byte) ([]string, quoting) {
	fields := make([]string, 0, 16)
	for {
		rest := trimBlanks(line, sep)
		if !strings.HasPrefix(rest, `"`) {
			field, after, more := strings.Cut(line, string(sep))
			fields = append(fields, strings.TrimSpace(field))
			if !more {
				return fields, closed
			}
			line = after
			continue
		}
		field, after, ok := quoted(rest[1:])
		if !ok {
			return nil, unclosed
		}
		fields = append(fields, strings.TrimSpace(field))
		after = trimBlanks(after, sep)
		if after == "" {
			return fields, closed
		}
		if after[0] != sep {
			return nil, stray
		}
		line = after[1:]
	}
}

// quoted reads up to the closing quotation mark.
func quoted(s string) (field, after string, ok bool) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, `"`)
		if !found {
			return "", "", false
		}
		b.WriteString(before)
		if !strings.HasPrefix(rest, `"`) {
			return b.String(), rest, true
		}
		b.WriteByte('"')
		s = rest[1:]
	}
}

// literal takes a line apart as if no quotation mark held a separator. Only a
// pair round a whole field is taken off.
func literal(line string, sep byte) []string {
	fields := strings.Split(line, string(sep))
	for i, f := range fields {
		f = strings.TrimSpace(f)
		if len(f) >= 2 && f[0] == '"' && f[len(f)-1] == '"' {
			f = strings.TrimSpace(strings.ReplaceAll(f[1:len(f)-1], `""`, `"`))
		}
		fields[i] = f
	}
	return fields
}

func trimBlanks(s string, sep byte) string {
	if sep == '\t' {
		return strings.TrimLeft(s, blanks[:len(blanks)-1])
	}
	return strings.TrimLeft(s, blanks)
}
