package api

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/vouchers/code"
)

// mostCards is how many cards are printed in one go.
const mostCards = 24

// printCards answers with the cards of the vouchers that were chosen, several on a
// sheet.
func (h *handlers) printCards(c echo.Context) error {
	o, err := h.overview(c)
	if err != nil {
		return err
	}
	in, err := sentInput(c)
	if err != nil {
		return err
	}
	chosen := in.Values["voucher"]
	if len(chosen) == 0 || len(chosen) > mostCards {
		return c.Redirect(http.StatusSeeOther, citizenAddress(o))
	}
	ctx := c.Request().Context()
	var cards []web.PrintedCard
	for _, each := range chosen {
		id, ok := parse("vch", each)
		if !ok {
			return echo.ErrNotFound
		}
		v, secret, err := h.service.Reveal(ctx, auth.Actor(ctx), "getVoucherCard", id)
		if err != nil {
			return err
		}
		cards = append(cards, web.PrintedCard{Voucher: v, Secret: secret})
	}
	html, err := web.Cards(cards, o.Site)
	return printed(c, html, web.CardsPolicy, err)
}

// printPaper answers with a year of what a citizen has and had, without codes, in the citizen's
// language, which need not be the reader's.
func (h *handlers) printPaper(c echo.Context) error {
	citizen, err := pathID(c, "cit", "citizen_id")
	if err != nil {
		return err
	}
	year, err := yearOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	page, err := h.service.Paper(ctx, auth.Actor(ctx), citizen, year)
	if err != nil {
		return err
	}
	lang := web.Danish
	if c.QueryParam("in") == string(web.English) {
		lang = web.English
	}
	html, err := web.Paper(page, lang, "", func(year int) string {
		return "/citizens/" + show("cit", citizen) + "/paper?" + url.Values{"in": {string(lang)}, "year": {strconv.Itoa(year)}}.Encode()
	})
	return printed(c, html, web.ExplanationsPolicy, err)
}

// printed answers with a page to print, which has its own style.
func printed(c echo.Context, html []byte, policy string, err error) error {
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentSecurityPolicy, policy)
	return c.Blob(http.StatusOK, pageType, html)
}

// printLetter answers with a letter that opens the citizen's own page.
func (h *handlers) printLetter(c echo.Context) error {
	citizen, err := pathID(c, "cit", "citizen_id")
	if err != nil {
		return err
	}
	made, address, err := h.newLink(c.Request().Context(), "createCitizenLetter", CitizenID(citizen))
	if err != nil {
		return err
	}
	html, err := web.Letter(made, address, h.public.Host+"/me")
	return printed(c, html, web.LetterPolicy, err)
}

// makeLink shows a link that opens the citizen's own page, as a QR code and as the
// text of an SMS. It is shown once.
func (h *handlers) makeLink(c echo.Context) error {
	o, err := h.overview(c)
	if err != nil {
		return err
	}
	made, address, err := h.newLink(c.Request().Context(), "createCitizenLink", CitizenID(o.Citizen.ID))
	if err != nil {
		return err
	}
	svg, err := code.LinkSVG(address, web.Text(readerOf(c), "link.qr"))
	if err != nil {
		return err
	}
	view := viewOf(c)
	view.Site = o.Site
	return showPage(c, http.StatusOK, "citizen_link", web.Page{Title: "link.title", Back: backToCitizen(o), Data: web.CitizenLink{
		Address: address, SMS: web.SMS(made, address), Phone: o.Citizen.Phone.Reveal(), Until: view.Moment(made.Link.ExpiresAt),
		QR: template.HTML(svg), //nolint:gosec // drawn by us: its only text is escaped
	}})
}
