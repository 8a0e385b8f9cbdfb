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
		copy(want[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Filter(func(b []byte) bool { return domain.ID(b) != domain.ID{} }).Draw(t, "id"))
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
		"vch_00000000000000000000000000000000",
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

func TestPersons(t *testing.T) {
	till := uuid.New()
	for name, shown := range map[string]string{
		"kl@eksempel.dk": "kl@eksempel.dk", "system:expire": "system:expire", "terminal:" + till.String(): "terminal:" + TerminalID(till).String(), till.String(): till.String(), "": "",
	} {
		require.Equal(t, shown, person(name))
		require.Equal(t, name, personNamed(shown))
	}
}

func TestAuditDetail(t *testing.T) {
	voucher := uuid.New()
	require.JSONEq(t, `{"voucher": "`+VoucherID(voucher).String()+`", "first": "`+SessionID(voucher).String()+`", "amount": 9007199254740993, "unit": null, "slug": "x"}`,
		string(showDetail(domain.Raw(`{"voucher": "`+voucher.String()+`", "first": "`+voucher.String()+`", "amount": 9007199254740993, "unit": null, "slug": "x"}`))))
	require.Empty(t, showDetail(nil))
}
