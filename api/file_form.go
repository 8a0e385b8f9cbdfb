package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

// takeFile takes a form that sends one file, with these fields beside it, and goes where
// its use says; or shows the page again with what was wrong, and with where in the file.
func takeFile(c echo.Context, fields []string, use func(in web.Input, form map[string][]byte) (to string, err error), again func(c echo.Context, status int, in web.Input, detail string) error) error {
	in, form, err := sentFiles(c, []string{"file"}, fields...)
	in.Values.Set("file", "")
	var to string
	if err == nil {
		to, err = use(in, form)
	}
	if err != nil {
		shown, status, wrong := refusedForm(c, in, asFormFault(err), nil)
		if wrong != nil {
			return wrong
		}
		return again(c, status, shown, fileDetail(c, err))
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// fileDetail is what was wrong within a file in the use case's own words, which say
// where, for who reads the page in Danish; in English the page says it anyway.
func fileDetail(c echo.Context, err error) string {
	for _, f := range domain.FieldsOf(err) {
		if (f.Code == "file_invalid" || f.Code == "file_not_xml") && readerOf(c) == web.Danish {
			return f.Message
		}
	}
	return ""
}
