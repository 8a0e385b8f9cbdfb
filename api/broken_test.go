package api

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// brokenValues can stand where a text, a number or a list should.
var brokenValues = []any{
	nil, true, -1, 1.5, 1e300, json.Number("99999999999999999999"), "", " ", "\x00", "a\u0000b", "x\ny", "\u202e", strings.Repeat("æ", 100_000),
	"2026-02-30", "0000-00-00", "2026-11-21T25:00:00Z", "unt_00000000000000000000000000000000", "' OR 1=1 --", []any{}, []any{nil}, map[string]any{}, map[string]any{"a": map[string]any{}},
}

// TestBrokenRequests sends every operation its example with one thing broken at
// a time. Each is refused as a problem that is not ours, or, where the broken
// value happens to be a good one, taken; never with a 500. What is refused
// changes nothing, but for the note that somebody was told of a CPR number.
func TestBrokenRequests(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for _, c := range examples(t) {
			for name, b := range breakages(c) {
				before := w.newest()
				answer := w.send(doer(c.id), b.request(w))
				require.Less(t, answer.Code, 500, "%s, %s: %s", c.id, name, answer.Body)
				if answer.Code < 300 {
					continue
				}
				p := problem(t, answer)
				if !strings.Contains(p.Detail, "this CPR number") { // who is told of a number is on record
					require.Equal(t, before, w.newest(), "%s, %s was refused and changed something", c.id, name)
				}
				if answer.Code == 400 {
					require.NotEmpty(t, p.Errors, "%s, %s: %s", c.id, name, answer.Body)
				}
			}
		}
		verified(t, w)
	})
}

// breakages gives copies of an example with one thing broken each.
func breakages(c call) map[string]call {
	list := map[string]call{}
	for place, values := range c.params {
		for name := range values {
			for i, v := range brokenValues {
				if text := fmt.Sprint(v); place != "header" && len(text) < 1000 || !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) && len(text) < 1000 {
					b := c
					b.params = map[string]map[string]string{"path": c.params["path"], "query": c.params["query"], "header": c.params["header"]}
					b.params[place] = maps.Clone(values)
					b.params[place][name] = escaped(place, text)
					list[fmt.Sprintf("%s %s %d", place, name, i)] = b
				}
			}
		}
	}
	fields, is := c.body.(map[string]any)
	if !is {
		return list
	}
	for name, value := range fields {
		list["without "+name] = c.with(func(m map[string]any) { delete(m, name) })
		for i, v := range brokenValues {
			list[fmt.Sprintf("%s %d", name, i)] = c.with(func(m map[string]any) { m[name] = v })
			if inner, is := value.(map[string]any); is && !c.files {
				for deeper := range inner {
					list[fmt.Sprintf("%s.%s %d", name, deeper, i)] = c.with(func(m map[string]any) {
						changed := maps.Clone(inner)
						changed[deeper] = v
						m[name] = changed
					})
				}
			}
		}
	}
	list["extra"] = c.with(func(m map[string]any) { m["extra"] = 1 })
	return list
}

func (c call) with(change func(map[string]any)) call {
	m := maps.Clone(c.body.(map[string]any))
	change(m)
	c.body = m
	return c
}

// escaped makes a text fit for a place in an address.
func escaped(place, text string) string {
	if place != "path" {
		return text
	}
	return url.PathEscape(text)
}

// TestBrokenBodies sends bodies that are no JSON object to everything that takes
// one.
func TestBrokenBodies(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	before := w.newest()
	for _, c := range examples(t) {
		if c.body == nil || c.files {
			continue
		}
		for _, broken := range []string{"", " ", "null", "[]", `"x"`, "1", "{", `{"a":`, "{}}", `{"a":1,"a":1}`, "\xff\xfe", strings.Repeat("[", 100_000), `{"` + strings.Repeat("k", 100_000) + `":1}`} {
			r := c.request(w)
			sent := httptest.NewRequestWithContext(context.Background(), c.method, r.URL.String(), strings.NewReader(broken))
			sent.Header = r.Header
			answer := w.send(doer(c.id), sent)
			require.Equal(t, http.StatusBadRequest, answer.Code, "%s %.20q: %s", c.id, broken, answer.Body)
			require.NotEmpty(t, problem(t, answer).Errors, "%s %.20q", c.id, broken)
		}
	}
	require.Equal(t, before, w.newest())
}
