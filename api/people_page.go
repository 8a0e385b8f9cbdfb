package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

// peoplePages adds the staff: who has which role where, and who can sign in.
func (h *handlers) peoplePages(r router) {
	r.GET("/people", h.peoplePage, h.staff)
	r.GET("/people/new", emptyForm(h.showNewPerson), h.staff, administers)
	r.POST("/people/new", formHandler(h.showNewPerson, h.addPerson, roleNames), h.staff, administers, small)
	r.GET("/people/:person_id", emptyForm(h.showPerson), h.staff)
	r.POST("/people/:person_id", formHandler(h.showPerson, h.lookAfterPerson, roleNames), h.staff, administers, small)
}

// roleNames are the form's names of fields that the use cases call otherwise.
var roleNames = map[string]string{"unit_id": "unit", "partner_id": "partner"}

// peoplePage lists the staff, by name.
func (h *handlers) peoplePage(c echo.Context) error {
	begin, err := base64.RawURLEncoding.DecodeString(c.QueryParam("cursor"))
	if err != nil {
		return echo.ErrNotFound
	}
	ctx := c.Request().Context()
	p, err := h.access.People(ctx, auth.Actor(ctx), string(begin), c.QueryParam("q"))
	if err != nil {
		return err
	}
	data := web.NewPeople(deskView(c, p.Site), p, c.QueryParam("q"))
	if p.More {
		data.Next = after(c, base64.RawURLEncoding.EncodeToString([]byte(p.Rows[len(p.Rows)-1].Person)))
	}
	return showPage(c, http.StatusOK, "people", web.Page{Title: "people.title", Data: data})
}

func (h *handlers) showNewPerson(c echo.Context, status int, in web.Input) error {
	ctx := c.Request().Context()
	p, err := h.access.Places(ctx, auth.Actor(ctx))
	if err != nil {
		return err
	}
	return showPage(c, status, "person_new", web.Page{Title: "people.new", Back: backTo(c, "/people", "people.title"), Data: web.NewPersonNew(deskView(c, p.Site), p, in)})
}

// addPerson gives a person their first role, or invites them.
func (h *handlers) addPerson(c echo.Context, in web.Input) (string, error) {
	switch in.Values.Get("do") {
	case "role":
		made, err := h.giveRole(c, in, in.Values.Get("person"))
		return "/people/" + show("asg", made.ID) + "?said=people_role", err
	case "invite":
		return "", h.invite(c, in.Values.Get("person"))
	}
	return "", echo.ErrNotFound
}

// giveRole gives a person the role that a form says.
func (h *handlers) giveRole(c echo.Context, in web.Input, person string) (given domain.Assignment, err error) {
	r, ctx := formReader{values: in.Values}, c.Request().Context()
	asked := access.AssignmentInput{Person: person, Role: domain.Role(r.text("role")), UnitID: r.id("unt", "unit"), PartnerID: r.id("prt", "partner")}
	err = r.judge(ctx, func(ctx context.Context) (err error) {
		given, err = h.access.Assign(ctx, auth.Actor(ctx), asked)
		return err
	})
	return given, err
}

// invite shows the link by which a person chooses how to sign in, once.
func (h *handlers) invite(c echo.Context, person string) error {
	ctx := c.Request().Context()
	places, err := h.access.Places(ctx, auth.Actor(ctx))
	if err != nil {
		return err
	}
	invited, err := h.access.Invite(ctx, auth.Actor(ctx), person)
	if err != nil {
		return err
	}
	id := show("acc", invited.Account.ID)
	return showSecret(c, web.Secret{
		For: invited.Account.Person, What: "people.invitation_what", Text: InvitationLink(h.public, invited.Text), Until: deskView(c, places.Site).Moment(invited.Until), Hint: "people.invitation_hint",
	}, "people.invitation", "/people/"+id)
}

// showSecret shows what is told once, with the way back.
func showSecret(c echo.Context, data web.Secret, title, back string) error {
	data.Back = back
	return showPage(c, http.StatusOK, "secret", web.Page{Title: title, Data: data})
}

