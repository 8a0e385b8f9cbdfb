package web

import (
	"fmt"
	"html/template"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// Input is a form as it is shown: what was typed, and what was wrong with it. The
// zero Input is an empty form.
type Input struct {
	Values  url.Values
	Key     string   // the Idempotency-Key that it is sent with; "": it needs none
	Problem string   // what is wrong with it as a whole; "" when nothing is
	Loose   []string // what is wrong with what is no field of the form
	Prove   string   // where to prove again who one is; "": it is about something else

	wrong map[string]string // field → what is wrong with it
	stale bool              // somebody changed what it is of, after it was read
	now   map[string]string // field → what it is now, where that is not what was typed
}

// Stale reports whether somebody changed what the form is of, after it was read.
func (in Input) Stale() bool { return in.stale }

// At is the form of a thing that has this version now. What was sent is of the version
// that was read, and stays so, unless it was refused because somebody changed the thing:
// the next try is of what the page shows then.
func (in Input) At(version int64) Input {
	if !in.Values.Has("version") || in.stale {
		in.Values = maps.Clone(in.Values)
		if in.Values == nil {
			in.Values = url.Values{}
		}
		in.Values.Set("version", strconv.FormatInt(version, 10))
	}
	return in
}

// Or is the form At a version with what things are, where nothing was typed. Pairs are
// names and values. Where somebody changed them after they were read, each field says
// what it is now beside what was typed.
func (in Input) Or(version int64, pairs ...string) Input {
	typed := in.Values != nil
	in = in.At(version)
	in.now = map[string]string{}
	for pair := range slices.Chunk(pairs, 2) {
		switch name, is := pair[0], pair[1]; {
		case !typed:
			in.Values.Set(name, is)
		case in.stale && in.Values.Get(name) != is:
			in.now[name] = is
		}
	}
	return in
}

// Refused is the form as it is shown again because of err: what was typed is
// kept, and what is wrong stands beside its field. Names gives the form's name of
// a field that the use case calls something else.
func (in Input) Refused(lang Lang, err *domain.Error, names map[string]string) Input {
	in.wrong, in.stale = map[string]string{}, err.Kind == domain.Stale
	in.Problem = Fault(lang, err.Code, err.Message)
	for _, f := range err.Fields {
		name := in.NameOf(f.Field, names)
		says := FieldFault(lang, f)
		if in.Values.Has(name) && name != "version" { // which nobody sees
			in.wrong[name] = says
			continue
		}
		in.Loose = append(in.Loose, says)
	}
	if key := "fault.field." + err.Code; len(err.Fields) == 0 && lang == Danish && Has(key) { // the English sentence says it
		in.Loose = append(in.Loose, Text(lang, key))
	}
	return in
}

// NameOf gives what the form calls a field of the use case.
func (in Input) NameOf(field string, names map[string]string) string {
	if other, ok := names[field]; ok && !in.Values.Has(field) {
		return other
	}
	return field
}

// For is the form as one of several on a page shows it: what was sent when it was
// sent to do one of these things, and else empty, with the key.
func (in Input) For(do ...string) Input {
	if slices.Contains(do, in.Values.Get("do")) {
		return in
	}
	return Input{Key: in.Key}
}

// general are the words of which the use case's own sentence says more.
var general = []string{"fault.wrong_state", "fault.field.invalid", "fault.field.out_of_range"}

// Fault gives the words for an error code of docs/api.md, or else the sentence of
// the use case, which is in English.
func Fault(lang Lang, code, message string) string {
	return faultWords(lang, "fault."+code, "fault.other", message)
}

// FieldFault gives the words for what is wrong with a field: those for this field,
// which say how it is written, or else those for any; in Danish those that came with
// it, where there are some.
func FieldFault(lang Lang, f domain.FieldError) string {
	if lang == Danish && f.Danish != "" {
		return capital(f.Danish) + "."
	}
	key := "fault.field." + f.Code
	if own := key + "." + f.Field[strings.LastIndex(f.Field, ".")+1:]; Has(own) {
		key = own
	}
	return faultWords(lang, key, "fault.field.other", f.Message)
}

func faultWords(lang Lang, key, other, message string) string {
	switch {
	case lang == English && message != "" && (!Has(key) || slices.Contains(general, key)):
		return capital(message) + "."
	case Has(key):
		return Text(lang, key)
	}
	return Text(lang, other)
}

// capital begins a sentence, whose first letter is a plain one.
func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// Option is one choice of a field.
type Option struct{ Value, Text string }

// Field is one field of a form.
type Field struct {
	Name, ID, Label, Hint, Wrong, Value string
	Changed                             bool   // somebody changed it meanwhile
	Now                                 string // to this
	Type                                string // of the input; textarea; or select
	Mode, Autocomplete, Most            string
	Required                            bool
	Options                             []Option
}

// Described gives the IDs of what explains the field.
func (f Field) Described() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Changed {
		ids = append(ids, f.ID+"-now")
	}
	if f.Wrong != "" {
		ids = append(ids, f.ID+"-wrong")
	}
	return strings.Join(ids, " ")
}

// field makes a field for a template: {{field .Form "reason" "block.reason"
// "type=textarea" "most=200" "optional"}}. A list of options makes it a select.
func field(in Input, name, label string, more ...any) (Field, error) {
	f := Field{Name: name, ID: name, Label: label, Type: "text", Autocomplete: "off", Required: true, Value: in.Values.Get(name), Wrong: in.wrong[name]}
	f.Now, f.Changed = in.now[name]
	for _, each := range more {
		if options, ok := each.([]Option); ok {
			f.Type, f.Options = "select", options
			continue
		}
		what, value, _ := strings.Cut(fmt.Sprint(each), "=")
		switch what {
		case "type":
			f.Type = value
		case "mode":
			f.Mode = value
		case "autocomplete":
			f.Autocomplete = value
		case "most":
			f.Most = value
		case "hint":
			f.Hint = value
		case "id":
			f.ID = value
		case "value":
			if _, typed := in.Values[name]; !typed {
				f.Value = value
			}
		case "optional":
			f.Required = false
		default:
			return f, fmt.Errorf("field %s: %q is nothing that a field has", name, what)
		}
	}
	for _, option := range f.Options {
		if f.Changed && option.Value == f.Now {
			f.Now = option.Text
		}
	}
	return f, nil
}

// icon draws one of the icons of static/icons.svg beside text that says the same.
func icon(name string) template.HTML {
	if !slices.Contains(icons, name) {
		panic("web: no icon called " + name)
	}
	return template.HTML(`<svg class="icon-svg" aria-hidden="true" focusable="false"><use href="/static/icons.svg#` + name + `"></use></svg>`) //nolint:gosec // a name of ours
}
