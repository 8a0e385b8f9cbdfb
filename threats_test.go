package fasthold_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// threats are what docs/threat-model.md must answer, in its order.
var threats = []string{
	"Guessing", "Brute force", "Copies and screenshots", "Replay", "Double spend online", "Insider vouchers to invented or absent citizens", "Edited attendance",
	"Partner cash-out", "Duplicate settlement", "Payments turned aside", "Tampering by a database administrator", "Leaks by logs and URLs", "Shoulder surfing", "Lost letters and phones", "Curious staff", "Stolen terminals",
	"Inference of treatment by a shop", "Denial of service", "Key compromise",
}

// TestThreatModel: every threat is in docs/threat-model.md with what remains and
// with tests that show its countermeasure, and each of those is a test of ours.
func TestThreatModel(t *testing.T) {
	text, err := os.ReadFile("docs/threat-model.md")
	require.NoError(t, err)
	exists := ownTests(t)
	var found []string
	for _, section := range strings.Split(string(text), "\n## ")[1:] {
		heading, body, _ := strings.Cut(section, "\n")
		if !strings.Contains(body, "**Shown by**") {
			continue
		}
		found = append(found, heading)
		before, shown, _ := strings.Cut(body, "**Shown by**: ")
		require.Contains(t, before, "Remains: ", heading)
		names := regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9_]+)`").FindAllStringSubmatch(shown, -1)
		require.NotEmpty(t, names, heading)
		for _, name := range names {
			require.True(t, exists[name[1]], "%s: there is no test %s", heading, name[1])
		}
	}
	require.Equal(t, threats, found)
}

// ownTests are the names of all tests of the repository.
func ownTests(t *testing.T) map[string]bool {
	t.Helper()
	names, declared := map[string]bool{}, regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, name := range declared.FindAllSubmatch(text, -1) {
			names[string(name[1])] = true
		}
		return err
	})
	require.NoError(t, err)
	require.Greater(t, len(names), 400)
	return names
}
