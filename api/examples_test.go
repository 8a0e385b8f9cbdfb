package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// call is the example of one operation, as openapi.yaml has it.
type call struct {
	id, method, path string
	answers          *openapi3.Responses
	params           map[string]map[string]string // by place and name
	public           bool                         // needs no token
	body             any                          // nil: none
	files            bool
	schemas          []*openapi3.SchemaRef // of the parameters and the body
}

// examples reads every operation's example, by operationId.
func examples(t testing.TB) []call {
	t.Helper()
	spec, err := GetSpec()
	require.NoError(t, err)
	var calls []call
	for path, item := range spec.Paths.Map() {
		for method, op := range item.Operations() {
			c := call{id: op.OperationID, public: op.Security != nil && len(*op.Security) == 0, method: method, path: path, answers: op.Responses, params: map[string]map[string]string{"path": {}, "query": {}, "header": {}}}
			for _, p := range append(append(openapi3.Parameters{}, item.Parameters...), op.Parameters...) {
				c.params[p.Value.In][p.Value.Name] = fmt.Sprint(p.Value.Example)
				c.schemas = append(c.schemas, p.Value.Schema)
			}
			if op.RequestBody != nil {
				for kind, media := range op.RequestBody.Value.Content {
					c.body, c.files = media.Example, kind == "multipart/form-data"
					c.schemas = append(c.schemas, media.Schema)
				}
			}
			if key := c.params["header"]["Idempotency-Key"]; key != "" {
				c.params["header"]["Idempotency-Key"] = key + op.OperationID // a key is for one request
			}
			calls = append(calls, c)
		}
	}
	slices.SortFunc(calls, func(a, b call) int { return strings.Compare(a.id, b.id) })
	return calls
}

// request makes the example's request in the words of a world.
func (c call) request(w *world) *http.Request {
	path := c.path
	for name, value := range c.params["path"] {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	query := url.Values{}
	for name, value := range c.params["query"] {
		query.Set(name, w.here(value))
	}
	payload, kind := c.payload(w)
	r := httptest.NewRequestWithContext(context.Background(), c.method, base+w.here(path)+"?"+query.Encode(), body(payload))
	for name, value := range c.params["header"] {
		r.Header.Set(name, value)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return r
}

func (c call) payload(w *world) (text, kind string) {
	switch {
	case c.body == nil:
		return "", ""
	case !c.files:
		return w.here(string(ok(json.Marshal(c.body)))), "application/json"
	}
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	for name, value := range c.body.(map[string]any) {
		_, err := ok(parts.CreateFormFile(name, name)).Write([]byte(w.here(fmt.Sprint(value))))
		require.NoError(w.t, err)
	}
	require.NoError(w.t, parts.Close())
	return form.String(), parts.FormDataContentType()
}

// doers send the examples of operations that everybody may do with what is their
// own, and some with what is another's.
var doers = map[string]domain.Role{
	"createToken": domain.Administrator, "rotateToken": domain.Administrator, "revokeToken": domain.Administrator, "getToken": domain.Administrator, "listTokens": domain.Administrator,
	"listSignIns": domain.Administrator, "endSignIns": domain.Administrator, "endOneSignIn": domain.Administrator,
	"switchAssignment": domain.TeamLeader, "endSignIn": domain.TeamLeader, // who has two roles, and a browser
}

// doer is the role that sends an operation's example: the one that no unit
// bounds, where there is a choice.
func doer(id string) domain.Role {
	if role, ok := doers[id]; ok {
		return role
	}
	may := domain.Permissions[domain.Action(id)]
	if len(may) == 0 {
		return ""
	}
	for _, role := range []domain.Role{domain.PartnerRole, domain.TeamLeader} {
		if slices.Contains(may, role) && !strings.HasPrefix(id, "getPartner") {
			return role
		}
	}
	return may[0]
}

// TestExamples sends the example of every operation; each is answered with the
// success that openapi.yaml says, in the form that it says.
func TestExamples(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for _, c := range examples(t) {
			t.Run(c.id, func(t *testing.T) {
				answer := w.send(doer(c.id), c.request(w))
				require.Less(t, answer.Code, 300, "%s %s: %s", c.method, c.path, answer.Body)
				said := c.answers.Status(answer.Code)
				require.NotNil(t, said, "%d is not among the answers of %s", answer.Code, c.id)
				kind, _, _ := strings.Cut(answer.Header().Get("Content-Type"), ";")
				media := said.Value.Content.Get(answer.Header().Get("Content-Type"))
				require.NotNil(t, media, kind)
				require.NotRegexp(t, rawUUID, answer.Body.String())
				hardened(t, c.id, answer.Header(), answer.Body.String())
				if kind == "application/json" {
					var v any
					require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &v))
					require.NoError(t, media.Schema.Value.VisitJSON(v, openapi3.VisitAsResponse(), openapi3.MultiErrors()))
					known(t, "", media.Schema.Value, v)
				}
				for name, header := range said.Value.Headers {
					require.True(t, !header.Value.Required || answer.Header().Get(name) != "", name)
				}
			})
		}
		verified(t, w)
	})
}

