package means_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access/means"
)

// The codes are those of RFC 6238, appendix B, cut to six digits.
func TestTOTPCode(t *testing.T) {
	t.Parallel()
	secret := []byte("12345678901234567890")
	for unix, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"} {
		require.Equal(t, code, means.TOTPCode(secret, time.Unix(unix, 0)))
	}
	require.Equal(t, "gezd gnbv gy3t qojq gezd gnbv gy3t qojq", means.TOTPText(secret))
	address, err := url.Parse(means.TOTPAddress(secret, "kl@varde.dk"))
	require.NoError(t, err)
	require.Equal(t, "otpauth://totp/Fasthold:kl@varde.dk?issuer=Fasthold&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", address.String())
	require.NotEqual(t, means.NewTOTP(), means.NewTOTP())
}

// A code holds in its own half minute and in the ones beside it, and only when
// it is later than the last that was taken.
func TestTOTPStep(t *testing.T) {
	t.Parallel()
	secret, at := means.NewTOTP(), time.Unix(1_790_000_010, 0)
	now := at.Unix() / 30
	for steps, holds := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		code := means.TOTPCode(secret, at.Add(time.Duration(steps)*30*time.Second))
		step, ok := means.TOTPStep(secret, code, at, 0)
		require.Equal(t, holds, ok, steps)
		if holds {
			require.Equal(t, now+steps, step)
		}
		spaced := " " + code[:3] + " " + code[3:]
		_, ok = means.TOTPStep(secret, spaced, at, now+steps-1)
		require.Equal(t, holds, ok, steps)
		_, ok = means.TOTPStep(secret, code, at, now+steps)
		require.False(t, ok, "taken already")
	}
	for _, code := range []string{"", "-", "000", "abcdef", "1234567"} {
		_, ok := means.TOTPStep(secret, code, at, 0)
		require.False(t, ok, code)
	}
}
