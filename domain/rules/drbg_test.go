package rules

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
)

// Two vectors of NIST's CAVS 14.3, drbgvectors_no_reseed/HMAC_DRBG.rsp, section
// [SHA-256] without additional input: number 0 of those without and number 9 of
// those with a personalization string. What NIST gives is the second of two
// outputs of 1,024 bits. Both were compared with the vectors' copy in the tests
// of github.com/patrickfav/dice, and OpenSSL 3.0's HMAC-DRBG, given the same
// entropy, puts out the same.
func TestDRBG_nist(t *testing.T) {
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		require.NoError(t, err)
		return b
	}
	for _, c := range []struct{ name, entropy, nonce, personalization, want string }{
		{
			"no personalization", "ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488", "659ba96c601dc69fc902940805ec0ca8", "",
			"e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89" + "d54fbb978a15b5c443c9ec21036d2460b6f73ebad0dc2aba6e624abf07745bc1" +
				"07694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668" + "961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8",
		},
		{
			"personalization", "33f5120396336e51ee3b0b619b5f873db05ca57cda86aeae2964f51480d14992", "6f1f6e9807ba5393edcf3cb4e4bb6113",
			"3709605af44d90196867c927512aa8ba31837063337b4879408d91a05c8efa9f",
			"8b8291126ded9acef12516025c99ccce225d844308b584b872c903c7bc646759" + "9a1cead003dc4c70f6d519f5b51ce0da57f53da90dbe8f666a1a1dde297727fe" +
				"e2d44cebd1301fc1ca75956a3fcae0d374e0df6009b668fd21638d2b733e6902" + "d22d5bfb4af1b455975e08eef0ebe4dc87705801e7776583c8de11672729f723",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newDRBG(unhex(c.entropy), unhex(c.nonce), unhex(c.personalization))
			g.generate(128)
			require.Equal(t, c.want, hex.EncodeToString(g.generate(128)))
		})
	}
}

// Every remainder is equally likely: the numbers of the incomplete last stretch
// never come.
func TestDRBG_below(t *testing.T) {
	g := newDRBG([]byte("seed"), nil, nil)
	var counts [7]int
	for range 70_000 {
		counts[g.below(7)]++
	}
	for _, n := range counts {
		require.InDelta(t, 10_000, n, 400) // more than four standard deviations
	}
}
