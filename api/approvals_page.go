package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// leaderPages adds what is a team leader's: what waits for their decision, and how
// treatment goes.
func (h *handlers) leaderPages(r router) {
	r.GET("/approvals", func(c echo.Context) error { return h.approvals(c, http.StatusOK, nil) }, h.staff)
	r.POST("/approvals", h.decideMany, h.staff, small)
	r.POST("/approvals/:id", h.decideOne, h.staff, small)
	r.GET("/figures", h.treatment, h.staffFor("getReport"))
	r.GET("/emergencies", func(c echo.Context) error { return h.showEmergencies(c, http.StatusOK, newInput(), "") }, h.staff)
	r.POST("/emergencies/:emergency_id", h.reviewEmergency, h.staff, small)
}

// approvals answers with what waits for whoever asks. Change says what was wrong, or
// what became of what was decided.
func (h *handlers) approvals(c echo.Context, status int, change func(*web.Approvals)) error {
	after, err := placeOf(c.QueryParam("after"))
	if err != nil {
		return echo.ErrNotFound
	}
	ctx := c.Request().Context()
	inbox, err := h.service.Inbox(ctx, auth.Actor(ctx), after)
	if err != nil {
		return err
	}
	next := ""
	if inbox.More {
		next = "?after=" + cursorOf(inbox.Mine[len(inbox.Mine)-1].Place())
	}
	shown := web.NewApprovals(inbox, viewOf(c), newInput, here(c), next)
	if change != nil {
		change(&shown)
	}
	return showPage(c, status, "approvals", web.Page{Title: "approvals.title", Live: true, Wide: true, Script: "approvals.js", Data: shown})
}

// here is the part of the page's address that says which of its pages is shown.
func here(c echo.Context) string {
	if after := c.QueryParam("after"); after != "" {
		return "?" + url.Values{"after": {after}}.Encode()
	}
	return ""
}

// decision is what a form of the page says.
type decision struct {
	web.Input
	approve bool
	reason  string // why not; "" when it is approved
}

// decisionOf reads a form of the page.
func decisionOf(c echo.Context) (d decision, err error) {
	if d.Input, err = sentInput(c); err != nil {
		return d, err
	}
	if d.approve = d.Values.Get("decision") == "approve"; !d.approve {
		d.reason = oneLine(d.Values.Get("reason"))
	}
	return d, nil
}

// subject is what a row of the page is about: one of the two.
type subject struct{ award, withholding []domain.ID }

// subjectOf reads which row the address names.
func subjectOf(c echo.Context) (of subject, ok bool) {
	if id, ok := parse("awd", c.Param("id")); ok {
		return subject{award: []domain.ID{id}}, true
	}
	id, ok := parse("wth", c.Param("id"))
	return subject{withholding: []domain.ID{id}}, ok
}

// decideOne decides on one award, or one withholding.
func (h *handlers) decideOne(c echo.Context) error {
	of, known := subjectOf(c)
	if !known {
		return echo.ErrNotFound
	}
	d, err := decisionOf(c)
	if err != nil {
		return err
	}
	done := web.HeldDone(d.approve)
	if of.award == nil {
		err = h.decideHeld(c, d, of.withholding[0])
	} else {
		r := formReader{values: d.Values}
		seen := vouchers.Deciding{AwardID: of.award[0], Version: r.version()}
		var rows []vouchers.DecidedRow
		if err = r.faults.Err(); err == nil {
			rows, err = h.decided(c, d, seen)
		}
		if err == nil {
			done, err = web.NewDone(rows[0], d.approve), rows[0].Err
		}
	}
	switch {
	case err != nil:
		return h.undecided(c, d, of, err)
	case !wantsPart(c):
		query := url.Values{"said": {done.Said}}
		if after := c.QueryParam("after"); after != "" {
			query.Set("after", after)
		}
		return c.Redirect(http.StatusSeeOther, "/approvals?"+query.Encode())
	}
	return h.showMatter(c, http.StatusOK, of, func(m *web.Matter) { m.Done = done.Text(readerOf(c)) })
}

// decided decides on awards one by one.
func (h *handlers) decided(c echo.Context, d decision, awards ...vouchers.Deciding) ([]vouchers.DecidedRow, error) {
	ctx := c.Request().Context()
	rows, _, err := h.service.DecideMany(ctx, auth.Actor(ctx), keyOf(c, d.Input), vouchers.Decision{Awards: awards, Approve: d.approve, Reason: d.reason})
	return rows, err
}

