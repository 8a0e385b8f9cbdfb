package rules

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// printWidth is how long a line of YAML gets before it is broken.
const printWidth = 80

// YAML writes the document for people to read and change; Parse gives it back.
// What fits on a line stands on one.
func (d Document) YAML() []byte {
	tree := inOrder(json.NewDecoder(bytes.NewReader(d.JSON())))
	var w strings.Builder
	for _, f := range tree.fields {
		w.WriteString(f.key + ":")
		f.value.print(&w, 0, len(f.key)+1)
	}
	return []byte(w.String())
}

// printed is a value of the document as its JSON has it, its fields in their order.
type printed struct {
	scalar string    // as YAML writes it; "" of a mapping and of a list
	fields []pair    // of a mapping
	items  []printed // of a list
	list   bool
}

// pair is a field of a mapping.
type pair struct {
	key   string
	value printed
}

// inOrder reads one value of the document's own JSON, which cannot be wrong.
func inOrder(d *json.Decoder) printed {
	d.UseNumber()
	token, err := d.Token()
	if err != nil {
		panic("rules: " + err.Error())
	}
	n := printed{list: token == json.Delim('[')}
	switch token {
	case json.Delim('['):
		for d.More() {
			n.items = append(n.items, inOrder(d))
		}
	case json.Delim('{'):
		for d.More() {
			key, _ := d.Token() // an error comes again with the value
			n.fields = append(n.fields, pair{fmt.Sprint(key), inOrder(d)})
		}
	default:
		n.scalar = scalar(token)
		return n
	}
	if _, err := d.Token(); err != nil { // the closing bracket
		panic("rules: " + err.Error())
	}
	return n
}

// bare are the strings that mean themselves in YAML without quotes.
var bare = regexp.MustCompile(`^[\pL_][\pL0-9_/-]*( [\pL0-9_/-]+)*$`)

// other are words that mean something else there.
var other = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}

func scalar(token json.Token) string {
	text, ok := token.(string)
	if ok && bare.MatchString(text) && !slices.Contains(other, strings.ToLower(text)) {
		return text
	}
	var quoted strings.Builder
	e := json.NewEncoder(&quoted)
	e.SetEscapeHTML(false)
	if err := e.Encode(token); err != nil {
		panic("rules: " + err.Error())
	}
	return strings.TrimSpace(quoted.String())
}

// line writes a value on one line.
func (n printed) line() string {
	var parts []string
	for _, f := range n.fields {
		parts = append(parts, f.key+": "+f.value.line())
	}
	for _, item := range n.items {
		parts = append(parts, item.line())
	}
	switch {
	case n.scalar != "":
		return n.scalar
	case n.list:
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// print writes a value after its key, which has come so far on its line.
func (n printed) print(w *strings.Builder, indent, column int) {
	if line := n.line(); len(n.fields)+len(n.items) == 0 || column+1+len(line) <= printWidth && !n.listOfMappings() {
		w.WriteString(" " + line + "\n")
		return
	}
	w.WriteString("\n")
	indent += 2
	for _, item := range n.items {
		item.printItem(w, indent)
	}
	n.printFields(w, indent)
}

// listOfMappings reports whether each item deserves a line of its own.
func (n printed) listOfMappings() bool {
	return n.list && len(n.items) > 0 && len(n.items[0].fields) > 0
}

func (n printed) printFields(w *strings.Builder, indent int) {
	for _, f := range n.fields {
		w.WriteString(strings.Repeat(" ", indent) + f.key + ":")
		f.value.print(w, indent, indent+len(f.key)+1)
	}
}

// printItem writes one item of a list, each field of a long one on its own line.
func (n printed) printItem(w *strings.Builder, indent int) {
	if line := n.line(); len(n.fields) == 0 || indent+2+len(line) <= printWidth {
		w.WriteString(strings.Repeat(" ", indent) + "- " + line + "\n")
		return
	}
	var fields strings.Builder
	n.printFields(&fields, indent+2)
	w.WriteString(strings.Repeat(" ", indent) + "- " + strings.TrimLeft(fields.String(), " "))
}
