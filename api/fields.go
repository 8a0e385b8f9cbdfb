package api

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/fasthold/fasthold/domain"
)

// asRequest is how values are checked against openapi.yaml: all that is wrong
// is named at once, and dates must exist.
var asRequest = []openapi3.SchemaValidationOption{
	openapi3.VisitAsRequest(), openapi3.MultiErrors(), openapi3.DisableSchemaErrorDetails(),
	openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
		"date":      openapi3.NewCallbackValidator(checkDate),
		"date-time": openapi3.NewCallbackValidator(checkInstant),
		"id":        openapi3.NewCallbackValidator(checkID),
	}),
}

// The years in which anything here can happen; birthdays too.
const firstYear, lastYear = 1880, 2199

var errYear = fmt.Errorf("a year from %d to %d", firstYear, lastYear)

func checkDate(s string) error {
	d, err := domain.ParseDate(s)
	if err == nil && (d.Year < firstYear || d.Year > lastYear) {
		err = errYear
	}
	return err
}

// rfc3339 is what time.Parse is too kind for (go.dev/issue/54580): an hour of one
// digit, a comma, an offset of a day.
var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

var errRFC3339 = errors.New("not RFC 3339")

func checkInstant(s string) error {
	if !rfc3339.MatchString(s) {
		return errRFC3339
	}
	t, err := time.Parse(time.RFC3339, s)
	if year := t.UTC().Year(); err == nil && (year < firstYear || year > lastYear) {
		err = errYear
	}
	return err
}

var errZeroID = errors.New("an id of zeroes")

// checkID refuses what parse refuses and a pattern cannot say.
func checkID(s string) error {
	if _, digits, _ := strings.Cut(s, "_"); digits != "" && strings.Trim(digits, "0") == "" {
		return errZeroID
	}
	return nil
}

// check names what is wrong with a value by its path in it. Under is the path of
// the value itself: a parameter's name, or "" for the body.
func check(schema *openapi3.Schema, v any, under string) []domain.FieldError {
	return fieldErrors(schema.VisitJSON(v, asRequest...), under)
}

func fieldErrors(err error, under string) (list []domain.FieldError) {
	switch e := err.(type) { //nolint:errorlint // the validator's errors come as they are, and Unwrap leads to causes that say less
	case nil:
		return nil
	case openapi3.MultiError:
		for _, one := range e {
			list = append(list, fieldErrors(one, under)...)
		}
		return list
	case *openapi3.SchemaError:
		return []domain.FieldError{explain(e, under)}
	}
	return []domain.FieldError{{Field: named(under), Code: "invalid", Message: "is not what openapi.yaml says"}}
}

// explain says in our words what the value must be. It never repeats the value,
// which may be a secret.
func explain(e *openapi3.SchemaError, under string) domain.FieldError {
	path := under
	for _, step := range e.JSONPointer() {
		if _, err := strconv.Atoi(step); err == nil {
			path += "[" + step + "]"
		} else {
			path = inside(path, step)
		}
	}
	s := e.Schema
	f := domain.FieldError{Field: named(path), Code: "invalid"}
	switch e.SchemaField {
	case "allOf": // a schema of one part, which says what is wrong
		if one := (*openapi3.SchemaError)(nil); errors.As(e.Origin, &one) {
			return explain(one, under) // whose path begins at the body, too
		}
	case "required":
		f.Code, f.Message = "required", "must be there"
	case "properties":
		var key string
		if _, err := fmt.Sscanf(e.Reason, "property %q is unsupported", &key); err == nil {
			f.Field = inside(path, key)
		}
		f.Code, f.Message = "unknown_field", "is not known here: leave it out"
	case "type", "nullable":
		f.Code, f.Message = "wrong_type", "must be of type "+strings.Join(s.Type.Slice(), " or ")
	case "enum":
		f.Code, f.Message = "unknown", "must be one of "+words(s.Enum)
	case "pattern":
		f.Message = pattern(s.Pattern)
	case "format":
		f.Message = "must be " + formats[s.Format]
		if errors.Is(e.Origin, errYear) {
			f.Code, f.Message = "out_of_range", "must be in "+errYear.Error()
		}
	default:
		f.Code, f.Message = limits(e)
	}
	return f
}

