package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func (h *handlers) showNewBranch(c echo.Context, status int, in web.Input) error {
	p, err := h.partner(c)
	if err != nil {
		return err
	}
	return showPage(c, status, "branch", web.Page{Title: "partners.branch_new", Back: backToPartner(p), Data: web.BranchForm{Form: in, Action: c.Request().URL.Path}})
}

// addBranch adds a place to a shop.
func (h *handlers) addBranch(c echo.Context, in web.Input) (string, error) {
	id, err := pathID(c, "prt", "partner_id")
	if err != nil {
		return "", err
	}
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	_, err = h.service.CreateBranch(ctx, auth.Actor(ctx), id, vouchers.BranchInput{Name: r.text("name"), PNumber: r.text("number"), Address: r.text("address")})
	return "/partners/" + show("prt", id) + "?said=partners_branch", err
}

// branchOf finds one of a shop's branches.
func branchOf(p vouchers.PartnerStory, id domain.ID) (domain.Branch, error) {
	for _, b := range p.Branches {
		if b.ID == id {
			return b, nil
		}
	}
	return domain.Branch{}, echo.ErrNotFound
}

func (h *handlers) showBranchPage(c echo.Context, status int, in web.Input) error {
	p, err := h.partner(c)
	if err != nil {
		return err
	}
	id, err := pathID(c, "brn", "branch_id")
	if err != nil {
		return err
	}
	b, err := branchOf(p, id)
	if err != nil {
		return err
	}
	return showPage(c, status, "branch", web.Page{Title: "partners.branch", Heading: b.Name, Back: backToPartner(p), Data: web.NewBranchForm(b, in, c.Request().URL.Path)})
}

// changeBranch changes a place of a shop's.
func (h *handlers) changeBranch(c echo.Context, in web.Input) (string, error) {
	id, err := pathID(c, "brn", "branch_id")
	if err != nil {
		return "", err
	}
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	name, number, address, version := r.text("name"), r.text("number"), r.text("address"), r.version()
	var b domain.Branch
	err = r.judge(ctx, func(ctx context.Context) (err error) {
		b, err = h.service.UpdateBranch(ctx, auth.Actor(ctx), id, version, vouchers.BranchChange{Name: &name, PNumber: &number, Address: &address})
		return err
	})
	return "/partners/" + show("prt", b.PartnerID) + "?said=partners_changed", err
}

// addTill adds a till to a shop and shows the code of its device.
func (h *handlers) addTill(c echo.Context, in web.Input) error {
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	p, err := h.partner(c)
	if err != nil {
		return err
	}
	asked := access.TerminalInput{Label: r.text("label"), BranchID: r.id("brn", "branch")}
	var made access.TerminalInvitation
	if err := r.judge(ctx, func(ctx context.Context) (err error) {
		made, err = h.access.CreateTerminal(ctx, auth.Actor(ctx), p.ID, asked)
		return err
	}); err != nil {
		return err
	}
	return h.showTillCode(c, p, made)
}

// showTillCode shows the code of a till's device, for a camera and for fingers, here
// and never again.
func (h *handlers) showTillCode(c echo.Context, p vouchers.PartnerStory, made access.TerminalInvitation) error {
	shown, err := h.showInvitation(made)
	if err != nil {
		return err
	}
	data := web.TillCode{Label: made.Label, Shop: p.Name, Code: made.Code, Until: deskView(c, p.Site).Moment(made.Until), Back: backToPartner(p).Address}
	if shown.Address != "" {
		data.Address, _, _ = strings.Cut(shown.Address, "#")
		if data.QR, err = picture(c, shown.Address, "tills.qr"); err != nil {
			return err
		}
	}
	return showPage(c, http.StatusOK, "till_invitation", web.Page{Title: "tills.code", Heading: web.Text(readerOf(c), "tills.code_of", made.Label), Data: data})
}

// tillOf reads the till that the address names, with its shop.
func (h *handlers) tillOf(c echo.Context) (p vouchers.PartnerStory, t domain.Terminal, err error) {
	id, err := pathID(c, "trm", "terminal_id")
	if err != nil {
		return p, t, err
	}
	if p, err = h.partner(c); err != nil {
		return p, t, err
	}
	ctx := c.Request().Context()
	if t, err = h.access.Terminal(ctx, auth.Actor(ctx), id); err == nil && t.PartnerID != p.ID {
		err = echo.ErrNotFound
	}
	return p, t, err
}

func (h *handlers) showTillPage(c echo.Context, status int, in web.Input) error {
	p, t, err := h.tillOf(c)
	if err != nil {
		return err
	}
	return showPage(c, status, "till_settings", web.Page{Title: "tills.till", Heading: t.Label, Back: backToPartner(p), Data: web.NewTillSettings(deskView(c, p.Site), p, t, in)})
}

// lookAfterTill changes a till, gives its device another code or closes it for good.
func (h *handlers) lookAfterTill(c echo.Context, in web.Input) (string, error) {
	p, t, err := h.tillOf(c)
	if err != nil {
		return "", err
	}
	ctx, do := c.Request().Context(), in.Values.Get("do")
	actor := auth.Actor(ctx)
	switch do {
	case "code":
		made, err := h.access.RenewTerminalCode(ctx, actor, t.ID)
		if err != nil {
			return "", err
		}
		return "", h.showTillCode(c, p, made)
	case "revoke":
		_, err = h.access.RevokeTerminal(ctx, actor, t.ID)
	case "change":
		err = h.changeTill(c, t, in)
	default:
		return "", echo.ErrNotFound
	}
	return backToPartner(p).Address + "?said=tills_" + do, err
}

func (h *handlers) changeTill(c echo.Context, t domain.Terminal, in web.Input) error {
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	label, branch, limits, version := r.text("label"), r.id("brn", "branch"), r.limits(), r.version()
	return r.judge(ctx, func(ctx context.Context) error {
		_, err := h.access.UpdateTerminal(ctx, auth.Actor(ctx), t.ID, version, access.TerminalChange{
			Label: &label, BranchID: given(branch), MostPerVoucher: &limits.MostPerVoucher, MostPerHour: &limits.MostPerHour, MostPerDay: &limits.MostPerDay,
		})
		return err
	})
}

// limits reads what a till may take; an empty field is 0.
func (r *formReader) limits() domain.Limits {
	return domain.Limits{MostPerVoucher: r.cap("most_per_voucher"), MostPerHour: r.cap("most_per_hour"), MostPerDay: r.cap("most_per_day")}
}

// cap reads the most that something may be; 0 when the field is empty.
func (r *formReader) cap(name string) int64 {
	if r.text(name) == "" {
		return 0
	}
	return r.money(name)
}