// decideHeld decides on a withholding.
func (h *handlers) decideHeld(c echo.Context, d decision, id domain.ID) (err error) {
	ctx := c.Request().Context()
	if d.approve {
		_, err = h.service.ApproveWithholding(ctx, auth.Actor(ctx), keyOf(c, d.Input), id)
	} else {
		_, err = h.service.RejectWithholding(ctx, auth.Actor(ctx), id, d.reason)
	}
	return err
}

// showMatter answers with one row of the page, as it is now.
func (h *handlers) showMatter(c echo.Context, status int, of subject, change func(*web.Matter)) error {
	ctx := c.Request().Context()
	list, err := h.service.Matters(ctx, auth.Actor(ctx), of.award, of.withholding)
	if err == nil && len(list) == 0 {
		err = domain.OutOfReach()
	}
	if err != nil {
		return err
	}
	row := web.NewMatter(list[0], viewOf(c), newInput().Key)
	row.Here, row.Changed = here(c), true
	change(&row)
	return showPart(c, status, "approvals", "matter", row)
}

// undecided shows the row again, with why nothing was decided beside it.
func (h *handlers) undecided(c echo.Context, d decision, of subject, err error) error {
	in, status, err := refusedDecision(c, d, err)
	if err != nil {
		return err
	}
	if wantsPart(c) {
		return h.showMatter(c, status, of, func(m *web.Matter) { m.Wrong(in) })
	}
	return h.approvals(c, status, func(p *web.Approvals) { p.Refused(c.Param("id"), in) })
}

// refusedDecision is the form to show again because of err, in the page's own words
// where it has some.
func refusedDecision(c echo.Context, d decision, err error) (web.Input, int, error) {
	in, status, ours := refusedForm(c, d.Input, err, nil)
	if ours != nil {
		return in, status, ours
	}
	if says := web.Undecided(readerOf(c), err); says != "" {
		in.Problem = says
	}
	return in, status, nil
}

// decideMany decides on the awards that were chosen, each under every rule that holds
// when it is decided on alone, and says of each what became of it.
func (h *handlers) decideMany(c echo.Context) error {
	d, err := decisionOf(c)
	if err != nil {
		return err
	}
	var chosen []vouchers.Deciding
	for _, each := range d.Values["chosen"] {
		id, version, _ := strings.Cut(each, ":")
		award, isAward := parse("awd", id)
		read, err := strconv.ParseInt(version, 10, 64)
		if !isAward || err != nil || read < 1 {
			return echo.ErrNotFound
		}
		chosen = append(chosen, vouchers.Deciding{AwardID: award, Version: read})
	}
	if len(chosen) == 0 { // whoever asks, and whatever else is missing
		d.Problem = web.Text(readerOf(c), "approvals.choose_some")
		return h.approvals(c, http.StatusUnprocessableEntity, func(p *web.Approvals) { p.Again(d.Input) })
	}
	rows, err := h.decided(c, d, chosen...)
	if err != nil {
		in, status, err := refusedDecision(c, d, err)
		if err != nil {
			return err
		}
		return h.approvals(c, status, func(p *web.Approvals) { p.Again(in) })
	}
	ctx := c.Request().Context()
	matters, err := h.service.Matters(ctx, auth.Actor(ctx), each(rows, func(r vouchers.DecidedRow) domain.ID { return r.AwardID }), nil)
	if err != nil {
		return err
	}
	return h.approvals(c, http.StatusOK, func(p *web.Approvals) {
		for _, row := range rows {
			if i := slices.IndexFunc(matters, func(m vouchers.Matter) bool { return m.Award.ID == row.AwardID }); i >= 0 {
				p.Became(row, web.NewMatter(matters[i], viewOf(c), ""), d.approve, problemOf(c, row.Err), readerOf(c))
			}
		}
	})
}

// problemOf says why nothing was decided; "" where something was.
func problemOf(c echo.Context, err error) string {
	if err == nil {
		return ""
	}
	if says := web.Undecided(readerOf(c), err); says != "" {
		return says
	}
	_, told := tell(err)
	return web.Fault(readerOf(c), told.Code, told.Message)
}
