package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"path"
)

//go:embed static
var staticFiles embed.FS

// types of the files below static/, by their ending.
var types = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// Asset is a file that pages use: a style, a script, a picture.
type Asset struct {
	Content []byte
	Type    string // its Content-Type
	ETag    string // changes with the content
}

// Static gives the file below /static; false if there is none. It takes names
// without folders only.
func Static(name string) (Asset, bool) {
	content, err := staticFiles.ReadFile("static/" + path.Base(name))
	kind := types[path.Ext(name)]
	if err != nil || kind == "" || path.Base(name) != name {
		return Asset{}, false
	}
	sum := sha256.Sum256(content)
	return Asset{content, kind, `"` + hex.EncodeToString(sum[:12]) + `"`}, true
}
