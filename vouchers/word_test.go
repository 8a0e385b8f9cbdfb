package vouchers

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// Every word that a document of rules takes, for a kind of session or of goods,
// can be recorded: else nobody could meet its target or spend its vouchers.
func TestWords_asInTheRules(t *testing.T) {
	for word, ok := range map[string]bool{
		"individual": true, "group_session": true, "group-session": true, "fase-2": true, "2nd": true, strings.Repeat("x", 64): true,
		"": false, "Group": false, "gruppe møde": false, "-x": false, "x-": false, "a--b": false, strings.Repeat("x", 65): false,
	} {
		var f domain.Fields
		checkKind(&f, word)
		require.Equal(t, ok, f.Err() == nil, word)
		require.Equal(t, ok, isSlug(word), word)
	}
}