// personOf reads who the address names: by an account, or by a role.
func personOf(c echo.Context) (account, assignment domain.ID, err error) {
	text := c.Param("person_id")
	account, isAccount := parse("acc", text)
	assignment, isRole := parse("asg", text)
	if !isAccount && !isRole {
		err = echo.ErrNotFound
	}
	return account, assignment, err
}

func (h *handlers) colleague(c echo.Context) (s access.ColleagueStory, err error) {
	account, assignment, err := personOf(c)
	if err != nil {
		return s, err
	}
	ctx := c.Request().Context()
	return h.access.ColleagueStory(ctx, auth.Actor(ctx), account, assignment)
}

func (h *handlers) showPerson(c echo.Context, status int, in web.Input) error {
	s, err := h.colleague(c)
	if err != nil {
		return err
	}
	return showPage(c, status, "person", web.Page{
		Title: "people.person", Heading: s.Person, Wide: true, Back: backTo(c, "/people", "people.title"),
		Data: web.NewPerson(deskView(c, s.Site), s, auth.Actor(c.Request().Context()), in),
	})
}

// lookAfterPerson does what one of the forms of a person's page asks for.
func (h *handlers) lookAfterPerson(c echo.Context, in web.Input) (string, error) {
	s, err := h.colleague(c)
	if err != nil {
		return "", err
	}
	do := in.Values.Get("do")
	switch do {
	case "invite":
		return "", h.invite(c, s.Person)
	case "recover":
		return "", h.startRecovery(c, s, in.Values.Get("reason"))
	case "confirm":
		return "", h.confirmRecovery(c, s)
	}
	return (&url.URL{Path: "/people/" + c.Param("person_id"), RawQuery: "said=people_" + do}).String(), h.changePerson(c, s, in)
}

func (h *handlers) changePerson(c echo.Context, s access.ColleagueStory, in web.Input) (err error) {
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	actor := auth.Actor(ctx)
	switch do := r.text("do"); {
	case do == "role":
		_, err = h.giveRole(c, in, s.Person)
	case do == "unassign":
		id := r.id("asg", "role_id")
		if err = r.faults.Err(); err == nil {
			_, err = h.access.Unassign(ctx, actor, id)
		}
	case do == "end":
		_, err = h.access.EndSignIns(ctx, actor, s.Person)
	case do == "suspend" && s.Account != nil:
		_, err = h.access.SuspendAccount(ctx, actor, s.Account.ID)
	case do == "resume" && s.Account != nil:
		_, err = h.access.ResumeAccount(ctx, actor, s.Account.ID)
	case do == "withdraw" && s.Recovery != nil:
		_, err = h.access.WithdrawRecovery(ctx, actor, s.Recovery.ID)
	default:
		return echo.ErrNotFound
	}
	return err
}

// startRecovery shows the first half of a code by which a person gets new means of
// signing in.
func (h *handlers) startRecovery(c echo.Context, s access.ColleagueStory, reason string) error {
	if s.Account == nil {
		return echo.ErrNotFound
	}
	ctx := c.Request().Context()
	half, err := h.access.StartRecovery(ctx, auth.Actor(ctx), s.Account.ID, reason)
	if err != nil {
		return err
	}
	return h.showHalf(c, s, half, "people.half_first")
}

// confirmRecovery shows another administrator the second half.
func (h *handlers) confirmRecovery(c echo.Context, s access.ColleagueStory) error {
	if s.Recovery == nil {
		return echo.ErrNotFound
	}
	ctx := c.Request().Context()
	half, err := h.access.ConfirmRecovery(ctx, auth.Actor(ctx), s.Recovery.ID)
	if err != nil {
		return err
	}
	return h.showHalf(c, s, half, "people.half_second")
}

func (h *handlers) showHalf(c echo.Context, s access.ColleagueStory, half access.Half, what string) error {
	return showSecret(c, web.Secret{
		For: s.Person, What: what, Text: half.Text, Until: deskView(c, s.Site).Moment(half.Recovery.ExpiresAt), Hint: "people.half_hint",
	}, "people.recovery", "/people/"+show("acc", s.Account.ID))
}
