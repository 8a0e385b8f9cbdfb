package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// busy is a server for two callers, "one" and "two", and its load.
func busy(t *testing.T, rate float64, ops StrictServerInterface) func(who, path string) *httptest.ResponseRecorder {
	t.Helper()
	callers := map[string]domain.Actor{"one": {Kind: domain.ByToken, Role: domain.TeamLeader, TokenID: domain.ID{1}}, "two": {Kind: domain.ByToken, Role: domain.TeamLeader, TokenID: domain.ID{2}}}
	find := func(_ context.Context, token string) (domain.Actor, error) { return callers[token], nil }
	h := searched(ok(server(Options{Log: slog.New(slog.NewJSONHandler(leaks.Log, nil)), Rate: rate}, find, nil, ops)))
	return func(who, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
		r.Header.Set("Authorization", "Bearer "+who)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
}

// A caller who sends too many requests is told to wait, and nobody else is.
func TestRequestRate(t *testing.T) {
	get := busy(t, 1, stub{postings: func(context.Context, ListPostingsRequestObject) (ListPostingsResponseObject, error) {
		return nil, domain.Errorf(domain.NotFound, "not_found", "none")
	}})
	for range burst {
		require.Equal(t, 404, get("one", "/v1/postings").Code)
	}
	refused := get("one", "/v1/postings")
	require.Equal(t, 429, refused.Code)
	require.Equal(t, "rate_limited", problem(t, refused).Code)
	require.NotEmpty(t, refused.Header().Get("Retry-After"))
	require.Equal(t, 404, get("two", "/v1/postings").Code)
}

// What takes long is done a few at a time: two for one caller, and so many in all
// that others wait, but not for ever.
func TestHeavyRequests(t *testing.T) {
	began, end := make(chan struct{}, 100), make(chan struct{})
	get := busy(t, 1000, stub{postings: func(context.Context, ListPostingsRequestObject) (ListPostingsResponseObject, error) {
		began <- struct{}{}
		<-end
		return nil, errors.New("ended")
	}})
	var atWork sync.WaitGroup
	for range heavyOfOne {
		atWork.Go(func() { get("one", "/v1/postings?format=csv") })
	}
	for range heavyOfOne {
		<-began
	}
	refused := get("one", "/v1/postings?format=csv")
	require.Equal(t, 429, refused.Code, "one caller has two at a time")
	require.NotEmpty(t, refused.Header().Get("Retry-After"))
	atWork.Go(func() { get("two", "/v1/postings?format=csv") })
	<-began
	atWork.Go(func() { get("one", "/v1/postings") })
	<-began // what does not take long is not counted
	close(end)
	atWork.Wait()
	require.Equal(t, 500, get("one", "/v1/postings?format=csv").Code, "the places are free again")
}

// When all places are taken, who waited too long is told to come back.
func TestHeavyRequestsWait(t *testing.T) {
	l := newLoad(0)
	l.patience = 20 * time.Millisecond
	for range cap(l.places) {
		l.places <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := l.enter(ctx, domain.ID{1})
	require.Equal(t, domain.Unavailable, domain.KindOf(err))
	require.Empty(t, l.atWork)
	cancel()
	_, err = l.enter(ctx, domain.ID{1})
	require.ErrorIs(t, err, context.Canceled)
	<-l.places
	leave, err := l.enter(t.Context(), domain.ID{1})
	require.NoError(t, err)
	leave()
	require.Empty(t, l.atWork)
}

// What is said to be heavy is an operation.
func TestHeavyAreOperations(t *testing.T) {
	for id := range heavy {
		require.Contains(t, ok(operations()), id)
	}
}

// Pages count as the API does, together with it: what one sign-in asks of either
// keeps nobody else from working.
func TestPagesAreBounded(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.server = searched(ok(New(Options{Rate: 1, Service: w.service, Access: w.access, Public: &url.URL{Scheme: "https", Host: "gavekort.eksempel.dk"}, Log: slog.New(slog.NewJSONHandler(leaks.Log, nil))})))
	visit := w.visitsOf[31]
	for range burst {
		require.Equal(t, 200, w.browses(visit, "GET", "/me").Code)
	}
	require.Equal(t, 429, w.browses(visit, "GET", "/me").Code)
	require.Equal(t, 429, w.browses(visit, "POST", "/me/pin", "pin", "25804193").Code)
	require.Equal(t, 429, w.browses(visit, "GET", "/v1/me").Code)
	require.Equal(t, 200, w.browses(w.visitsOf[33], "GET", "/me").Code, "others are not stopped")

	signedIn := ok(w.access.SignIn(t.Context(), w.home, access.Proof{Person: w.staff[domain.Caseworker].Person, Method: "password"}))
	get := func() int {
		r := httptest.NewRequestWithContext(t.Context(), "GET", w.here("/account"), nil)
		r.AddCookie(&http.Cookie{Name: auth.StaffCookie, Value: signedIn.Text})
		answer := httptest.NewRecorder()
		w.server.ServeHTTP(answer, r)
		return answer.Code
	}
	for range burst {
		require.Equal(t, 200, get())
	}
	require.Equal(t, 429, get())
}

// Pages that work long are bounded as the operations of the API are, and so is every
// file; others are not.
func TestHeavyPages(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	programme, citizen := "/programmes/"+show("prg", w.find("prg", 1)), "/citizens/"+show("cit", w.find("cit", 1))
	for _, page := range []struct {
		role  domain.Role
		path  string
		heavy bool
	}{
		{domain.Finance, "/year", true}, {domain.Finance, "/outstanding", true}, {domain.Finance, "/spend", true}, {domain.Finance, "/year-end", true}, {domain.Finance, "/year/file?format=xlsx", true},
		{domain.Finance, "/runs/file?format=csv", true}, {domain.Finance, "/postings/file?format=csv", true}, {domain.TeamLeader, programme, true}, {domain.TeamLeader, programme + "?cost=all", true}, {domain.TeamLeader, "/figures", true},
		{domain.Caseworker, citizen + "/paper", true}, {domain.Caseworker, citizen, false}, {domain.Finance, "/runs", false}, {domain.Caseworker, "/today", false},
	} {
		caller := ok(w.access.Authenticate(t.Context(), w.signedIn(page.role))).TokenID
		for range heavyOfOne {
			w.load.count(caller)
		}
		require.Equal(t, page.heavy, w.opened(page.role, page.path).Code == http.StatusTooManyRequests, page.path)
		for range heavyOfOne {
			w.load.uncount(caller)
		}
		require.NotEqual(t, http.StatusTooManyRequests, w.opened(page.role, page.path).Code, page.path)
	}
}
