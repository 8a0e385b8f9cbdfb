package api

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// TestMain looks for personal data and secrets in all that the run has written:
// logs, addresses, refusals and metrics.
func TestMain(m *testing.M) {
	leaks.Mark("25804193", "83917264", "lampe gren vindue hest") // the PINs and the password of these tests
	leaks.Main(m)
}

// searched is a server whose addresses and refusals TestMain searches.
func searched(h http.Handler) http.Handler { return searchedServer{h} }

type searchedServer struct{ http.Handler }

// ServeHTTP answers as the server does.
func (s searchedServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	leaks.Address(r.URL.RequestURI())
	kept := &keeper{ResponseWriter: w}
	defer kept.note(r.URL.Path)
	s.Handler.ServeHTTP(kept, r)
}

// keeper keeps a refusal as it is written.
type keeper struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader writes the status.
func (k *keeper) WriteHeader(status int) {
	k.status = status
	k.ResponseWriter.WriteHeader(status)
}

// Write writes the body, and keeps that of a refusal.
func (k *keeper) Write(p []byte) (int, error) {
	if k.status >= http.StatusBadRequest {
		k.body.Write(p)
	}
	return k.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController see the writer below.
func (k *keeper) Unwrap() http.ResponseWriter { return k.ResponseWriter }

func (k *keeper) note(path string) {
	leaks.Address(k.Header().Get("Location"))
	body := k.body.String()
	if handsOut[path] {
		body = shownKey.ReplaceAllString(body, "")
	}
	if path == tillPath+"/redemptions" {
		body = typedCode.ReplaceAllString(body, "")
	}
	if caseload.MatchString(path) {
		for _, text := range leaks.People {
			body = strings.ReplaceAll(body, text, "")
		}
	}
	leaks.Answer(body)
}

// typedCode is the code that a till's form brings along: when less can be paid than
// was asked for, the form comes back as it was sent.
var typedCode = regexp.MustCompile(`name="code" value="[^"]*"`)

// handsOut are the forms that show their person a code generator's key; when one
// comes back, for it was filled in wrong, it shows the key again.
var (
	handsOut = map[string]bool{"/setup/password": true, "/account/password": true}
	shownKey = regexp.MustCompile(`<code>[^<]*</code>`)
)

// caseload are the pages on which staff sees who their citizens are: also when
// they are shown again because something was refused.
var caseload = regexp.MustCompile(`^/(today|citizens|attendances|vouchers)(/|$)`)

// Every server of these tests is searched: whoever makes one says
// searched(ok(New(Options{…}))).
func TestEveryServerIsSearched(t *testing.T) {
	makes := regexp.MustCompile(`(?m)^.*\b(New|server)\(` + `Options\{.*$`)
	files, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	made := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, line := range makes.FindAllString(string(text), -1) {
			made++
			require.True(t, file == "bench_test.go" || strings.Contains(line, "searched(ok("), "%s: write searched(ok(…)) round this, so that TestMain searches it: %s", file, line)
		}
	}
	require.Greater(t, made, 2)
}
