package api

import (
	"encoding/json"
	"image"
	"image/color"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// telltale are words that tell what a citizen comes for, and whatever else may not
// be on what they carry about: the units' names, the programme's title, its
// phases and kinds of visits, the citizen's own numbers.
var telltale = regexp.MustCompile(`(?i)behandl|misbrug|rusmid|stof|narko|treatment|therap|drug|abuse|fremmøde|attendance|session|borger|citizen|sagsbeh|caseworker|` +
	`ungeenheden|center|move|ordning|programme|fastho|plan\b|individu|gruppe|C-31|P-1031|B-10`)

// silent wants none of the telltale words in what a person sees or a phone keeps.
// The names of our own files and addresses are left out.
func silent(t *testing.T, text string) {
	t.Helper()
	text = regexp.MustCompile(`(src|href|action)="/[^"]*"|/v1/citizen-sign-ins|__Host-page`).ReplaceAllString(text, "")
	require.NotRegexp(t, telltale, text)
}

// drawn reads a QR code in an SVG picture with a decoder that is none of ours.
func drawn(t *testing.T, svg string) string {
	t.Helper()
	side := atoi(t, regexp.MustCompile(`viewBox="0 0 (\d+)`).FindStringSubmatch(svg)[1])
	const scale = 4
	img := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`).FindAllStringSubmatch(svg, -1) {
		x, y, length := atoi(t, run[1]), atoi(t, run[2]), atoi(t, run[3])
		for px := range length * scale {
			for py := range scale {
				img.SetGray(x*scale+px, y*scale+py, color.Gray{})
			}
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	require.NoError(t, err)
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	require.NoError(t, err)
	return read.GetText()
}

func atoi(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

// A link, its SMS, its picture and its letter say the same, and nothing of what
// the citizen comes for.
func TestCitizenLinks(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	path := "/citizens/" + example("cit", 31)
	answer := w.do(domain.Caseworker, "POST", path+"/links", "")
	require.Equal(t, 201, answer.Code, answer.Body)
	require.Equal(t, "no-store", answer.Header().Get("Cache-Control"))
	var made NewCitizenLink
	require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &made))
	require.Regexp(t, `^https://gavekort\.eksempel\.dk/me#fhl_[0-9A-HJKMNP-TV-Z]{24}$`, made.Link)
	require.Equal(t, "Eksempel Kommune: Åbn din side: "+made.Link+" Virker én gang, til og med 21-12-2026. Vis den ikke til andre.", made.SMS)
	require.LessOrEqual(t, utf8.RuneCountInString(made.SMS), 160)
	require.Equal(t, made.Link, drawn(t, made.QR))
	silent(t, made.SMS+made.QR)

	letter := w.do(domain.Caseworker, "POST", path+"/letters", "")
	require.Equal(t, 201, letter.Code, letter.Body)
	require.Equal(t, "no-store", letter.Header().Get("Cache-Control"))
	html := letter.Body.String()
	silent(t, html)
	require.Contains(t, html, "gavekort.eksempel.dk/me</p>")
	require.Contains(t, html, "21-12-2026")
	require.Contains(t, html, "21 December 2026")
	require.NotRegexp(t, `(?i)<[^>]* (style|on[a-z]+|src|href)=|<script`, html, "nothing that the policy would stop")
	require.Contains(t, letter.Header().Get("Content-Security-Policy"), "default-src 'none'; style-src 'sha256-")
	var typed []string
	for _, group := range regexp.MustCompile(`<span>([^<]*)</span>`).FindAllStringSubmatch(html, -1) {
		typed = append(typed, group[1])
	}
	link := drawn(t, html[strings.Index(html, "<svg"):])
	require.Equal(t, strings.Split(link, "#")[1], "fhl_"+strings.Join(typed, ""), "the picture and the typed code are the same")

	require.Equal(t, 403, w.exchange(made.Link, "").Code, "the letter ended the link")
	signedIn := w.exchange(strings.ToLower(strings.Join(typed, " ")), "")
	require.Equal(t, 201, signedIn.Code, signedIn.Body)
	cookie := signedIn.Result().Cookies()[0]
	require.Equal(t, "__Host-page", cookie.Name)
	require.True(t, cookie.Secure && cookie.HttpOnly && cookie.SameSite == http.SameSiteLaxMode && cookie.Path == "/" && cookie.Domain == "")
	require.NotContains(t, signedIn.Body.String(), "fhc_")
	var states []string
	for _, l := range answered[CitizenLinkList](t, w.do(domain.TeamLeader, "GET", path+"/links", "")).Data {
		states = append(states, l.State)
	}
	require.Equal(t, []string{"used", "revoked", "used"}, states)
	verified(t, w)
}

// exchange signs in with a link or a code, as a browser does.
func (w *world) exchange(token, pin string) *httptest.ResponseRecorder {
	text := `{"token": "` + token + `"}`
	if pin != "" {
		text = `{"token": "` + token + `", "pin": "` + pin + `"}`
	}
	return w.do("", "POST", "/citizen-sign-ins", text)
}

// Whatever is wrong with a link, the answer is the same, byte for byte but for
// the request's number.
func TestUnusableLinksAreAlike(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	used := w.here("fhl_0123456789ABCDEFGHJKMNPQ")
	require.Equal(t, 201, w.exchange(used, "").Code)
	var first Problem
	for _, token := range []string{used, "fhl_" + strings.Repeat("A", 24), "x", strings.Repeat("z", 400)} {
		p := problem(t, w.exchange(token, "1111"))
		p.RequestID = ""
		if first.Code == "" {
			first = p
		}
		require.Equal(t, first, p)
		require.Equal(t, "link_unusable", p.Code)
	}
	require.Equal(t, 400, w.exchange(strings.Repeat("z", 401), "").Code)
}

// Without an address to send people to, no link is made, and none is ended.
func TestLinksWantAnAddress(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.server = searched(ok(New(Options{Service: w.service, Access: w.access, Metrics: w.metrics, Log: slog.New(slog.NewJSONHandler(leaks.Log, nil))})))
	before := w.newest()
	for _, kind := range []string{"/links", "/letters"} {
		require.Equal(t, "public_url_missing", problem(t, w.do(domain.Caseworker, "POST", "/citizens/"+example("cit", 36)+kind, "")).Code)
	}
	require.Equal(t, before, w.newest())
}

// A name that is long leaves less room for words, and the SMS stays one.
func TestSMS(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	made := ok(w.access.CreateCitizenLink(t.Context(), w.as(domain.Caseworker), "createCitizenLink", w.find("cit", 35)))
	for name, lengths := range map[string][]int{"Varde Kommune": {20, 40, 60, 90, 120}, strings.Repeat("Ringkøbing-Skjern ", 4): {20, 60, 90, 120}} {
		made.Municipality = name
		for _, length := range lengths {
			link := "https://" + strings.Repeat("x", length-8) + "/me#" + made.Text
			text := web.SMS(made, link)
			require.LessOrEqual(t, utf8.RuneCountInString(text), 160, text)
			require.Contains(t, text, link)
		}
	}
}
