package code

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseKeyRing(t *testing.T) {
	t.Parallel()
	one, two := testKey(1), testKey(2)
	for name, text := range map[string]string{
		"one":            one,
		"two":            one + "," + two,
		"any order":      two + "," + one,
		"spaces":         "  " + one + " ,\n " + two + "\n",
		"no padding":     strings.TrimRight(one, "="),
		"URL alphabet":   "1:" + base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{0xfb, 0xff}, 16)),
		"highest number": testKey(31),
		"generated":      GenerateKey(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ring, err := ParseKeyRing(text)
			require.NoError(t, err)
			secret, made := ring.Make(voucher(1))
			read, err := ring.Verify(secret.Reveal())
			require.NoError(t, err)
			require.Equal(t, made, read)
		})
	}
	require.NotEqual(t, GenerateKey(), GenerateKey())
}

func TestParseKeyRingRefuses(t *testing.T) {
	t.Parallel()
	const text = "qrvM3d7vqrvM3d7v"
	short := base64.StdEncoding.EncodeToString(make([]byte, 31))
	for name, c := range map[string]struct{ keys, says string }{
		"nothing":        {"", "is not set: it needs at least one key"},
		"blank":          {" \n", "is not set"},
		"no number":      {text, "entry 1: want <number>:<base64 of 32 bytes>"},
		"number zero":    {"0:" + text, "must be 1 to 31"},
		"number 32":      {"32:" + text, "must be 1 to 31"},
		"word":           {"new:" + text, "must be 1 to 31"},
		"empty key":      {"1:", "key 1 is 0 bytes long"},
		"short":          {"1:" + short, "key 1 is 31 bytes long; it must be 32"},
		"not base64":     {"1:" + text + "!", "key 1 is not base64"},
		"trailing comma": {testKey(1) + ",", "entry 2: want"},
		"number twice":   {testKey(1) + ",1" + testKey(2)[1:], "entry 2: key number 1 is used twice"},
		"key twice":      {testKey(1) + ",2" + testKey(1)[1:], "entry 2: keys 1 and 2 are the same"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseKeyRing(c.keys)
			require.ErrorContains(t, err, "FASTHOLD_CODE_KEYS")
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), text, "a key must not reach the log")
		})
	}
}

func TestKeyRingRedacts(t *testing.T) {
	t.Parallel()
	ring := testRing(t, 3, 1)
	const want = "code keys [1 3], new codes with 3"
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		require.Equal(t, want, fmt.Sprintf(verb, ring), verb)
		require.Equal(t, want, fmt.Sprintf(verb, *ring), verb)
	}
	hidden := struct{ ring *KeyRing }{ring}
	require.NotContains(t, fmt.Sprintf("%+v %#v", hidden, hidden), fmt.Sprint(ring.keys[1].payload[0]))

	asJSON, err := json.Marshal(ring)
	require.NoError(t, err)
	require.JSONEq(t, `"`+want+`"`, string(asJSON))

	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "keys", ring)
	require.Contains(t, log.String(), want)
}
