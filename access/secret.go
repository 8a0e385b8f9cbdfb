package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// A secret's text is a prefix that says what it is and the base64url of its
// municipality's ID and 32 random bytes: the municipality leads, so that the
// look-up by hash is bound to it like every other query.
const secretBytes = 32

// prefixes say what a secret is, to people and to programs that look for lost
// ones. What it really is says its row.
var prefixes = map[domain.Credential]string{
	domain.ByToken: "fht_", domain.BySignIn: "fhs_", domain.ByTerminal: "fhk_", domain.ByCitizen: "fhc_",
}

// prefixLength is that of every prefix.
const prefixLength = 4

// invitationPrefix begins the text of an invitation, which is no credential: it
// lets its person choose one.
const invitationPrefix = "fhi_"

// newSecret makes the text of a credential, shown once, and the hash that is kept.
func newSecret(kind domain.Credential, municipality domain.ID) (text string, hash []byte) {
	return newText(prefixes[kind], municipality)
}

// newText makes a secret's text and the hash that is kept.
func newText(prefix string, municipality domain.ID) (text string, hash []byte) {
	raw := append(municipality[:], make([]byte, secretBytes)...)
	_, _ = rand.Read(raw[len(municipality):]) // never fails (crypto/rand)
	text = prefix + base64.RawURLEncoding.EncodeToString(raw)
	sum := sha256.Sum256([]byte(text))
	return text, sum[:]
}

// readSecret gives the municipality and the hash of a credential's text; false
// when it is no such text.
func readSecret(text string) (municipality domain.ID, hash []byte, ok bool) {
	if len(text) < prefixLength || !isPrefix(text[:prefixLength]) {
		return municipality, nil, false
	}
	return readText(text[:prefixLength], text)
}

// readText gives the municipality and the hash of a secret's text; false when it
// is not one with that prefix.
func readText(prefix, text string) (municipality domain.ID, hash []byte, ok bool) {
	rest, is := strings.CutPrefix(text, prefix)
	raw, err := base64.RawURLEncoding.DecodeString(rest)
	if !is || err != nil || len(raw) != len(municipality)+secretBytes {
		return municipality, nil, false
	}
	copy(municipality[:], raw)
	sum := sha256.Sum256([]byte(text))
	return municipality, sum[:], true
}

func isPrefix(text string) bool {
	for _, prefix := range prefixes {
		if text == prefix {
			return true
		}
	}
	return false
}
