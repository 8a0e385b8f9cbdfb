package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// limitPages adds who may approve how much, and who stands in for whom.
func (h *handlers) limitPages(r router) {
	r.GET("/limits", func(c echo.Context) error { return h.showLimits(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/limits", h.setLimits, h.staff, small)
	r.GET("/deputies", func(c echo.Context) error { return h.showDeputies(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/deputies", h.nameDeputy, h.staff, small)
}

// showLimits shows the limits in force of all programmes, or of the one that is asked for.
func (h *handlers) showLimits(c echo.Context, status int, in web.Input) error {
	asked := cmp.Or(in.Values.Get("programme"), c.QueryParam("programme"))
	programme, known := parse("prg", asked)
	if asked != "" && !known {
		return echo.ErrNotFound
	}
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	l, err := h.service.ApprovalLimits(ctx, actor, programme)
	if err != nil {
		return err
	}
	programmes, err := h.service.Programmes(ctx, actor, store.Page{Limit: mostUnits}, "")
	if err != nil {
		return err
	}
	view, err := h.siteView(c)
	if err != nil {
		return err
	}
	data := web.NewLimits(view, l, programmes.Rows, asked, in)
	data.May = may(c)("updateApprovalLimits")
	back := backTo(c, "/approvals", "approvals.title")
	if actor.Role == domain.Finance || actor.Role == domain.Auditor {
		back = backTo(c, "/year", "year.title")
	}
	return showPage(c, status, "limits", web.Page{Title: "limits.title", Back: back, Data: data})
}

// setLimits sets the limits anew, or gives up a programme's own.
func (h *handlers) setLimits(c echo.Context) error {
	if err := auth.Actor(c.Request().Context()).May("updateApprovalLimits"); err != nil {
		return err // the page that they read has no form to tell of faults in
	}
	names := map[string]string{}
	for i := range web.LimitSteps {
		names[fmt.Sprintf("steps[%d].role", i)], names[fmt.Sprintf("steps[%d].above", i)] = fmt.Sprintf("role_%d", i+1), fmt.Sprintf("above_%d", i+1)
	}
	return takeForm(c, names, func(in web.Input) (string, error) {
		ctx := c.Request().Context()
		actor, r := auth.Actor(ctx), formReader{values: in.Values}
		programme := r.id("prg", "programme")
		to := "/limits?said=limits&programme=" + r.text("programme")
		if r.text("do") == "give_up" {
			_, err := h.service.DeleteApprovalLimits(ctx, actor, programme)
			if domain.CodeOf(err) == "no_own_limits" { // the second of two presses
				err = nil
			}
			return to, err
		}
		asked := readLimits(&r)
		asked.ProgrammeID, asked.Key = programme, keyOf(c, in)
		number := r.number("number")
		return to, r.judge(ctx, func(ctx context.Context) error {
			_, err := h.service.UpdateApprovalLimits(ctx, actor, int64(number), asked)
			return err
		})
	}, h.showLimits)
}

// readLimits reads the limits that the form has. An amount that is left out is no
// limit.
func readLimits(r *formReader) (in vouchers.ApprovalLimitsInput) {
	limit := func(name string) *int64 {
		if r.text(name) == "" {
			return nil
		}
		minor := r.money(name)
		return &minor
	}
	amount := func(name string) (minor int64) {
		if given := limit(name); given != nil {
			minor = *given
		}
		return minor
	}
	in = vouchers.ApprovalLimitsInput{
		AutomaticMost: limit("automatic_most"), LeaderMost: limit("leader_most"), LeaderGrant: amount("leader_grant"), CaseworkerGrant: amount("caseworker_grant"),
		OwnCaseload: amount("own_caseload"), RemindDays: r.number("remind_days"),
	}
	for n := 1; n <= web.LimitSteps; n++ {
		if role := r.text(fmt.Sprintf("role_%d", n)); role != "" {
			in.Steps = append(in.Steps, domain.ApprovalStep{Role: domain.Role(role), Above: amount(fmt.Sprintf("above_%d", n))})
		}
	}
	return in
}

// showDeputies shows who stands in for the reader and for whom they do.
func (h *handlers) showDeputies(c echo.Context, status int, in web.Input) error {
	if !may(c)("createDeputy") {
		return auth.Actor(c.Request().Context()).May("createDeputy")
	}
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	l, err := h.service.Deputies(ctx, actor, place)
	if err != nil {
		return err
	}
	data := web.NewDeputies(viewOf(c), l, actor.Person, in)
	data.Next = older(c, l.Rows, l.More, func(d domain.Deputy) domain.ID { return d.ID })
	return showPage(c, status, "deputies", web.Page{Title: "deputies.title", Back: backTo(c, "/approvals", "approvals.title"), Data: data})
}

// nameDeputy names who stands in for the reader, or ends that.
func (h *handlers) nameDeputy(c echo.Context) error {
	return takeForm(c, nil, func(in web.Input) (string, error) {
		ctx := c.Request().Context()
		actor, r := auth.Actor(ctx), formReader{values: in.Values}
		if r.text("do") == "withdraw" {
			d, err := h.service.WithdrawDeputy(ctx, actor, r.id("dep", "id"))
			if d.WithdrawnBy == domain.Fold(actor.Person) { // the second of two presses
				err = nil
			}
			return "/deputies?said=deputy_withdrawn", err
		}
		asked := vouchers.DeputyInput{Deputy: r.text("deputy"), FirstDay: r.date("first_day"), LastDay: r.date("last_day"), Key: keyOf(c, in)}
		return "/deputies?said=deputy_named", r.judge(ctx, func(ctx context.Context) error {
			_, err := h.service.CreateDeputy(ctx, actor, asked)
			return err
		})
	}, h.showDeputies)
}
