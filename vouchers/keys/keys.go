// Package keys reads numbered secret keys as the environment gives them:
// 1:<base64 of 32 bytes>,2:<base64 of 32 bytes>. It is pure and its errors
// never repeat a key.
package keys

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

const (
	// Size is how many bytes a key has.
	Size = 32
	// fewest different bytes that 32 random ones have, but once in 10^20 times.
	distinct = 16
	// anyNumber is more than any ring takes.
	anyNumber = 1 << 20
)

// Parse reads the keys that a variable holds, by number. Numbers go from 1 to
// most, and no key may be there twice.
func Parse(variable, text string, most int) (map[int][]byte, error) {
	if strings.TrimSpace(text) == "" {
		return nil, fmt.Errorf("%s is not set: it needs at least one key, written 1:<base64 of %d random bytes>", variable, Size)
	}
	found, numberOf := map[int][]byte{}, map[string]int{}
	for i, entry := range strings.Split(text, ",") {
		number, key, err := parse(entry, most)
		if err != nil {
			return nil, fmt.Errorf("%s: entry %d: %w", variable, i+1, err)
		}
		if found[number] != nil {
			return nil, fmt.Errorf("%s: entry %d: key number %d is used twice; give the new key a higher number", variable, i+1, number)
		}
		if other, used := numberOf[string(key)]; used {
			return nil, fmt.Errorf("%s: entry %d: keys %d and %d are the same; a new number needs a new key", variable, i+1, other, number)
		}
		found[number], numberOf[string(key)] = key, number
	}
	return found, nil
}

func parse(entry string, most int) (number int, key []byte, err error) {
	before, text, found := strings.Cut(strings.TrimSpace(entry), ":")
	if !found {
		return 0, nil, fmt.Errorf("want <number>:<base64 of %d bytes>", Size)
	}
	number, err = strconv.Atoi(strings.TrimSpace(before))
	if err != nil || number < 1 || number > most {
		return 0, nil, fmt.Errorf("the number before the colon must be 1 to %d", most)
	}
	text = strings.TrimRight(strings.TrimSpace(text), "=")
	text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	key, err = base64.RawStdEncoding.Strict().DecodeString(text)
	if err != nil {
		return 0, nil, fmt.Errorf("key %d is not base64", number)
	}
	if len(key) != Size {
		return 0, nil, fmt.Errorf("key %d is %d bytes long; it must be %d, as `openssl rand -base64 %[3]d` makes them", number, len(key), Size)
	}
	return number, key, nil
}

// Strong refuses keys that no random source gives: a word, a pattern, zeroes.
func Strong(variable, text string) error {
	found, err := Parse(variable, text, anyNumber)
	for number, key := range found {
		met := map[byte]bool{}
		for _, b := range key {
			met[b] = true
		}
		if len(met) < distinct {
			return fmt.Errorf("%s: key %d is weak: %d random bytes are hardly ever so alike; make one with fasthold keys new", variable, number, Size)
		}
	}
	return err
}

// Shared reports whether two texts have a key in common, whatever its number.
func Shared(one, other string) bool {
	a, _ := Parse("", one, anyNumber) // one that cannot be read shares nothing
	b, _ := Parse("", other, anyNumber)
	for _, key := range a {
		for _, twin := range b {
			if bytes.Equal(key, twin) {
				return true
			}
		}
	}
	return false
}

// Generate makes a new random key with that number, as Parse reads it.
func Generate(number int) string {
	b := make([]byte, Size)
	_, _ = rand.Read(b) // never fails: the process ends if the system has no randomness
	return strconv.Itoa(number) + ":" + base64.StdEncoding.EncodeToString(b)
}
