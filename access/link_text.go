package access

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// A link's text is "fhl_" and 24 letters of Crockford's base32, few enough to be
// typed from paper. The first four say in whose municipality to look: a hash of
// its ID, which may be several municipalities'. The others are 100 random bits.
const (
	linkPrefix = "fhl_"
	linkPlace  = 4
	linkSecret = 20
)

// linkAlphabet has no I, L, O or U to misread.
const linkAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newLinkText makes a link's text, shown once, and the hash that is kept.
func newLinkText(municipality domain.ID) (text string, hash []byte) {
	random := make([]byte, linkSecret)
	_, _ = rand.Read(random) // never fails (crypto/rand)
	letters := linkLetters(random)
	text = linkPrefix + placeOf(municipality) + letters
	sum := sha256.Sum256([]byte(text))
	return text, sum[:]
}

// placeOf gives the letters that say in whose municipality a link is.
func placeOf(municipality domain.ID) string {
	sum := sha256.Sum256(append([]byte("fasthold link "), municipality[:]...))
	return linkLetters(sum[:linkPlace])
}

// linkLetters gives a letter for the last five bits of each byte.
func linkLetters(of []byte) string {
	letters := make([]byte, len(of))
	for i, b := range of {
		letters[i] = linkAlphabet[b&31]
	}
	return string(letters)
}

// misread are letters that people take for those of the alphabet, and what they
// put between.
var misread = strings.NewReplacer("O", "0", "I", "1", "L", "1", " ", "", "-", "", "\u00a0", "", "\t", "", "\n", "", "\r", "")

// readLinkText reads a link's text: as it is in the address, the whole address, or
// typed from paper, in any case and with spaces or hyphens. It gives where to
// look and the hash; false when it is no link's text.
func readLinkText(typed string) (place string, hash []byte, ok bool) {
	if len(typed) > longestLink {
		return "", nil, false
	}
	typed = strings.TrimSpace(typed[strings.LastIndexByte(typed, '#')+1:])
	if len(typed) >= len(linkPrefix) && strings.EqualFold(typed[:len(linkPrefix)], linkPrefix) {
		typed = typed[len(linkPrefix):]
	}
	letters := misread.Replace(strings.ToUpper(typed))
	if len(letters) != linkPlace+linkSecret || strings.Trim(letters, linkAlphabet) != "" {
		return "", nil, false
	}
	sum := sha256.Sum256([]byte(linkPrefix + letters))
	return letters[:linkPlace], sum[:], true
}

// longestLink is how much of what somebody typed is looked at.
const longestLink = 400

// SpellLink gives a link's text as it is typed from paper: six groups of four
// letters.
func SpellLink(text string) string {
	letters := strings.TrimPrefix(text, linkPrefix)
	var groups []string
	for len(letters) > 4 {
		groups, letters = append(groups, letters[:4]), letters[4:]
	}
	return strings.Join(append(groups, letters), " ")
}
