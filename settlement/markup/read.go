// Package markup reads XML that came from outside: bank statements and invoices.
// It is pure and bounded. A document type or an entity is refused before anything
// is made of it, and size, depth and number of elements have an end, so that a
// hostile file costs no more than its length.
package markup

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/fasthold/fasthold/domain"
)

// What a file may be.
const (
	MaxBytes    = 16 << 20
	maxDepth    = 32
	maxElements = 600_000
	maxNamed    = 64   // attributes of an element
	maxText     = 2000 // letters of an element that is read; of others nothing is kept beyond
)

// Read reads a file whole. Elements of namespaces that known does not know are left
// out with all that is in them: extensions and signatures are not ours to read. The
// root's namespace is for the caller to check. The error, a *domain.Error of kind
// Invalid, names the line and what to do.
func Read(data []byte, known func(space string) bool) (*Element, error) {
	if len(data) > MaxBytes {
		return nil, Unreadable("file_too_big", "the file is %d bytes; at most %d (16 MiB) are read: ask for it in parts", len(data), MaxBytes)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, Unreadable("file_empty", "the file is empty: send the XML file as it was received")
	case bytes.IndexByte(data, 0) >= 0:
		return nil, Unreadable("file_not_text", "the file is UTF-16 or no text: save it as UTF-8")
	}
	r := reader{decoder: xml.NewDecoder(bytes.NewReader(data)), known: known}
	r.decoder.CharsetReader = r.charset
	return r.document()
}

// Unreadable makes the error for a file that cannot be taken. It names the field in
// which files are sent.
func Unreadable(code, format string, args ...any) error {
	err := domain.InvalidField("file", code, format, args...)
	err.Code, err.Message = code, "the file is not taken"
	return err
}

// charset reads the encodings that Danish files have beside UTF-8.
func (r *reader) charset(label string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "utf-8", "us-ascii":
		return in, nil
	case "iso-8859-1", "windows-1252":
		return charmap.Windows1252.NewDecoder().Reader(in), nil
	}
	r.refused = Unreadable("file_not_text", "line %d: the encoding %s is not read: save the file as UTF-8", r.line(), Shown(label))
	return nil, r.refused
}

// reader builds the tree of a file.
type reader struct {
	decoder  *xml.Decoder
	known    func(space string) bool
	root     *Element
	open     []*Element
	elements int
	began    int   // the line where the token at hand begins
	refused  error // why the encoding is not read
}

func (r *reader) document() (*Element, error) {
	for {
		r.began, _ = r.decoder.InputPos()
		token, err := r.decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if r.refused != nil {
			return nil, r.refused
		}
		if err != nil {
			return nil, Unreadable("file_not_xml", "line %d: the file is not well-formed XML (%s): ask for it again, or send it as it was received", r.line(), reason(err))
		}
		if err := r.take(token); err != nil {
			return nil, err
		}
	}
	if r.root == nil {
		return nil, Unreadable("file_not_xml", "the file has no XML element: send the XML file as it was received")
	}
	return r.root, nil
}

func (r *reader) line() int {
	line, _ := r.decoder.InputPos()
	return line
}

// reason is the decoder's, without the line that is said already.
func reason(err error) string {
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return Shown(syntax.Msg)
	}
	return Shown(err.Error())
}

func (r *reader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		return Unreadable("file_not_xml", "line %d: the file declares a document type or entities, which are not read: ask for it without", r.line())
	case xml.StartElement:
		return r.start(t)
	case xml.EndElement:
		r.open = r.open[:len(r.open)-1]
	case xml.CharData:
		if len(r.open) > 0 {
			r.open[len(r.open)-1].add(t)
		} else if len(bytes.TrimSpace(t)) > 0 {
			return Unreadable("file_not_xml", "line %d: there is text outside the root element: send the file as it was received", r.line())
		}
	}
	return nil
}

func (r *reader) start(t xml.StartElement) error {
	r.elements++
	switch {
	case r.elements > maxElements:
		return Unreadable("file_too_big", "line %d: the file has more than %d elements: ask for it in parts", r.line(), maxElements)
	case len(r.open) == maxDepth:
		return Unreadable("file_not_xml", "line %d: elements nest deeper than %d: no statement or invoice does", r.line(), maxDepth)
	case len(t.Attr) > maxNamed:
		return Unreadable("file_not_xml", "line %d: %s has more than %d attributes: no element of a statement or invoice has", r.line(), Shown(t.Name.Local), maxNamed)
	case len(r.open) == 0 && r.root != nil:
		return Unreadable("file_not_xml", "line %d: there is a second root element %s: send one file at a time", r.line(), Shown(t.Name.Local))
	}
	e := &Element{Name: t.Name.Local, Space: t.Name.Space, Line: r.began}
	for i, a := range t.Attr {
		for _, b := range t.Attr[:i] {
			if a.Name == b.Name {
				return Unreadable("file_not_xml", "line %d: %s has the attribute %s twice: ask for the file again", e.Line, Shown(e.Name), Shown(a.Name.Local))
			}
		}
		if a.Name.Space == "" {
			e.attributes = append(e.attributes, a)
		}
	}
	if len(r.open) == 0 {
		r.root = e
	} else if parent := r.open[len(r.open)-1]; r.known(e.Space) {
		parent.children = append(parent.children, e)
	} // else it is read to its end, and hangs nowhere
	r.open = append(r.open, e)
	return nil
}

// add takes text, no further than is read.
func (e *Element) add(text []byte) {
	const most = maxText * utf8.UTFMax
	if e.long = e.long || len(e.text)+len(text) > most; e.long {
		e.text = nil
		return
	}
	e.text = append(e.text, text...)
}

// Shown is how an error repeats what a file says: on one line, and not at length.
func Shown(s string) string {
	const most = 60
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " ")
	if letters := []rune(s); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return s
}
