package api

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
)

// How large a body may be, in bytes: one of JSON, and an import's files together.
const (
	largestBody   = 1 << 20
	largestImport = 33 << 20
)

// operation is what openapi.yaml says of one operation, ready to check requests
// against. The generated code binds values but does not check them.
type operation struct {
	id      string
	public  bool                                      // needs no token
	cookies []string                                  // the cookies that let somebody do it, beside a bearer token
	params  map[string]map[string]*openapi3.Parameter // by place and name
	body    *openapi3.Schema                          // of JSON; nil: none, or files
	files   bool                                      // multipart/form-data, which the handler reads as it comes
}

// operations reads the embedded openapi.yaml, by operationId.
func operations() (map[string]operation, error) {
	spec, err := GetSpec()
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	table := map[string]operation{}
	for path, item := range spec.Paths.Map() {
		for _, op := range item.Operations() {
			o := operation{id: op.OperationID, public: op.Security != nil && len(*op.Security) == 0, params: map[string]map[string]*openapi3.Parameter{"path": {}, "query": {}, "header": {}}}
			if o.cookies, err = cookies(op); err != nil {
				return nil, err
			}
			for _, p := range append(append(openapi3.Parameters{}, item.Parameters...), op.Parameters...) {
				if kind := p.Value.Schema.Value.Type; !kind.Is("string") && !kind.Is("integer") {
					return nil, fmt.Errorf("openapi.yaml: %s: parameter %s is neither text nor a number", path, p.Value.Name)
				}
				o.params[p.Value.In][p.Value.Name] = p.Value
			}
			if op.RequestBody != nil {
				content := op.RequestBody.Value.Content
				o.files = content["multipart/form-data"] != nil
				if media := content[echo.MIMEApplicationJSON]; media != nil {
					o.body = media.Schema.Value
				}
			}
			table[o.id] = o
		}
	}
	return table, nil
}

// cookieOf is the cookie of each of the words that x-cookies may have.
var cookieOf = map[string]string{"staff": auth.StaffCookie, "citizen": auth.CitizenCookie, "till": auth.TillCookie}

// cookies reads an operation's x-cookies: for whom it is, in a browser. Without
// it, for staff.
func cookies(op *openapi3.Operation) ([]string, error) {
	said, ok := op.Extensions["x-cookies"].([]any)
	if !ok {
		return []string{auth.StaffCookie}, nil
	}
	var names []string
	for _, word := range said {
		name := cookieOf[fmt.Sprint(word)]
		if name == "" {
			return nil, fmt.Errorf("openapi.yaml: %s: x-cookies has %v, and may have staff, citizen, till", op.OperationID, word)
		}
		names = append(names, name)
	}
	return names, nil
}

// validate refuses a request that does not fit the operation, naming every
// field that does not, before anything else looks at it.
func (o operation) validate(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		wrong, err := o.checkParams(c)
		if err != nil {
			return err
		}
		value, raw, err := o.readBody(c)
		if err != nil {
			return err
		}
		if o.body != nil {
			wrong = append(wrong, check(o.body, value, "")...)
		}
		if len(wrong) > 0 {
			slices.SortStableFunc(wrong, func(a, b domain.FieldError) int { return strings.Compare(a.Field, b.Field) })
			return malformed(slices.CompactFunc(wrong, func(a, b domain.FieldError) bool { return a.Field == b.Field })...)
		}
		r := c.Request()
		c.SetRequest(r.WithContext(withAsked(r.Context(), fmt.Appendf(nil, "%s %s\n%s", o.id, r.URL.Path, raw))))
		return next(c)
	}
}

