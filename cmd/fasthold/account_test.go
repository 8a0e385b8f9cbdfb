package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAccountInvite(t *testing.T) {
	eachDatabase(t, func(t *testing.T, e environment) {
		e.must(t, "municipality", "create", "Varde Kommune")
		invite := []string{"account", "invite", "--person", "Anne@varde.dk"}
		require.Regexp(t, `^/invitation#fhi_[A-Za-z0-9_-]{64}\n`, e.must(t, invite...))
		e[publicVariable] = "https://fasthold.varde.dk/"
		link := strings.TrimSpace(e.must(t, invite...))
		require.Regexp(t, `^https://fasthold\.varde\.dk/invitation#fhi_`, link)
		_, text, _ := strings.Cut(link, "#")
		setup, err := openSite(t, e).access.OpenInvitation(t.Context(), text, "")
		require.NoError(t, err)
		require.Equal(t, "anne@varde.dk", setup.Person)
		require.Contains(t, e.fails(t, "account", "invite", "--person", "Anne Jensen"), "person")
		e[publicVariable] = "http://fasthold.varde.dk"
		require.Contains(t, e.fails(t, invite...), publicVariable)
	})
}
