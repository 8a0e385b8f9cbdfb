package sheet

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A refusal says what cannot be a name, and nothing that can.
func TestShown(t *testing.T) {
	for _, field := range []string{"0", "1.0", "31-02-2026", "2026-02-29", "05/12/2025", "25:45", "25:45:10", "P0", "P-1042", "SAG-12", "05-12-0025"} {
		require.Equal(t, ` "`+field+`"`, Shown(field))
		require.Equal(t, `"`+field+`"`, this(field))
	}
	for _, field := range []string{"", "Anna", "Anna Hansen", "mødt?", "par", "Bo", "240390-4321", "2403904321", "240390 4321", "20304050", "20 30 40 50", "20.30.40.50", "+4520304050", "24.03.90.4321", "Anna1990", "P-1 Anna"} {
		require.Empty(t, Shown(field), field)
		require.Equal(t, "what is written", this(field))
	}
}
