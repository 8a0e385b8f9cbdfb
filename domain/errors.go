package domain

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Kind says what went wrong in terms a caller can act on. api/errors.go maps
// each kind to one HTTP status.
type Kind string

// The kinds of error a use case can give.
const (
	Invalid         Kind = "invalid"         // the input breaks a rule; Fields names where
	Unauthenticated Kind = "unauthenticated" // nobody, or a token that is unknown, revoked or expired
	Forbidden       Kind = "forbidden"       // known, but not allowed
	NotFound        Kind = "not_found"       // no such thing in the caller's reach
	Conflict        Kind = "conflict"        // the thing is in a state that does not allow it
	Stale           Kind = "stale"           // If-Match names an older version
	TooMany         Kind = "too_many"        // a limit on attempts is reached
	Unavailable     Kind = "unavailable"     // try again: the database is away
)

// Error is what every use case returns when the caller can do something about
// it. Any other error is a fault of ours and says nothing to the outside.
type Error struct {
	Kind    Kind
	Code    string // stable, machine-readable: "already_redeemed"
	Message string // one sentence that says what to do
	Fields  []FieldError
	Limit   *Limit // what did not fit; nil unless that is why
}

// FieldError names one field of the input, by its path in the request or the
// document ("caps[0].count"), and says what it must be.
type FieldError struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Danish  string `json:"-"`              // Message in Danish, for the pages; "": there is none
	Line    int    `json:"line,omitempty"` // of the document that was sent, from 1; 0: it is about no document
}

func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Message
	}
	s := e.Message
	for _, f := range e.Fields {
		s += fmt.Sprintf("; %s: %s", f.Field, f.Message)
	}
	return s
}

// Errorf makes an Error with a code and a formatted sentence.
func Errorf(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

// InvalidField makes the error for one bad field.
func InvalidField(field, code, format string, args ...any) *Error {
	return (&Fields{}).Add(field, code, format, args...).err()
}

// KindOf gives the kind of err, or "" when it is no *Error.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// CodeOf gives the code of err, or "" when it is no *Error.
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// FieldsOf gives the fields of the input that err names.
func FieldsOf(err error) []FieldError {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Fields
	}
	return nil
}

// Fields collects what is wrong with an input, so that one answer names all.
type Fields struct{ list []FieldError }

// Add notes one bad field.
func (f *Fields) Add(field, code, format string, args ...any) *Fields {
	f.list = append(f.list, FieldError{Field: field, Code: code, Message: fmt.Sprintf(format, args...)})
	return f
}

// Put notes a bad field that somebody else has described.
func (f *Fields) Put(bad FieldError) { f.list = append(f.list, bad) }

// Check notes the field unless ok.
func (f *Fields) Check(ok bool, field, code, format string, args ...any) {
	if !ok {
		f.Add(field, code, format, args...)
	}
}

// Clean trims a text and checks it: wanted unless optional, at most limit
// letters, no control characters.
func (f *Fields) Clean(field, text string, limit int, optional bool) string {
	text = strings.TrimSpace(text)
	f.Check(optional || text != "", field, "required", "must not be empty")
	f.Check(utf8.RuneCountInString(text) <= limit, field, "too_long", "must be at most %d letters", limit)
	f.Check(utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }), field, "control_character",
		"must be one line of plain text")
	return text
}

// Merge notes what err says of the input's fields, so that one answer names them
// all. Any other error is given back.
func (f *Fields) Merge(err error) error {
	fields := FieldsOf(err)
	f.list = append(f.list, fields...)
	if len(fields) > 0 {
		return nil
	}
	return err
}

// Err is nil when nothing was noted.
func (f *Fields) Err() error {
	if len(f.list) == 0 {
		return nil
	}
	return f.err()
}

func (f *Fields) err() *Error {
	return &Error{Kind: Invalid, Code: "validation_failed", Message: "the input is not valid", Fields: f.list}
}
