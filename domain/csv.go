package domain

import "strings"

// SafeCell makes a text that somebody typed safe in a spreadsheet, which would
// take one that begins like a formula for a formula.
func SafeCell(text string) string {
	if text != "" && (strings.ContainsRune("=+-@", rune(text[0])) || text[0] < ' ') {
		return "'" + text
	}
	return text
}
