package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// partnerPages adds the shops: what was agreed with them, their branches and their
// tills. How they are paid is finance's.
func (h *handlers) partnerPages(r router) {
	branch := map[string]string{"p_number": "number"}
	r.GET("/partners", h.partnersPage, h.staff, administers)
	r.GET("/partners/new", emptyForm(h.showNewPartner), h.staff, administers)
	r.POST("/partners/new", formHandler(h.showNewPartner, h.addPartner, partnerNames), h.staff, administers, small)
	r.GET("/partners/:partner_id", emptyForm(h.showPartnerPage), h.staff, administers)
	r.POST("/partners/:partner_id", formHandler(h.showPartnerPage, h.lookAfterPartner, map[string]string{"branch_id": "branch"}), h.staff, administers, small)
	r.GET("/partners/:partner_id/contract", emptyForm(h.showContract), h.staff, administers)
	r.POST("/partners/:partner_id/contract", formHandler(h.showContract, h.changeContract, partnerNames), h.staff, administers, small)
	r.GET("/partners/:partner_id/branches/new", emptyForm(h.showNewBranch), h.staff, administers)
	r.POST("/partners/:partner_id/branches/new", formHandler(h.showNewBranch, h.addBranch, branch), h.staff, administers, small)
	r.GET("/partners/:partner_id/branches/:branch_id", emptyForm(h.showBranchPage), h.staff, administers)
	r.POST("/partners/:partner_id/branches/:branch_id", formHandler(h.showBranchPage, h.changeBranch, branch), h.staff, administers, small)
	r.GET("/partners/:partner_id/tills/:terminal_id", emptyForm(h.showTillPage), h.staff, administers)
	r.POST("/partners/:partner_id/tills/:terminal_id", formHandler(h.showTillPage, h.lookAfterTill, map[string]string{"branch_id": "branch"}), h.staff, administers, small)
}

// partnerNames are the form's names of fields that the use cases call otherwise: a
// word that is wrong is one of a list.
var partnerNames = func() map[string]string {
	names := map[string]string{"contract_open": "contract_to"}
	for i := range vouchers.MostCategories {
		names[fmt.Sprintf("categories[%d]", i)] = "categories"
	}
	return names
}()

func (h *handlers) partnersPage(c echo.Context) error {
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	l, err := h.service.PartnerList(ctx, auth.Actor(ctx), place, strings.ReplaceAll(c.QueryParam("cvr"), " ", ""))
	if err != nil {
		return err
	}
	view := viewOf(c)
	data := web.Partners{CVR: c.QueryParam("cvr")}
	data.Rows = each(l.Rows, func(p domain.Partner) web.PartnerRow { return view.PartnerRow(p, l.Today) })
	data.Next = older(c, l.Rows, l.More, func(p domain.Partner) domain.ID { return p.ID })
	return showPage(c, http.StatusOK, "partners", web.Page{Title: "partners.title", Data: data})
}

func (h *handlers) showNewPartner(c echo.Context, status int, in web.Input) error {
	return showPage(c, status, "partner_form", web.Page{Title: "partners.new", Back: backTo(c, "/partners", "partners.title"), Data: web.PartnerForm{Form: in, New: true, Action: "/partners/new"}})
}

// words reads words that stand after each other, with a comma or a space between.
func (r *formReader) words(name string) []string {
	return strings.FieldsFunc(strings.ToLower(r.text(name)), func(c rune) bool { return c == ',' || c == ' ' || c == ';' })
}

// contract reads what was agreed. Without an amount there is no cap.
func (r *formReader) contract() domain.Contract {
	return domain.Contract{ContractFrom: r.date("contract_from"), ContractTo: r.date("contract_to"), MostPerMonth: r.cap("most_per_month"), MostPerVoucher: r.cap("most_per_voucher")}
}

