package web

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the templates
	"encoding/base64"
	"html/template"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers/code"
)

var (
	//go:embed templates/print/card.html
	cardHTML string
	//go:embed templates/print/card_part.html
	cardPart string
	//go:embed templates/print/card.css
	cardCSS string
	//go:embed templates/print/cards.html
	cardsHTML string
	//go:embed templates/print/cards.css
	cardsCSS string

	cardPage  = template.Must(template.Must(template.New("page").Parse(cardHTML)).Parse(cardPart))
	cardsPage = template.Must(template.Must(template.New("page").Parse(cardsHTML)).Parse(cardPart))
)

// CardsPolicy is the Content-Security-Policy of a sheet of cards.
var CardsPolicy = policy(cardCSS + cardsCSS)

// PrintedCard is a voucher with its code, to be printed.
type PrintedCard struct {
	Voucher domain.Voucher
	Secret  code.Secret
}

// Cards makes a page to print with several cards, four on each sheet of A4.
func Cards(cards []PrintedCard, site *time.Location) ([]byte, error) {
	var all []map[string]any
	for _, c := range cards {
		shown, err := cardOf(c.Voucher, c.Secret, site)
		if err != nil {
			return nil, err
		}
		all = append(all, shown)
	}
	var page bytes.Buffer
	err := cardsPage.Execute(&page, map[string]any{"Style": template.CSS(cardCSS + cardsCSS), "Cards": all}) //nolint:gosec // our own files
	return page.Bytes(), err
}

// CardPolicy is the card's Content-Security-Policy: its own style, and nothing
// from anywhere.
var CardPolicy = policy(cardCSS)

// policy allows a page one style and nothing else.
func policy(css string) string {
	sum := sha256.Sum256([]byte(css))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// Card makes a voucher's page to print, A6: QR and typed code, what is left,
// until when, and the conditions. It holds no name and no word of what the
// voucher was earned by. Site decides its last day.
func Card(v domain.Voucher, secret code.Secret, site *time.Location) ([]byte, error) {
	shown, err := cardOf(v, secret, site)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = cardPage.Execute(&page, shown)
	return page.Bytes(), err
}

// cardOf is what a card shows.
func cardOf(v domain.Voucher, secret code.Secret, site *time.Location) (map[string]any, error) {
	svg, err := secret.SVG()
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"Style":    template.CSS(cardCSS),             //nolint:gosec // our own file
		"QR":       template.HTML(withoutProlog(svg)), //nolint:gosec // drawn by vouchers/code from squares: nobody typed anything in it
		"Code":     secret.Reveal(),
		"Serial":   v.Serial,
		"Amount":   domain.FormatMoney(v.Balance, v.Currency),
		"Until":    domain.DateOf(v.ValidTo.Add(-time.Nanosecond), site).Danish(),
		"For":      danish(v.Categories),
		"NotFor":   danish(v.Excluded),
		"Partial":  v.Partial,
		"Blocking": "Den, der har koden, kan bruge kortet. Mistet? Ring til kommunen: kortet spærres, og du får et nyt.",
	}, nil
}

// withoutProlog leaves out what an SVG file has before its picture and a page
// may not have inside it.
func withoutProlog(svg []byte) string {
	return string(svg[max(0, bytes.Index(svg, []byte("<svg"))):])
}

// danishGoods are the usual kinds of goods in Danish. One that is not here is shown as
// the programme writes it.
var danishGoods = map[string]string{
	"groceries": "dagligvarer", "clothing": "tøj", "sport": "sport og fritid", "books": "bøger", "culture": "kultur",
	"alcohol": "alkohol", "tobacco": "tobak", "nicotine": "nikotin", "gambling": "spil", "cash": "kontanter", "gift_cards": "gavekort",
}

// danish lists kinds of goods as a sentence does: "dagligvarer, tøj og bøger".
func danish(kinds []string) string {
	list := make([]string, len(kinds))
	for i, kind := range kinds {
		list[i] = danishGoods[kind]
		if list[i] == "" {
			list[i] = strings.ReplaceAll(kind, "_", " ")
		}
	}
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " og " + list[len(list)-1]
}
