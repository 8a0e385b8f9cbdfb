package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest/leaks"
	"github.com/fasthold/fasthold/vouchers"
)

// The lines that the demo prints do what it says of them, each in a shell of
// its own.
func TestDemo(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "it's a demo")
	first := startDemo(t, folder)
	first.tryLines(t)
	first.tryTokens(t)
	first.tryDoors(t)
	first.stop(t)
	requireStates(t, folder)
	requireLeaders(t, folder, first.tokens()[string(domain.TeamLeader)])

	planned := requireBusy(t, folder)
	again := startDemo(t, folder)
	require.Equal(t, first.tokens(), again.tokens(), "a second start reuses the data")
	again.tryLines(t)
	again.stop(t)
	require.Equal(t, planned, requireBusy(t, folder), "a second start plans nothing more")
	require.Contains(t, demoEnvironment(folder).must(t, "verify"), "no differences")

	fresh := startDemo(t, folder, "--fresh")
	require.NotEqual(t, first.tokens(), fresh.tokens())
	fresh.stop(t)
}

func TestDemoPortTaken(t *testing.T) {
	taken, err := listen(t.Context(), "127.0.0.1:0", "")
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()
	folder := filepath.Join(t.TempDir(), "demo")
	said := environment{}.fails(t, "demo", "--data", folder, "--listen", taken.Addr().String())
	require.Contains(t, said, "--listen")
	require.NoDirExists(t, folder, "nothing was built")
}

func TestDemoInterrupted(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "demo")
	ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
	defer cancel()
	_, err := environment{}.execute(ctx, "demo", "--data", folder, "--listen", "127.0.0.1:0")
	require.ErrorContains(t, err, "interrupted")
	require.FileExists(t, filepath.Join(folder, demoDatabase))
	own := filepath.Join(folder, "notes.txt")
	require.NoError(t, os.WriteFile(own, nil, 0o600))
	d := startDemo(t, folder)
	require.Len(t, d.tokens(), len(domain.Roles)+1, "one a role, and one of the other person of finance")
	d.stop(t)
	require.FileExists(t, own, "starting over removes nothing but the demo")
}

// demoRun is a demo that is being served.
type demoRun struct {
	*output
	stop func(t *testing.T)
}

func startDemo(t *testing.T, folder string, more ...string) demoRun {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, ended := &output{}, make(chan error, 1)
	go func() {
		ended <- run(ctx, append([]string{"demo", "--data", folder, "--listen", "127.0.0.1:0"}, more...), environment{}.get, out, leaks.Log)
	}()
	d := demoRun{output: out, stop: func(t *testing.T) {
		t.Helper()
		cancel()
		require.NoError(t, <-ended)
	}}
	d.wait(t, "Ready after")
	return d
}

// output collects what a program prints while it runs.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write collects.
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// wait waits until the program has said something.
func (o *output) wait(t *testing.T, something string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(o.String(), something) }, time.Minute, 10*time.Millisecond, "never said %q", something)
}

// tokens are the tokens it printed, by role.
func (o *output) tokens() map[string]string {
	tokens := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^ +(\w+) +(fh[tk]_\S+)$`).FindAllStringSubmatch(o.String(), -1) {
		tokens[m[1]] = m[2]
	}
	return tokens
}

func (o *output) address() string {
	return regexp.MustCompile(`http://localhost:[0-9]+`).FindString(o.String())
}

func (o *output) tryLines(t *testing.T) {
	t.Helper()
	_, err := exec.LookPath("curl")
	require.NoError(t, err, "this test runs the demo's curl lines: install curl 7.82 or later")
	lines := regexp.MustCompile(`(?m)^curl .*$`).FindAllString(o.String(), -1)
	expected := []struct {
		says string
		ok   bool
	}{
		{`"vouchers":\[\{.*"id":"vch_`, true},
		{`image/png, \d{3,} bytes`, true},
		{`"available":20000.*"valid":true`, true},
		{`"amount":20000,"balance_after":0`, true},
		{`"code":"already_redeemed".*"status":409`, false},
		{`"figure":"spend".*"label":"Bækkens Købmand"`, true},
		{`"amount":[1-9][0-9]*,"figure":"settled"`, true},
		{`"state":"draft".*"state":"reconciled|paid"`, true},
	}
	require.Len(t, lines, len(expected))
	for i, line := range lines {
		said, err := exec.CommandContext(t.Context(), "sh", "-c", line).CombinedOutput()
		require.Regexp(t, expected[i].says, string(said), line)
		require.Equal(t, expected[i].ok, err == nil, "%s\n%s", line, said)
	}
}

// tryTokens calls as each role, something that it may see.
func (o *output) tryTokens(t *testing.T) {
	t.Helper()
	for role, path := range map[domain.Role]string{
		domain.Caseworker: "citizens", domain.TeamLeader: "plans", domain.Finance: "balances", domain.Auditor: "audit-entries",
		domain.PartnerRole: "redemptions", domain.Administrator: "tokens", domain.Operator: "municipalities",
	} {
		require.Equal(t, http.StatusOK, get(t, o.address()+"/v1/"+path, o.tokens()[string(role)]), role)
	}
}

