package fasthold_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The rules themselves are tested on files that break them, one rule each: a
// check that cannot fail checks nothing.
func TestArchitectureViolations(t *testing.T) {
	const ours = `"github.com/fasthold/fasthold/`
	for name, c := range map[string]struct{ path, text, want string }{
		"up: domain → store":       {"domain/money.go", `import _ ` + ours + `store"`, "domain may import []"},
		"up: store → vouchers":     {"store/tx.go", `import _ ` + ours + `vouchers"`, "store may import [domain migrations]"},
		"up: vouchers → api":       {"vouchers/redeem.go", `import _ ` + ours + `api"`, "never up or sideways"},
		"up: vouchers → api/auth":  {"vouchers/redeem.go", `import _ ` + ours + `api/auth"`, "never up or sideways"},
		"up: api → cmd":            {"api/server.go", `import _ ` + ours + `cmd/fasthold"`, "never up or sideways"},
		"up: a child → its parent": {"domain/rules/deep/x.go", `import _ ` + ours + `domain/rules"`, "domain/rules may import [domain$]"},
		"up in a test":             {"store/tx_test.go", `import _ ` + ours + `vouchers"`, "never up or sideways"},
		"sideways: cmd → cmd":      {"cmd/bench/main.go", `import _ ` + ours + `cmd/fasthold"`, "never up or sideways"},
		"sideways: rules → ledger": {"domain/rules/fold.go", `import _ ` + ours + `domain/ledger"`, "domain/rules may import [domain$]"},
		"sideways: code → sheet":   {"vouchers/code/qr.go", `import _ ` + ours + `vouchers/sheet"`, "vouchers/code may import [domain$ vouchers/keys$]"},
		"sideways: auth → web":     {"api/auth/token.go", `import _ ` + ours + `api/web"`, "never up or sideways"},
		"code → store":             {"vouchers/code/qr.go", `import _ ` + ours + `store"`, "vouchers/code may import [domain$ vouchers/keys$]"},
		"migrations → domain":      {"migrations/files.go", `import _ ` + ours + `domain"`, "migrations may import []"},
		"unplaced folder":          {"billing/x.go", `import _ ` + ours + `domain"`, "no layer of ours"},
		"storetest in production":  {"store/open.go", `import _ ` + ours + `store/storetest"`, "it is for tests"},
		"vectors in production":    {"domain/rules/parse.go", `import _ ` + ours + `domain/rules/vectors"`, "it is for tests"},
		"cluster in production":    {"cmd/fasthold/main.go", `import _ ` + ours + `store/storetest/cluster"`, "it is for tests"},
		"storetest → vouchers":     {"store/storetest/x.go", `import _ ` + ours + `vouchers"`, "store/storetest may import"},
		"GORM outside store":       {"vouchers/redeem.go", `import _ "gorm.io/gorm"`, "only for store"},
		"GORM's driver in a test":  {"api/server_test.go", `import _ "gorm.io/driver/postgres"`, "only for store"},
		"Echo outside api":         {"cmd/fasthold/serve.go", `import _ "github.com/labstack/echo/v4"`, "only for api"},
		"HTTP in vouchers":         {"vouchers/redeem.go", `import _ "net/http"`, "only for api and cmd"},
		"HTTP in store":            {"store/tx.go", `import _ "net/http/httptest"`, "only for api and cmd"},
		"files in domain":          {"domain/rules/parse.go", `import _ "os"`, "domain is pure"},
		"database in code":         {"vouchers/code/code.go", `import _ "database/sql"`, "vouchers/code is pure"},
		"the clock in domain":      {"domain/actor.go", "import \"time\"\nvar now = time.Now()", "reads the clock"},
		"the clock in sheet":       {"vouchers/sheet/x.go", "import \"time\"\nfunc f(t time.Time) any { return time.Since(t) }", "reads the clock"},
		"a folder called utils":    {"vouchers/utils/x.go", "", `"utils" says nothing`},
		"a file called common":     {"store/common.go", "", `"common" says nothing`},
		"a test called models":     {"store/models_test.go", "", `"models" says nothing`},
		"a folder called internal": {"api/internal/x.go", "", `"internal" says nothing`},
	} {
		t.Run(name, func(t *testing.T) {
			problems := check([]source{parse(t, c.path, "// Package x is documented.\npackage x\n"+c.text)})
			require.Len(t, problems, 1)
			require.Contains(t, problems[0], c.path)
			require.Contains(t, problems[0], c.want)
		})
	}
}

