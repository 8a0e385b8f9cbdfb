package store

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// What was looked up before a revocation is not remembered after it.
func TestCallersForget(t *testing.T) {
	var c callers
	_, asked, found := c.find([]byte("hash"))
	require.False(t, found)
	c.forget()
	c.remember([]byte("hash"), domain.Actor{Person: "till"}, asked)
	_, asked, found = c.find([]byte("hash"))
	require.False(t, found, "revoked while it was looked up")
	c.remember([]byte("hash"), domain.Actor{Person: "till"}, asked)
	actor, _, found := c.find([]byte("hash"))
	require.True(t, found)
	require.Equal(t, "till", actor.Person)
}
