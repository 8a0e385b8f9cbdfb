package keys_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/vouchers/keys"
)

func TestParse(t *testing.T) {
	t.Parallel()
	one, two := keys.Generate(1), keys.Generate(2)
	found, err := keys.Parse("X", " "+one+" ,\n"+two, 2)
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.Len(t, found[1], keys.Size)
	for says, text := range map[string]string{
		"is not set": " ", "want <number>": one[2:], "1 to 2": "3" + one[1:], "not base64": "1:*", "2 bytes long": "1:AAA", "used twice": one + ",1" + two[1:], "are the same": one + ",2" + one[1:],
	} {
		_, err := keys.Parse("X", text, 2)
		require.ErrorContains(t, err, "X")
		require.ErrorContains(t, err, says)
		require.NotContains(t, err.Error(), one[2:])
	}
}

// Random keys are strong, made-up ones are not.
func TestStrong(t *testing.T) {
	t.Parallel()
	for range 1000 {
		require.NoError(t, keys.Strong("X", keys.Generate(1)))
	}
	for _, weak := range []string{strings.Repeat("A", 43), strings.Repeat("c2VjcmV0", 5) + "c2U", strings.Repeat("AAEC", 10) + "AAE"} {
		require.ErrorContains(t, keys.Strong("X", "1:"+weak), "X: key 1 is weak")
	}
	one := keys.Generate(1)
	require.True(t, keys.Shared(one, "2"+one[1:]))
	require.False(t, keys.Shared(one, keys.Generate(1)))
}
