package storetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/fasthold/fasthold/migrations"
	"github.com/fasthold/fasthold/store/storetest/cluster"
)

// Variable names the environment variable that says which PostgreSQL to use.
const Variable = "FASTHOLD_TEST_POSTGRES"

// The roles that tests sign in as: who owns the databases and migrates them, and
// who only uses them, as a server does.
const (
	ownerRole       = "fasthold_test_owner"
	applicationRole = "fasthold_test_application"
)

// Postgres gives the URL of a fresh, migrated PostgreSQL database for the
// application's role, which row-level security binds. The database is dropped
// at the end of the test, with whoever is still connected.
func Postgres(t testing.TB) string {
	t.Helper()
	p, err := postgres()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	name := "fasthold_test_" + strings.ToLower(rand.Text())
	if err := p.execute("CREATE DATABASE " + name + " TEMPLATE " + p.template + " OWNER " + ownerRole); err != nil {
		t.Fatalf("create the test's database: %v", err)
	}
	t.Cleanup(func() {
		if err := p.execute("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return p.database(name, applicationRole)
}

// Owner gives the URL of the same database for who migrates it. A SQLite file
// has no owner but its own.
func Owner(t testing.TB, address string) string { return as(t, address, ownerRole) }

// Superuser gives the URL of the same database for somebody whom nothing binds,
// as at the SQL prompt.
func Superuser(t testing.TB, address string) string { return as(t, address, "") }

func as(t testing.TB, address, role string) string {
	t.Helper()
	if strings.HasPrefix(address, "sqlite") {
		return address
	}
	p, err := postgres()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatalf("the test's database: %v", err)
	}
	return p.database(strings.TrimPrefix(u.Path, "/"), role)
}

// server is a PostgreSQL with a migrated template to copy databases from.
type server struct {
	url      *url.URL // of a database from which others can be created
	template string
	own      *cluster.Cluster // nil where the server is not ours; held, since it lives as long as this
}

// postgres is the process's one server, found or started at the first call.
var postgres = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*limit)
	defer cancel()
	p, err := findServer(ctx)
	if err != nil {
		return nil, err
	}
	if p.template, err = templateName(migrations.Files); err != nil {
		return nil, err
	}
	if err := p.makeTemplate(ctx); err != nil {
		return nil, fmt.Errorf("make the template %s: %w", p.template, err)
	}
	return p, nil
})

// findServer takes the named server, or starts one that ends with this process.
func findServer(ctx context.Context) (*server, error) {
	p, address := &server{}, os.Getenv(Variable)
	if address == "" {
		own, err := cluster.Start(ctx, cluster.Options{})
		if err != nil {
			return nil, err
		}
		p.own, address = own, own.URL()
	}
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		return nil, fmt.Errorf("%s must be a URL such as postgres://user:password@localhost/postgres", Variable)
	}
	p.url = u
	return p, nil
}

// templateName differs whenever a migration does, so that a server that
// outlives the test run never hands out a schema of yesterday.
func templateName(files fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, path)
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		return err
	})
	return "fasthold_template_" + hex.EncodeToString(sum.Sum(nil)[:8]), err
}

// makeTemplate migrates the template unless another process has done it. It is
// marked as a template last, so that half a one is seen and made again; the
// lock lets one process at a time through.
func (p *server) makeTemplate(ctx context.Context) (err error) {
	conn, err := pgx.Connect(ctx, p.url.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }() // and with it the lock
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext($1))", p.template); err != nil {
		return err
	}
	var ready bool
	const find = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)"
	if err := conn.QueryRow(ctx, find, p.template).Scan(&ready); err != nil || ready {
		return err
	}
	if err := makeRoles(ctx, conn); err != nil {
		return err
	}
	for _, statement := range []string{"DROP DATABASE IF EXISTS %s WITH (FORCE)", "CREATE DATABASE %s OWNER " + ownerRole} {
		if _, err := conn.Exec(ctx, fmt.Sprintf(statement, p.template)); err != nil {
			return err
		}
	}
	if err := migrate(ctx, p.database(p.template, ownerRole), p.database(p.template, applicationRole)); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+p.template+" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false")
	return err
}

// makeRoles makes both roles unless they are there. Their passwords are no
// secret: they reach nothing but databases of tests.
func makeRoles(ctx context.Context, conn *pgx.Conn) error {
	for _, role := range []string{ownerRole, applicationRole} {
		_, err := conn.Exec(ctx, fmt.Sprintf(`DO $$ BEGIN
			IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%[1]s') THEN CREATE ROLE %[1]s LOGIN PASSWORD '%[1]s'; END IF;
		EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`, role))
		if err != nil {
			return err
		}
	}
	return nil
}

// execute runs one statement that no transaction may contain.
func (p *server) execute(statement string) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	conn, err := pgx.Connect(ctx, p.url.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	_, err = conn.Exec(ctx, statement)
	return err
}

// database is the URL of another database on the same server, for one of the
// tests' roles, or for "", who runs the server.
func (p *server) database(name, role string) string {
	u := *p.url
	u.Path = "/" + name
	if role != "" {
		u.User = url.UserPassword(role, role)
	}
	return u.String()
}
