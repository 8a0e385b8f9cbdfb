package domain

import (
	"strings"
	"unicode"
)

// Symbols are those of codes that people read, say and type: Crockford's base32
// alphabet, which has no I, L, O and U. Each stands for five bits.
const Symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// SymbolValue gives the five bits of a symbol in either case, with O for 0 and
// I or L for 1.
func SymbolValue(r rune) (value byte, ok bool) {
	if r >= unicode.MaxASCII {
		return 0, false
	}
	v := symbolValues[r]
	return v, v < 32
}

// Separates reports whether r only parts a code's groups: spaces, dashes of any
// length, dots, colons, and characters that have no width.
func Separates(r rune) bool {
	return strings.ContainsRune(".:_", r) || unicode.In(r, unicode.White_Space, unicode.Pd, unicode.Cf) || r == '−'
}

// symbolValues maps ASCII to 0–31, and what is no symbol to 255.
var symbolValues = func() (t [unicode.MaxASCII]byte) {
	for i := range t {
		t[i] = 255
	}
	for v, r := range []byte(Symbols) {
		t[r], t[r|0x20] = byte(v), byte(v) // |0x20 makes lower case and leaves digits
	}
	for like, r := range map[byte]byte{'O': '0', 'I': '1', 'L': '1'} {
		t[like], t[like|0x20] = t[r], t[r]
	}
	return t
}()
