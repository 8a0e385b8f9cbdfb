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

// Postgres gives the URL of a fresh, migrated PostgreSQL database. It is
// dropped at the end of the test, with whoever is still connected.
func Postgres(t testing.TB) string {
	t.Helper()
	p, err := postgres()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	name := "fasthold_test_" + strings.ToLower(rand.Text())
	if err := p.execute("CREATE DATABASE " + name + " TEMPLATE " + p.template); err != nil {
		t.Fatalf("create the test's database: %v", err)
	}
	t.Cleanup(func() {
		if err := p.execute("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return p.database(name)
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
	for _, statement := range []string{"DROP DATABASE IF EXISTS %s WITH (FORCE)", "CREATE DATABASE %s"} {
		if _, err := conn.Exec(ctx, fmt.Sprintf(statement, p.template)); err != nil {
			return err
		}
	}
	if err := migrate(ctx, p.database(p.template)); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+p.template+" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false")
	return err
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

// database is the URL of another database on the same server.
func (p *server) database(name string) string {
	u := *p.url
	u.Path = "/" + name
	return u.String()
}
