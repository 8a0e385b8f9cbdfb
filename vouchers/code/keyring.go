package code

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Variable is the environment variable that the key ring is read from; errors
// name it, so that who starts the service knows what to mend.
const Variable = "FASTHOLD_CODE_KEYS"

const (
	maxKeyID = 31 // what one symbol holds; 0 is not used, so that a code never begins with a zero
	keySize  = 32 // bytes
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
	if strings.TrimSpace(s) == "" {
		return nil, fmt.Errorf("%s is not set: it needs at least one key, written 1:<base64 of 32 random bytes>", Variable)
	}
	ring := &KeyRing{keys: map[int]*key{}}
	numberOf := map[string]int{}
	for i, entry := range strings.Split(s, ",") {
		id, master, err := parseKey(entry)
		if err != nil {
			return nil, fmt.Errorf("%s: entry %d: %w", Variable, i+1, err)
		}
		if ring.keys[id] != nil {
			return nil, fmt.Errorf("%s: entry %d: key number %d is used twice; give the new key a higher number", Variable, i+1, id)
		}
		if other, used := numberOf[string(master)]; used {
			return nil, fmt.Errorf("%s: entry %d: keys %d and %d are the same; a new number needs a new key", Variable, i+1, other, id)
		}
		numberOf[string(master)] = id
		if ring.keys[id], err = derive(id, master); err != nil {
			return nil, fmt.Errorf("%s: entry %d: %w", Variable, i+1, err)
		}
		ring.current = max(ring.current, id)
	}
	return ring, nil
}

func parseKey(entry string) (id int, master []byte, err error) {
	number, text, found := strings.Cut(strings.TrimSpace(entry), ":")
	if !found {
		return 0, nil, errors.New("want <number>:<base64 of 32 bytes>")
	}
	id, err = strconv.Atoi(strings.TrimSpace(number))
	if err != nil || id < 1 || id > maxKeyID {
		return 0, nil, fmt.Errorf("the number before the colon must be 1 to %d", maxKeyID)
	}
	text = strings.TrimRight(strings.TrimSpace(text), "=")
	text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	master, err = base64.RawStdEncoding.Strict().DecodeString(text)
	if err != nil {
		return 0, nil, fmt.Errorf("key %d is not base64", id)
	}
	if len(master) != keySize {
		return 0, nil, fmt.Errorf("key %d is %d bytes long; it must be %d, as `openssl rand -base64 %d` makes them",
			id, len(master), keySize, keySize)
	}
	return id, master, nil
}

func derive(id int, master []byte) (*key, error) {
	k := &key{id: byte(id)} //nolint:gosec // parseKey bounds id to 1–31
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
func GenerateKey() string {
	b := make([]byte, keySize)
	_, _ = rand.Read(b) // never fails: the process ends if the system has no randomness
	return "1:" + base64.StdEncoding.EncodeToString(b)
}

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
