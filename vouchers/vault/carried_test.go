package vault_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// What a browser carries opens at any server with the key, for its purpose only,
// and not when anything in it is changed.
func TestCarried(t *testing.T) {
	t.Parallel()
	one, two := keys.Generate(1), keys.Generate(2)
	k, both, other := parsed(t, one), parsed(t, one, two), parsed(t, keys.Generate(1))
	sealed, err := k.SealCarried("flow", []byte("state"))
	require.NoError(t, err)
	require.NotContains(t, sealed, "state")
	again, err := k.SealCarried("flow", []byte("state"))
	require.NoError(t, err)
	require.NotEqual(t, sealed, again)
	for _, keys := range []*vault.Keys{k, both} {
		text, err := keys.OpenCarried("flow", sealed)
		require.NoError(t, err)
		require.Equal(t, "state", string(text))
	}
	newer, err := both.SealCarried("flow", []byte("state"))
	require.NoError(t, err)
	for name, try := range map[string]struct {
		keys            *vault.Keys
		purpose, sealed string
	}{
		"another purpose":       {k, "other", sealed},
		"another key":           {other, "flow", sealed},
		"a key that is missing": {k, "flow", newer},
		"no keys":               {nil, "flow", sealed},
		"changed":               {k, "flow", sealed[:len(sealed)-4] + "AAAA"},
		"cut":                   {k, "flow", sealed[:10]},
		"nothing":               {k, "flow", ""},
		"no base64":             {k, "flow", "!!"},
	} {
		text, err := try.keys.OpenCarried(try.purpose, try.sealed)
		require.Error(t, err, name)
		require.Empty(t, text, name)
	}
	_, err = (*vault.Keys)(nil).SealCarried("flow", nil)
	require.ErrorContains(t, err, vault.Variable)
}
