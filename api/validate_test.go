package api

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/vouchers"
)

// TestValidateNamesFields: one answer names everything that is wrong, by its
// path, and repeats no value.
func TestValidateNamesFields(t *testing.T) {
	const unit, plan, version = "unt_01920000000070008000000000000001", "/v1/plans/pln_01920000000070008000000000000001/sessions", "/v1/programmes/prg_01920000000070008000000000000001/versions"
	for name, c := range map[string]struct {
		method, path, body string
		want               map[string]string
	}{
		"missing":            {"POST", "/v1/units", `{}`, map[string]string{"name": "required"}},
		"no object":          {"POST", "/v1/units", `["x"]`, map[string]string{"body": "wrong_type"}},
		"null":               {"POST", "/v1/units", `{"name": null}`, map[string]string{"name": "wrong_type"}},
		"extra":              {"POST", "/v1/units", `{"name": "Syd", "colour": 1, "Name": "x"}`, map[string]string{"colour": "unknown_field", "Name": "unknown_field"}},
		"mistyped":           {"POST", "/v1/units", `{"name": 7}`, map[string]string{"name": "wrong_type"}},
		"empty":              {"POST", "/v1/units", `{"name": ""}`, map[string]string{"name": "too_short"}},
		"blank":              {"POST", "/v1/units", `{"name": " x"}`, map[string]string{"name": "invalid"}},
		"two lines":          {"POST", "/v1/units", `{"name": "a\nb"}`, map[string]string{"name": "invalid"}},
		"too long":           {"POST", "/v1/units", `{"name": "` + strings.Repeat("ø", 201) + `"}`, map[string]string{"name": "too_long"}},
		"everything":         {"POST", "/v1/citizens", `{"unit_id": "` + strings.Replace(unit, "unt", "cit", 1) + `", "birth_date": "2026-02-30", "x": 1}`, map[string]string{"unit_id": "invalid", "reference": "required", "birth_date": "invalid", "x": "unknown_field"}},
		"long ago":           {"POST", "/v1/citizens", `{"unit_id": "` + unit + `", "reference": "B", "birth_date": "0001-01-01"}`, map[string]string{"birth_date": "out_of_range"}},
		"no instant":         {"POST", plan, `{"kind": "group", "starts_at": "2026-12-01 10:00"}`, map[string]string{"starts_at": "invalid"}},
		"inside":             {"POST", plan, `{"kind": "group", "starts_at": "2026-12-01T10:00:00Z", "repeat": {"every": "year", "count": 1000, "x": 1}}`, map[string]string{"repeat.every": "unknown", "repeat.count": "out_of_range", "repeat.x": "unknown_field"}},
		"half a number":      {"POST", plan, `{"kind": "group", "starts_at": "2026-12-01T10:00:00Z", "repeat": {"every": "day", "count": 1.5}}`, map[string]string{"repeat.count": "wrong_type"}},
		"in a list":          {"POST", "/v1/partners", `{"name": "x", "cvr": "1", "categories": ["a", "A", 1]}`, map[string]string{"cvr": "invalid", "categories[1]": "invalid", "categories[2]": "wrong_type"}},
		"the same twice":     {"POST", "/v1/partners", `{"name": "x", "cvr": "12345674", "categories": ["a", "a"]}`, map[string]string{"categories": "duplicate"}},
		"an empty list":      {"PATCH", "/v1/partners/prt_01920000000070008000000000000001", `{"categories": []}`, map[string]string{"categories": "too_few"}},
		"no P number":        {"PATCH", "/v1/branches/brn_01920000000070008000000000000001", `{"p_number": "12"}`, map[string]string{"p_number": "invalid"}},
		"a person in words":  {"POST", "/v1/tokens", `{"person": "Kåre Lund", "role": "auditor"}`, map[string]string{"person": "invalid"}},
		"nothing changed":    {"PATCH", "/v1/municipality", `{}`, map[string]string{"body": "too_few"}},
		"both documents":     {"POST", version, `{"document": {}, "document_yaml": "x"}`, map[string]string{"body": "too_many"}},
		"path":               {"GET", "/v1/units/1", "", map[string]string{"unit_id": "invalid"}},
		"query":              {"GET", "/v1/units?limit=0&colour=red&cursor=x", "", map[string]string{"limit": "out_of_range", "colour": "unknown_field", "cursor": "invalid"}},
		"query: no number":   {"GET", "/v1/units?limit=many", "", map[string]string{"limit": "wrong_type"}},
		"query: missing":     {"GET", "/v1/reports/year-end", "", map[string]string{"year": "required"}},
		"query: all missing": {"GET", "/v1/journal-export", "", map[string]string{"from": "required", "to": "required"}},
		"query: twice":       {"GET", "/v1/units?limit=1&limit=2", "", map[string]string{"limit": "duplicate_field"}},
		"query: no encoding": {"GET", "/v1/units?limit=%zz", "", map[string]string{"query": "invalid"}},
		"query: no UTF-8":    {"GET", "/v1/citizens?reference=%ff", "", map[string]string{"reference": "invalid"}},
		"query: NUL":         {"GET", "/v1/citizens?reference=a%00", "", map[string]string{"reference": "invalid"}},
		"a body, not wanted": {"POST", "/v1/tokens/tok_01920000000070008000000000000001/revocation", `{}`, map[string]string{"body": "unknown_field"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := request(c.method, c.path, c.body)
			r.Header.Set("If-Match", `"1"`)
			w, _ := answers(t, stub{}, r)
			p := problem(t, w)
			require.Equal(t, 400, w.Code)
			require.Equal(t, "malformed_request", p.Code)
			require.Equal(t, c.want, fields(p))
			for _, e := range p.Errors {
				require.NotEmpty(t, e.Message)
			}
		})
	}
}

// TestValidateSaysWhat: the message says in words what the value must be, and
// never shows a regular expression where there are words for it.
func TestValidateSaysWhat(t *testing.T) {
	const unit = "unt_01920000000070008000000000000001"
	const enrolment = "/v1/enrolments/enr_01920000000070008000000000000001/grants"
	for name, c := range map[string]struct{ path, body, field, code, message string }{
		"no text":              {"/v1/units", `{"name": ""}`, "name", "too_short", "must not be empty"},
		"a space":              {"/v1/units", `{"name": " x"}`, "name", "invalid", "must be one line of text that does not begin with a space"},
		"no CPR":               {"/v1/citizen-lookups", `{"cpr": "hej"}`, "cpr", "invalid", "must be a CPR number: 6 digits of the date of birth and 4 more, with - between them or not"},
		"no phone":             {"/v1/citizens", `{"unit_id": "` + unit + `", "reference": "B", "birth_date": "2003-12-24", "phone": "ring"}`, "phone", "invalid", "must be a telephone number: digits and spaces, with + ( ) . and - among them"},
		"a huge number":        {enrolment, `{"amount": 1000000000000000000000000000000, "grounds": "x", "evidence": "y"}`, "amount", "invalid", "must be a whole number of at most 18 digits"},
		"a schema of one part": {enrolment, `{"amount": 1, "grounds": "", "evidence": "y"}`, "grounds", "too_short", "must not be empty"},
	} {
		t.Run(name, func(t *testing.T) {
			r := request("POST", c.path, c.body)
			r.Header.Set("Idempotency-Key", "a-key")
			w, _ := answers(t, stub{}, r)
			p := problem(t, w)
			require.Equal(t, 400, w.Code)
			require.Len(t, p.Errors, 1)
			require.Equal(t, c.field, p.Errors[0].Field)
			require.Equal(t, c.code, p.Errors[0].Code)
			require.Equal(t, c.message, p.Errors[0].Message)
		})
	}
	text, err := os.ReadFile("../openapi.yaml")
	require.NoError(t, err)
	for expression := range patterns {
		require.Contains(t, string(text), "'"+expression+"'", "openapi.yaml has no such pattern any more")
	}
}

func TestValidateHeaders(t *testing.T) {
	for header, bad := range map[string][]string{"If-Match": {"1", `W/"1"`, `"1", "2"`, "*", `"9999999999999999999"`}} {
		for _, value := range bad {
			r := request("PATCH", "/v1/municipality", `{"name": "x"}`)
			r.Header.Set(header, value)
			w, _ := answers(t, stub{}, r)
			require.Equal(t, map[string]string{header: "invalid"}, fields(problem(t, w)), value)
		}
	}
	for _, value := range []string{"a b", "ø", strings.Repeat("k", 129)} {
		r := request("POST", "/v1/redemptions", `{"code": "x", "client_redemption_id": "1"}`)
		r.Header.Set("Idempotency-Key", value)
		w, _ := answers(t, stub{}, r)
		require.Contains(t, fields(problem(t, w)), "Idempotency-Key", value)
	}
}

// TestValidateKeepsSecrets: a refused code is nowhere in the answer or the log.
func TestValidateKeepsSecrets(t *testing.T) {
	secret := "7ABC-DEFG" + strings.Repeat("-HJKM", 60)
	r := request("POST", "/v1/voucher-checks", `{"code": "`+secret+`", "x": "`+secret+`"}`)
	w, log := answers(t, stub{}, r)
	require.Equal(t, map[string]string{"code": "too_long", "x": "unknown_field"}, fields(problem(t, w)))
	require.NotContains(t, w.Body.String()+log, "7ABC-DEFG")
}

func TestValidateGivesWhatWasChecked(t *testing.T) {
	var got *NewSessions
	ops := stub{sessions: func(_ context.Context, r PlanSessionsRequestObject) (PlanSessionsResponseObject, error) {
		got = r.Body
		return PlanSessions201JSONResponse{Data: []Session{}}, nil
	}}
	body := `{"kind": "group", "starts_at": "2026-12-01T10:00:00+01:00", "repeat": {"every": "week", "count": 12}}`
	w, _ := answers(t, ops, request("POST", "/v1/plans/pln_01920000000070008000000000000001/sessions", body))
	require.Equal(t, 201, w.Code, w.Body.String())
	require.JSONEq(t, `{"data": []}`, w.Body.String())
	require.Equal(t, Repeat{Every: "week", Count: 12}, got.Repeat)
	require.Equal(t, "2026-12-01T09:00:00Z", got.StartsAt.UTC().Format("2006-01-02T15:04:05Z"))
}

// TestIdempotency: the key comes with a hash of what was asked, which differs
// when anything of it does.
func TestIdempotency(t *testing.T) {
	var got vouchers.Key
	ops := stub{redeem: func(ctx context.Context, r RedeemVoucherRequestObject) (RedeemVoucherResponseObject, error) {
		got = idempotency(ctx, r.Params.IdempotencyKey)
		return RedeemVoucher201JSONResponse{Headers: RedeemVoucher201ResponseHeaders{replayed(r.Body.Code == "again")}}, nil
	}}
	redeem := func(body string) (vouchers.Key, http.Header) {
		r := request("POST", "/v1/redemptions", body)
		r.Header.Set("Idempotency-Key", "k-1")
		w, _ := answers(t, ops, r)
		require.Equal(t, 201, w.Code, w.Body.String())
		return got, w.Header()
	}
	first, header := redeem(`{"code": "x", "client_redemption_id": "1"}`)
	require.Equal(t, "k-1", first.Value)
	require.NotContains(t, header, "Idempotency-Replayed")
	same, _ := redeem(`{"code": "x", "client_redemption_id": "1"}`)
	require.Equal(t, first, same)
	other, header := redeem(`{"code": "again", "client_redemption_id": "1"}`)
	require.NotEqual(t, first.Hash, other.Hash)
	require.Equal(t, "true", header.Get("Idempotency-Replayed"))
}

// TestValidateHugeQuery: an answer repeats only the beginning of a name that the
// caller made up.
func TestValidateHugeQuery(t *testing.T) {
	w, _ := answers(t, stub{}, request("GET", "/v1/units?"+url.QueryEscape(strings.Repeat("ø", 5000))+"=1", ""))
	require.Less(t, w.Body.Len(), 1000)
}
