package api

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store/storetest"
)

// onceAnyway are the forms that need no key: what they make has a name that is there
// once, what they change has a version or is the same when it is said again, and what
// they look for is only looked for.
var onceAnyway = []string{
	"/account/sign-ins/end", "/bank/entries/ben", "/citizens", "/citizens/cit/goals/gol", "/deputies", "/emergencies/emg", "/keys/tok", "/partners/new", "/partners/prt/branches/brn",
	"/partners/prt/branches/new", "/partners/prt/contract", "/people/new", "/settings", "/signin/assignment", "/signin/logout", "/signin/logout-everywhere", "/today/sessions/ses", "/units",
}

// Each form of a page that does something is sent with a key, so that a double click or
// a reload does it once; but for those that can do it only once.
func TestFormsAreSentOnce(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	href, forms := regexp.MustCompile(`href="(/[^"#]*)"`), regexp.MustCompile(`(?s)<form method="post" action="([^"]+)"[^>]*>(.*?)</form>`)
	id := regexp.MustCompile(`_[0-9a-f]{32}|\d{4}-\d\d-\d\d`)
	without := map[string]bool{}
	for _, role := range []domain.Role{domain.Caseworker, domain.TeamLeader, domain.Finance, domain.Administrator} {
		todo, seen := []string{web.FirstPage(role)}, map[string]bool{}
		for _, item := range web.Menu(role, "") {
			todo = append(todo, item.Address)
		}
		for len(todo) > 0 && len(seen) < 250 {
			at := todo[0]
			todo = todo[1:]
			answer := w.opened(role, at)
			if answer.Code != 200 || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") {
				continue
			}
			text := answer.Body.String()
			for _, form := range forms.FindAllStringSubmatch(text, -1) {
				address, _, _ := strings.Cut(id.ReplaceAllString(form[1], ""), "?")
				if !strings.Contains(form[2], `name="key"`) {
					without[address] = true
				}
			}
			for _, link := range href.FindAllStringSubmatch(text, -1) {
				to := html.UnescapeString(link[1])
				kind := id.ReplaceAllString(to, "")
				if !seen[kind] && !strings.HasPrefix(to, "/static/") && !strings.HasPrefix(to, "/v1/") && !strings.Contains(to, "lang=") && !strings.Contains(to, "/file") {
					seen[kind] = true
					todo = append(todo, to)
				}
			}
		}
	}
	for address := range without {
		if !slices.Contains(onceAnyway, address) {
			t.Errorf("the form for %s is sent without a key", address)
		}
	}
	for _, address := range onceAnyway {
		require.True(t, without[address], "%s is sent with a key, or is no longer there", address)
	}
}
