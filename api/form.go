package api

import (
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// newInput is an empty form of a page. It is sent with a key, so that a double
// click or a reload does nothing twice.
func newInput() web.Input {
	return web.Input{Values: url.Values{}, Key: uuid.NewString()}
}

// sentInput is the form as it was sent.
func sentInput(c echo.Context) (web.Input, error) {
	values, err := c.FormParams()
	if err != nil {
		return web.Input{}, unread(err)
	}
	return web.Input{Values: values, Key: values.Get("key")}, nil
}

// sentFiles is a form that was sent with files, and all its parts: what is no file
// is in the Input.
func sentFiles(c echo.Context, files []string, fields ...string) (in web.Input, form map[string][]byte, err error) {
	in = newInput()
	reader, err := c.Request().MultipartReader()
	if err != nil {
		return in, nil, malformed(domain.FieldError{Field: files[0], Code: "required", Message: "send a file"})
	}
	if form, err = readForm(reader, slices.Concat(files, fields, []string{"key"})...); err != nil {
		return in, nil, err
	}
	for _, field := range fields {
		in.Values.Set(field, string(form[field]))
	}
	if key := string(form["key"]); key != "" {
		in.Key = key
	}
	return in, form, nil
}

// formPage is a page that shows a form as it is given.
type formPage func(c echo.Context, status int, in web.Input) error

// emptyForm shows a page whose form has nothing in it.
func emptyForm(page formPage) echo.HandlerFunc {
	return func(c echo.Context) error { return page(c, http.StatusOK, web.Input{}) }
}

// formAction does what a form is for; it gives where to go then, and "" when it has
// answered itself.
type formAction func(c echo.Context, in web.Input) (to string, err error)

// formHandler takes what a page sent. Refused, the page is shown again with what was
// wrong; names are the form's names of fields that the use case calls something else.
func formHandler(page formPage, do formAction, names map[string]string) echo.HandlerFunc {
	return func(c echo.Context) error {
		return takeForm(c, names, func(in web.Input) (string, error) { return do(c, in) }, page)
	}
}

// takeForm is formHandler for who has read something of the request already.
func takeForm(c echo.Context, names map[string]string, do func(in web.Input) (to string, err error), again formPage) error {
	in, err := sentInput(c)
	if err != nil {
		return err
	}
	to, err := do(in)
	switch {
	case err != nil:
		shown, status, wrong := refusedForm(c, in, err, names)
		if wrong != nil {
			return wrong
		}
		return again(c, status, shown)
	case to == "":
		return nil
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// asFormFault makes what was wrong with a form as it was sent a refusal that the form can
// be shown again with.
func asFormFault(err error) error {
	if r, is := errors.AsType[*refusal](err); is {
		return &domain.Error{Kind: domain.Invalid, Code: r.told.Code, Message: r.told.Message, Fields: r.told.Fields}
	}
	return err
}

// keyOf is the Idempotency-Key of a form: the same for all that one form, as it
// was shown once, is sent with.
func keyOf(c echo.Context, in web.Input) vouchers.Key {
	return vouchers.Key{Value: in.Key, Hash: sha256.Sum256([]byte(c.Path() + "\x00" + in.Values.Encode()))}
}

// refusedForm gives the form to show again because of err, with the status to show it
// with; the error itself when it is our own fault, which the page of errors tells.
func refusedForm(c echo.Context, in web.Input, err error, names map[string]string) (web.Input, int, error) {
	status, told := tell(err)
	if status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable || status == http.StatusUnauthorized {
		return in, status, err
	}
	if told.Code == "step_up_required" {
		in.Prove = provePath(signedInAgain)
	}
	if e, ok := errors.AsType[*domain.Error](err); ok {
		told = *e
	}
	if half, ok := errors.AsType[*halfRead](err); ok {
		told.Fields = half.all(in, names)
	}
	if in.Key != "" && (status == http.StatusConflict || status == http.StatusUnprocessableEntity) {
		in.Key = uuid.NewString() // the next try is another one
	}
	return in.Refused(readerOf(c), &told, names), status, nil
}
