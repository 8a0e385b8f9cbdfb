package statement

import "strings"

// mostLines is how many lines a text has at most: more than any that can be entered.
const mostLines = 40

// wrap breaks a text, in the font that is set, into lines of at most a width: between
// words, and within one that is wider by itself.
func (p *sheet) wrap(text string, w float64) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(plane(text)) {
		if joined := strings.TrimSpace(line + " " + word); p.GetStringWidth(joined) <= w {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		whole, rest := p.broken(word, w)
		lines, line = append(lines, whole...), rest
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines[:min(len(lines), mostLines)]
}

// broken breaks a word into pieces as wide as fit, and the rest.
func (p *sheet) broken(word string, w float64) (pieces []string, rest string) {
	for _, letter := range word {
		if rest != "" && p.GetStringWidth(rest+string(letter)) > w {
			pieces, rest = append(pieces, rest), ""
		}
		rest += string(letter)
	}
	return pieces, rest
}
