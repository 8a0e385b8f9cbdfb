// Package fasthold_test keeps the shape of the repository: which folder may
// import which, and what every package owes its reader. It reads the source
// files themselves, whatever their build tags, and needs no network.
package fasthold_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/fasthold/fasthold"

// source is what the rules look at in one Go file.
type source struct {
	path      string // from the root, with slashes
	imports   []string
	clock     bool // calls time.Now, time.Since or time.Until
	doc       bool // has a package comment
	generated bool
}

func (s source) folder() string { return path.Dir(s.path) }
func (s source) test() bool     { return strings.HasSuffix(s.path, "_test.go") }

// layers holds, for a folder and all below it, which of our folders its files
// may import beside those below itself: cmd → api → vouchers → settlement → access → store → domain.
// The longest match counts.
var layers = map[string][]string{
	".":                       {"cmd", "api", "vouchers", "settlement", "access", "store", "domain", "migrations"}, // the tests of the whole
	"cmd":                     {"api", "vouchers", "settlement", "access", "store", "domain", "migrations"},
	"api":                     {"vouchers", "settlement", "access", "store", "domain", "migrations"},
	"api/web":                 {"api/auth", "vouchers", "settlement", "access", "store", "domain", "migrations"}, // a page asks who is looking
	"api/browsertest":         {"api/web$", "domain$"},                                                           // a walk is told in the words of the pages
	"vouchers":                {"settlement", "access", "store", "domain", "migrations"},
	"settlement":              {"store", "domain", "migrations"},
	"settlement/pain":         {"domain$"},
	"settlement/markup":       {"domain$"},
	"settlement/camt":         {"domain$", "settlement/markup$"},
	"settlement/oioubl":       {"domain$", "settlement/markup$"},
	"settlement/statement":    {"domain$"},
	"settlement/journal":      {"domain$", "domain/ledger$"},
	"access":                  {"vouchers/keys$", "vouchers/vault$", "store", "domain", "migrations"},
	"vouchers/code":           {"domain$", "vouchers/keys$"},
	"vouchers/keys":           {},
	"vouchers/vault":          {"domain$", "vouchers/keys$"},
	"vouchers/sheet":          {"domain$"},
	"vouchers/table":          {"domain$"},
	"store":                   {"domain", "migrations"},
	"store/storetest":         {"store$", "migrations"},
	"store/storetest/cluster": {},
	"store/storetest/leaks":   {},
	"store/storetest/pgtemp":  {"store/storetest/cluster"},
	"domain":                  {},
	"domain/rules":            {"domain$"},
	"domain/rules/vectors":    {"domain$", "domain/rules$"},
	"domain/ledger":           {"domain$"},
	"migrations":              {},
}

// helpers are for tests; the first also for what starts a database to measure on.
var helpers = []string{"store/storetest", "domain/rules/vectors", "api/browsertest"}

// reserved are the libraries that only some folders may know.
var reserved = map[string][]string{
	"gorm.io":             {"store"},
	"github.com/labstack": {"api"}, // Echo
	"net/http":            {"api", "cmd"},
}

// pure folders do no I/O and read no clock: their production files get no such
// import, not even one of these exactly.
var (
	pure   = []string{"domain", "settlement/camt", "settlement/markup", "settlement/oioubl", "settlement/journal", "settlement/pain", "settlement/statement", "vouchers/code", "vouchers/keys", "vouchers/sheet", "vouchers/vault"}
	impure = []string{"database/sql", "math/rand", "math/rand/v2", "net", "net/http", "os", "os/exec", "syscall"}
)

// vague names say nothing about what a file or folder is for.
var vague = []string{"utils", "util", "common", "models", "model", "helpers", "misc", "internal", "pkg"}

func TestArchitecture(t *testing.T) {
	files, err := sources(".")
	require.NoError(t, err)
	require.Greater(t, len(files), 10, "the walk found the repository")
	for _, problem := range check(files) {
		t.Error(problem)
	}
}

