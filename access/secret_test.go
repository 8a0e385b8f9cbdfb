package access

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// A secret of every kind is read as it was made, and no two are the same.
func TestSecret(t *testing.T) {
	seen := map[string]bool{}
	for kind, prefix := range prefixes {
		for range 100 {
			home := store.NewID()
			text, hash := newSecret(kind, home)
			require.Equal(t, prefix, text[:prefixLength])
			require.False(t, seen[text])
			seen[text] = true
			municipality, read, ok := readSecret(text)
			require.True(t, ok)
			require.Equal(t, home, municipality)
			require.Equal(t, hash, read)
		}
	}
	require.Len(t, prefixes, 4)
}

// Whatever is read as a secret, it is one only in the one form that a secret has,
// and its hash is that of all of it.
func FuzzReadSecret(f *testing.F) {
	for kind := range prefixes {
		text, _ := newSecret(kind, domain.ID{1, 2, 3})
		f.Add(text)
		f.Add(text[1:])
		f.Add(text + "=")
	}
	f.Add("")
	f.Add("fht_")
	f.Add("fhs_\n")
	f.Fuzz(func(t *testing.T, text string) {
		municipality, hash, ok := readSecret(text)
		if !ok {
			require.Nil(t, hash)
			return
		}
		sum := sha256.Sum256([]byte(text))
		require.True(t, bytes.Equal(sum[:], hash))
		again, _, _ := readSecret(text[:prefixLength] + text[prefixLength:])
		require.Equal(t, municipality, again)
		require.True(t, isPrefix(text[:prefixLength]))
	})
}
