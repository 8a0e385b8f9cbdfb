package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"github.com/fasthold/fasthold/domain"
)

// A token's text is "fht_" and the base64url of its municipality's ID and 32
// random bytes: the municipality leads, so that the look-up by hash is bound to
// it like every other query.
const (
	tokenPrefix = "fht_"
	tokenSecret = 32
)

// newTokenText makes a token's text, shown once, and the hash that is kept.
func newTokenText(municipality domain.ID) (text string, hash []byte) {
	raw := append(municipality[:], make([]byte, tokenSecret)...)
	_, _ = rand.Read(raw[len(municipality):]) // never fails (crypto/rand)
	text = tokenPrefix + base64.RawURLEncoding.EncodeToString(raw)
	sum := sha256.Sum256([]byte(text))
	return text, sum[:]
}

// readTokenText gives the municipality and the hash of a token's text; false
// when it is no token's text.
func readTokenText(text string) (municipality domain.ID, hash []byte, ok bool) {
	if len(text) < len(tokenPrefix) || text[:len(tokenPrefix)] != tokenPrefix {
		return municipality, nil, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(text[len(tokenPrefix):])
	if err != nil || len(raw) != len(municipality)+tokenSecret {
		return municipality, nil, false
	}
	copy(municipality[:], raw)
	sum := sha256.Sum256([]byte(text))
	return municipality, sum[:], true
}
