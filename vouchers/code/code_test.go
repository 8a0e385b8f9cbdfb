package code

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// testRing makes a ring whose keys follow from their numbers.
func testRing(tb testing.TB, ids ...int) *KeyRing {
	tb.Helper()
	var text []byte
	for i, id := range ids {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, testKey(id)...)
	}
	ring, err := ParseKeyRing(string(text))
	require.NoError(tb, err)
	return ring
}

func testKey(id int) string {
	return strconv.Itoa(id) + ":" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{byte(id)}, keySize))
}

// voucher gives the i-th voucher's ID.
func voucher(i int) domain.ID {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(strconv.Itoa(i)))
}

func requireInvalid(tb testing.TB, err error) {
	tb.Helper()
	require.Equal(tb, domain.NotFound, domain.KindOf(err))
	require.Equal(tb, "invalid", domain.CodeOf(err))
}

func TestMake(t *testing.T) {
	t.Parallel()
	ring := testRing(t, 7)
	secret, lookup := ring.Make(voucher(1))
	require.Regexp(t, `^7[0-9A-HJKMNP-TV-Z]{3}(-[0-9A-HJKMNP-TV-Z]{4}){4}$`, secret.Reveal())
	require.Equal(t, 7, lookup.KeyID)
	require.Len(t, lookup.Hash, 32)

	again, sameLookup := ring.Make(voucher(1))
	require.Equal(t, secret.Reveal(), again.Reveal())
	require.Equal(t, lookup, sameLookup)
}

// A printed voucher must be readable for as long as it is valid: this code was
// made by the first edition of the package and may never change.
func TestMakeIsStable(t *testing.T) {
	t.Parallel()
	secret, _ := testRing(t, 1).Make(uuid.MustParse("019ab5e0-0000-7000-8000-000000000001"))
	require.Equal(t, "1ANT-QTHK-XKK9-SM94-HC0E", secret.Reveal())
}

func TestVerify(t *testing.T) {
	t.Parallel()
	ring := testRing(t, 1, 31)
	for i := range 1000 {
		secret, made := ring.Make(voucher(i))
		read, err := ring.Verify(secret.Reveal())
		require.NoError(t, err)
		require.Equal(t, made, read)
	}
}

func TestCodesAreUnique(t *testing.T) {
	t.Parallel()
	ring := testRing(t, 1)
	codes, hashes := map[string]bool{}, map[string]bool{}
	const n = 100_000
	for i := range n {
		secret, lookup := ring.Make(voucher(i))
		codes[secret.Reveal()] = true
		hashes[string(lookup.Hash)] = true
	}
	require.Len(t, codes, n)
	require.Len(t, hashes, n)
}

func TestVerifyRefusesForgeries(t *testing.T) {
	t.Parallel()
	ring := testRing(t, 1)
	secret, _ := ring.Make(voucher(1))
	real, err := parse(secret.Reveal())
	require.NoError(t, err)
	for at := range checkAt {
		for v := range byte(32) {
			forged := real
			forged[at] = v
			forged[checkAt] = forged.checkSymbol()
			if forged == real {
				continue
			}
			_, err := ring.Verify(forged.text())
			requireInvalid(t, err)
		}
	}
	for i := range 1000 { // another municipality's codes
		foreign, _ := testRing(t, 2).Make(voucher(i))
		w, err := parse(foreign.Reveal())
		require.NoError(t, err)
		w[0] = 1
		w[checkAt] = w.checkSymbol()
		_, err = ring.Verify(w.text())
		requireInvalid(t, err)
	}
}

func TestKeyRotation(t *testing.T) {
	t.Parallel()
	before, after := testRing(t, 1), testRing(t, 2, 1)
	old, oldLookup := before.Make(voucher(1))
	young, youngLookup := after.Make(voucher(1))
	require.NotEqual(t, old.Reveal(), young.Reveal())
	require.Equal(t, 2, youngLookup.KeyID)

	t.Run("the old code still verifies", func(t *testing.T) {
		t.Parallel()
		read, err := after.Verify(old.Reveal())
		require.NoError(t, err)
		require.Equal(t, oldLookup, read)
	})
	t.Run("the old code can be made again", func(t *testing.T) {
		t.Parallel()
		again, err := after.Remake(voucher(1), oldLookup.KeyID)
		require.NoError(t, err)
		require.Equal(t, old.Reveal(), again.Reveal())
		lookup, err := after.Lookup(voucher(1), oldLookup.KeyID)
		require.NoError(t, err)
		require.Equal(t, oldLookup, lookup)
	})
	t.Run("a key that was removed", func(t *testing.T) {
		t.Parallel()
		_, err := before.Verify(young.Reveal())
		requireInvalid(t, err)
		_, err = before.Remake(voucher(1), 2)
		require.Equal(t, domain.Unavailable, domain.KindOf(err))
		require.ErrorContains(t, err, "put key 2 back into FASTHOLD_CODE_KEYS")
		_, err = before.Lookup(voucher(1), 2)
		require.ErrorContains(t, err, "put key 2 back into FASTHOLD_CODE_KEYS")
	})
}
