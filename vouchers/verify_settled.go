package vouchers

import (
	settlements "github.com/fasthold/fasthold/settlement"
)

// settlements checks runs, settlements, their lines and their postings.
func (v verifier) settlements() (int, error) {
	return settlements.Verify(v.tx, func(format string, args ...any) { v.differ(false, format, args...) })
}
