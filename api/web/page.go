// Package web makes the pages that people see. It calls no use case: a handler
// gives it what to show.
//
// A screen is templates/pages/<name>.html, which defines "content"; its sentences
// in Danish and English in words/<name>.yaml; and, where a device is needed, an ES
// module in static/. The handler in package api calls showPage, which puts it in
// the frame (templates/layout). What is printed is in templates/print and stands
// by itself.
package web

import (
	"bytes"
	"embed"
	"html/template"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Policy is the Content-Security-Policy of every page in the frame: what comes
// from this server, and nothing inline.
const Policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; manifest-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Page is what the frame shows round a page's own content.
type Page struct {
	Lang     Lang
	Title    string // key of the heading's words
	Heading  string // the heading itself, where it is no fixed words; "": Title's
	Headed   bool   // the page's own content has the heading
	Other    string // the page's address in the other language; "": no link to it
	Script   string // the ES module below /static that the page uses; "": none
	Live     bool   // parts of it change in place (htmx)
	Unsent   bool   // it has a form of staff's that could not be sent
	Plain    bool   // the frame does not name the program, nor lead to the first page
	Wide     bool   // it has tables that need the room
	Manifest string // the address of its web app manifest; "": it is not installed
	Person   string // who is signed in; "": nobody
	Menu     []MenuItem
	Back     *Choice // where one came from; nil: the menu leads there
	Said     string  // key of what was just done; "": nothing
	Data     any     // what the page's own template shows
}

//go:embed templates/layout/*.html templates/pages/*.html
var templateFiles embed.FS

// pages has every page's template in every language: a page is the frame with
// templates/pages/<name>.html as its content. In a template, {{t "key" …}} is a
// text of the catalogue, and {{lang}} the language.
var pages = parsePages()

func parsePages() map[Lang]map[string]*template.Template {
	all := map[Lang]map[string]*template.Template{}
	files, err := templateFiles.ReadDir("templates/pages")
	if err != nil {
		panic(err)
	}
	for _, lang := range Langs {
		words := template.FuncMap{
			"t":     func(key string, args ...any) string { return Text(lang, key, args...) },
			"lang":  func() string { return string(lang) },
			"field": field,
			"pick":  pick,
			"icon":  icon,
		}
		all[lang] = map[string]*template.Template{}
		for _, file := range files {
			frame := template.New("page").Funcs(words)
			for _, part := range withParts(path.Join("templates/pages", file.Name())) {
				template.Must(frame.Parse(inWords(read(part), lang)))
			}
			all[lang][strings.TrimSuffix(file.Name(), ".html")] = frame
		}
	}
	return all
}

// inWords puts the words and icons that are always the same into a template's text: as
// calls they would be half of what a page of many rows costs.
func inWords(text string, lang Lang) string {
	return fixed.ReplaceAllStringFunc(text, func(call string) string {
		named := fixed.FindStringSubmatch(call)
		if named[1] == "icon" {
			return string(icon(named[2]))
		}
		return template.HTMLEscapeString(Text(lang, named[2]))
	})
}

var (
	fixed   = regexp.MustCompile(`\{\{(t|icon) "([^"]+)"\}\}`)
	defined = regexp.MustCompile(`\{\{-?\s*define "([^"]+)"`)
	asked   = regexp.MustCompile(`\{\{-?\s*template "([^"]+)"`)
)

// layouts are the files of the frame and of the parts that pages share, by what they
// define.
var layouts = sync.OnceValue(func() map[string]string {
	files, err := fs.Glob(templateFiles, "templates/layout/*.html")
	if err != nil {
		panic(err)
	}
	of := map[string]string{}
	for _, file := range files {
		for _, part := range defined.FindAllStringSubmatch(read(file), -1) {
			of[part[1]] = file
		}
	}
	return of
})

// withParts gives a page's file and those of the frame and of the parts that it asks
// for, and that these do. Each page keeps parts of its own, in each language: with all
// of them they would take 40 MB.
func withParts(page string) []string {
	files := []string{layouts()["page"], page}
	for i := 0; i < len(files); i++ {
		for _, part := range asked.FindAllStringSubmatch(read(files[i]), -1) {
			if file, shared := layouts()[part[1]]; shared && !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}
	return files
}

func read(file string) string {
	text, err := templateFiles.ReadFile(file)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// icons are the names of those in static/icons.svg.
var icons = iconNames()

func iconNames() (names []string) {
	sprite, ok := Static("icons.svg")
	if !ok {
		panic("web: no icons")
	}
	for _, symbol := range regexp.MustCompile(`<symbol id="([a-z-]+)"`).FindAllSubmatch(sprite.Content, -1) {
		names = append(names, string(symbol[1]))
	}
	return names
}

// Render writes the page called name, which is templates/pages/<name>.html in
// its frame.
func Render(w io.Writer, name string, p Page) error {
	return write(w, pages[p.Lang][name], "page", p)
}

// RenderPart writes the part of the page called name that its template defines
// under that name: what htmx puts in the place of what changed.
func RenderPart(w io.Writer, name, part string, lang Lang, data any) error {
	return write(w, pages[lang][name], part, data)
}

// write writes what a template makes of the data.
func write(w io.Writer, page *template.Template, name string, data any) error {
	var html bytes.Buffer
	if err := page.ExecuteTemplate(&html, name, data); err != nil {
		return err
	}
	_, err := w.Write(keepWhole(html.Bytes()))
	return err
}
