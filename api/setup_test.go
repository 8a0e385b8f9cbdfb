package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// caller is who the token "good" belongs to.
var caller = domain.Actor{Kind: domain.ByToken, Person: "kl@eksempel.dk", Role: domain.TeamLeader}

// answers runs a request through a whole server whose operations are ops, and
// gives the answer and the log.
func answers(t *testing.T, ops StrictServerInterface, r *http.Request) (*httptest.ResponseRecorder, string) {
	t.Helper()
	var log bytes.Buffer
	find := func(_ context.Context, token string) (domain.Actor, error) {
		if token != "good" {
			return domain.Actor{}, domain.Errorf(domain.Unauthenticated, "unauthenticated", "the token is unknown")
		}
		return caller, nil
	}
	ready := func(context.Context) error { return io.ErrUnexpectedEOF }
	h := searched(ok(server(Options{Log: slog.New(slog.NewJSONHandler(io.MultiWriter(&log, leaks.Log), nil))}, find, ready, ops)))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w, log.String()
}

// request makes a request with a good token; a body is JSON.
func request(method, path, body string) *http.Request {
	r := httptest.NewRequestWithContext(context.Background(), method, path, bytes.NewBufferString(body))
	r.Header.Set("Authorization", "Bearer good")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// do sends a request as a role: a body is JSON, headers are pairs. Paths and
// bodies are in the words of the examples.
func (w *world) do(role domain.Role, method, path, text string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(w.t.Context(), method, base+w.here(path), body(w.here(text)))
	if text != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return w.send(role, r)
}

// problem checks that an answer is a problem in full, and gives it.
func problem(t *testing.T, w *httptest.ResponseRecorder) Problem {
	t.Helper()
	require.Equal(t, "application/problem+json", w.Header().Get("Content-Type"), w.Body.String())
	var p Problem
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p))
	require.Equal(t, w.Code, p.Status)
	require.Equal(t, http.StatusText(w.Code), p.Title)
	require.Equal(t, "about:blank", p.Type)
	require.Regexp(t, "^[a-z_]+$", p.Code)
	require.NotEmpty(t, p.Detail)
	require.NotEmpty(t, p.Instance)
	require.Equal(t, w.Header().Get("X-Request-Id"), p.RequestID)
	require.NotRegexp(t, rawUUID, p.Detail)
	for _, f := range p.Errors {
		require.NotRegexp(t, rawUUID, f.Message, f.Field)
	}
	return p
}

// rawUUID is an id as the database has it, which nobody can look up here.
var rawUUID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// fields gives what a problem says of each field, as field → code.
func fields(p Problem) map[string]string {
	m := map[string]string{}
	for _, f := range p.Errors {
		m[f.Field] = f.Code
	}
	return m
}

// stub answers the operations that a test needs; the others panic.
type stub struct {
	StrictServerInterface
	createUnit func(context.Context, CreateUnitRequestObject) (CreateUnitResponseObject, error)
	redeem     func(context.Context, RedeemVoucherRequestObject) (RedeemVoucherResponseObject, error)
	sessions   func(context.Context, PlanSessionsRequestObject) (PlanSessionsResponseObject, error)
	postings   func(context.Context, ListPostingsRequestObject) (ListPostingsResponseObject, error)
}

func (s stub) CreateUnit(ctx context.Context, r CreateUnitRequestObject) (CreateUnitResponseObject, error) {
	return s.createUnit(ctx, r)
}

func (s stub) RedeemVoucher(ctx context.Context, r RedeemVoucherRequestObject) (RedeemVoucherResponseObject, error) {
	return s.redeem(ctx, r)
}

func (s stub) PlanSessions(ctx context.Context, r PlanSessionsRequestObject) (PlanSessionsResponseObject, error) {
	return s.sessions(ctx, r)
}

func (s stub) ListPostings(ctx context.Context, r ListPostingsRequestObject) (ListPostingsResponseObject, error) {
	return s.postings(ctx, r)
}
