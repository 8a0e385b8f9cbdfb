package table

import (
	"bytes"
	"encoding/xml"
	"strings"
	"unicode/utf16"
)

// mostLetters is how many units of UTF-16 a cell of Excel has.
const mostLetters = 1<<15 - 1

// appendText adds what is in a cell, as text that Excel takes for nothing else.
func appendText(to []byte, text string) []byte {
	if len(text) > mostLetters {
		if units := utf16.Encode([]rune(text)); len(units) > mostLetters {
			text = string(utf16.Decode(units[:mostLetters]))
		}
	}
	if plain(text) {
		return append(to, text...)
	}
	// Excel would read _x0041_ as the letter of that number: its underscore is named so.
	text = strings.ReplaceAll(text, "_x", "_x005F_x")
	var escaped bytes.Buffer
	_ = xml.EscapeText(&escaped, []byte(text)) // a buffer takes everything
	return append(to, escaped.Bytes()...)
}

// plain reports whether text stands in XML as it is.
func plain(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ', c > '~', c == '<', c == '>', c == '&', c == '"', c == '\'':
			return false
		case c == '_' && i+1 < len(text) && text[i+1] == 'x':
			return false
		}
	}
	return true
}
