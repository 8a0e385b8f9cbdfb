package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

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

// newSecret makes the text of a credential, shown once, and the hash that is kept.
func newSecret(kind domain.Credential, municipality domain.ID) (text string, hash []byte) {
	raw := append(municipality[:], make([]byte, secretBytes)...)
	_, _ = rand.Read(raw[len(municipality):]) // never fails (crypto/rand)
	text = prefixes[kind] + base64.RawURLEncoding.EncodeToString(raw)
	sum := sha256.Sum256([]byte(text))
	return text, sum[:]
}

// readSecret gives the municipality and the hash of a credential's text; false
// when it is no such text.
func readSecret(text string) (municipality domain.ID, hash []byte, ok bool) {
	if len(text) < prefixLength || !isPrefix(text[:prefixLength]) {
		return municipality, nil, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(text[prefixLength:])
	if err != nil || len(raw) != len(municipality)+secretBytes {
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