// known wants every field of an answer to be in openapi.yaml.
func known(t *testing.T, path string, s *openapi3.Schema, v any) {
	t.Helper()
	for _, all := range s.AllOf {
		known(t, path, all.Value, v)
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			p := s.Properties[name]
			if p == nil {
				require.True(t, s.AdditionalProperties.Has != nil && *s.AdditionalProperties.Has, "%s.%s is not in openapi.yaml", path, name)
				continue
			}
			known(t, path+"."+name, p.Value, inner)
		}
	case []any:
		for _, inner := range v {
			known(t, path+"[]", s.Items.Value, inner)
		}
	}
}

// verified demands that nothing stored differs from what happened.
func verified(t *testing.T, w *world) {
	t.Helper()
	v, err := w.service.Verify(t.Context(), w.home)
	require.NoError(t, err)
	require.Empty(t, v.Differences)
}

// TestReplays sends what moves money twice: the second time it is the first
// answer, byte for byte, and nothing happens; with another body it is refused.
func TestReplays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for _, c := range examples(t) {
			if c.params["header"]["Idempotency-Key"] == "" {
				continue
			}
			first := w.send(doer(c.id), c.request(w))
			before := w.newest()
			w.now = w.now.Add(time.Minute) // what is worked out again would show it
			again := w.send(doer(c.id), c.request(w))
			require.Less(t, first.Code, 300, "%s: %s", c.id, first.Body)
			require.Equal(t, first.Code, again.Code, "%s: %s", c.id, again.Body)
			if c.id != "startImport" { // whose answer is how far the import is
				require.Equal(t, first.Body.String(), again.Body.String(), c.id)
			}
			require.Empty(t, first.Header().Get("Idempotency-Replayed"), c.id)
			require.Equal(t, "true", again.Header().Get("Idempotency-Replayed"), c.id)
			require.Equal(t, before, w.newest(), c.id)
			if b, is := c.body.(map[string]any); is {
				other := maps.Clone(b)
				for _, field := range []string{"execute_on", "first_day", "through", "format", "reason", "grounds", "client_redemption_id", "outcome", "start_date", "plans", "title", "file", "settlement_id", "period_from", "paid_on", "comment"} {
					if _, there := other[field]; there || field == "start_date" && c.id == "createEnrolment" {
						other[field] = map[string]any{"execute_on": "2026-11-24", "first_day": "2026-10-13", "through": "2026-09-29", "format": "csv", "outcome": "excused", "start_date": "2026-10-02", "period_from": "2026-10-02", "paid_on": "2026-10-02", "plans": "plan;borger;foedt;enhed;startdato;ordning\n", "file": "Dato;Beløb;Saldo\n20-11-2026;-1,00;9,00\n", "settlement_id": example("stl", 99)}[field]
						if other[field] == nil {
							other[field] = "Noget_andet."
						}
						break
					}
				}
				c.body = other
				refused := w.send(doer(c.id), c.request(w))
				require.Equal(t, 422, refused.Code, "%s: %s", c.id, refused.Body)
				require.Equal(t, "idempotency_key_reused", problem(t, refused).Code)
			}
		}
		verified(t, w)
	})
}

// TestReplaysOfAwkwardValues: an answer is the same byte for byte where a
// database keeps less of a value than was sent, or JSON writes it in another way.
func TestReplaysOfAwkwardValues(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.now = w.now.Add(123456789 * time.Nanosecond)
		typed := strings.ToLower(w.code(6))
		for i, c := range []struct {
			role       domain.Role
			path, body string
		}{
			{domain.Caseworker, "/attendances", `{"plan_id": "` + example("pln", 2) + `", "occurred_at": "2026-10-20T09:00:00.123456789+02:00", "kind": "group", "outcome": "attended"}`},
			{domain.Caseworker, "/attendances/" + example("att", 2) + "/corrections", `{"occurred_at": "2026-10-19T23:59:59.999999999Z", "reason": "æ <b>&\u2028 \"x\""}`},
			{domain.Caseworker, "/attendances/" + example("att", 3) + "/cancellation", `{"reason": "\u202e 💥 \\"}`},
			{domain.TeamLeader, "/vouchers/" + example("vch", 2) + "/void", `{"reason": "<script>&amp;"}`},
			{domain.PartnerRole, "/redemptions", `{"code": "` + typed + `", "client_redemption_id": "<&>"}`},
			{domain.Finance, "/redemptions/" + example("rdm", 1) + "/reversal", `{"reason": "<&>\u2029"}`},
			{domain.PartnerRole, "/redemptions/" + example("rdm", 2) + "/reversal", `{"reason": "<&>\u2029"}`},
		} {
			first := w.do(c.role, "POST", c.path, c.body, "Idempotency-Key", fmt.Sprint(i))
			require.Less(t, first.Code, 300, first.Body)
			w.now = w.now.Add(time.Second)
			again := w.do(c.role, "POST", c.path, c.body, "Idempotency-Key", fmt.Sprint(i))
			require.Equal(t, first.Body.String(), again.Body.String(), c.path)
			require.Equal(t, "true", again.Header().Get("Idempotency-Replayed"))
			var made struct{ Attendance Attendance }
			require.NoError(t, json.Unmarshal(first.Body.Bytes(), &made))
			if id := made.Attendance.ID; id != (AttendanceID{}) && !made.Attendance.Withdrawn {
				var read Attendance
				require.NoError(t, json.Unmarshal(w.do(c.role, "GET", "/attendances/"+id.String(), "").Body.Bytes(), &read))
				require.Equal(t, made.Attendance, read, "what was answered is what is kept")
			}
		}
		verified(t, w)
	})
}
