package sheet

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// What a file may be. The lines are as many as a spreadsheet holds.
const (
	MaxBytes = 16 << 20
	MaxLines = 1 << 20
)

var (
	utf8Mark    = []byte("\xef\xbb\xbf")
	utf16Little = []byte("\xff\xfe")
	utf16Big    = []byte("\xfe\xff")
	zip         = []byte("PK\x03\x04")
)

// decode gives the file's text as UTF-8. What cannot be read in an otherwise
// readable file becomes U+FFFD, which the field that has it is refused for.
func decode(data []byte) (string, error) {
	if len(data) > MaxBytes {
		return "", unreadable("file_too_big", "the file is %d bytes; at most %d (16 MiB) are read: export it in parts", len(data), MaxBytes)
	}
	var text string
	var err error
	switch {
	case bytes.HasPrefix(data, zip):
		return "", unreadable("file_not_text", "the file is a workbook or an archive: save it as CSV")
	case bytes.HasPrefix(data, utf16Little), bytes.HasPrefix(data, utf16Big):
		text, err = with(unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM), data)
	case bytes.HasPrefix(data, utf8Mark):
		text = strings.ToValidUTF8(string(data[len(utf8Mark):]), "\ufffd")
	case mostlyUTF8(data):
		text = strings.ToValidUTF8(string(data), "\ufffd")
	default:
		text, err = with(charmap.Windows1252, data)
	}
	if err != nil {
		return "", err
	}
	if strings.TrimSpace(text) == "" {
		return "", unreadable("file_empty", "the file is empty: its first line must be the heading")
	}
	if n := strings.Count(text, "\n") + strings.Count(text, "\r") - strings.Count(text, "\r\n"); n > MaxLines {
		return "", unreadable("file_too_big", "the file has %d lines; at most %d are read: export it in parts", n, MaxLines)
	}
	return text, nil
}

func with(e encoding.Encoding, data []byte) (string, error) {
	text, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return "", unreadable("file_not_text", "the file cannot be read as text: save it as CSV in UTF-8")
	}
	return string(text), nil
}

// mostlyUTF8 reports whether data is UTF-8, if need be with a few broken
// lines. Danish text in Windows-1252 has next to no line with a letter outside
// ASCII that happens to be UTF-8, so most of those lines decide.
func mostlyUTF8(data []byte) bool {
	if utf8.Valid(data) {
		return true
	}
	votes := 0
	for line := range bytes.Lines(data) {
		switch {
		case !utf8.Valid(line):
			votes--
		case bytes.ContainsFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }):
			votes++
		}
	}
	return votes >= 0
}
