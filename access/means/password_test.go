package means_test

import (
	"context"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access/means"
	"github.com/fasthold/fasthold/domain"
)

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for password, code := range map[string]string{
		"lampe gren vindue hest":     "",
		"correct horse and battery":  "",
		"Gw7!kTz0-pQx":               "",
		"rødgrødmedfløde":            "",
		"elleve letters":             "",
		"elleve lett":                "too_short",
		"":                           "too_short",
		"ti bogstaver\n og en linje": "control_character",
		"aaaaaaaaaaaaaaaa":           "guessable",
		"abcabcabcabcabc":            "guessable",
		"horsehorsehorse":            "guessable",
		"abcdefghijklmno":            "guessable",
		"987654321098765":            "guessable",
		"password1234":               "guessable",
		"P@ssw0rd!!!!2026":           "guessable",
		"adgangskode123":             "guessable",
		"Sommer2026!!!":              "guessable",
		"VelkommenTilVarde":          "guessable",
		"qwertyuiop123":              "guessable",
		"Rusmiddelcenter1":           "guessable",
		"123456789012":               "guessable",
		"mette er den bedste":        "guessable",
		"en M3TTE paa cykel":         "guessable",
		"kan huske jensen nu":        "guessable",
	} {
		var f domain.Fields
		means.CheckPassword(&f, password, "mette.jensen@varde.dk")
		if code == "" {
			require.NoError(t, f.Err(), password)
			continue
		}
		fields := domain.FieldsOf(f.Err())
		require.Len(t, fields, 1, password)
		require.Equal(t, "password", fields[0].Field)
		require.Equal(t, code, fields[0].Code, password)
	}
	var f domain.Fields
	means.CheckPassword(&f, string(make([]byte, 0, 300))+longText(201), "x@y.dk")
	require.Equal(t, "too_long", domain.FieldsOf(f.Err())[0].Code)
}

func longText(n int) (text string) {
	for len(text) < n {
		text += "lampe gren vindue hest "
	}
	return text[:n]
}

// The password that was hashed is known again, however its letters were typed;
// another is not, and where there is no hash none is.
func TestHasher(t *testing.T) {
	t.Parallel()
	h := means.NewHasher(2)
	hash, err := h.Hash(t.Context(), "rødgrød på åen") // å as one letter
	require.NoError(t, err)
	params, salt, key, err := argon2id.DecodeHash(hash)
	require.NoError(t, err)
	require.Equal(t, means.Params, *params)
	require.Len(t, salt, 16)
	require.Len(t, key, 32)
	for password, want := range map[string]bool{"rødgrød på åen": true, "rødgrød pa\u030a a\u030aen": true, "rødgrød på åen ": false, "": false, longText(5000): false} {
		is, err := h.Verify(t.Context(), password, hash, false)
		require.NoError(t, err)
		require.Equal(t, want, is, password)
	}
	is, err := h.Verify(t.Context(), "", "", true)
	require.NoError(t, err)
	require.False(t, is, "there is no hash")
}

// A person who is not there costs as much as one whose password is wrong, in
// time of the processor: that of the clock tells what else the machine does.
func TestNobodyCostsAsMuch(t *testing.T) {
	h := means.NewHasher(1)
	hash, err := h.Hash(t.Context(), "rødgrød på åen")
	require.NoError(t, err)
	cost := func(hash string) time.Duration {
		least := time.Hour
		for range 7 {
			before := worked(t)
			_, err := h.Verify(t.Context(), "not the password", hash, false)
			require.NoError(t, err)
			least = min(least, worked(t)-before)
		}
		return least
	}
	there, nobody := cost(hash), cost("")
	require.Less(t, nobody, there*3/2, "%s %s", nobody, there)
	require.Less(t, there, nobody*3/2, "%s %s", nobody, there)
}

// worked is how long processors have worked for this process.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// So many are hashed at once and no more; who waits too long is told so, and
// strangers do not keep those on a known device waiting.
func TestHasherIsBounded(t *testing.T) {
	t.Parallel()
	h := means.NewHasher(1)
	ctx, cancel := context.WithCancel(t.Context())
	var strangers sync.WaitGroup
	for range 8 {
		strangers.Go(func() { _, _ = h.Verify(ctx, "x", "", false) })
	}
	gone, give := context.WithTimeout(t.Context(), time.Millisecond)
	defer give()
	time.Sleep(5 * time.Millisecond)
	_, err := h.Verify(gone, "x", "", false)
	require.Equal(t, "busy", domain.CodeOf(err))
	_, err = h.Verify(t.Context(), "x", "", true)
	require.NoError(t, err)
	cancel()
	strangers.Wait()
}
