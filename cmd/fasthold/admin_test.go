package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store/storetest"
)

// eachDatabase runs fn with an environment for a fresh database of each kind.
func eachDatabase(t *testing.T, fn func(t *testing.T, e environment)) {
	t.Helper()
	for _, d := range storetest.Dialects {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			e := newEnvironment(d.URL(t))
			e[ownerVariable] = storetest.Owner(t, e["FASTHOLD_DATABASE_URL"])
			fn(t, e)
		})
	}
}

func TestMigrate(t *testing.T) {
	eachDatabase(t, func(t *testing.T, e environment) {
		require.NotContains(t, e.must(t, "migrate", "status"), "pending")
		require.Contains(t, e.fails(t, "migrate", "down"), "--drop-data")
		require.Contains(t, e.must(t, "migrate", "down", "--drop-data"), "pending")
		require.Contains(t, e.fails(t, "municipality", "list"), "fasthold migrate up")
		require.Contains(t, e.fails(t, "serve"), "fasthold migrate up")
		require.NotContains(t, e.must(t, "migrate", "up"), "pending")
		require.Empty(t, e.must(t, "municipality", "list"))
	})
}

// A server does not start as a role that row-level security does not bind.
func TestServeAsOwner(t *testing.T) {
	address := storetest.Postgres(t)
	for _, unbound := range []string{storetest.Owner(t, address), storetest.Superuser(t, address)} {
		said := newEnvironment(unbound).fails(t, "serve")
		require.Contains(t, said, "would not keep the municipalities apart")
		require.Contains(t, said, ownerVariable)
	}
	e := newEnvironment(address)
	e["FASTHOLD_LISTEN"] = "127.0.0.1:-1"
	require.Contains(t, e.fails(t, "serve"), "FASTHOLD_LISTEN", "this role gets further")
	require.Contains(t, e.fails(t, "migrate", "down", "--drop-data"), "owner", "and cannot migrate")
	require.Contains(t, e.fails(t, "erase", "B-1", "--forever"), ownerVariable)
	e[ownerVariable] = address
	require.Contains(t, e.fails(t, "migrate", "up"), "owner of the tables")
}

func TestUnreachableDatabase(t *testing.T) {
	e := newEnvironment("postgres://nobody:secret@127.0.0.1:1/nowhere")
	for _, command := range []string{"serve", "verify", "migrate status"} {
		said := e.fails(t, strings.Fields(command)...)
		require.Contains(t, said, "FASTHOLD_DATABASE_URL")
		require.NotContains(t, said, "secret")
	}
}

func TestMunicipality(t *testing.T) {
	eachDatabase(t, func(t *testing.T, e environment) {
		require.Regexp(t, `^mun_[0-9a-f]{32} Varde Kommune\n$`, e.must(t, "municipality", "create", "Varde Kommune"))
		e.must(t, "municipality", "create", "Tønder Kommune", "--time-zone", "Europe/Berlin")
		list := strings.Split(strings.TrimSpace(e.must(t, "municipality", "list")), "\n")
		require.Len(t, list, 2)
		require.Contains(t, list[0], "Varde Kommune")
		require.Contains(t, e.fails(t, "municipality", "create", "X", "--time-zone", "Mars"), "time_zone")
	})
}

func TestToken(t *testing.T) {
	eachDatabase(t, func(t *testing.T, e environment) {
		create := []string{"token", "create", "--person", "kl@varde.dk", "--role"}
		require.Contains(t, e.fails(t, append(create, "finance")...), "fasthold municipality create")
		varde := strings.Fields(e.must(t, "municipality", "create", "Varde Kommune"))[0]
		token := strings.TrimSpace(e.must(t, append(create, "finance")...))

		s := openSite(t, e)
		actor, err := s.access.Authenticate(t.Context(), token)
		require.NoError(t, err)
		require.Equal(t, domain.Finance, actor.Role)
		require.Equal(t, "kl@varde.dk", actor.Person)
		unit, err := s.CreateUnit(t.Context(), system(actor.MunicipalityID, "test"), "Center Nord")
		require.NoError(t, err)

		require.Contains(t, e.fails(t, append(create, "caseworker")...), "unit")
		require.Contains(t, e.fails(t, append(create, "caseworker", "--unit", "Center Syd")...), "Center Nord")
		require.Contains(t, e.fails(t, append(create, "partner", "--partner", "Købmanden")...), "none")
		token = strings.TrimSpace(e.must(t, append(create, "caseworker", "--unit", "center nord", "--municipality", varde)...))
		actor, err = s.access.Authenticate(t.Context(), token)
		require.NoError(t, err)
		require.Equal(t, unit.ID, actor.UnitID)

		e.must(t, "municipality", "create", "Tønder Kommune")
		require.Contains(t, e.fails(t, append(create, "finance")...), "--municipality")
		require.Contains(t, e.fails(t, append(create, "finance", "--municipality", "Ribe")...), "Tønder Kommune")
	})
}

// openSite opens the environment's database beside the program.
func openSite(t *testing.T, e environment) *site {
	t.Helper()
	p := program{config: loadConfig(e.get)}
	s, err := p.openWithKeys(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.store.Close()) })
	return s
}
