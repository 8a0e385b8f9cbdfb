package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
)

func TestErrorsAreProblems(t *testing.T) {
	unit := func(err error) stub {
		return stub{createUnit: func(context.Context, CreateUnitRequestObject) (CreateUnitResponseObject, error) { return nil, err }}
	}
	with := func(r *http.Request, header, value string) *http.Request {
		r.Header.Set(header, value)
		return r
	}
	const body = `{"name": "Syd"}`
	for name, c := range map[string]struct {
		ops    StrictServerInterface
		r      *http.Request
		status int
		code   string
	}{
		"no route":           {nil, request("GET", "/v1/nothing", ""), 404, "no_such_route"},
		"no route, no token": {nil, httptest.NewRequestWithContext(context.Background(), "GET", "/wp-admin.php", nil), 404, "no_such_route"},
		"no method":          {nil, request("DELETE", "/v1/units", ""), 405, "method_not_allowed"},
		"no token":           {nil, httptest.NewRequestWithContext(context.Background(), "GET", "/v1/units", nil), 401, "unauthenticated"},
		"no such token":      {nil, with(request("GET", "/v1/units", ""), "Authorization", "Bearer bad"), 401, "unauthenticated"},
		"another scheme":     {nil, with(request("GET", "/v1/units", ""), "Authorization", "Basic good"), 401, "unauthenticated"},
		"no content type":    {nil, with(request("POST", "/v1/units", body), "Content-Type", ""), 415, "unsupported_media_type"},
		"a form":             {nil, with(request("POST", "/v1/units", body), "Content-Type", "application/x-www-form-urlencoded"), 415, "unsupported_media_type"},
		"compressed":         {nil, with(request("POST", "/v1/units", body), "Content-Encoding", "gzip"), 415, "unsupported_media_type"},
		"no boundary":        {nil, with(with(request("POST", "/v1/imports", body), "Content-Type", "multipart/form-data"), "Idempotency-Key", "k"), 415, "unsupported_media_type"},
		"too large":          {nil, request("POST", "/v1/units", strings.Repeat("x", largestBody+1)), 413, "too_large"},
		"too large, unsaid": {nil, func() *http.Request {
			r := request("POST", "/v1/units", strings.Repeat(" ", largestBody+1))
			r.ContentLength = -1
			return r
		}(), 413, "too_large"},
		"no If-Match":        {nil, request("PATCH", "/v1/municipality", body), 428, "precondition_required"},
		"no Idempotency-Key": {nil, request("POST", "/v1/redemptions", `{"code": "x", "client_redemption_id": "1"}`), 400, "idempotency_key_missing"},
		"invalid":            {unit(domain.InvalidField("name", "taken", "is taken")), request("POST", "/v1/units", body), 422, "validation_failed"},
		"forbidden":          {unit(domain.Errorf(domain.Forbidden, "forbidden", "no")), request("POST", "/v1/units", body), 403, "forbidden"},
		"not found":          {unit(domain.Errorf(domain.NotFound, "not_found", "no")), request("POST", "/v1/units", body), 404, "not_found"},
		"conflict":           {unit(domain.Errorf(domain.Conflict, "already_exists", "no")), request("POST", "/v1/units", body), 409, "already_exists"},
		"stale":              {unit(domain.Errorf(domain.Stale, "stale", "no")), request("POST", "/v1/units", body), 412, "stale"},
		"too many":           {unit(domain.Errorf(domain.TooMany, "rate_limited", "no")), request("POST", "/v1/units", body), 429, "rate_limited"},
		"unavailable":        {unit(fmt.Errorf("deep: %w", domain.Errorf(domain.Unavailable, "unavailable", "no"))), request("POST", "/v1/units", body), 503, "unavailable"},
		"out of time":        {unit(context.DeadlineExceeded), request("POST", "/v1/units", body), 503, "unavailable"},
		"our fault":          {unit(errors.New("secret table")), request("POST", "/v1/units", body), 500, "internal"},
		"our fault, a panic": {nil, request("POST", "/v1/units", body), 500, "internal"},
		"an unknown kind":    {unit(domain.Errorf("strange", "strange", "secret")), request("POST", "/v1/units", body), 500, "internal"},
		"not ready":          {nil, httptest.NewRequestWithContext(context.Background(), "GET", "/readyz", nil), 503, "not_ready"},
	} {
		t.Run(name, func(t *testing.T) {
			ops := c.ops
			if ops == nil {
				ops = stub{}
			}
			w, _ := answers(t, ops, c.r)
			p := problem(t, w)
			require.Equal(t, c.status, w.Code, w.Body.String())
			require.Equal(t, c.code, p.Code)
			require.NotContains(t, w.Body.String(), "secret", "what is inside stays inside")
			require.Equal(t, c.status == 401, w.Header().Get("WWW-Authenticate") != "")
		})
	}
}

