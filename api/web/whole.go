package web

import "bytes"

// inOne is what stands round a text in which no line ends.
const (
	inOne   = `<span class="whole">`
	inOneTo = `</span>`
)

// longest is how long a number with hyphens may be that is kept on one line: a date or
// a settlement's number, and no more than the narrowest phone has room for.
const longest = 13

// unspanned are how elements begin in which there is text and can be no span.
var unspanned = [][]byte{[]byte("<title"), []byte("<option"), []byte("<textarea"), []byte("<script"), []byte("<style"), []byte("<svg")}

// keepWhole puts dates, amounts and shares of a page's text where no line can end in
// them: a browser ends one at the hyphens of 22-11-2026 and between 200 and kr. The
// text itself stays as it is, to be searched, copied and read aloud.
func keepWhole(html []byte) []byte {
	out := bytes.NewBuffer(make([]byte, 0, len(html)+len(html)/8))
	for len(html) > 0 {
		end := bytes.IndexByte(html, '<')
		if end < 0 {
			end = len(html)
		}
		keepText(out, html[:end])
		html = html[end:]
		n := markup(html)
		out.Write(html[:n])
		html = html[n:]
	}
	return out.Bytes()
}

// markup is how long the tag is with which html begins; of an element in which there
// can be no span, the whole of it.
func markup(html []byte) int {
	for _, tag := range unspanned { // each tag of a page is held against them: nothing is made for it
		if rest, ok := bytes.CutPrefix(html, tag); !ok || len(rest) == 0 || rest[0] != ' ' && rest[0] != '>' {
			continue
		}
		if end := bytes.Index(html, append([]byte("</"), tag[1:]...)); end >= 0 {
			return end
		}
		return len(html)
	}
	if end := bytes.IndexByte(html, '>'); end >= 0 {
		return end + 1
	}
	return len(html)
}

// keepText writes a text that has no markup in it.
func keepText(out *bytes.Buffer, text []byte) {
	done := 0
	for i := 0; i < len(text); {
		from := i
		for i < len(text) && inNumber(text[i]) {
			i++
		}
		if i == from {
			i++
			continue
		}
		if from > 0 && (letter(text[from-1]) || text[from-1] == '#') || i < len(text) && letter(text[i]) { // of a code, a name or a character reference
			continue
		}
		to := from + len(bytes.TrimRight(text[from:i], ".,-"))
		whole := to-from <= longest && bytes.IndexByte(text[from:to], '-') > 0
		for _, unit := range []string{" kr.", " %"} {
			if to > from && bytes.HasPrefix(text[to:], []byte(unit)) {
				to, whole = to+len(unit), true
			}
		}
		if !whole {
			continue
		}
		out.Write(text[done:from])
		out.WriteString(inOne)
		out.Write(text[from:to])
		out.WriteString(inOneTo)
		done, i = to, to
	}
	out.Write(text[done:])
}

// inNumber reports whether a number, an amount or a date can have the byte in it.
func inNumber(b byte) bool { return '0' <= b && b <= '9' || b == '-' || b == '.' || b == ',' }

// letter reports whether the byte is a letter's, or a part of one.
func letter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' || b >= 0x80 }
