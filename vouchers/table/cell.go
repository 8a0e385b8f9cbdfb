package table

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/fasthold/fasthold/domain"
)

// firstDay is day 0 of a workbook's calendar.
var firstDay = domain.Date{Year: 1899, Month: time.December, Day: 30}

// appendTime adds what the clock shows: days, and a part of one to the second.
func appendTime(to []byte, t time.Time) []byte {
	hour, minute, second := t.Clock()
	const day = 24 * time.Hour
	past := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	return strconv.AppendFloat(to, float64(firstDay.Days(domain.DateOf(t, t.Location())))+float64(past)/float64(day), 'f', 8, 64)
}

// appendMoney adds minor units as what they are parts of.
func appendMoney(to []byte, minor int64) []byte {
	if minor < 0 {
		to, minor = append(to, '-'), -minor
	}
	to = append(strconv.AppendInt(to, minor/100, 10), '.')
	return append(to, byte('0'+minor%100/10), byte('0'+minor%10))
}

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
