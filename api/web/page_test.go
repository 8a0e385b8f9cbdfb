package web

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// Every text that a template asks for is there, in both languages and with as
// many places for values; and none is there for nothing. A text that the
// handlers name is found by its screen's prefix.
func TestWords(t *testing.T) {
	asked := map[string]bool{}
	require.NoError(t, fs.WalkDir(templateFiles, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(templateFiles, name)
		require.NoError(t, err)
		for _, key := range regexp.MustCompile(`\bt "([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
			asked[key[1]] = true
			require.True(t, Has(key[1]), "%s asks for %s, which words/ lacks", name, key[1])
		}
		return err
	}))
	require.Greater(t, len(asked), 3)
	for key, text := range catalogue {
		require.Equal(t, strings.Count(text[Danish], "%s"), strings.Count(text[English], "%s"), key)
		require.NotRegexp(t, `%[^s%]`, text[Danish]+text[English], key)
		require.Regexp(t, `^[a-z_]+(\.[a-z0-9_]+)+$`, key)
	}
	for key := range catalogue {
		if name, ok := strings.CutSuffix(key, ".what"); ok {
			require.True(t, Has(name+".do"), "%s says what happened and not what to do", name)
		}
	}
}

// TestWordsAreWhole: no text loses what stands behind a # in it, which YAML takes
// for a comment where the text is not in quotes.
func TestWordsAreWhole(t *testing.T) {
	require.NoError(t, fs.WalkDir(wordFiles, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(wordFiles, name)
		require.NoError(t, err)
		require.NotRegexp(t, `(?m)^ +(da|en): [^"'\n][^\n]* #`, string(text), name)
		return err
	}))
	require.Equal(t, "Det, der står efter # i linket", Text(Danish, "invitation.code"))
}

func TestWordsRefuseMistakes(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"a missing language":  {"words/a.yaml": {Data: []byte("a.b: {da: Hej}")}},
		"an unknown language": {"words/a.yaml": {Data: []byte("a.b: {da: Hej, en: Hi, de: Hallo}")}},
		"twice in a file":     {"words/a.yaml": {Data: []byte("a.b: {da: Hej, en: Hi}\na.b: {da: Hej, en: Hi}")}},
		"twice in two files":  {"words/a.yaml": {Data: []byte("a.b: {da: Hej, en: Hi}")}, "words/b.yaml": {Data: []byte("a.b: {da: Hej, en: Hi}")}},
	} {
		require.Panics(t, func() { mustRead(files) }, name)
	}
	require.Panics(t, func() { Text(Danish, "no.such.key") })
}

// Every page is whole in both languages, and has nothing that the policy stops.
func TestPages(t *testing.T) {
	for _, lang := range Langs {
		var page strings.Builder
		require.NoError(t, Render(&page, "error", Page{Lang: lang, Title: "error.title", Other: "/x?lang=en", Data: Failure{What: "error.404.what", Do: "error.404.do", RequestID: "REQ", Prove: "/prove"}}))
		html := page.String()
		require.Contains(t, html, `<html lang="`+string(lang)+`">`)
		require.Contains(t, html, Text(lang, "error.404.what"))
		require.Contains(t, html, "<code>REQ</code>")
		require.Equal(t, 1, strings.Count(html, "<h1>"))
	}
	require.NoError(t, fs.WalkDir(templateFiles, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			text, _ := fs.ReadFile(templateFiles, name)
			require.NotRegexp(t, `(?i)<style|<[^>]* (style|on[a-z]+)=|javascript:|<script(>| [^>]*>[^<])`, string(text), name)
		}
		return err
	}))
	for _, no := range []string{"'unsafe", "data:", "blob:", "*", "http"} {
		require.NotContains(t, Policy, no)
	}
}

func TestStatic(t *testing.T) {
	css, ok := Static("app.css")
	require.True(t, ok)
	require.Equal(t, "text/css; charset=utf-8", css.Type)
	for name := range assets {
		if strings.HasSuffix(name, ".css") {
			for _, address := range regexp.MustCompile(`url\("?([^")]*)`).FindAllStringSubmatch(string(assets[name].Content), -1) {
				_, ok := Static(strings.TrimPrefix(address[1], "/static/"))
				require.True(t, ok, "%s asks for %s", name, address[1])
			}
		}
	}
	for _, name := range []string{"", ".", "..", "../words.go", "no.css", "sub/app.css", "/app.css"} {
		_, ok := Static(name)
		require.False(t, ok, name)
	}
}
