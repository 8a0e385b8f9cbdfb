package means

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// A code generator makes six digits from its secret, new ones every half minute
// (RFC 6238 with SHA-1, which is what the apps know).
const (
	totpSecret = 20 // bytes
	totpPeriod = 30 // seconds
	totpDrift  = 1  // steps that a clock may be ahead or behind
)

var base32Text = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewTOTP makes the secret of a code generator.
func NewTOTP() []byte {
	secret := make([]byte, totpSecret)
	_, _ = rand.Read(secret) // never fails (crypto/rand)
	return secret
}

// TOTPText is a secret as it is typed into a code generator, in groups of four
// small letters: it does not look like a voucher's code.
func TOTPText(secret []byte) string {
	text := strings.ToLower(base32Text.EncodeToString(secret))
	var groups []string
	for len(text) > 4 {
		groups, text = append(groups, text[:4]), text[4:]
	}
	return strings.Join(append(groups, text), " ")
}

// TOTPAddress is a secret as a code generator scans it.
func TOTPAddress(secret []byte, person string) string {
	query := url.Values{"secret": {base32Text.EncodeToString(secret)}, "issuer": {"Fasthold"}}
	return (&url.URL{Scheme: "otpauth", Host: "totp", Path: "/Fasthold:" + person, RawQuery: query.Encode()}).String()
}

// TOTPCode gives the code of a secret at a time.
func TOTPCode(secret []byte, at time.Time) string { return totpCode(secret, at.Unix()/totpPeriod) }

// TOTPStep gives the time step that a code is of, when that is now or next to
// it, and later than the last one that was taken: no code is taken twice.
func TOTPStep(secret []byte, code string, at time.Time, last int64) (step int64, ok bool) {
	code = strings.Join(strings.Fields(code), "")
	now := at.Unix() / totpPeriod
	for tried := now - totpDrift; tried <= now+totpDrift; tried++ {
		same := subtle.ConstantTimeCompare([]byte(totpCode(secret, tried)), []byte(code)) == 1
		if same && tried > last {
			step, ok = tried, true
		}
	}
	return step, ok
}

// totpCode gives the code of a step; a secret that is none has no code, and none
// is equal to it.
func totpCode(secret []byte, step int64) string {
	code, err := hotp.GenerateCodeCustom(base32Text.EncodeToString(secret), uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}) //nolint:gosec // no step is before 1970
	if err != nil {
		return "-"
	}
	return code
}
