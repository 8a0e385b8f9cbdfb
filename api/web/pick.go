package web

import "fmt"

// pick makes one of the fields by which a page is narrowed, for a template: a word that is
// typed, {{pick "serial" "books.serial" .Serial}}; a day, with "date" behind that, and
// "required" where there must be one; or with a list of options a choice.
func pick(name, label, value string, more ...any) (Field, error) {
	f := Field{Name: name, ID: name, Label: label, Value: value, Type: "text"}
	for _, each := range more {
		switch each := each.(type) {
		case []Option:
			f.Type, f.Options = "select", each
		case string:
			f.Required = f.Required || each == "required"
			if each == "date" {
				f.Type = each
			}
		default:
			return f, fmt.Errorf("pick %s: %v is nothing that it has", name, each)
		}
	}
	return f, nil
}
