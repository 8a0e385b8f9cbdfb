// Package cluster starts a private, throwaway PostgreSQL from the machine's own
// binaries: for tests, for benchmarks, and for nothing that must be kept.
//
// It listens on a socket in a folder that only its owner can enter, and it
// cannot be left behind: a small shell holds one end of a pipe whose other end
// is this process, and when this process is gone, for whatever reason, the
// shell stops the server and removes the folder. Unix only.
package cluster

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"
)

// The shell that owns the server; see watch.sh.
//
//go:embed watch.sh
var watch string

// startLimit is ample for initdb on a slow machine; it usually takes 2 s.
const startLimit = 2 * time.Minute

// Options of a cluster; the zero value is right for tests.
type Options struct {
	// Durable keeps fsync and synchronous commit on, as production has them.
	// Without it a crash of the machine loses the data, which tests don't mind.
	Durable bool
	// Settings are further lines of postgresql.conf and win over the defaults.
	Settings map[string]string
}

// Cluster is a running server. It stops when Stop is called or the process
// ends; keep the value for as long as the server is needed.
type Cluster struct {
	dir  string
	pipe *os.File      // closing it is what tells the watching shell to stop
	done chan struct{} // closed when server and folder are gone
}

// Start makes a cluster and waits until it accepts connections.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	bin, err := Binaries()
	if err != nil {
		return nil, err
	}
	own := serverOwner()
	dir, err := os.MkdirTemp(tempRoot(own), "fasthold-pg-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	c, log, err := launch(bin, dir, own, o)
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", cleanUp(dir, err))
	}
	defer log.Close()
	if err := c.await(ctx); err != nil {
		_ = c.Stop()
		return nil, fmt.Errorf("start PostgreSQL from %s: %w\n%s", bin, err, contents(log))
	}
	return c, nil
}

// URL names the cluster's maintenance database, as its superuser.
func (c *Cluster) URL() string {
	u := url.URL{
		Scheme: "postgres", User: url.User("postgres"), Path: "/postgres",
		RawQuery: url.Values{"host": {c.dir}}.Encode(),
	}
	return u.String()
}

// Stop ends the server at once, open connections or not, and returns when the
// server and its folder are gone. It may be called again.
func (c *Cluster) Stop() error {
	_ = c.pipe.Close() // a second Close has nothing left to do
	<-c.done
	if _, err := os.Stat(c.dir); !os.IsNotExist(err) {
		return fmt.Errorf("stop PostgreSQL: its folder %s is still there", c.dir)
	}
	return nil
}

// launch runs the watching shell, which runs initdb and the server. The log is
// returned open, since the shell removes it with the folder when a start fails.
func launch(bin, dir string, own *owner, o Options) (*Cluster, *os.File, error) {
	log, err := os.OpenFile(filepath.Join(dir, "log"), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, err
	}
	stdin, pipe, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	defer stdin.Close()

	args := append([]string{"-c", watch, "watch", bin, dir}, o.arguments(dir)...)
	cmd := exec.Command("/bin/sh", args...) //nolint:gosec,noctx // our own script; it must outlive any context, to clean up
	cmd.Dir, cmd.Env = dir, []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C is for this process, not for the shell
	if own != nil {
		err = os.Chown(dir, int(own.uid), int(own.gid))
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: own.uid, Gid: own.gid}
	}
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, nil, errors.Join(err, pipe.Close(), log.Close())
	}
	c := &Cluster{dir: dir, pipe: pipe, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // how the shell ended says nothing: await and Stop look at what it left
		close(c.done)
	}()
	return c, log, nil
}

// await returns when the server says that it is ready, as pg_ctl does it.
func (c *Cluster) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		state, _ := os.ReadFile(filepath.Join(c.dir, "data", "postmaster.pid")) // absent until the server starts
		if strings.Contains(string(state), "ready") {
			return nil
		}
		select {
		case <-c.done:
			return fmt.Errorf("it ended during the start")
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// arguments are the server's settings as its command line has them.
func (o Options) arguments(dir string) []string {
	settings := map[string]string{
		"listen_addresses":        "",
		"unix_socket_directories": dir,
		"max_connections":         "300",
		"timezone":                "Europe/Copenhagen", // as a site's own server may be: SQL that relies on UTC is found out
	}
	if !o.Durable {
		for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
			settings[name] = "off"
		}
	}
	for name, value := range o.Settings {
		settings[name] = value
	}
	args := make([]string, 0, 2*len(settings))
	for name, value := range settings {
		args = append(args, "-c"+name+"="+value)
	}
	sort.Strings(args)
	return args
}

// contents reads what the server logged so far, also when the file was removed.
func contents(log *os.File) string {
	text := make([]byte, 4096)
	n, _ := log.ReadAt(text, 0) // a short read is the rule: it ends at the end of the file
	return strings.TrimSpace(string(text[:n]))
}

// cleanUp removes the folder of a start that failed early and passes err on.
func cleanUp(dir string, err error) error {
	if left := os.RemoveAll(dir); left != nil {
		return fmt.Errorf("%w; and its folder stays: %w", err, left)
	}
	return err
}
