package pain

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// signs are the letters that Danish banks take in names and texts beside letters
// and digits: those of SWIFT, and the Danish ones.
const signs = "/-?:().,'+ æøåÆØÅ"

// spelled are letters that are written otherwise, and have no plain letter in them.
var spelled = map[rune]string{
	'&': "+", 'ß': "ss", 'ẞ': "SS", 'Œ': "OE", 'œ': "oe", 'Ð': "D", 'ð': "d", 'Đ': "D", 'đ': "d", 'Þ': "Th", 'þ': "th", 'Ł': "L", 'ł': "l", 'ı': "i",
	'Ħ': "H", 'ħ': "h", 'Ŋ': "N", 'ŋ': "n", 'Ŧ': "T", 'ŧ': "t", '’': "'", '‘': "'", '`': "'", '´': "'", '–': "-", '—': "-", '_': "-", ';': ",", '*': ".",
	'"': "'", '“': "'", '”': "'", '„': "'", '€': "EUR", '@': "(at)",
}

// Name writes a name or a text in the letters that banks take: Danish letters stay,
// other accents go, what looks alike is replaced, anything else becomes a question
// mark, and a control character or any run of spaces is one space. At most 140
// letters; "" when nothing readable is left.
func Name(text string) string {
	var b strings.Builder
	readable := false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, " ")) {
		plain := letter(r)
		readable = readable || strings.ContainsFunc(plain, func(r rune) bool { return r != '?' && (unicode.IsLetter(r) || unicode.IsDigit(r)) })
		b.WriteString(plain)
	}
	if !readable {
		return ""
	}
	letters := []rune(strings.Join(strings.Fields(b.String()), " "))
	return strings.TrimSpace(string(letters[:min(len(letters), mostName)]))
}

// letter gives what is written for one letter.
func letter(r rune) string {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(signs, r):
		return string(r)
	case spelled[r] != "":
		return spelled[r]
	case unicode.IsSpace(r), unicode.IsControl(r):
		return " "
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r): // an accent that stands alone, or what cannot be seen
		return ""
	}
	var plain strings.Builder
	for _, part := range norm.NFKD.String(string(r)) { // ė is e and a dot, № is N and o
		switch {
		case part < 0x80 && (unicode.IsLetter(part) || unicode.IsDigit(part)):
			plain.WriteRune(part)
		case !unicode.Is(unicode.Mn, part):
			return "?"
		}
	}
	return plain.String()
}
