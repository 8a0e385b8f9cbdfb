package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// An import beside a running server, whose job takes in what waits, is done
// once and counted once.
func TestImportBesideServer(t *testing.T) {
	eachDatabase(t, func(t *testing.T, e environment) {
		e.must(t, "municipality", "create", "Varde Kommune")
		server := serving(t, e)
		args, file := importing(t, exportFolder)
		require.Contains(t, e.must(t, args...), exportSentence)
		require.Len(t, column(t, file, "line"), 24)
		requireExport(t, e)
		server.cancel()
		require.NoError(t, <-server.ended)
		require.NotContains(t, server.log.String(), `"level":"ERROR"`)
	})
}
