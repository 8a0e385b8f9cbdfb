package api

import (
	"crypto/sha256"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// bankPages adds what the bank says: its files taken in, and what of them somebody
// must look at.
func (h *handlers) bankPages(r router) {
	r.GET("/bank", func(c echo.Context) error { return h.showBank(c, http.StatusOK, newInput(), "") }, h.staff)
	r.POST("/bank", h.sendStatement, h.staff, twoFiles)
	r.GET("/bank/entries/:entry_id", func(c echo.Context) error { return h.showEntry(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/bank/entries/:entry_id", formHandler(h.showEntry, h.decideEntry, map[string]string{"settlement_id": "number"}), h.staff, small)
	r.GET("/bank/file", h.listFile(h.statementsList), h.staff)
	r.GET("/bank/waiting/file", h.listFile(h.waitingList), h.staff)
	r.GET("/bank/:statement_id", h.statementPage, h.staff)
	r.GET("/bank/:statement_id/file", h.listFile(h.entriesList), h.staff)
}

// showBank shows what waits, and the statements. Detail is what was wrong with a file.
func (h *handlers) showBank(c echo.Context, status int, in web.Input, detail string) error {
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	b, err := h.settlement.BankDesk(ctx, auth.Actor(ctx), place)
	if err != nil {
		return err
	}
	data := web.NewBank(deskView(c, b.Site), b, in, may(c)("createBankStatement"))
	data.Detail, data.Files, data.OpenFiles = detail, web.FilesAt("/bank/file", c.QueryParams()), web.FilesAt("/bank/waiting/file", c.QueryParams())
	data.Next = older(c, b.Statements, b.More, func(s settlement.StatementSum) domain.ID { return s.ID })
	return showPage(c, status, "bank", web.Page{Title: "bank.title", Wide: true, Data: data})
}

// sendStatement takes a file of the bank.
func (h *handlers) sendStatement(c echo.Context) error {
	return takeFile(c, append([]string{"currency"}, columnParts...), func(in web.Input, form map[string][]byte) (string, error) {
		asked, file, err := bankFile(form)
		if err != nil {
			return "", err
		}
		ctx := c.Request().Context()
		taken, err := h.settlement.TakeStatement(ctx, auth.Actor(ctx), vouchers.Key{Value: in.Key, Hash: sha256.Sum256(asked)}, file)
		at := "/bank"
		if len(taken.Value.Statements) == 1 {
			at += "/" + show("bst", taken.Value.Statements[0].ID)
		}
		return at + "?said=bank_taken", err
	}, h.showBank)
}

// statementPage shows one statement with its entries.
func (h *handlers) statementPage(c echo.Context) error {
	id, err := pathID(c, "bst", "statement_id")
	if err != nil {
		return err
	}
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx, state := c.Request().Context(), c.QueryParam("state")
	x, err := h.settlement.StatementStory(ctx, auth.Actor(ctx), id, place, state)
	if err != nil {
		return err
	}
	data := web.NewStatement(deskView(c, x.Site), x, state)
	data.Files = web.FilesAt(data.At+"/file", c.QueryParams())
	data.Next = older(c, x.Rows, x.More, func(e settlement.Entry) domain.ID { return e.ID })
	return showPage(c, http.StatusOK, "bank_statement", web.Page{Title: "bank.statement", Heading: web.Text(readerOf(c), "bank.statement_of", data.Period), Wide: true, Back: backTo(c, "/bank", "bank.title"), Data: data})
}

func (h *handlers) showEntry(c echo.Context, status int, in web.Input) error {
	x, err := addressed(c, "ben", "entry_id", h.settlement.EntryStory)
	if err != nil {
		return err
	}
	data := web.NewEntry(deskView(c, x.Site), x, in, may(c))
	return showPage(c, status, "bank_entry", web.Page{Title: "bank.entry", Back: backTo(c, "/bank", "bank.title"), Data: data})
}

// decideEntry says what an entry is about, or takes that back.
func (h *handlers) decideEntry(c echo.Context, in web.Input) (string, error) {
	id, err := pathID(c, "ben", "entry_id")
	if err != nil {
		return "", err
	}
	return "/bank/entries/" + show("ben", id) + "?said=entry_" + in.Values.Get("do"), h.sayOfEntry(c, id, in)
}

func (h *handlers) sayOfEntry(c echo.Context, entry domain.ID, in web.Input) error {
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	switch in.Values.Get("do") {
	case "match":
		about, err := h.settlementNamed(c, in)
		if err == nil {
			_, err = h.settlement.MatchEntry(ctx, actor, keyOf(c, in), entry, about)
		}
		return err
	case "set_aside":
		_, err := h.settlement.SetAside(ctx, actor, entry, in.Values.Get("reason"))
		return err
	case "unmatch":
		_, err := h.settlement.Unmatch(ctx, actor, entry)
		return err
	}
	return echo.ErrNotFound
}

// settlementNamed finds the settlement that was chosen, or whose number was typed.
func (h *handlers) settlementNamed(c echo.Context, in web.Input) (domain.ID, error) {
	r := formReader{values: in.Values}
	if id := r.id("stl", "settlement"); id != (domain.ID{}) {
		return id, nil
	}
	number := r.text("number")
	if number == "" {
		return domain.ID{}, domain.InvalidField("number", "required", "must be a settlement's number, as 2026-0007-01")
	}
	ctx := c.Request().Context()
	found, err := h.settlement.Settlements(ctx, auth.Actor(ctx), store.Page{Limit: 1}, settlement.Filter{Number: number})
	if err != nil {
		return domain.ID{}, err
	}
	if len(found.Rows) == 0 {
		return domain.ID{}, domain.InvalidField("number", "unknown", "no settlement has this number")
	}
	return found.Rows[0].ID, nil
}
