package storetest_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func TestEachIsFreshAndMigrated(t *testing.T) {
	for _, round := range []string{"first", "second"} {
		t.Run(round, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				require.NoError(t, s.Migrate(t.Context()), "nothing is left to migrate")
			})
		})
	}
}

func TestURLsDiffer(t *testing.T) {
	for _, d := range storetest.Dialects {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			require.NotEqual(t, d.URL(t), d.URL(t))
		})
	}
}

// A variable that names no server fails the tests and says what it should be:
// they never quietly do without PostgreSQL.
func TestUnusableServer(t *testing.T) {
	for name, c := range map[string]struct{ url, says string }{
		"not a URL": {"localhost:5432", storetest.Variable + " must be a URL such as postgres://"},
		"nobody":    {"postgres://postgres@/postgres?host=" + t.TempDir(), "PostgreSQL for tests: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestEachIsFreshAndMigrated$")
			again.Env = append(os.Environ(), storetest.Variable+"="+c.url)
			out, err := again.CombinedOutput()
			require.Error(t, err)
			require.Contains(t, string(out), c.says)
		})
	}
}
