package leaks

import (
	"log"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// samples has one of each kind of thing that must not be written.
var samples = map[string]string{
	"the mark":                     "Mærkelil",
	"a token":                      "fht_AZICAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
	"a voucher's code":             "7XXX-0ABC-DEF1-2345-678C",
	"a CPR number":                 "010190-1234",
	"a key":                        "1:" + strings.Repeat("aB3+", 10) + "aB3=",
	"a database's password":        "postgres://fasthold:hemmeligt@db.example/fasthold",
	"a password's hash":            "$argon2id$v=19$m=65536,t=3,p=2$c2FsdA$aGFzaA",
	"a TOTP secret":                "otpauth://totp/Fasthold:kl?secret=JBSWY3DPEHPK3PXP",
	"a private key":                "-----BEGIN EC PRIVATE KEY-----",
	"a signed token of a provider": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2ln",
	"an Authorization header":      "Authorization: Bearer abcdefghijklmnopqrst",
	"a cookie":                     "Cookie: __Host-fasthold=abcdefghijkl",
}

// The search finds one of each kind, and takes nothing for one that is none.
func TestFindsEachKind(t *testing.T) {
	for what := range forms {
		require.Contains(t, samples, what, "each kind is tried")
	}
	for what, sample := range samples {
		found := strings.Join(Find("time=… msg=x said="+sample+" more"), "\n")
		require.Contains(t, found, what)
	}
	for _, before := range []string{"", "=", "%3D", `\n`, "\n", "/", `"`, ":"} {
		require.NotEmpty(t, Find(before+samples["a token"]), before)
	}
	for _, harmless := range []string{
		`{"time":"2026-11-22T03:15:58.20304051Z"}`,
		"019200000000-7000-8000-0000-000000000001 01920000-0000-7000-8000-000000000001", "GET /v1/vouchers/vch_01920000000070008000000000000001",
		"request_id=ABCDEFGHIJKLMNOPQRSTUVWXYZ", "2026-11-21T10:00:00.123456Z 1234567890", "send a bearer token: Authorization: Bearer fht_…", "postgres://fasthold@localhost/fasthold", "postgres://fasthold:xxxxx@localhost/fasthold",
		"2026-7K3QX-M4T9B", "/callback?code=Cqn4jurkctfqMvQOhgRfhw_Bq0ttop7KziVjrZ9G6GiPvgEr", "2026-11-22T01:51:51.627182818Z",
	} {
		require.Empty(t, Find(harmless))
	}
}

// A mark is found however it is spelt.
func TestFindsSpellings(t *testing.T) {
	Mark("Søren Ærø", "abc")
	for _, spelt := range []string{"Søren Ærø", "S%C3%B8ren+%C3%86r%C3%B8", "S%C3%B8ren%20%C3%86r%C3%B8", `S\u00f8ren \u00c6r\u00f8`} {
		require.NotEmpty(t, Find("x"+spelt+"y"), spelt)
	}
	require.Empty(t, Find("abc"), "what is so short is in everything")
	require.NotEmpty(t, Find(`"phone":"+4527182818"`))
	require.NotEmpty(t, Find("1.27182818 27182818"))
}

// leaky leaks on purpose, in the way that leak names.
var leaky = map[string]func(sample string){
	"slog":           func(sample string) { slog.Error("x", "y", sample) },
	"log":            func(sample string) { log.Print(sample) },
	"standard error": func(sample string) { _, _ = os.Stderr.WriteString(sample) },
	"a panic":        func(sample string) { go panic(sample); select {} },
	"a log":          func(sample string) { slog.New(slog.NewJSONHandler(Log, nil)).Info("x", "y", sample) },
	"an address":     func(sample string) { Address("/x?y=" + sample) },
	"a refusal":      Answer,
	"the metrics":    Page,
	"nothing":        func(string) {},
}

const leak = "FASTHOLD_TEST_LEAK"

// TestMain is what the packages under search have.
func TestMain(m *testing.M) { Main(m) }

// A run that leaks fails, whichever way it leaks and whatever it is.
func TestMainFails(t *testing.T) {
	if way := os.Getenv(leak); way != "" {
		leaky[way](os.Getenv(leak + "_SAMPLE"))
		return
	}
	try := func(way, what string) (string, error) {
		run := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMainFails$")
		for _, set := range os.Environ() {
			if !strings.HasPrefix(set, inner) {
				run.Env = append(run.Env, set)
			}
		}
		run.Env = append(run.Env, leak+"="+way, leak+"_SAMPLE="+samples[what])
		out, err := run.CombinedOutput()
		return string(out), err
	}
	for way := range leaky {
		out, err := try(way, "the mark")
		if way == "nothing" {
			require.NoError(t, err, out)
			continue
		}
		require.Error(t, err, way)
		if way != "a panic" {
			require.Contains(t, out, "LEAK: ", way)
		}
	}
	for what := range samples {
		out, err := try("a log", what)
		require.Error(t, err, what)
		require.Contains(t, out, "LEAK: a log has "+what)
	}
}
