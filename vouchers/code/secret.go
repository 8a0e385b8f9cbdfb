package code

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
)

// Secret is a voucher's code, "XXXX-XXXX-XXXX-XXXX-XXXX". Whoever holds it can
// spend the voucher, so it redacts itself wherever text is made of it by
// accident, and cannot be stored: only Reveal gives it away.
//
// Do not keep one in an unexported field of a struct that may be logged: fmt
// calls no methods on those.
type Secret string

// redacted is all that a Secret says of itself.
const redacted = "[redacted]"

// Reveal gives the code, for the eyes of the citizen and the person who hands
// it over.
func (s Secret) Reveal() string { return string(s) }

// String redacts.
func (Secret) String() string { return redacted }

// GoString redacts.
func (Secret) GoString() string { return redacted }

// Format redacts whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalJSON redacts.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText redacts.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue redacts.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// Value refuses: a code is never stored, only its Lookup is.
func (Secret) Value() (driver.Value, error) {
	return nil, errors.New("a voucher's code is a secret and is never stored")
}
