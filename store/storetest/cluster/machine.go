package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// oldest is the first major version of PostgreSQL that Fasthold runs on.
const oldest = 15

// folders are where packages put the binaries, as patterns, beside PATH.
var folders = []string{
	"/usr/lib/postgresql/*/bin",          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                   // Red Hat and its kin, from postgresql.org
	"/opt/homebrew/opt/postgresql*/bin",  // Homebrew on Apple silicon
	"/usr/local/opt/postgresql*/bin",     // Homebrew on Intel
	"/usr/local/pgsql/bin",               // built from source
	"/usr/libexec/postgresql*",           // Alpine
	"/Applications/Postgres.app/*/*/bin", // Postgres.app
}

// errNone is what a machine without PostgreSQL is told.
var errNone = fmt.Errorf("no PostgreSQL %d or later on this machine: install it (Debian, Ubuntu: `apt-get install postgresql`; "+
	"macOS: `brew install postgresql`), or set FASTHOLD_TEST_POSTGRES to the postgres:// URL of a server where databases may be created", oldest)

// Binaries finds the folder with initdb, postgres and, on most systems, pgbench.
func Binaries() (string, error) { return choose(candidates()) }

// choose takes the first folder whose server is new enough.
func choose(dirs []string) (string, error) {
	tooOld := ""
	for _, dir := range dirs {
		version, err := major(dir)
		if err != nil {
			continue
		}
		if version >= oldest {
			return dir, nil
		}
		tooOld = fmt.Sprintf(" (%s has version %d)", dir, version)
	}
	if tooOld != "" {
		return "", fmt.Errorf("%w%s", errNone, tooOld)
	}
	return "", errNone
}

// candidates are folders worth a look: PATH first, then pg_config, then the
// packages' own with the newest version first.
func candidates() []string {
	var dirs []string
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil { //nolint:noctx // answers at once
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	for _, pattern := range folders {
		found, _ := filepath.Glob(pattern) // the only error is a bad pattern, and these are constants
		slices.Reverse(found)
		dirs = append(dirs, found...)
	}
	return dirs
}

// major asks the server in dir for its major version.
func major(dir string) (int, error) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return 0, err
	}
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output() //nolint:gosec,noctx // a found binary that answers at once
	if err != nil {
		return 0, err
	}
	words := strings.Fields(string(out)) // postgres (PostgreSQL) 15.9 (Debian 15.9-0+deb12u1)
	if len(words) < 3 {
		return 0, errors.New("no version in " + string(out))
	}
	digits := strings.IndexFunc(words[2]+".", func(r rune) bool { return r < '0' || r > '9' }) // 15.9, 18beta2, 19devel
	return strconv.Atoi(words[2][:digits])
}

// owner is who the server runs as.
type owner struct{ uid, gid uint32 }

// serverOwner is nil but for root, as whom PostgreSQL refuses to run.
func serverOwner() *owner {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil {
			return &owner{uid: uint32(uid), gid: uint32(gid)}
		}
	}
	return &owner{uid: 65534, gid: 65534}
}

// tempRoot is the folder for temporary folders, or /tmp where that one is too
// long a path for a socket, or closed to the server's owner.
func tempRoot(own *owner) string {
	root := os.TempDir()
	if len(root) > 60 {
		return "/tmp"
	}
	for dir := root; own != nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm()&0o001 == 0 {
			return "/tmp"
		}
	}
	return root
}
