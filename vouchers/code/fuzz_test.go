package code

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// Whatever is typed, Verify accepts only codes that the ring has made.
func FuzzVerify(f *testing.F) {
	ring := testRing(f, 1, 2)
	made := map[string]Lookup{}
	for i := range 5 {
		secret, lookup := ring.Make(voucher(i))
		w, err := parse(secret.Reveal())
		require.NoError(f, err)
		made[w.text()] = lookup
		f.Add(secret.Reveal())
		f.Add(strings.ToLower(w.qrText()))
	}
	f.Add("")
	f.Add("GK1:")
	f.Add("0000-0000-0000-0000-0000")
	f.Add("OOOO-IIII-LLLL-UUUU-~~~~")
	f.Fuzz(func(t *testing.T, text string) {
		lookup, err := ring.Verify(text)
		if err != nil {
			requireInvalid(t, err)
			require.Zero(t, lookup)
			return
		}
		w, err := parse(text)
		require.NoError(t, err)
		require.Equal(t, made[w.text()], lookup, "forged")
	})
}

// Every voucher's code, typed in any case and with or without its dashes,
// leads back to the same look-up.
func FuzzRoundTrip(f *testing.F) {
	ring := testRing(f, 1, 30)
	f.Add([]byte("0123456789abcdef"), true, uint8(4))
	f.Add(make([]byte, 16), false, uint8(0))
	f.Fuzz(func(t *testing.T, id []byte, lower bool, at uint8) {
		var voucherID domain.ID
		copy(voucherID[:], id)
		secret, made := ring.Make(voucherID)
		typed := strings.ReplaceAll(secret.Reveal(), "-", "")
		if lower {
			typed = strings.ToLower(typed)
		}
		cut := int(at) % len(typed)
		read, err := ring.Verify(typed[:cut] + " " + typed[cut:])
		require.NoError(t, err)
		require.Equal(t, made, read)
		again, err := ring.Remake(voucherID, made.KeyID)
		require.NoError(t, err)
		require.Equal(t, secret.Reveal(), again.Reveal())
	})
}
