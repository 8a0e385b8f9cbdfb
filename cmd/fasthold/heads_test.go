package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// Heads that a server logged show what was done to the database afterwards.
func TestHeads(t *testing.T) {
	eachDatabase(t, func(t *testing.T, e environment) {
		e.must(t, "municipality", "create", "Varde Kommune")
		server := serving(t, e)
		server.log.wait(t, "head of the logs")
		server.cancel()
		require.NoError(t, <-server.ended)
		kept := filepath.Join(t.TempDir(), "kept.log")
		require.NoError(t, os.WriteFile(kept, []byte(server.log.String()), 0o600))
		require.Len(t, vouchers.ReadHeads(server.log.String()), 1)
		require.Contains(t, e.must(t, "verify", "--heads", kept), "1 head of the logs compared")

		head := vouchers.ReadHeads(server.log.String())[0]
		head.Audit[0]++
		require.NoError(t, os.WriteFile(kept, []byte(head.String()), 0o600))
		out, err := e.execute(t.Context(), "verify", "--heads", kept)
		require.ErrorContains(t, err, "1 difference found")
		require.Contains(t, out, "are not what they were")
		head.Municipality = domain.ID{1}
		require.NoError(t, os.WriteFile(kept, []byte(head.String()), 0o600))
		require.NotContains(t, e.must(t, "verify", "--heads", kept), "compared", "another municipality's")
		require.NoError(t, os.WriteFile(kept, nil, 0o600))
		require.Contains(t, e.fails(t, "verify", "--heads", kept), "no head")
	})
}
