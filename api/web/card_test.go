package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers/code"
)

func card(t *testing.T, v domain.Voucher) (page string, secret code.Secret) {
	t.Helper()
	ring, err := code.ParseKeyRing(code.GenerateKey())
	require.NoError(t, err)
	secret, _ = ring.Make(uuid.New())
	copenhagen, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(t, err)
	html, err := web.Card(v, secret, copenhagen)
	require.NoError(t, err)
	return string(html), secret
}

func TestCard(t *testing.T) {
	page, secret := card(t, domain.Voucher{
		Serial: "2026-ABCDE-FGHJK", Amount: 20000, Balance: 12350, Currency: "DKK", Partial: true,
		ValidTo:    time.Date(2027, 11, 21, 23, 0, 0, 0, time.UTC), // midnight in Copenhagen
		Categories: domain.Strings{"groceries", "clothing", "sport"}, Excluded: domain.Strings{"alcohol", "tobacco", "gambling", "cash"},
	})
	for _, want := range []string{
		"123,50 kr.", "21-11-2027", secret.Reveal(), "<svg", "2026-ABCDE-FGHJK",
		"Kan bruges til dagligvarer, tøj og sport og fritid.", "Kan ikke bruges til alkohol, tobak, spil og kontanter.", "Kan bruges ad flere gange",
	} {
		require.Contains(t, page, want)
	}
	require.Equal(t, 1, strings.Count(page, "<h1>"))
	require.NotContains(t, page, "<script")
	// Not a word of who holds it or why (DOMAIN.md: a partner learns only that it is valid).
	require.NotRegexp(t, regexp.MustCompile(`(?i)behandl|misbrug|rusmid|stof|fremmøde|session|borger|fasthold|move|plan`), page)
}

func TestCard_inOnePurchase(t *testing.T) {
	page, _ := card(t, domain.Voucher{Balance: 20000, Currency: "DKK", Categories: domain.Strings{"book_shop"}})
	require.Contains(t, page, "Bruges på én gang.")
	require.Contains(t, page, "Kan bruges til book shop.")
	require.NotContains(t, page, "Kan ikke bruges")
}

// TestCardPolicy allows the page's own style, as it is served, and nothing else.
func TestCardPolicy(t *testing.T) {
	page, _ := card(t, domain.Voucher{Balance: 20000, Currency: "DKK"})
	styles := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindAllStringSubmatch(page, -1)
	require.Len(t, styles, 1)
	sum := sha256.Sum256([]byte(styles[0][1]))
	require.Equal(t, "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", web.CardPolicy)
	require.NotRegexp(t, `(?i)<[^>]* (style|on[a-z]+|src|href)=`, page, "nothing that the policy would stop")
}
