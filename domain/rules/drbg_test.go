package rules

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
)

// The first vector of NIST's HMAC_DRBG.rsp for SHA-256 without reseeding:
// the second of two outputs of 1,024 bits.
func TestDRBG_nist(t *testing.T) {
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		require.NoError(t, err)
		return b
	}
	g := newDRBG(unhex("ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488"), unhex("659ba96c601dc69fc902940805ec0ca8"), nil)
	g.generate(128)
	require.Equal(t, "e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89"+
		"d54fbb978a15b5c443c9ec21036d2460b6f73ebad0dc2aba6e624abf07745bc1"+
		"07694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668"+
		"961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8", hex.EncodeToString(g.generate(128)))
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
