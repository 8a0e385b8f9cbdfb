package store

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// What was looked up before a revocation is not remembered after it.
func TestCallersForget(t *testing.T) {
	var c callers
	till := caller{actor: domain.Actor{Person: "till"}, used: noon}
	_, asked, found := c.find([]byte("hash"), noon)
	require.False(t, found)
	c.forget()
	c.remember([]byte("hash"), till, asked)
	_, asked, found = c.find([]byte("hash"), noon)
	require.False(t, found, "revoked while it was looked up")
	c.remember([]byte("hash"), till, asked)
	actor, _, found := c.find([]byte("hash"), noon)
	require.True(t, found)
	require.Equal(t, "till", actor.Person)
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// Who is remembered is so no longer than what they got in with holds, and the
// database is asked again where it is time to note the use.
func TestCallersEnd(t *testing.T) {
	for name, c := range map[string]struct {
		caller caller
		after  time.Duration
		found  bool
	}{
		"holds":                {caller{expires: noon.Add(time.Hour), idle: time.Minute}, 59 * time.Second, true},
		"never ends":           {caller{}, 59 * time.Second, true},
		"expired":              {caller{expires: noon.Add(10 * time.Second)}, 10 * time.Second, false},
		"a moment before":      {caller{expires: noon.Add(10 * time.Second)}, 10*time.Second - 1, true},
		"idle":                 {caller{idle: 30 * time.Second}, 30 * time.Second, false},
		"its use is not noted": {caller{}, noteUse, false},
	} {
		var all callers
		c.caller.used = noon
		all.remember([]byte("hash"), c.caller, 0)
		_, _, found := all.find([]byte("hash"), noon.Add(c.after))
		require.Equal(t, c.found, found, name)
	}
}
