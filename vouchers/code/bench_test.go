package code

import (
	"testing"
)

func BenchmarkMake(b *testing.B) {
	ring, id := testRing(b, 1), voucher(1)
	b.ReportAllocs()
	for b.Loop() {
		ring.Make(id)
	}
}

func BenchmarkVerify(b *testing.B) {
	ring := testRing(b, 1)
	secret, _ := ring.Make(voucher(1))
	forged := secret.Reveal()[:checkAt+4] + "0"
	for name, text := range map[string]string{"real": secret.Reveal(), "mistyped": forged} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = ring.Verify(text)
			}
		})
	}
}

func BenchmarkPNG(b *testing.B) {
	secret, _ := testRing(b, 1).Make(voucher(1))
	b.ReportAllocs()
	for b.Loop() {
		_, _ = secret.PNG(300)
	}
}

func BenchmarkSVG(b *testing.B) {
	secret, _ := testRing(b, 1).Make(voucher(1))
	b.ReportAllocs()
	for b.Loop() {
		_, _ = secret.SVG()
	}
}
