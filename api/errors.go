package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/domain"
)

// problemType is what errors are written as (RFC 9457).
const problemType = "application/problem+json"

// statuses is the only map from what went wrong to an HTTP status. A refusal
// of HTTP's own brings its status with it.
var statuses = map[domain.Kind]int{
	domain.Invalid:         http.StatusUnprocessableEntity,
	domain.Unauthenticated: http.StatusUnauthorized,
	domain.Forbidden:       http.StatusForbidden,
	domain.NotFound:        http.StatusNotFound,
	domain.Conflict:        http.StatusConflict,
	domain.Stale:           http.StatusPreconditionFailed,
	domain.TooMany:         http.StatusTooManyRequests,
	domain.Unavailable:     http.StatusServiceUnavailable,
}

// refusal is an error that no use case can give, because it is about the
// request as HTTP: it does not fit openapi.yaml, or there is no such route.
type refusal struct {
	status int
	told   domain.Error
}

func (r *refusal) Error() string { return r.told.Error() }

func refuse(status int, code, message string, fields ...domain.FieldError) *refusal {
	return &refusal{status, domain.Error{Code: code, Message: message, Fields: fields}}
}

// malformed refuses a request that does not fit openapi.yaml.
func malformed(fields ...domain.FieldError) *refusal {
	return refuse(http.StatusBadRequest, "malformed_request", "the request does not fit the API's description: see errors", fields...)
}

// tooLarge refuses a body of more than limit bytes.
func tooLarge(limit int64) *refusal {
	return refuse(http.StatusRequestEntityTooLarge, "too_large", fmt.Sprintf("the body may be at most %d bytes", limit),
		domain.FieldError{Field: "body", Code: "too_large", Message: fmt.Sprintf("must be at most %d bytes: send a file in parts", limit)})
}

// unread is the error for a body that broke off or was too large.
func unread(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return malformed(domain.FieldError{Field: "body", Code: "incomplete", Message: "must arrive whole"})
}

// tell gives the status and what the caller is told of err. Of what is our own
// fault that is nothing: the log has it, under the request's id.
func tell(err error) (status int, told domain.Error) {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.status, r.told
	}
	if e, ok := errors.AsType[*domain.Error](err); ok && statuses[e.Kind] != 0 {
		return statuses[e.Kind], *e
	}
	if e, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tell(tooLarge(e.Limit))
	}
	if e, ok := errors.AsType[*echo.HTTPError](err); ok && e.Code < http.StatusInternalServerError {
		return tell(ofEcho(e))
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return http.StatusServiceUnavailable, domain.Error{Code: "unavailable", Message: "it took too long and was given up: try again"}
	}
	return http.StatusInternalServerError, domain.Error{Code: "internal", Message: "something went wrong on our side: quote the request_id when you ask for help"}
}

// ofEcho gives the refusals of Echo and of the generated code, whose own words
// may repeat the input, ours.
func ofEcho(e *echo.HTTPError) *refusal {
	switch e.Code {
	case http.StatusNotFound:
		return refuse(e.Code, "no_such_route", "there is nothing at this address: see openapi.yaml")
	case http.StatusMethodNotAllowed:
		return refuse(e.Code, "method_not_allowed", "this address does not take that method: the Allow header says which it takes")
	case http.StatusUnsupportedMediaType:
		return refuse(e.Code, "unsupported_media_type", "send a body of the content type that openapi.yaml says")
	}
	field := "body"
	if t, ok := errors.AsType[*json.UnmarshalTypeError](e); ok && t.Field != "" {
		field = t.Field
	}
	return malformed(domain.FieldError{Field: field, Code: "wrong_type", Message: "is not of the type that openapi.yaml says"})
}

// answer writes err as a page where a browser shows one, else as a problem; it is
// Echo's error handler.
func answer(err error, c echo.Context) {
	if c.Response().Committed {
		return // too late for words: the caller sees the answer break off
	}
	status, told := tell(err)
	header := c.Response().Header()
	switch status {
	case http.StatusUnauthorized:
		header.Set(echo.HeaderWWWAuthenticate, "Bearer")
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		header.Set(echo.HeaderRetryAfter, "10")
	}
	if wantsPage(c.Request()) && showFailure(c, status, told.Code) == nil {
		return
	}
	problem := Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: told.Message, Instance: c.Request().URL.Path,
		Code: told.Code, RequestID: header.Get(echo.HeaderXRequestID),
	}
	for _, f := range told.Fields {
		problem.Errors = append(problem.Errors, FieldError{Field: strings.ToValidUTF8(f.Field, "\uFFFD"), Code: f.Code, Message: f.Message, Line: f.Line})
	}
	if l := told.Limit; l != nil {
		problem.Limit = TerminalLimit{Cap: l.Cap, Most: l.Most, Left: l.Left, OpensAt: l.OpensAt}
	}
	header.Set(echo.HeaderContentType, problemType)
	c.Response().WriteHeader(status)
	_ = json.NewEncoder(c.Response()).Encode(problem) // the caller is gone when it fails
}