// addPartner makes a shop.
func (h *handlers) addPartner(c echo.Context, in web.Input) (string, error) {
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	asked := vouchers.PartnerInput{Name: r.text("name"), CVR: strings.ReplaceAll(r.text("cvr"), " ", ""), Categories: r.words("categories"), Contract: r.contract()}
	var p domain.Partner
	err := r.judge(ctx, func(ctx context.Context) (err error) {
		p, err = h.service.CreatePartner(ctx, auth.Actor(ctx), asked)
		return err
	})
	return "/partners/" + show("prt", p.ID) + "?said=partners_new", err
}

// partner reads the shop that the address names.
func (h *handlers) partner(c echo.Context) (p vouchers.PartnerStory, err error) {
	id, err := pathID(c, "prt", "partner_id")
	if err != nil {
		return p, err
	}
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return p, err
	}
	ctx := c.Request().Context()
	return h.service.PartnerStory(ctx, auth.Actor(ctx), id, place, c.QueryParam("tills") == "closed")
}

func (h *handlers) showPartnerPage(c echo.Context, status int, in web.Input) error {
	p, err := h.partner(c)
	if err != nil {
		return err
	}
	data := web.NewPartner(deskView(c, p.Site), p, in, c.QueryParam("tills") == "closed")
	data.Next = older(c, p.Terminals.Rows, p.Terminals.More, func(t domain.Terminal) domain.ID { return t.ID })
	return showPage(c, status, "partner", web.Page{Title: "partners.partner", Heading: p.Name, Wide: true, Back: backTo(c, "/partners", "partners.title"), Data: data})
}

// lookAfterPartner suspends a shop or lets it go on, or adds a till to it.
func (h *handlers) lookAfterPartner(c echo.Context, in web.Input) (string, error) {
	id, err := pathID(c, "prt", "partner_id")
	if err != nil {
		return "", err
	}
	r := formReader{values: in.Values}
	states := map[string]string{"suspend": "suspended", "resume": "active"}
	do := r.text("do")
	if do == "till" {
		return "", h.addTill(c, in)
	}
	if states[do] == "" {
		return "", echo.ErrNotFound
	}
	ctx, state, version := c.Request().Context(), states[do], r.version()
	if err := r.faults.Err(); err != nil {
		return "", err
	}
	_, err = h.service.UpdatePartner(ctx, auth.Actor(ctx), id, version, vouchers.PartnerChange{State: &state})
	return "/partners/" + show("prt", id) + "?said=partners_" + do, err
}

func (h *handlers) showContract(c echo.Context, status int, in web.Input) error {
	p, err := h.partner(c)
	if err != nil {
		return err
	}
	return showPage(c, status, "partner_form", web.Page{Title: "partners.contract", Heading: web.Text(readerOf(c), "partners.contract_with", p.Name), Back: backToPartner(p), Data: web.ContractForm(p, in, show)})
}

// backToPartner leads back to a shop.
func backToPartner(p vouchers.PartnerStory) *web.Choice {
	return &web.Choice{Name: p.Name, Address: "/partners/" + show("prt", p.ID)}
}

// changeContract changes what was agreed.
func (h *handlers) changeContract(c echo.Context, in web.Input) (string, error) {
	id, err := pathID(c, "prt", "partner_id")
	if err != nil {
		return "", err
	}
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	agreed, name, kinds, version := r.contract(), r.text("name"), r.words("categories"), r.version()
	change := vouchers.PartnerChange{Name: &name, Categories: &kinds, ContractFrom: &agreed.ContractFrom, MostPerMonth: &agreed.MostPerMonth, MostPerVoucher: &agreed.MostPerVoucher}
	if change.ContractOpen = agreed.ContractTo.IsZero(); !change.ContractOpen {
		change.ContractTo = &agreed.ContractTo
	}
	return "/partners/" + show("prt", id) + "?said=partners_changed", r.judge(ctx, func(ctx context.Context) error {
		_, err := h.service.UpdatePartner(ctx, auth.Actor(ctx), id, version, change)
		return err
	})
}
