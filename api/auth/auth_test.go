package auth

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

func TestBearer(t *testing.T) {
	for header, want := range map[string]string{"Bearer abc": "abc", "bearer abc": "abc", "BEARER  abc ": "abc"} {
		token, ok := bearer(header)
		require.True(t, ok, header)
		require.Equal(t, want, token, header)
	}
	for _, header := range []string{"", "Bearer", "Bearer ", "abc", "Basic abc", "Bearerabc"} {
		_, ok := bearer(header)
		require.False(t, ok, header)
	}
}

func TestActor(t *testing.T) {
	require.Zero(t, Actor(t.Context()), "nobody")
	require.Equal(t, domain.Unauthenticated, domain.KindOf(Actor(context.Background()).May("listUnits")), "nobody may do nothing")
	require.Equal(t, "kl", Actor(WithActor(t.Context(), domain.Actor{Person: "kl"})).Person)
}
