package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// TestDocsListEveryCode finds every error code that our sources give and wants
// it in docs/api.md, once, beside the status that it is answered with.
func TestDocsListEveryCode(t *testing.T) {
	listed := listedCodes(t)
	found := map[string]bool{"validation_failed": true, "internal": true} // made in one place each, not by these calls
	for _, folder := range []string{"../api", "../domain", "../store", "../access", "../settlement", "../vouchers"} {
		for _, c := range codesIn(t, folder) {
			found[c.code] = true
			require.Equal(t, []int{c.status}, listed[c.code], "%s %d, found in %s", c.code, c.status, c.file)
		}
	}
	for code := range listed {
		require.True(t, found[code], "docs/api.md lists %s, which nothing gives", code)
	}
}

type toldCode struct {
	code, file string
	status     int
}

// listedCodes reads the table of codes: the statuses beside each.
func listedCodes(t *testing.T) map[string][]int {
	t.Helper()
	text, err := os.ReadFile("../docs/api.md")
	require.NoError(t, err)
	listed := map[string][]int{}
	for _, row := range regexp.MustCompile(`(?m)^\| (\d{3})[^|]*\| (.*) \|$`).FindAllStringSubmatch(string(text), -1) {
		status, err := strconv.Atoi(row[1])
		require.NoError(t, err)
		for _, code := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(row[2], -1) {
			listed[code[1]] = append(listed[code[1]], status)
		}
	}
	require.Greater(t, len(listed), 30)
	return listed
}

// codesIn finds domain.Errorf(domain.Kind, "code", …), refuse(http.StatusX,
// "code", …), refused("code", …) and unreadable("code", …) below a folder; markup's is Unreadable.
func codesIn(t *testing.T, folder string) (codes []toldCode) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".gen.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if status, code := codeOf(call); code != "" {
					codes = append(codes, toldCode{code, path, status})
				}
			}
			return true
		})
		return nil
	}))
	return codes
}

// codeOf reads one call; no code when it gives none.
func codeOf(call *ast.CallExpr) (status int, code string) {
	at := 1
	switch name(call.Fun) {
	case "Errorf":
		if len(call.Args) > 0 {
			status = statuses[kinds[name(call.Args[0])]]
		}
	case "refuse":
		if len(call.Args) > 0 {
			status = httpStatuses[name(call.Args[0])]
			if text, ok := call.Args[1].(*ast.BasicLit); ok && status == 0 { // Echo's own status: the code says which
				status = ofEchoStatuses[text.Value]
			}
		}
	case "refused":
		status, at = http.StatusForbidden, 0
	case "unreadable", "Unreadable":
		status, at = http.StatusUnprocessableEntity, 0
	default:
		return 0, ""
	}
	if len(call.Args) > at && status != 0 {
		if text, ok := call.Args[at].(*ast.BasicLit); ok {
			code, _ = strconv.Unquote(text.Value)
		}
	}
	return status, code
}

func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

var kinds = map[string]domain.Kind{
	"Invalid": domain.Invalid, "Unauthenticated": domain.Unauthenticated, "Forbidden": domain.Forbidden, "NotFound": domain.NotFound,
	"Conflict": domain.Conflict, "Stale": domain.Stale, "TooMany": domain.TooMany, "Unavailable": domain.Unavailable,
}

var httpStatuses = map[string]int{
	"StatusBadRequest": http.StatusBadRequest, "StatusRequestEntityTooLarge": http.StatusRequestEntityTooLarge, "StatusPreconditionRequired": http.StatusPreconditionRequired,
	"StatusUnsupportedMediaType": http.StatusUnsupportedMediaType,
}

var ofEchoStatuses = map[string]int{
	`"no_such_route"`: http.StatusNotFound, `"method_not_allowed"`: http.StatusMethodNotAllowed, `"unsupported_media_type"`: http.StatusUnsupportedMediaType,
}
