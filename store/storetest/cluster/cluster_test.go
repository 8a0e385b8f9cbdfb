package cluster

import (
	"bufio"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// asVictim makes the test binary start a cluster, print its URL and wait to be killed.
const asVictim = "FASTHOLD_TEST_CLUSTER_VICTIM"

func TestMain(m *testing.M) {
	if os.Getenv(asVictim) == "" {
		os.Exit(m.Run())
	}
	c, err := Start(context.Background(), Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(c.URL())
	select {}
}

func TestStartAndStop(t *testing.T) {
	c, err := Start(t.Context(), Options{Settings: map[string]string{"max_connections": "7"}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Stop(), "stopping twice is harmless") })

	u, err := url.Parse(c.URL())
	require.NoError(t, err)
	socket := filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432")
	require.FileExists(t, filepath.Join(c.dir, "data", "PG_VERSION"))
	info, err := os.Stat(socket)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeSocket)

	folder, err := os.Stat(c.dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), folder.Mode().Perm(), "trust authentication rests on nobody else getting in")

	require.NoError(t, c.Stop())
	require.NoDirExists(t, c.dir)
}

func TestStartSaysWhatTheServerSaid(t *testing.T) {
	_, err := Start(t.Context(), Options{Settings: map[string]string{"no_such_setting": "1"}})
	require.ErrorContains(t, err, "no_such_setting")
}

// A process that is killed leaves neither a server nor a folder behind.
func TestServerDiesWithItsProcess(t *testing.T) {
	victim := exec.CommandContext(t.Context(), os.Args[0])
	victim.Env = append(os.Environ(), asVictim+"=1")
	out, err := victim.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, victim.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	u, err := url.Parse(strings.TrimSpace(line))
	require.NoError(t, err)
	dir := u.Query().Get("host")
	require.DirExists(t, dir)

	require.NoError(t, victim.Process.Kill())
	require.Error(t, victim.Wait(), "killed")
	require.Eventually(t, func() bool {
		_, err := os.Stat(dir)
		return os.IsNotExist(err)
	}, 20*time.Second, 20*time.Millisecond, "%s is still there", dir)
}

func TestChoose(t *testing.T) {
	fake := func(t *testing.T, says string) string {
		dir := t.TempDir()
		script := "#!/bin/sh\necho '" + says + "'\n"
		for _, name := range []string{"initdb", "postgres"} {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755))
		}
		return dir
	}
	old, good := fake(t, "postgres (PostgreSQL) 14.2"), fake(t, "postgres (PostgreSQL) 15.9 (Debian 15.9-0+deb12u1)")
	beta, broken := fake(t, "postgres (PostgreSQL) 18beta2"), fake(t, "?")

	for name, c := range map[string]struct {
		dirs []string
		want string
	}{
		"new enough":   {[]string{t.TempDir(), broken, old, good}, good},
		"beta":         {[]string{beta, good}, beta},
		"first wins":   {[]string{good, beta}, good},
		"only old":     {[]string{old}, ""},
		"none":         {nil, ""},
		"not a server": {[]string{broken}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := choose(c.dirs)
			require.Equal(t, c.want, got)
			if c.want == "" {
				require.ErrorIs(t, err, errNone)
				require.ErrorContains(t, err, "apt-get install postgresql")
				return
			}
			require.NoError(t, err)
		})
	}
	_, err := choose([]string{old})
	require.ErrorContains(t, err, "has version 14")
}
