package web

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// text is what stands in the files that the patterns find, tests and what is generated or
// vendored left out.
func text(t *testing.T, patterns ...string) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, names, pattern)
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") || slices.Contains([]string{"openapi.gen.go", "jsqr.js"}, filepath.Base(name)) {
				continue
			}
			content, err := os.ReadFile(name)
			require.NoError(t, err)
			all.Write(content)
		}
	}
	return all.String()
}

// Every text of the catalogue is asked for by a page or by Go, by its key or, where what
// it is of is put behind, by how that begins.
func TestWordsAreUsed(t *testing.T) {
	keys, begins := map[string]bool{}, []string{}
	for _, named := range regexp.MustCompile(`"(?:[a-z]+=|#)?([a-z_]+\.[a-z0-9_.]*)(["%])`).FindAllStringSubmatch(text(t, "*.go", "../*.go", "templates/*/*.html"), -1) {
		keys[named[1]] = true
		if strings.HasSuffix(named[1], ".") || strings.HasSuffix(named[1], "_") {
			begins = append(begins, named[1])
		}
	}
	begins = append(begins, "limits.says_leader_grant", "limits.says_caseworker_grant", "limits.says_own") // of which there is one for none
	for key := range catalogue {
		require.True(t, keys[key] || slices.ContainsFunc(begins, func(b string) bool { return strings.HasPrefix(key, b) }), "nothing asks for %s", key)
	}
}

// Every class that app.css has a rule for is on a page or is given by a script, and every
// class on a page has a rule or a script that looks for it.
func TestClassesAreUsed(t *testing.T) {
	rule, word := regexp.MustCompile(`\.([a-z][\w-]*)`), regexp.MustCompile(`[A-Za-z][\w-]*`)
	scripts := text(t, "static/*.js")
	given := map[string]bool{}
	for _, name := range word.FindAllString(text(t, "*.go", "../*.go", "../../domain/*.go", "templates/*/*.html")+scripts, -1) {
		given[name] = true
	}
	selectors := regexp.MustCompile(`(?s)/\*.*?\*/|\{[^{}]*\}`).ReplaceAllString(text(t, "static/app.css"), "")
	for _, class := range rule.FindAllStringSubmatch(selectors, -1) {
		require.True(t, given[class[1]], "app.css has a rule for %s, which nothing has", class[1])
	}
	known := map[string]bool{}
	for _, class := range rule.FindAllStringSubmatch(text(t, "static/*.css", "templates/print/*.css"), -1) {
		known[class[1]] = true
	}
	for _, name := range word.FindAllString(scripts, -1) {
		known[name] = true
	}
	pages := regexp.MustCompile(`\{\{.*?\}\}`).ReplaceAllString(text(t, "templates/*/*.html"), " ")
	for _, on := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(pages, -1) {
		for _, class := range word.FindAllString(on[1], -1) {
			require.True(t, known[class], "a page has the class %s, for which there is no rule", class)
		}
	}
}
