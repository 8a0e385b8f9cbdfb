package access

import (
	"testing"

	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// TestMain looks for personal data and secrets in all that the run has written.
func TestMain(m *testing.M) {
	leaks.Mark("25804193", "83917264", goodPassword) // the PINs and the password of these tests
	leaks.Main(m)
}
