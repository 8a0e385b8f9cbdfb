package access

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Tries come back with time, and who has them all back is forgotten.
func TestGuesses(t *testing.T) {
	var g Guesses
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for range wrongAtOnce {
		require.NoError(t, g.Check(now, "till", "address"))
		g.Wrong(now, "till", "address")
	}
	require.Error(t, g.Check(now, "other", "till"))
	require.NoError(t, g.Check(now.Add(wrongRegainIn), "till"))
	g.Stop(now, now.Add(time.Hour), "stopped")
	require.Error(t, g.Check(now.Add(time.Hour-1), "stopped"))
	require.NoError(t, g.Check(now.Add(time.Hour), "stopped"))
	require.Equal(t, int64(wrongAtOnce), g.Count())
	g.Wrong(now.Add(time.Minute), "somebody")
	require.Len(t, g.by, 4)
	g.Wrong(now.Add(time.Hour), "somebody")
	require.Len(t, g.by, 1, "nothing is remembered for ever")
}
