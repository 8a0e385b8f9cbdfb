package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// showEmergencyForm shows where emergency access is taken, what follows from it, and
// those that the reader took.
func (h *handlers) showEmergencyForm(c echo.Context, status int, in web.Input) error {
	ctx := c.Request().Context()
	own, err := h.service.OwnEmergencies(ctx, auth.Actor(ctx))
	if err != nil {
		return err
	}
	if !may(c)("createEmergencyAccess") {
		return auth.Actor(ctx).May("createEmergencyAccess")
	}
	data := web.NewEmergencyForm(deskView(c, own.Site), in, own)
	return showPage(c, status, "emergency", web.Page{Title: "emergency.title", Back: backTo(c, "/citizens", "find.title"), Data: data})
}

// takeEmergency takes emergency access to whom the form names. What can be a CPR number
// is one.
func (h *handlers) takeEmergency(c echo.Context) error {
	return takeForm(c, map[string]string{"cpr": "who", "reference": "who", "citizen_id": "who"}, func(in web.Input) (string, error) {
		ctx := c.Request().Context()
		r := formReader{values: in.Values}
		asked := vouchers.EmergencyInput{Reference: r.text("who"), Reason: r.text("reason"), Key: keyOf(c, in)}
		if _, err := domain.ParseCPR(asked.Reference); err == nil {
			asked.CPR, asked.Reference = asked.Reference, ""
		}
		e, err := h.service.TakeEmergencyAccess(ctx, auth.Actor(ctx), asked)
		return "/emergency/" + show("emg", e.ID), err
	}, h.showEmergencyForm)
}

// emergencyRecord shows the record that an emergency access of the reader's opens.
// Each reading is in the log.
func (h *handlers) emergencyRecord(c echo.Context) error {
	id, err := pathID(c, "emg", "emergency_id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	own, err := h.service.OwnEmergencies(ctx, auth.Actor(ctx))
	if err != nil {
		return err
	}
	view := deskView(c, own.Site)
	for _, e := range own.Rows {
		if e.ID != id {
			continue
		}
		d, err := h.service.EmergencyRecord(ctx, auth.Actor(ctx), id)
		if code := domain.CodeOf(err); err != nil && code != "not_found" && code != "emergency_over" {
			return err
		}
		data := web.NewEmergencyRecord(view, e, d, own.Now, err)
		return showPage(c, http.StatusOK, "emergency_record", web.Page{Title: "emergency.record", Heading: data.Name, Back: backTo(c, "/emergency", "emergency.title"), Data: data})
	}
	return echo.ErrNotFound
}

// showEmergencies shows what a leader reviews, or what was reviewed. Of is the one that
// a form was sent for; "": none.
func (h *handlers) showEmergencies(c echo.Context, status int, in web.Input, of string) error {
	place, err := page(10, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx, reviewed := c.Request().Context(), c.QueryParam("reviewed") == "yes"
	actor := auth.Actor(ctx)
	d, err := h.service.EmergencyDesk(ctx, actor, place, reviewed)
	if err != nil {
		return err
	}
	if !may(c)("reviewEmergencyAccess") {
		return actor.May("reviewEmergencyAccess")
	}
	data := web.NewEmergencies(deskView(c, d.Site), d, web.EmergenciesAsked{Reader: actor.Person, Reviewed: reviewed, Form: in, Of: of})
	data.Next = older(c, d.Rows, d.More, func(e domain.EmergencyAccess) domain.ID { return e.ID })
	return showPage(c, status, "emergencies", web.Page{Title: "emergency.review", Back: backTo(c, "/approvals", "approvals.title"), Data: data})
}

// reviewEmergency says whether an emergency access was in order, or ends it.
func (h *handlers) reviewEmergency(c echo.Context) error {
	id, err := pathID(c, "emg", "emergency_id")
	if err != nil {
		return err
	}
	return takeForm(c, nil, func(in web.Input) (string, error) {
		ctx := c.Request().Context()
		actor, do, comment := auth.Actor(ctx), in.Values.Get("do"), strings.TrimSpace(in.Values.Get("comment"))
		var e domain.EmergencyAccess
		var err error
		switch {
		case do == "revoke":
			e, err = h.service.RevokeEmergencyAccess(ctx, actor, id)
			if e.RevokedBy == actor.Person { // the second of two presses
				err = nil
			}
		case do == "wrong" && comment == "":
			err = domain.InvalidField("comment", "required", "say what was wrong: who took the access reads it")
		case do == "fine", do == "wrong":
			e, err = h.service.ReviewEmergencyAccess(ctx, actor, id, web.Verdict(readerOf(c), do, comment))
			if e.ReviewedBy == actor.Person {
				err = nil
			}
		default:
			err = echo.ErrNotFound
		}
		return "/emergencies?said=emergency_" + do, err
	}, func(c echo.Context, status int, in web.Input) error {
		return h.showEmergencies(c, status, in, show("emg", id))
	})
}

// accessesPage shows when somebody handled a citizen's data, and what for.
func (h *handlers) accessesPage(c echo.Context) error {
	id, err := pathID(c, "cit", "citizen_id")
	if err != nil {
		return err
	}
	place, err := page(50, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	l, err := h.service.Accesses(ctx, actor, id, place)
	if err != nil {
		return err
	}
	view, err := h.siteView(c)
	if err != nil {
		return err
	}
	at := "/citizens/" + show("cit", id)
	data := web.NewAccesses(view, l.Rows, "/v1"+at+"/accesses?format=csv")
	data.Next = older(c, l.Rows, l.More, func(a domain.Access) domain.ID { return a.ID })
	return showPage(c, http.StatusOK, "accesses", web.Page{Title: "accesses.title", Back: backTo(c, at, "citizen.title"), Data: data})
}
