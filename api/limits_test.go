package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// TestLimits: what openapi.yaml just allows the use cases take, and what is just
// beyond is refused by the field's name.
func TestLimits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		made := 0
		x := func(n int) string { return strings.Repeat("x", n) }
		words := func(n int) string {
			list := make([]string, n)
			for i := range list {
				list[i] = `"` + x(i+1) + `"`
			}
			return strings.Join(list, ", ")
		}
		for _, c := range []struct {
			role         domain.Role
			method, path string
			body, field  string
			good, bad    []string
		}{
			{domain.Administrator, "POST", "/units", `{"name": "%s"}`, "name", []string{"ø", strings.Repeat("ø", 200)}, []string{"", x(201), " x", "a\\nb"}},
			{domain.Administrator, "POST", "/tokens", `{"person": "%s", "role": "partner", "partner_id": "` + example("prt", 1) + `"}`, "person", []string{"x", x(100)}, []string{"", x(101), "a b", "å"}},
			{domain.TeamLeader, "POST", "/programmes", `{"slug": "%s", "title": {"da": "x", "en": "x"}}`, "slug", []string{"a1", "1-", x(63)}, []string{"a", "-a", "A1", "a_b", x(64)}},
			{domain.TeamLeader, "POST", "/programmes", `{"slug": "title", "title": {"da": "x", "en": "%s"}}`, "title.en", []string{x(200)}, []string{"", x(201)}},
			{domain.Operator, "POST", "/municipalities", `{"name": "x", "reversal_minutes": %s}`, "reversal_minutes", []string{"0", "10080"}, []string{"-1", "10081", "1.5"}},
			{domain.Administrator, "POST", "/partners", `{"name": "#", "cvr": "12345674", "categories": [%s]}`, "categories", []string{`"x"`, words(20)}, []string{"", words(21), `"x", "x"`}},
			{domain.Administrator, "POST", "/partners", `{"name": "#", "cvr": "12345674", "categories": ["%s"]}`, "categories[0]", []string{"a_b", "home-goods", "a1", x(64)}, []string{"", "A", "_a", "a--b", x(65)}},
			{domain.Administrator, "POST", "/partners", `{"name": "#", "cvr": "%s", "categories": ["x"]}`, "cvr", []string{"87654338"}, []string{"12345678", "1234567", "123456740"}},
			{domain.Administrator, "POST", "/partners/" + example("prt", 2) + "/terminals", `{"label": "%s"}`, "label", []string{"x", x(100)}, []string{"", x(101)}},
			{domain.Caseworker, "POST", "/citizens", `{"unit_id": "` + example("unt", 1) + `", "birth_date": "2000-01-01", "reference": "%s"}`, "reference", []string{"x", x(100)}, []string{"", x(101), "170500-1234"}},
			{domain.Caseworker, "POST", "/plans/" + example("pln", 1) + "/goals", `{"wording": "%s"}`, "wording", []string{"x", x(1000)}, []string{"", x(1001)}},
			{domain.Caseworker, "POST", "/plans/" + example("pln", 2) + "/sessions", `{"kind": "individual", "starts_at": "2026-12-02T09:00:00Z", "repeat": {"every": "day", "count": %s}}`, "repeat.count", []string{"200"}, []string{"0", "201"}},
			{domain.Caseworker, "POST", "/plans/" + example("pln", 3) + "/sessions", `{"kind": "%s", "starts_at": "2026-12-02T09:00:00Z"}`, "kind", []string{"a-1_" + x(60)}, []string{"", "A", "_a", "a b", x(65)}},
			{domain.Caseworker, "POST", "/vouchers/" + example("vch", 1) + "/block", `{"reason": "%s"}`, "reason", []string{x(500)}, []string{"", x(501)}},
		} {
			before := w.newest()
			for _, bad := range c.bad {
				answer := w.do(c.role, c.method, c.path, fmt.Sprintf(c.body, bad))
				require.Contains(t, []int{400, 422}, answer.Code, "%s %.50s: %s", c.field, bad, answer.Body)
				require.Contains(t, fields(problem(t, answer)), c.field, bad)
			}
			require.Equal(t, before, w.newest(), c.field)
			for _, good := range c.good {
				made++
				answer := w.do(c.role, c.method, c.path, strings.Replace(fmt.Sprintf(c.body, good), "#", fmt.Sprint("Butik ", made), 1))
				require.Less(t, answer.Code, 300, "%s %.50s: %s", c.field, good, answer.Body)
			}
		}
	})
}
