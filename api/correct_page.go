package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// correctPages adds where a recorded visit is corrected, with a reason.
func (h *handlers) correctPages(r router) {
	r.GET("/attendances/:attendance_id/correct", func(c echo.Context) error { return h.showCorrect(c, http.StatusOK, newInput()) }, h.staff)
	r.POST("/attendances/:attendance_id/correct", h.correct, h.staff, small)
}

// story reads the visit that the address names.
func (h *handlers) story(c echo.Context) (vouchers.VisitStory, error) {
	return addressed(c, "att", "attendance_id", h.service.VisitStory)
}

func (h *handlers) showCorrect(c echo.Context, status int, in web.Input) error {
	story, err := h.story(c)
	if err != nil {
		return err
	}
	lang := readerOf(c)
	back := &web.Choice{Name: web.Text(lang, "correct.back"), Address: visitAddress(story, "")}
	return showPage(c, status, "correct", web.Page{Title: "correct.title", Back: back, Data: web.NewCorrectVisit(story, in, lang, show)})
}

// visitAddress is where a visit is shown: in its day, or where it was not planned
// with its citizen. Said is what was done there; "": nothing.
func visitAddress(v vouchers.VisitStory, said string) string {
	session := v.Appointment.Session
	address, place := "/citizens/"+show("cit", v.Appointment.Citizen.ID), ""
	if session.ID != (domain.ID{}) {
		address, place = "/today?date="+session.LocalDate.String(), "#"+show("ses", session.ID)
	}
	if said != "" {
		address = saying(address, said)
	}
	return address + place
}

// correct records what a visit was in truth, or that it was none.
func (h *handlers) correct(c echo.Context) error {
	story, err := h.story(c)
	if err != nil {
		return err
	}
	return takeForm(c, nil, func(in web.Input) (to string, err error) {
		ctx := c.Request().Context()
		visit, outcome, reason := story.Appointment.Visit.AttendanceID, in.Values.Get("outcome"), in.Values.Get("reason")
		switch outcome {
		case "":
			err = domain.InvalidField("outcome", "required", "say what happened")
		case web.Withdrawn:
			_, err = h.service.CancelAttendance(ctx, auth.Actor(ctx), keyOf(c, in), visit, reason)
		default:
			_, err = h.service.Correct(ctx, auth.Actor(ctx), keyOf(c, in), vouchers.Correction{AttendanceID: visit, Outcome: outcome, Reason: reason})
		}
		return visitAddress(story, "visit_corrected"), err
	}, h.showCorrect)
}
