package api

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
)

func TestIDsThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want domain.ID
		copy(want[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		text, err := VoucherID(want).MarshalText()
		require.NoError(t, err)
		require.Regexp(t, "^vch_[0-9a-f]{32}$", string(text))
		var got VoucherID
		require.NoError(t, got.UnmarshalText(text))
		require.Equal(t, want, domain.ID(got))
		var other UnitID
		require.Error(t, other.UnmarshalText(text), "another prefix")
	})
}

func TestIDsRefuse(t *testing.T) {
	for _, text := range []string{
		"", "vch_", "vch", "0192000000007000800000000000000", "vch_0192000000007000800000000000000", "vch_019200000000700080000000000000011",
		"vch_0192000000007000800000000000000g", "VCH_01920000000070008000000000000001", "vch-01920000000070008000000000000001", uuid.NewString(),
	} {
		var id VoucherID
		require.Error(t, id.UnmarshalText([]byte(text)), text)
		require.Zero(t, id)
	}
}

func TestPrefixes(t *testing.T) {
	seen := map[string]string{}
	for object, p := range prefixes {
		require.Regexp(t, "^[a-z]{3}$", p, object)
		require.Empty(t, seen[p], "%s and %s have the same prefix", object, seen[p])
		seen[p] = object
	}
}