func TestArchitectureAllows(t *testing.T) {
	const ours = `"github.com/fasthold/fasthold/`
	for name, c := range map[string]struct{ path, text string }{
		"cmd → everything below":     {"cmd/fasthold/main.go", `import (_ ` + ours + `api"; _ ` + ours + `vouchers"; _ ` + ours + `store"; _ ` + ours + `domain/rules"; _ "net/http")`},
		"api → its own and skipping": {"api/server.go", `import (_ ` + ours + `api/web"; _ ` + ours + `domain"; _ "github.com/labstack/echo/v4"; _ "net/http")`},
		"web → auth":                 {"api/web/card.go", `import _ ` + ours + `api/auth"`},
		"vouchers → store and code":  {"vouchers/redeem.go", `import (_ ` + ours + `store"; _ ` + ours + `vouchers/code"; _ ` + ours + `domain/ledger")`},
		"store → GORM":               {"store/tx.go", `import (_ "gorm.io/gorm"; _ ` + ours + `domain"; _ ` + ours + `migrations"; _ "database/sql")`},
		"rules → domain":             {"domain/rules/fold.go", `import _ ` + ours + `domain"`},
		"a driver's interface":       {"domain/values.go", `import _ "database/sql/driver"`},
		"tests → storetest":          {"vouchers/redeem_test.go", `import _ ` + ours + `store/storetest"`},
		"tests → their own package":  {"vouchers/redeem_test.go", `import _ ` + ours + `vouchers"`},
		"tests read files":           {"domain/rules/parse_test.go", `import (_ "os"; _ "time")`},
		"bench → cluster":            {"cmd/bench/main.go", `import _ ` + ours + `store/storetest/cluster"`},
		"pgtemp → cluster":           {"store/storetest/pgtemp/main.go", `import _ ` + ours + `store/storetest/cluster"`},
		"the clock where time is":    {"cmd/fasthold/jobs.go", "import \"time\"\nvar now = time.Now()"},
		"a longer name":              {"domain/modelling.go", `import _ "github.com/labstack2/x"`},
	} {
		t.Run(name, func(t *testing.T) {
			require.Empty(t, check([]source{parse(t, c.path, "// Package x is documented.\npackage x\n"+c.text)}))
		})
	}
}

func TestArchitectureWantsPackageComments(t *testing.T) {
	const doc, bare, made = "// Package x is for x.\npackage x", "package x", "// Code generated by x. DO NOT EDIT.\n\npackage x"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"none":                    {map[string]string{"api/a.go": bare, "api/b.go": bare}, []string{"api has no package comment: say what it is for"}},
		"one of two files":        {map[string]string{"api/a.go": bare, "api/b.go": doc}, nil},
		"generated alone":         {map[string]string{"api/a.gen.go": made}, nil},
		"beside generated":        {map[string]string{"api/a.gen.go": made, "api/b.go": bare}, []string{"api has no package comment: say what it is for"}},
		"a test's does not count": {map[string]string{"api/a.go": bare, "api/a_test.go": doc}, []string{"api has no package comment: say what it is for"}},
		"tests alone need none":   {map[string]string{"api/a_test.go": bare}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var files []source
			for path, text := range c.files {
				files = append(files, parse(t, path, text))
			}
			require.Equal(t, c.want, check(files))
		})
	}
}

func parse(t *testing.T, path, text string) source {
	t.Helper()
	s, err := read(path, text)
	require.NoError(t, err)
	return s
}
