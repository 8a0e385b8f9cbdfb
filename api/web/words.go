package web

import (
	"embed"
	"fmt"
	"io/fs"
	"iter"
	"maps"

	"github.com/goccy/go-yaml"
)

// Lang is a language of the pages.
type Lang string

// The languages, the usual one first.
const (
	Danish  Lang = "da"
	English Lang = "en"
)

// Langs are all of them.
var Langs = []Lang{Danish, English}

//go:embed words/*.yaml
var wordFiles embed.FS

// catalogue has every sentence of the pages, key → language → text. Each screen
// has its own file below words/; most keys begin with its name.
var catalogue = mustRead(wordFiles)

// mustRead reads the files; it panics on one that is not as it should be, for
// they are a part of the program.
func mustRead(files fs.FS) map[string]map[Lang]string {
	all := map[string]map[Lang]string{}
	names, err := fs.Glob(files, "words/*.yaml")
	for _, name := range names {
		var text []byte
		if text, err = fs.ReadFile(files, name); err != nil {
			break
		}
		var words map[string]struct {
			DA string `yaml:"da"`
			EN string `yaml:"en"`
		}
		if err = yaml.UnmarshalWithOptions(text, &words, yaml.Strict()); err != nil {
			err = fmt.Errorf("%s: %w", name, err)
			break
		}
		for key, w := range words {
			if all[key] != nil || w.DA == "" || w.EN == "" {
				panic(fmt.Errorf("%s: %s is there twice, or lacks a language", name, key))
			}
			all[key] = map[Lang]string{Danish: w.DA, English: w.EN}
		}
	}
	if err != nil {
		panic(err)
	}
	return all
}

// Words gives every text of the catalogue, in all languages.
func Words() iter.Seq[map[Lang]string] { return maps.Values(catalogue) }

// Has reports whether the catalogue has that key.
func Has(key string) bool { return catalogue[key] != nil }

// Text gives the catalogue's text for a key, with args in the places of its %s. A
// key that is not there panics: it is a mistake in the program.
func Text(lang Lang, key string, args ...any) string {
	text, ok := catalogue[key][lang]
	if !ok {
		panic("web: no words for " + key)
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}
