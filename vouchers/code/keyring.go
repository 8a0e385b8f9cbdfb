package code

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/fasthold/fasthold/vouchers/keys"
)

// Variable is the environment variable that the key ring is read from; errors
// name it, so that who starts the service knows what to mend.
const Variable = "FASTHOLD_CODE_KEYS"

const (
	maxKeyID = 31        // what one symbol holds; 0 is not used, so that a code never begins with a zero
	keySize  = keys.Size // bytes
)

// KeyRing holds the numbered keys that codes are made with. The highest number
// makes new codes, the others keep verifying: to rotate, add a key and keep
// the old ones for as long as their vouchers live. It is safe for concurrent
// use and never shows a key.
type KeyRing struct {
	keys    map[int]*key
	current int
}

// key is what one master key is expanded to: a key a purpose, so that what one
// purpose gives away says nothing about another.
type key struct {
	id                 byte
	payload, tag, find []byte
}

// ParseKeyRing reads "1:<base64 of 32 bytes>,2:<base64 of 32 bytes>", as
// GenerateKey writes it. Its errors never repeat a key.
func ParseKeyRing(s string) (*KeyRing, error) {
	masters, err := keys.Parse(Variable, s, maxKeyID)
	if err != nil {
		return nil, err
	}
	ring := &KeyRing{keys: map[int]*key{}}
	for id, master := range masters {
		if ring.keys[id], err = derive(id, master); err != nil {
			return nil, fmt.Errorf("%s: key %d: %w", Variable, id, err)
		}
		ring.current = max(ring.current, id)
	}
	return ring, nil
}

func derive(id int, master []byte) (*key, error) {
	k := &key{id: byte(id)} //nolint:gosec // keys.Parse bounds id to 1–31
	for purpose, into := range map[string]*[]byte{"payload": &k.payload, "tag": &k.tag, "lookup": &k.find} {
		sub, err := hkdf.Key(sha256.New, master, nil, "voucher code 1: "+purpose, keySize)
		if err != nil {
			return nil, fmt.Errorf("derive the %s key: %w", purpose, err)
		}
		*into = sub
	}
	return k, nil
}

// GenerateKey makes a new random key, written as the first of a key ring.
func GenerateKey() string { return keys.Generate(1) }

// String names the keys by number only.
func (k KeyRing) String() string {
	ids := slices.Sorted(maps.Keys(k.keys))
	return fmt.Sprintf("code keys %v, new codes with %d", ids, k.current)
}

// Format writes String whatever the verb, so that %+v and %#v show no key.
func (k KeyRing) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(k.String())) }

// LogValue logs String.
func (k KeyRing) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText writes String, in JSON too.
func (k KeyRing) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
