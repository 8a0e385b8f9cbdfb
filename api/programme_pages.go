package api

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

// programmePages adds the programmes: what their rules say, and how they are
// written and adopted.
func (h *handlers) programmePages(r router) {
	r.GET("/programmes", h.programmesPage, h.staff)
	r.GET("/programmes/new", func(c echo.Context) error { return h.showNewProgramme(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/programmes/new", formHandler(h.showNewProgramme, h.addProgramme, map[string]string{"title.da": "title_da", "title.en": "title_en"}), h.staff, small)
	r.GET("/programmes/:programme_id", h.programmePage, h.staffFor("getVersionAmounts"))
	r.GET("/programmes/:programme_id/draft", h.draftPage, h.staff)
	r.POST("/programmes/:programme_id/draft", h.saveDraft, h.staff, longForm)
	r.POST("/programmes/:programme_id/check", h.checkDraft, h.staffFor("checkRules"), longForm)
	r.GET("/programmes/:programme_id/versions/:version_id", h.programmePage, h.staffFor("getVersionAmounts"))
	r.POST("/programmes/:programme_id/versions/:version_id", h.endVersion, h.staff, small)
	r.GET("/programmes/:programme_id/versions/:version_id/edit", h.editPage, h.staff)
	r.POST("/programmes/:programme_id/versions/:version_id/edit", h.saveEdit, h.staff, longForm)
	r.GET("/programmes/:programme_id/versions/:version_id/adopt", h.adoptPage, h.staff)
	r.POST("/programmes/:programme_id/versions/:version_id/adopt", h.adopt, h.staff, small)
}

// longestForm is how large a form with a programme's document may be, in bytes.
const longestForm = 4 * largestAnswer

// longForm refuses one that is larger.
func longForm(next echo.HandlerFunc) echo.HandlerFunc { return upTo(longestForm)(next) }

// authorOf says what the reader may do with a programme. A fresh proof of who they
// are is asked for where they do it.
func authorOf(actor domain.Actor) web.Author {
	may := func(action domain.Action) bool {
		err := actor.May(action)
		return !actor.Restricted() && (err == nil || domain.CodeOf(err) == "step_up_required")
	}
	return web.Author{Person: actor.Person, Edit: may("draftVersion"), Adopt: may("adoptVersion"), End: may("endVersion")}
}

// programmesPage lists the programmes.
func (h *handlers) programmesPage(c echo.Context) error {
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	place, err := page(0, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	offers, err := h.service.Offers(ctx, actor, place)
	if err != nil {
		return err
	}
	id := func(x vouchers.Offer) domain.ID { return x.Programme.ID }
	_, _, next := listed(offers.Listed, id, id)
	data := web.NewOffers(viewOf(c), offers.Rows, offers.Today)
	if next != "" {
		data.Next = "/programmes?cursor=" + next
	}
	data.MayAdd = authorOf(actor).Edit
	return showPage(c, http.StatusOK, "programmes", web.Page{Title: "rules.title", Data: data})
}

func (h *handlers) showNewProgramme(c echo.Context, status int, in web.Input) error {
	return showPage(c, status, "programme_new", web.Page{Title: "rules.new", Back: backTo(c, "/programmes", "rules.title"), Data: in})
}

// addProgramme adds a programme, which has no rules yet.
func (h *handlers) addProgramme(c echo.Context, in web.Input) (string, error) {
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	p, err := h.service.CreateProgramme(ctx, auth.Actor(ctx), vouchers.ProgrammeInput{Slug: r.text("slug"), Title: rules.Text{DA: r.text("title_da"), EN: r.text("title_en")}})
	return "/programmes/" + show("prg", p.ID) + "/draft?said=programme_new", err
}

// edition reads the programme that the address names, in the version that it
// names.
func (h *handlers) edition(c echo.Context) (e vouchers.Edition, err error) {
	programme, err := pathID(c, "prg", "programme_id")
	if err != nil {
		return e, err
	}
	var version domain.ID
	if c.Param("version_id") != "" {
		if version, err = pathID(c, "ver", "version_id"); err != nil {
			return e, err
		}
	}
	ctx := c.Request().Context()
	return h.service.Edition(ctx, auth.Actor(ctx), programme, version)
}

// programmePage shows a programme, in the version in force or the one asked for.
func (h *handlers) programmePage(c echo.Context) error {
	e, err := h.edition(c)
	if err != nil {
		return err
	}
	return h.showProgramme(c, http.StatusOK, e, newInput())
}

func (h *handlers) showProgramme(c echo.Context, status int, e vouchers.Edition, in web.Input) error {
	ctx := c.Request().Context()
	actor, view := auth.Actor(ctx), viewOf(c)
	data := web.NewProgramme(view, e, authorOf(actor), in)
	if data.Costs && c.QueryParam("cost") == "all" {
		cost, err := h.service.VersionCost(ctx, actor, e.Version.ID)
		if err != nil {
			return err
		}
		data.ForAll(cost)
	}
	return showPage(c, status, "programme", web.Page{Title: "rules.title", Heading: view.Titled(e.Programme), Wide: true, Back: backTo(c, "/programmes", "rules.title"), Data: data})
}

// endVersion sets an adopted version's last day.
func (h *handlers) endVersion(c echo.Context) error {
	e, err := h.edition(c)
	if err != nil {
		return err
	}
	return takeForm(c, map[string]string{"in_force_to": "ended_on"}, func(in web.Input) (string, error) {
		ctx, r := c.Request().Context(), formReader{values: in.Values}
		on := r.date("ended_on")
		return viewOf(c).VersionAt(*e.Version) + "?said=programme_ended", r.judge(ctx, func(ctx context.Context) error {
			_, err := h.service.EndVersion(ctx, auth.Actor(ctx), e.Version.ID, on)
			return err
		})
	}, func(c echo.Context, status int, in web.Input) error { return h.showProgramme(c, status, e, in) })
}

// backToVersion leads back to a version, or where there is none to its programme.
func backToVersion(c echo.Context, e vouchers.Edition) *web.Choice {
	view := viewOf(c)
	back := web.Choice{Name: view.Titled(e.Programme), Address: "/programmes/" + show("prg", e.Programme.ID)}
	if e.Version != nil && c.Param("version_id") != "" {
		back = web.Choice{Name: back.Name + " · " + view.Numbered(*e.Version), Address: view.VersionAt(*e.Version)}
	}
	return &back
}
