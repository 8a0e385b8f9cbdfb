package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
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

// Who starts before the schema is there hears which role has to make it.
func TestEmptyDatabase(t *testing.T) {
	address := storetest.Postgres(t)
	conn, err := pgx.Connect(t.Context(), storetest.Superuser(t, address))
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC")
	require.NoError(t, errors.Join(err, conn.Close(t.Context())))
	e := newEnvironment(address)
	for _, command := range []string{"serve", "migrate up", "migrate status", "municipality list"} {
		said := e.fails(t, strings.Fields(command)...)
		require.Contains(t, said, "fasthold migrate up", command)
		require.Contains(t, said, ownerVariable, command)
	}
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

		require.Contains(t, e.fails(t, append(create, "caseworker")...), "--unit")
		require.Contains(t, e.fails(t, append(create, "caseworker", "--unit", "Center Syd")...), "Center Nord")
		require.Contains(t, e.fails(t, append(create, "partner", "--partner", "Købmanden")...), "none")
		unitOf := []string{"caseworker", "--unit", "center nord", "--municipality", varde}
		require.Contains(t, e.fails(t, append(create, unitOf...)...), "kl@varde.dk is finance, and nobody may be that and caseworker")
		create[3] = "mette@varde.dk"
		require.Contains(t, e.fails(t, append(create, append(unitOf, "--scope", "adoptVersion")...)...), "scopes[0]")
		for _, days := range []string{"0", "366"} {
			require.Contains(t, e.fails(t, append(create, append(unitOf, "--expires-days", days)...)...), "expires")
		}
		token = strings.TrimSpace(e.must(t, append(create, append(unitOf, "--scope", "getUnit", "--scope", "getCitizen", "--expires-days", "7")...)...))
		actor, err = s.access.Authenticate(t.Context(), token)
		require.NoError(t, err)
		require.Equal(t, unit.ID, actor.UnitID)
		require.Equal(t, []domain.Action{"getUnit", "getCitizen"}, actor.Scopes)
		kept, err := s.access.Token(t.Context(), system(actor.MunicipalityID, "test"), actor.TokenID)
		require.NoError(t, err)
		require.Equal(t, kept.CreatedAt.AddDate(0, 0, 7), *kept.ExpiresAt)

		e.must(t, "municipality", "create", "Tønder Kommune")
		require.Contains(t, e.fails(t, append(create, "finance")...), "--municipality")
		require.Contains(t, e.fails(t, append(create, "finance", "--municipality", "Ribe")...), "Tønder Kommune")
	})
}

func TestAssign(t *testing.T) {
	eachDatabase(t, func(t *testing.T, e environment) {
		assign := []string{"assign", "--person", "it@varde.dk", "--role"}
		require.Contains(t, e.fails(t, append(assign, "administrator")...), "fasthold municipality create")
		e.must(t, "municipality", "create", "Varde Kommune")
		require.Contains(t, e.fails(t, append(assign, "caseworker")...), "--unit")
		require.Contains(t, e.fails(t, append(assign, "partner")...), "--partner")
		require.Contains(t, e.fails(t, append(assign, "partner", "--partner", "Købmanden")...), "none")
		require.Regexp(t, `^asg_[0-9a-f]{32} it@varde.dk administrator\n$`, e.must(t, append(assign, "administrator")...))
		require.Contains(t, e.fails(t, append(assign, "administrator")...), "already")
		require.Contains(t, e.fails(t, append(assign, "finance")...), "it@varde.dk is administrator, and nobody may be that and finance")
		e.must(t, append(assign, "operator")...)
	})
}

func TestSignInLimits(t *testing.T) {
	e := environment{"FASTHOLD_DATABASE_URL": "sqlite:" + t.TempDir() + "/x.db"}
	for variable, bad := range map[string][]string{idleVariable: {"0", "30", "90s", "-1m", "11h", "25h"}, mostVariable: {"0", "25h", "1m", "ti timer"}} {
		for _, text := range bad {
			e[variable] = text
			require.Contains(t, e.fails(t, "municipality", "list"), variable, text)
		}
		delete(e, variable)
	}
	limits, err := loadConfig(e.get).signIns()
	require.NoError(t, err)
	require.Equal(t, access.DefaultLimits, limits)
	e[idleVariable], e[mostVariable] = "1h", "1h"
	limits, err = loadConfig(e.get).signIns()
	require.NoError(t, err)
	require.Equal(t, access.Limits{Idle: time.Hour, Most: time.Hour}, limits)
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
