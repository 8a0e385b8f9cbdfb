package code

import "github.com/fasthold/fasthold/domain"

// A code is 20 of domain.Symbols: 1 for the key, 10 for the payload, 8 for the
// tag, 1 to check by.
const (
	payloadAt = 1
	tagAt     = payloadAt + 10
	checkAt   = tagAt + 8
	symbols   = checkAt + 1

	group = 4 // symbols between dashes
)

// prefix says in a QR code that this is a gavekort and how to read it. With
// the 20 symbols it stays in QR's alphanumeric mode, which makes the picture
// coarse and so easy to scan.
const prefix = "GK1:"

// maxTyped bounds what parse looks at. A code with its prefix is 24 characters
// long; the rest is room for any spaces and dashes between them.
const maxTyped = 128

// word is a code as values 0–31, one a symbol.
type word [symbols]byte

// checkSymbol weighs the 19 symbols before it by different powers of a
// generator of the field GF(32), so that any single wrong symbol and any two
// symbols that changed places, neighbours or not, give another check symbol.
//
// Crockford's own check symbol (modulo 37) promises less, needs five signs
// more, and of those ~ is a dead key on Danish keyboards and = forces QR codes
// into byte mode. This one is an ordinary symbol.
func (w word) checkSymbol() byte {
	var sum byte
	for _, v := range w[:checkAt] {
		sum = (sum ^ v) << 1
		if sum&0x20 != 0 {
			sum ^= 0x25 // reduce by x⁵ + x² + 1, which is primitive
		}
	}
	return sum
}

// put writes the lowest 5·n bits of v at position at.
func (w *word) put(at, n int, v uint64) {
	for i := at + n - 1; i >= at; i-- {
		w[i] = byte(v & 31)
		v >>= 5
	}
}

// text is the code as it is printed: XXXX-XXXX-XXXX-XXXX-XXXX.
func (w word) text() string {
	b := make([]byte, 0, symbols+symbols/group)
	for i, v := range w {
		if i > 0 && i%group == 0 {
			b = append(b, '-')
		}
		b = append(b, domain.Symbols[v])
	}
	return string(b)
}

// parse reads a typed or scanned code and checks its check symbol. It forgives
// case, spaces, dashes and their like anywhere, O for 0, and I or L for 1. Its
// errors never repeat what was typed, which may be all but a valid code.
func parse(text string) (word, error) {
	var w word
	if len(text) > maxTyped {
		return w, invalid("a code has %d characters; this text is far longer", symbols)
	}
	read := make([]byte, 0, symbols+len(prefix))
	for _, r := range text {
		if domain.Separates(r) {
			continue
		}
		v, ok := domain.SymbolValue(r)
		if !ok {
			return w, invalid("a code has only digits and letters, and no U")
		}
		read = append(read, v)
	}
	if len(read) == symbols+len(prefixValues) && string(read[:len(prefixValues)]) == prefixValues {
		read = read[len(prefixValues):]
	}
	if len(read) != symbols {
		return w, invalid("a code has %d characters, this has %d", symbols, len(read))
	}
	copy(w[:], read)
	if w.checkSymbol() != w[checkAt] {
		return w, invalid("a character is wrong or two have changed places")
	}
	return w, nil
}

// prefixValues is what the prefix reads as: G, K and 1 (the colon separates).
const prefixValues = "\x10\x13\x01"

// invalid is the error for text that no key ring made. All of them, a forgery
// included, have the kind and code of a voucher that does not exist.
func invalid(format string, args ...any) error {
	return domain.Errorf(domain.NotFound, "invalid", "the code is not valid: "+format, args...)
}