// checkParams checks path, query and headers. A missing If-Match or
// Idempotency-Key has an answer of its own.
func (o operation) checkParams(c echo.Context) (wrong []domain.FieldError, err error) {
	for name, p := range o.params["path"] {
		wrong = append(wrong, checkParam(p, c.Param(name))...)
	}
	query, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return nil, malformed(domain.FieldError{Field: "query", Code: "invalid", Message: "must be key=value pairs, joined by &"})
	}
	for name, values := range query {
		p := o.params["query"][name]
		switch {
		case p == nil:
			wrong = append(wrong, domain.FieldError{Field: inside("", name), Code: "unknown_field", Message: "is no parameter here: leave it out"})
		case len(values) > 1:
			wrong = append(wrong, domain.FieldError{Field: name, Code: "duplicate_field", Message: "must be there once only"})
		default:
			wrong = append(wrong, checkParam(p, values[0])...)
		}
	}
	for name, p := range o.params["query"] {
		if p.Required && !query.Has(name) {
			wrong = append(wrong, domain.FieldError{Field: name, Code: "required", Message: "must be there, as ?" + name + "=…"})
		}
	}
	for name, p := range o.params["header"] {
		values := c.Request().Header.Values(name)
		switch {
		case len(values) == 0 && p.Required:
			return nil, missing(name)
		case len(values) > 1:
			wrong = append(wrong, domain.FieldError{Field: name, Code: "duplicate_field", Message: "must be there once only"})
		case len(values) == 1:
			wrong = append(wrong, checkParam(p, values[0])...)
		}
	}
	return wrong, nil
}

func checkParam(p *openapi3.Parameter, text string) []domain.FieldError {
	schema := p.Schema.Value
	if !utf8.ValidString(text) {
		return []domain.FieldError{{Field: p.Name, Code: "invalid", Message: "must be in UTF-8"}}
	}
	if !schema.Type.Is("integer") {
		return check(schema, text, p.Name)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return []domain.FieldError{{Field: p.Name, Code: "wrong_type", Message: "must be a whole number"}}
	}
	return check(schema, n, p.Name)
}

func missing(header string) error {
	switch header {
	case "If-Match":
		return refuse(http.StatusPreconditionRequired, "precondition_required", "send the ETag that you last read in If-Match, so that you change what you saw",
			domain.FieldError{Field: header, Code: "required", Message: "must be there"})
	case "Idempotency-Key":
		return refuse(http.StatusBadRequest, "idempotency_key_missing", "send an Idempotency-Key that you made up for this one request, so that it can be repeated safely",
			domain.FieldError{Field: header, Code: "required", Message: "must be there"})
	}
	return malformed(domain.FieldError{Field: header, Code: "required", Message: "must be there"})
}

// readBody reads a JSON body once; the handler gets the value that was checked.
func (o operation) readBody(c echo.Context) (value any, raw []byte, err error) {
	r, limit := c.Request(), int64(largestBody)
	if o.files {
		limit = largestImport
	}
	if r.ContentLength > limit {
		return nil, nil, tooLarge(limit)
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, limit)
	media, params, _ := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	switch {
	case o.files && media == echo.MIMEMultipartForm && params["boundary"] != "":
		return nil, nil, nil
	case o.files:
		return nil, nil, refuse(http.StatusUnsupportedMediaType, "unsupported_media_type", "send multipart/form-data with a boundary")
	case o.body != nil && (media != echo.MIMEApplicationJSON || r.Header.Get(echo.HeaderContentEncoding) != ""):
		return nil, nil, refuse(http.StatusUnsupportedMediaType, "unsupported_media_type", "send application/json, not compressed")
	}
	if raw, err = io.ReadAll(r.Body); err != nil {
		return nil, nil, unread(err)
	}
	if o.body == nil {
		if len(raw) > 0 {
			return nil, nil, malformed(domain.FieldError{Field: "body", Code: "unknown_field", Message: "must be empty: this operation takes no body"})
		}
		return nil, raw, nil
	}
	if value, err = decode(raw); err == nil {
		r.Body = checked{bytes.NewReader(raw), value}
	}
	return value, raw, err
}

// checked is a body whose value is known; the generated code binds the value
// instead of reading the body again.
type checked struct {
	*bytes.Reader
	value any
}

func (checked) Close() error          { return nil }
func (b checked) ValidatedValue() any { return b.value }
