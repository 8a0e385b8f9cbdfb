package fasthold_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every package whose tests open a database hands them to leaks.Main, which
// searches all that they wrote.
func TestArchitectureSearchesForLeaks(t *testing.T) {
	files, err := sources(".")
	require.NoError(t, err)
	opens, searched := map[string]bool{}, map[string]bool{}
	for _, s := range files {
		if s.test() && !within(s.folder(), "store/storetest") {
			opens[s.folder()] = opens[s.folder()] || slices.Contains(s.imports, module+"/store/storetest")
			searched[s.folder()] = searched[s.folder()] || slices.Contains(s.imports, module+"/store/storetest/leaks")
		}
	}
	require.Greater(t, len(opens), 10)
	for folder, does := range opens {
		require.True(t, !does || searched[folder], "%s: add a leaks_test.go, like those of the neighbours", folder)
	}
}
