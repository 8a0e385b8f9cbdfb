package api

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store/storetest"
)

var (
	pageHead    = regexp.MustCompile(`(?s)<head>.*?</head>`)
	anyScript   = regexp.MustCompile(`(?i)<script\b[^>]*>`)
	lateScript  = regexp.MustCompile(`^<script (defer|type="module") src="/static/[a-z-]+\.js">$`)
	loadedLink  = regexp.MustCompile(`<link rel="(stylesheet|preload|modulepreload|import)"[^>]*>`)
	ownSheet    = regexp.MustCompile(`^<link rel="stylesheet" href="/static/(dkfds|app)\.css">$`)
	pageHeading = regexp.MustCompile(`(?s)<main\b.*<h1[^>]*>\s*[^<\s]`)
	pathParam   = regexp.MustCompile(`:[a-z_]+`)
)

// exampleOf says by the names in the routes of pages what the world has for them.
var exampleOf = map[string]string{
	":citizen_id": example("cit", 31), ":voucher_id": example("vch", 31), ":award_id": example("awd", 1), ":programme_id": example("prg", 1), ":version_id": example("ver", 1),
	":partner_id": example("prt", 1), ":branch_id": example("brn", 1), ":terminal_id": example("trm", 1), ":unit_id": example("unt", 1), ":budget_id": example("bdg", 1),
	":settlement_run_id": example("srn", 1), ":settlement_id": example("stl", 1), ":audit_entry_id": example("aud", 1), ":posting_id": example("pst", 1), ":action": "visit",
	":token_id": example("tok", 1), ":closing_id": example("cls", 1), ":invoice_id": example("inv", 1), ":bank_statement_id": example("bst", 1), ":bank_entry_id": example("ben", 1), ":redemption_id": example("rdm", 1),
}

// Every page, for everybody who has it, is painted without waiting for script: a
// script is deferred or a module, the head loads nothing else but our two style sheets,
// and the heading is in what comes first.
func TestNothingWaitsForScript(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	seen := map[string]bool{}
	paint := func(path, page string) {
		head := pageHead.FindString(page)
		require.NotEmpty(t, head, path)
		for _, script := range anyScript.FindAllString(page, -1) {
			require.Contains(t, head, script, path)
			require.Regexp(t, lateScript, script, path)
		}
		for _, link := range loadedLink.FindAllString(page, -1) {
			require.Regexp(t, ownSheet, link, path)
		}
		require.Regexp(t, pageHeading, page, path)
		require.NotRegexp(t, `hx-trigger="[^"]*(load|revealed|intersect)`, page, "%s has a part that a script fetches", path)
		seen[path] = true
	}
	for _, route := range w.server.(searchedServer).Handler.(*echo.Echo).Routes() {
		if route.Method != http.MethodGet || strings.HasPrefix(route.Path, "/v1/") || strings.HasPrefix(route.Path, "/static") {
			continue
		}
		path := w.here(pathParam.ReplaceAllStringFunc(route.Path, func(name string) string {
			if there := exampleOf[name]; there != "" {
				return there
			}
			return name
		}))
		for _, role := range []domain.Role{domain.Caseworker, domain.TeamLeader, domain.Finance, domain.Auditor, domain.Administrator, domain.CitizenRole} {
			answer := w.browses(w.visitsOf[31], http.MethodGet, path)
			if role != domain.CitizenRole {
				answer = w.opened(role, path)
			}
			if answer.Code == http.StatusOK && strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") {
				paint(route.Path, answer.Body.String())
			}
		}
	}
	require.Greater(t, len(seen), 60)
}
