package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"path"
	"sync"
)

//go:embed static
var staticFiles embed.FS

// types of the files below static/, by their ending.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".png":   "image/png",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

// Asset is a file that pages use: a style, a script, a picture.
type Asset struct {
	Content []byte
	Zipped  func() []byte // the same by gzip; nil where that saves nothing
	Type    string        // its Content-Type
	ETag    string        // changes with the content
}

// assets are all files below static/ that pages can use, by name.
var assets = readAssets()

func readAssets() map[string]Asset {
	all := map[string]Asset{}
	files, err := staticFiles.ReadDir("static")
	if err != nil {
		panic(err)
	}
	for _, file := range files {
		content, err := staticFiles.ReadFile("static/" + file.Name())
		if err != nil {
			panic(err)
		}
		if kind := types[path.Ext(file.Name())]; kind != "" {
			sum := sha256.Sum256(content)
			all[file.Name()] = Asset{content, sync.OnceValue(func() []byte { return zipped(content) }), kind, `"` + hex.EncodeToString(sum[:12]) + `"`}
		}
	}
	return all
}

// zipped compresses a file; nil where that does not make it smaller.
func zipped(content []byte) []byte {
	var small bytes.Buffer
	w, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a buffer takes everything
	}
	if small.Len() >= len(content) {
		return nil
	}
	return small.Bytes()
}

// quick are compressors of pages, which are made anew for each reader: they are kept,
// for one is a megabyte to make.
var quick = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(io.Discard, 5)
	if err != nil {
		panic(err) // there is such a level
	}
	return w
}}

// ZipPage compresses a page.
func ZipPage(page []byte) []byte {
	var small bytes.Buffer
	small.Grow(len(page) / 4)
	w := quick.Get().(*gzip.Writer)
	defer quick.Put(w)
	w.Reset(&small)
	_, err := w.Write(page)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return small.Bytes()
}

// Static gives the file below /static; false if there is none. It takes names
// without folders only.
func Static(name string) (Asset, bool) {
	a, ok := assets[name]
	return a, ok
}
