package settlement

import (
	"testing"

	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// TestMain looks for personal data and secrets in all that the run has written.
func TestMain(m *testing.M) { leaks.Main(m) }