// tryDoors opens each role's link, which signs in as it, once.
func (o *output) tryDoors(t *testing.T) {
	t.Helper()
	links := regexp.MustCompile(`(?m)^  (\w+) +(http://localhost:\d+)/demo#(\S+)$`).FindAllStringSubmatch(o.String(), -1)
	require.Len(t, links, len(demoPeople)+2, "one a role, one of the other person of finance, and a till's")
	own := regexp.MustCompile(`(?m)^  citizen +http://localhost:\d+/me#(fhl_\S+)$`).FindStringSubmatch(o.String())
	require.NotNil(t, own, "a citizen's too")
	signedIn, err := http.Post(o.address()+"/v1/citizen-sign-ins", "application/json", strings.NewReader(`{"token": "`+own[1]+`"}`)) //nolint:noctx // ends with the server
	require.NoError(t, err)
	require.NoError(t, signedIn.Body.Close())
	require.Equal(t, http.StatusCreated, signedIn.StatusCode)
	voucher := regexp.MustCompile(`(?m)^A voucher for the shop's page: (\S+), or scan it from (.*)$`).FindStringSubmatch(o.String())
	require.FileExists(t, voucher[2])
	for _, link := range links {
		first := web.FirstPage(domain.Role(strings.TrimSuffix(link[1], "_2")))
		if link[1] == string(domain.PartnerRole) {
			first = "/till"
		}
		jar, err := cookiejar.New(nil)
		require.NoError(t, err)
		browser := &http.Client{Jar: secureJar{jar}}
		for _, want := range []int{http.StatusOK, http.StatusNotFound} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.address()+"/demo", strings.NewReader(url.Values{"code": {link[3]}}.Encode()))
			require.NoError(t, err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			answer, err := browser.Do(r)
			require.NoError(t, err)
			page, err := io.ReadAll(answer.Body)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
			require.Equal(t, want, answer.StatusCode, link[1])
			if want == http.StatusOK {
				require.Equal(t, first, answer.Request.URL.Path, link[1])
				require.NotContains(t, string(page), link[3])
			}
		}
	}
}

// secureJar keeps cookies of a server on this machine as browsers do, which take
// localhost for secure.
type secureJar struct{ http.CookieJar }

func (j secureJar) SetCookies(at *url.URL, cookies []*http.Cookie) {
	j.CookieJar.SetCookies(secure(at), cookies)
}

func (j secureJar) Cookies(at *url.URL) []*http.Cookie { return j.CookieJar.Cookies(secure(at)) }

func secure(at *url.URL) *url.URL {
	other := *at
	other.Scheme = "https"
	return &other
}

// get asks for something and gives the answer's status.
func get(t *testing.T, url, token string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
}

// demoEnvironment makes the demo's database the program's.
func demoEnvironment(folder string) environment {
	return environment{"FASTHOLD_DATABASE_URL": "sqlite:" + filepath.Join(folder, demoDatabase), "FASTHOLD_CODE_KEYS_FILE": filepath.Join(folder, demoKeys), "FASTHOLD_DATA_KEYS_FILE": filepath.Join(folder, demoDataKeys)}
}

// requireLeaders asserts that there is something for a team leader to decide on, some
// of which has waited long, and figures of how treatment goes.
func requireLeaders(t *testing.T, folder, token string) {
	t.Helper()
	s := openSite(t, demoEnvironment(folder))
	leader, err := s.access.Authenticate(t.Context(), token)
	require.NoError(t, err)
	in, err := s.Inbox(t.Context(), leader, store.Place{})
	require.NoError(t, err)
	require.True(t, len(in.Mine) >= 5 && in.Mine[0].Long, "%d things wait", len(in.Mine))
	require.True(t, slices.ContainsFunc(in.Mine, func(m vouchers.Matter) bool { return m.Withholding != nil }))
	require.True(t, slices.ContainsFunc(in.Mine, func(m vouchers.Matter) bool { return m.Award.ByHand() }))
	year := time.Now().AddDate(0, -2, 0).Year() // in January most courses are of the year before
	f, err := s.UnitFigures(t.Context(), leader, vouchers.FiguresAsked{Year: year})
	require.NoError(t, err)
	require.Greater(t, len(f.Courses.Remaining), 8)
	require.Positive(t, f.Courses.Left)
}

// requireStates asserts that the demo shows what it promises to.
func requireStates(t *testing.T, folder string) {
	t.Helper()
	s := openSite(t, demoEnvironment(folder))
	m, err := s.municipality(t.Context(), "")
	require.NoError(t, err)
	actor := system(m.MunicipalityID, "test")
	for _, state := range []domain.VoucherState{
		domain.Issued, domain.PartlyRedeemed, domain.Redeemed, domain.Blocked, domain.Replaced, domain.Expired, domain.Void,
	} {
		l, err := s.Vouchers(t.Context(), actor, store.Page{Limit: 1}, vouchers.VoucherFilter{State: state})
		require.NoError(t, err)
		require.NotEmpty(t, l.Rows, state)
	}
	citizens, err := s.Citizens(t.Context(), actor, store.Page{Limit: pageSize}, vouchers.CitizenFilter{})
	require.NoError(t, err)
	require.Len(t, citizens.Rows, demoCitizens)
}

// requireBusy wants enough sessions today where the caseworker is, whatever day it is.
func requireBusy(t *testing.T, folder string) int {
	t.Helper()
	s := openSite(t, demoEnvironment(folder))
	built, _, err := demoFolder(folder).load()
	require.NoError(t, err)
	by, err := s.access.Authenticate(t.Context(), built.Tokens[domain.Caseworker])
	require.NoError(t, err)
	day, err := s.Day(t.Context(), by, vouchers.DayAsked{})
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(day.Appointments), demoBusy)
	return len(day.Appointments)
}

// What is planned around now stays on today, however early or late it is.
func TestWithin(t *testing.T) {
	site, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(t, err)
	day := domain.Date{Year: 2026, Month: time.November, Day: 22}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, site) }
	require.Equal(t, at(22, 0, 0), within(at(21, 23, 0), day, site))
	require.Equal(t, at(22, 9, 30), within(at(22, 9, 30), day, site))
	require.Equal(t, at(22, 23, 30), within(at(23, 1, 0), day, site))
}
