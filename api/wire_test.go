package api

import (
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// wire is what goes over the line between a store and its PostgreSQL.
type wire struct {
	trips atomic.Int64 // how often the server was asked and waited for
	rows  atomic.Int64 // that it sent
}

// tapped gives the address of the same database through a wire that counts.
func tapped(t testing.TB, address string) (string, *wire) {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	network, server := "tcp", u.Host
	query := u.Query()
	if dir := query.Get("host"); strings.HasPrefix(dir, "/") {
		network, server = "unix", filepath.Join(dir, ".s.PGSQL.5432")
	}
	dir, err := os.MkdirTemp("", "wire") // a socket's path must be short
	require.NoError(t, err)
	listener, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432")) //nolint:noctx // ends with the test
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, listener.Close())
		require.NoError(t, os.RemoveAll(dir))
	})
	w := &wire{}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			behind, err := net.Dial(network, server) //nolint:noctx // ends with its client
			if err != nil {
				_ = client.Close()
				return
			}
			go func() { _, _ = io.Copy(behind, client); _ = behind.Close() }()
			go func() { w.count(client, behind); _ = client.Close() }()
		}
	}()
	query.Set("host", dir)
	query.Set("sslmode", "disable")
	u.Host, u.RawQuery = "", query.Encode()
	return u.String(), w
}

// count passes on what the server says until it says no more. Each of its messages
// begins with a letter and how long it is.
func (w *wire) count(client io.Writer, server io.Reader) {
	head := make([]byte, 5)
	for {
		if _, err := io.ReadFull(server, head); err != nil {
			return
		}
		switch head[0] {
		case 'Z': // ready for the next query
			w.trips.Add(1)
		case 'D': // a row
			w.rows.Add(1)
		}
		if _, err := client.Write(head); err != nil {
			return
		}
		if _, err := io.CopyN(client, server, int64(binary.BigEndian.Uint32(head[1:]))-4); err != nil {
			return
		}
	}
}

// during gives what was asked, and how many rows were sent, while fn ran.
func (w *wire) during(fn func()) (trips, rows int64) {
	trips, rows = w.trips.Load(), w.rows.Load()
	fn()
	return w.trips.Load() - trips, w.rows.Load() - rows
}