func TestMethodNotAllowedSaysWhichAre(t *testing.T) {
	w, _ := answers(t, stub{}, request("DELETE", "/v1/units", ""))
	require.Contains(t, w.Header().Get("Allow"), "POST")
}

func TestOneLineInTheLog(t *testing.T) {
	ops := stub{createUnit: func(ctx context.Context, r CreateUnitRequestObject) (CreateUnitResponseObject, error) {
		require.Equal(t, caller.Person, auth.Actor(ctx).Person)
		require.NotEmpty(t, auth.Actor(ctx).RequestID)
		require.Equal(t, "192.0.2.1", auth.Actor(ctx).Address)
		return CreateUnit201JSONResponse{Unit{Name: r.Body.Name}, CreateUnit201ResponseHeaders{etag(1)}}, nil
	}}
	r := request("POST", "/v1/units", `{"name": "Hemmelig"}`)
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	w, log := answers(t, ops, r)
	require.Equal(t, 201, w.Code, w.Body.String())
	require.Equal(t, `"1"`, w.Header().Get("ETag"))
	require.Equal(t, 1, strings.Count(log, "\n"))
	require.Contains(t, log, `"route":"/v1/units"`)
	require.Contains(t, log, w.Header().Get("X-Request-Id"))

	_, log = answers(t, stub{}, request("GET", "/v1/tried/HEMMELIG?code=HEMMELIG", ""))
	require.NotContains(t, strings.ToLower(log), "hemmelig", "no address, no query")
	require.Contains(t, log, `"code":"no_such_route"`)

	_, log = answers(t, stub{}, request("POST", "/v1/units", `{"name": "Syd"}`))
	require.Contains(t, log, "panic", "the log has what the answer has not")
	require.Contains(t, log, `"level":"ERROR"`)
}

func TestHeadersOnEverything(t *testing.T) {
	for _, path := range []string{"/healthz", "/readyz", "/v1/units", "/nothing"} {
		w, _ := answers(t, stub{}, httptest.NewRequestWithContext(context.Background(), "GET", path, nil))
		require.Equal(t, "no-store", w.Header().Get("Cache-Control"), path)
		require.Equal(t, "no-referrer", w.Header().Get("Referrer-Policy"), path)
		require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"), path)
		require.NotEmpty(t, w.Header().Get("Content-Security-Policy"), path)
		require.Equal(t, "same-origin", w.Header().Get("Cross-Origin-Opener-Policy"), path)
		require.Equal(t, "same-origin", w.Header().Get("Cross-Origin-Resource-Policy"), path)
		require.Contains(t, w.Header().Get("Permissions-Policy"), "geolocation=()", path)
	}
}

// TestCSV: what goes wrong before the first row is a problem, what goes wrong
// after it breaks the answer off.
func TestCSV(t *testing.T) {
	with := func(rows int, err error) stub {
		return stub{postings: func(context.Context, ListPostingsRequestObject) (ListPostingsResponseObject, error) {
			return table{heading: []string{"a", "b"}, rows: func(row func(...string) error) error {
				for range rows {
					if err := row(domain.SafeCell("=1+1"), domain.SafeCell("-x")); err != nil {
						return err
					}
				}
				return err
			}}, nil
		}}
	}
	w, _ := answers(t, with(2, nil), request("GET", "/v1/postings?format=csv", ""))
	require.Equal(t, 200, w.Code)
	require.Equal(t, "text/csv; charset=utf-8", w.Header().Get("Content-Type"))
	require.Equal(t, "a,b\n'=1+1,'-x\n'=1+1,'-x\n", w.Body.String())

	w, _ = answers(t, with(0, domain.Errorf(domain.Forbidden, "forbidden", "no")), request("GET", "/v1/postings?format=csv", ""))
	require.Equal(t, "forbidden", problem(t, w).Code)

	require.PanicsWithValue(t, http.ErrAbortHandler, func() {
		answers(t, with(5000, errors.New("away")), request("GET", "/v1/postings?format=csv", ""))
	})
}
