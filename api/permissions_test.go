package api

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// TestPermissions walks every operation × role against the one table, and
// nobody. Who may not changes nothing.
func TestPermissions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		calls := examples(t)
		for _, c := range calls {
			if c.public {
				require.Less(t, w.send("", c.request(w)).Code, 300, c.id)
			}
		}
		before := w.newest()
		for _, c := range calls {
			if c.public {
				continue
			}
			answer := w.send("", c.request(w))
			require.Equal(t, 401, answer.Code, c.id)
			require.Equal(t, "Bearer", answer.Header().Get("WWW-Authenticate"), c.id)
			for _, role := range domain.Roles {
				if !slices.Contains(domain.Permissions[domain.Action(c.id)], role) {
					answer := w.send(role, c.request(w))
					require.Equal(t, 403, answer.Code, "%s as %s: %s", c.id, role, answer.Body)
					require.Equal(t, "forbidden", problem(t, answer).Code, "%s as %s", c.id, role)
				}
			}
			if !slices.Contains(domain.Permissions[domain.Action(c.id)], domain.CitizenRole) {
				require.Equal(t, 401, w.send(domain.CitizenRole, c.request(w)).Code, "%s with a citizen's cookie", c.id)
			}
		}
		require.Equal(t, before, w.newest(), "something was changed by who may not")
		for _, c := range calls {
			for _, role := range domain.Permissions[domain.Action(c.id)] {
				require.NotContains(t, []int{401, 403, 500}, w.send(role, c.request(w)).Code, "%s as %s", c.id, role)
			}
		}
		verified(t, w)
	})
}

// ofNoUnit are the operations on what no unit owns.
var ofNoUnit = []string{"getProgramme", "getVersion", "listVersions", "getVersionSentences", "getVersionAmounts", "getVersionDiff", "getPreset", "getPartner"}

// TestOutOfReach: another unit's caseworker, and another municipality's people,
// find nothing of what is here, and change nothing.
func TestOutOfReach(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		system := domain.Actor{MunicipalityID: w.home, Person: "system:test", Role: domain.System}
		_, neighbour, err := w.access.CreateToken(t.Context(), system, access.TokenInput{Person: "nabo@eksempel.dk", Role: domain.Caseworker, UnitID: w.find("unt", 2)})
		require.NoError(t, err)
		abroad := newWorld(t, s)
		before := w.newest()
		for _, c := range examples(t) {
			if role := doer(c.id); len(c.params["path"]) > 0 && c.id != "getReport" && c.id != "getPreset" {
				answer := abroad.send(role, c.request(w))
				require.Equal(t, 404, answer.Code, "%s from abroad: %s", c.id, answer.Body)
			}
			units := slices.Contains(domain.Permissions[domain.Action(c.id)], domain.Caseworker) && !slices.Contains(ofNoUnit, c.id)
			if units && len(c.params["path"]) > 0 {
				r := c.request(w)
				r.Header.Set("Authorization", "Bearer "+neighbour)
				answer := w.send("", r)
				require.Equal(t, 404, answer.Code, "%s from another unit: %s", c.id, answer.Body)
			}
		}
		require.Equal(t, before, w.newest())
	})
}
