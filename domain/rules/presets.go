package rules

import (
	"embed"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

//go:embed presets/*.yaml
var presets embed.FS

// Presets names the documents that ship with Fasthold, in alphabetical order.
func Presets() []string {
	entries, err := presets.ReadDir("presets")
	if err != nil { // the folder is compiled in
		panic("rules: " + err.Error())
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// Preset gives the YAML of the document with that name.
func Preset(name string) ([]byte, error) {
	b, err := presets.ReadFile("presets/" + name + ".yaml")
	if err != nil {
		return nil, domain.Errorf(domain.NotFound, "preset_unknown",
			"there is no preset %.60q: take one of %s", name, strings.Join(Presets(), ", "))
	}
	return b, nil
}
