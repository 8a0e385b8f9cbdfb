package rules

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
)

// drbg is HMAC_DRBG with SHA-256 of NIST SP 800-90A, section 10.1.2, without
// reseeding: a visit's draws need far fewer bytes than one seed may give.
type drbg struct{ key, v []byte }

func newDRBG(entropy, nonce, personalization []byte) *drbg {
	g := &drbg{key: make([]byte, sha256.Size), v: make([]byte, sha256.Size)}
	for i := range g.v {
		g.v[i] = 1
	}
	g.update(append(append(append([]byte{}, entropy...), nonce...), personalization...))
	return g
}

func (g *drbg) mac(parts ...[]byte) []byte {
	h := hmac.New(sha256.New, g.key)
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

func (g *drbg) update(provided []byte) {
	g.key = g.mac(g.v, []byte{0}, provided)
	g.v = g.mac(g.v)
	if len(provided) == 0 {
		return
	}
	g.key = g.mac(g.v, []byte{1}, provided)
	g.v = g.mac(g.v)
}

// generate gives n bytes and moves on.
func (g *drbg) generate(n int) []byte {
	var out []byte
	for len(out) < n {
		g.v = g.mac(g.v)
		out = append(out, g.v...)
	}
	g.update(nil)
	return out[:n]
}

// below gives a number from 0 to count-1, each equally likely: a draw of 64 bits
// that falls in the incomplete last stretch of count is thrown away.
func (g *drbg) below(count int) int {
	n := uint64(count) //nolint:gosec // of slips: above zero
	whole := math.MaxUint64 - math.MaxUint64%n
	for {
		if u := binary.BigEndian.Uint64(g.generate(8)); u < whole {
			return int(u % n) //nolint:gosec // below count
		}
	}
}

const seedBytes = 32

// NewSeed writes 32 random bytes, which the caller brings, as a visit's seed.
func NewSeed(random [seedBytes]byte) string { return hex.EncodeToString(random[:]) }

// Commit is the SHA-256 of a seed's bytes, in hexadecimal: publish it before the
// visit, and the seed after.
func Commit(seed string) (string, error) {
	b, err := hex.DecodeString(seed)
	if err != nil || len(b) != seedBytes {
		return "", fmt.Errorf("a seed must be %d hexadecimal digits", 2*seedBytes)
	}
	hash := sha256.Sum256(b)
	return hex.EncodeToString(hash[:]), nil
}

// mustHex is for a seed that Commit has accepted.
func mustHex(seed string) []byte {
	b, err := hex.DecodeString(seed)
	if err != nil {
		panic("rules: " + err.Error())
	}
	return b
}
