package domain

import "strings"

// What begins a formula in a spreadsheet, and what ends a cell in one or another: a
// file that is written with commas is read with semicolons where commas are for
// decimals, and then quotes hold nothing together.
const (
	formulas = "=+-@"
	cellEnds = ";,\t\r\n"
)

// SafeCell makes a text that somebody typed safe in a spreadsheet, which would take one
// that begins like a formula for a formula, and so what follows a sign that it takes
// for the end of a cell.
func SafeCell(text string) string {
	var b strings.Builder
	if text != "" && text[0] < ' ' {
		b.WriteByte('\'')
	}
	begins := true
	for i := range len(text) {
		if begins && strings.IndexByte(formulas, text[i]) >= 0 {
			b.WriteByte('\'')
		}
		b.WriteByte(text[i])
		begins = strings.IndexByte(cellEnds, text[i]) >= 0 || begins && text[i] == '"'
	}
	return b.String()
}