// formats says what a value of each format looks like.
var formats = map[string]string{
	"date":      "a date that exists, like 2026-11-21",
	"date-time": "an instant, like 2026-11-21T09:00:00Z",
	"id":        "the id of something: no id is all zeroes",
	"int32":     "a whole number of at most 9 digits",
	"int64":     "a whole number of at most 18 digits",
}

// patterns says in words what a text has to look like, where that is not one of
// the marks of an id.
var patterns = map[string]string{
	`^[^\u0000-\u0020\u007F][^\u0000-\u001F\u007F]*$`: "must be one line of text that does not begin with a space",
	`^[a-z0-9]+([_-][a-z0-9]+)*$`:                     "must be small letters and digits, with _ or - between them",
	`^[!-~]+$`:                                        "must be letters of the English alphabet, digits and signs, without spaces",
	`^[0-9]+$`:                                        "must be digits only",
	`^[0-9]{6}[ -]?[0-9]{4}$`:                         "must be a CPR number: 6 digits of the date of birth and 4 more, with - between them or not",
	`^([0-9]{6}[ -]?[0-9]{4})?$`:                      "must be a CPR number: 6 digits of the date of birth and 4 more, with - between them or not",
	`^([0-9]{10})?$`:                                  "must be a P number: 10 digits",
	`^[0-9]{10}$`:                                     "must be a P number: 10 digits",
	`^([0-9A-Za-z]+([ ./-][0-9A-Za-z]+)*)?$`:          "must be digits and letters, with one point, dash, slash or space between groups, like 5.38.45.1.001",
	`^[0-9]{4}$`:                                      "must be 4 digits",
	`^[0-9]{1,10}$`:                                   "must be 1 to 10 digits",
	`^[A-Za-z]{2}[0-9A-Za-z ]+$`:                      "must be an IBAN: two letters for the country, then digits and letters, like DK50 0040 0440 1162 43",
	`^[0-9]{8}$`:                                      "must be a CVR number: 8 digits",
	`^[0-9+(). -]+$`:                                  "must be a telephone number: digits and spaces, with + ( ) . and - among them",
	`^[0-9+(). -]*$`:                                  "must be a telephone number: digits and spaces, with + ( ) . and - among them",
	`^[a-z0-9][a-z0-9-]*$`:                            "must be small letters, digits and -, and not begin with -",
	`^[A-Z]{3}$`:                                      "must be three capital letters, like DKK",
}

// pattern says what a text that does not match it has to look like.
func pattern(expression string) string {
	if said, ok := patterns[expression]; ok {
		return said
	}
	return "must match " + expression
}

// limits explains what is too long, too short, too many or too few.
func limits(e *openapi3.SchemaError) (code, message string) {
	s := e.Schema
	switch e.SchemaField {
	case "minLength":
		if s.MinLength == 1 {
			return "too_short", "must not be empty"
		}
		return "too_short", fmt.Sprintf("must be at least %d letters", s.MinLength)
	case "maxLength":
		return "too_long", fmt.Sprintf("must be at most %d letters", *s.MaxLength)
	case "minimum":
		return "out_of_range", fmt.Sprintf("must be at least %.0f", *s.Min)
	case "maximum":
		return "out_of_range", fmt.Sprintf("must be at most %.0f", *s.Max)
	case "minItems":
		return "too_few", fmt.Sprintf("must have at least %d item(s)", s.MinItems)
	case "maxItems":
		return "too_many", fmt.Sprintf("must have at most %d items", *s.MaxItems)
	case "uniqueItems":
		return "duplicate", "must not have the same item twice"
	case "minProperties":
		return "too_few", fmt.Sprintf("must have at least %d field(s)", s.MinProps)
	case "maxProperties":
		return "too_many", fmt.Sprintf("must have at most %d field(s)", *s.MaxProps)
	default:
		return "invalid", "is not what openapi.yaml says"
	}
}

func words(enum []any) string {
	list := make([]string, len(enum))
	for i, v := range enum {
		list[i] = fmt.Sprint(v)
	}
	return strings.Join(list, ", ")
}
