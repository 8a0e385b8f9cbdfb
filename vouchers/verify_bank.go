package vouchers

import books "github.com/fasthold/fasthold/settlement"

// bank checks what the bank's entries are matched with.
func (v verifier) bank() (int, error) {
	return books.VerifyBank(v.tx, func(format string, args ...any) { v.differ(false, format, args...) })
}