// sources reads every Go file below root but those of test data and of hidden folders.
func sources(root string) ([]source, error) {
	var files []source
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() && name != root && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules" || base == "bin") {
			return filepath.SkipDir
		}
		if entry.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		s, err := read(filepath.ToSlash(name), nil)
		files = append(files, s)
		return err
	})
	return files, err
}

// read parses a file, or the text given in its stead.
func read(name string, text any) (source, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments)
	if err != nil {
		return source{}, err
	}
	s := source{path: name, doc: file.Doc != nil, generated: ast.IsGenerated(file)}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, err
		}
		s.imports = append(s.imports, imported)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := call.X.(*ast.Ident); ok && x.Name == "time" {
				s.clock = s.clock || slices.Contains([]string{"Now", "Since", "Until"}, call.Sel.Name)
			}
		}
		return true
	})
	return s, nil
}

// check gives one sentence for each violation.
func check(files []source) (problems []string) {
	documented := map[string]bool{} // folder → has a package comment; absent where all is generated
	for _, s := range files {
		if !s.generated && !s.test() {
			documented[s.folder()] = documented[s.folder()] || s.doc
		}
		for _, part := range strings.Split(strings.TrimSuffix(strings.TrimSuffix(s.path, ".go"), "_test"), "/") {
			if slices.Contains(vague, part) {
				problems = append(problems, fmt.Sprintf("%s: %q says nothing: name it by what it holds", s.path, part))
			}
		}
		for _, imported := range s.imports {
			if reason := refuse(s, imported); reason != "" {
				problems = append(problems, fmt.Sprintf("%s imports %s: %s", s.path, imported, reason))
			}
		}
		if s.clock && !s.test() && slices.ContainsFunc(pure, func(p string) bool { return within(s.folder(), p) }) {
			problems = append(problems, fmt.Sprintf("%s reads the clock: in a pure package the time is an argument", s.path))
		}
	}
	for folder, has := range documented {
		if !has {
			problems = append(problems, fmt.Sprintf("%s has no package comment: say what it is for", folder))
		}
	}
	slices.Sort(problems)
	return problems
}

// refuse says why the file may not import that, or nothing.
func refuse(s source, imported string) string {
	for library, folders := range reserved {
		if within(imported, library) && !slices.ContainsFunc(folders, func(f string) bool { return within(s.folder(), f) }) {
			return "only for " + strings.Join(folders, " and ")
		}
	}
	if !within(imported, module) {
		for _, p := range pure {
			if within(s.folder(), p) && !s.test() && slices.Contains(impure, imported) {
				return p + " is pure: no I/O, no randomness of its own"
			}
		}
		return ""
	}
	target := strings.TrimPrefix(strings.TrimPrefix(imported, module), "/")
	for i, helper := range helpers {
		switch {
		case !within(target, helper):
		case s.test() || i == 0 && within(s.folder(), "cmd/bench"):
			return ""
		case !within(s.folder(), helper):
			return "it is for tests"
		}
	}
	if within(target, s.folder()) { // what lies below, and a test's own package
		return ""
	}
	layer := layerOf(s.folder())
	if layer == "" {
		return "no layer of ours is called that; give it a place in the dependency rule first"
	}
	for _, allowed := range layers[layer] {
		if exact, only := strings.CutSuffix(allowed, "$"); target == exact || !only && within(target, allowed) {
			return ""
		}
	}
	return fmt.Sprintf("%s may import %v: cmd → api → vouchers → settlement → access → store → domain, never up or sideways", layer, layers[layer])
}

// layerOf finds the entry of layers that a folder falls under; "" is none.
func layerOf(folder string) string {
	for dir := folder; ; dir = path.Dir(dir) {
		if _, ok := layers[dir]; ok && (dir != "." || folder == ".") {
			return dir
		}
		if dir == "." {
			return ""
		}
	}
}

// within says whether p is dir or lies below it.
func within(p, dir string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }
