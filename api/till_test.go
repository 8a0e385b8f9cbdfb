package api

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// onTill asks for the till's page as a browser with these cookies does.
func (w *world) onTill(form url.Values, cookies []*http.Cookie, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(w.t.Context(), "GET", tillPath, nil)
	if form != nil {
		r = httptest.NewRequestWithContext(w.t.Context(), "POST", tillPath, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return w.send("", r)
}

// A device becomes a till on the page, which then says which till of which shop
// it is, until the till is revoked.
func TestTillPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		admin := w.as(domain.Administrator)
		empty := w.onTill(nil, nil)
		require.Equal(t, 200, empty.Code)
		require.Contains(t, empty.Body.String(), web.Text(web.Danish, "till.lead"))
		require.Contains(t, empty.Body.String(), `src="/static/till.js"`)
		require.Equal(t, "no-store", empty.Header().Get("Cache-Control"))
		silent(t, empty.Body.String())

		wrong := w.onTill(url.Values{"code": {"7AAA <b>"}}, nil, "Accept-Language", "en")
		require.Equal(t, 404, wrong.Code)
		require.Contains(t, wrong.Body.String(), web.Text(web.English, "till.invalid_code"))
		require.Contains(t, wrong.Body.String(), `value="7AAA &lt;b&gt;"`, "what was typed is kept")
		require.Empty(t, wrong.Result().Cookies())
		silent(t, wrong.Body.String())

		in := ok(w.access.CreateTerminal(t.Context(), admin, w.find("prt", 1), access.TerminalInput{Label: "Kasse ved døren"}))
		other := w.onTill(url.Values{"code": {in.Code}}, nil, "Sec-Fetch-Site", "cross-site")
		require.Equal(t, 403, other.Code, "another site's page")
		done := w.onTill(url.Values{"code": {" " + strings.ToLower(in.Code)}}, nil, "Sec-Fetch-Site", "same-origin")
		require.Equal(t, []any{303, tillPath + "/device"}, []any{done.Code, done.Header().Get("Location")})
		cookies := done.Result().Cookies()
		require.Len(t, cookies, 1)
		silent(t, cookies[0].Name)
		require.Equal(t, []any{auth.TillCookie, true, true, "/", http.SameSiteLaxMode}, []any{cookies[0].Name, cookies[0].Secure, cookies[0].HttpOnly, cookies[0].Path, cookies[0].SameSite})

		device := w.tills("GET", "/device", nil, cookies[0])
		require.Contains(t, device.Body.String(), "Denne enhed er nu kassen »Kasse ved døren« hos Butik 12345674.")
		require.Contains(t, device.Body.String(), web.Text(web.Danish, "till.wrong"))
		now := w.onTill(nil, cookies)
		require.Contains(t, now.Body.String(), "Kasse ved døren · Butik 12345674")
		require.Equal(t, cookies[0].Value, now.Result().Cookies()[0].Value, "it is kept for as long again")
		require.NotContains(t, now.Body.String(), cookies[0].Value)
		r := httptest.NewRequestWithContext(t.Context(), "GET", base+"/terminals/"+TerminalID(in.ID).String(), nil)
		r.AddCookie(cookies[0])
		require.Equal(t, 200, w.send("", r).Code, "the cookie is the till's key for the API too")
		require.Equal(t, 404, w.onTill(url.Values{"code": {in.Code}}, nil).Code, "once")

		_ = ok(w.access.RevokeTerminal(t.Context(), admin, in.ID))
		ended := w.onTill(nil, cookies)
		require.Contains(t, ended.Body.String(), web.Text(web.Danish, "till.ended"))
		require.Negative(t, ended.Result().Cookies()[0].MaxAge)
		for range 25 {
			wrong = w.onTill(url.Values{"code": {"x"}}, nil)
		}
		require.Equal(t, 429, wrong.Code)
		require.Contains(t, wrong.Body.String(), web.Text(web.Danish, "till.rate_limited"))
	})
}

// A browser that is enrolled over the API gets its key in a cookie and nowhere
// else.
func TestEnrolForACookie(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	in := ok(w.access.CreateTerminal(t.Context(), w.as(domain.Administrator), w.find("prt", 1), access.TerminalInput{Label: "Kasse 11"}))
	answer := w.do("", "POST", "/terminal-enrolments", `{"code": "`+in.Code+`", "keep": "cookie"}`)
	require.Equal(t, 201, answer.Code, answer.Body)
	require.NotContains(t, answer.Body.String(), "fhk_")
	cookie := answer.Result().Cookies()[0]
	require.Equal(t, auth.TillCookie, cookie.Name)
	require.Equal(t, in.ID, ok(w.access.Authenticate(t.Context(), cookie.Value)).TerminalID)
}

// Where the server knows its address the code comes as a link and a picture of
// it, behind the #.
func TestInvitationAsALink(t *testing.T) {
	h := &handlers{public: &url.URL{Scheme: "https", Host: "fasthold.eksempel.dk"}}
	shown, err := h.showInvitation(access.TerminalInvitation{Code: "7AAA-AAAA-AAAA-AAA4"})
	require.NoError(t, err)
	require.Equal(t, "https://fasthold.eksempel.dk/till#7AAA-AAAA-AAAA-AAA4", shown.Address)
	require.True(t, strings.HasPrefix(shown.QRSVG, "<svg"))
}
