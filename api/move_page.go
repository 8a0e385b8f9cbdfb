package api

import (
	"context"

	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// moveEnrolment shows what a move to the version in force would change and,
// pressed there, makes it. The versions are those that were shown.
func moveEnrolment(ctx context.Context, a *acting) error {
	enrolment := a.id("enr", "enrolment")
	in := vouchers.Move{VersionID: a.id("ver", "to"), FromVersionID: a.id("ver", "from"), On: a.date("on"), Phase: a.text("phase"), Reason: oneLine(a.text("reason"))}
	if in.VersionID == (domain.ID{}) {
		in.FromVersionID, in.VersionID = web.Behind(a.o, enrolment)
		a.faults.Check(in.VersionID != domain.ID{}, "enrolment", "unknown", "must be one of those to choose from")
		a.values.Set("from", show("ver", in.FromVersionID))
		a.values.Set("to", show("ver", in.VersionID))
	}
	if a.text("do") != "change" {
		a.faults.Check(in.Reason != "", "reason", "required", "must not be empty")
	}
	return a.judge(ctx, func(ctx context.Context) error { return moveOrShow(ctx, a, enrolment, in) })
}

func moveOrShow(ctx context.Context, a *acting, enrolment domain.ID, in vouchers.Move) error {
	switch a.text("do") {
	case "move":
		_, err := a.h.service.Move(ctx, a.actor, a.key, enrolment, in)
		return err
	case "change":
		a.again = true
		a.values.Del("from")
		a.values.Del("to")
		return nil
	}
	leave, err := a.h.load.enter(ctx, a.actor.TokenID) // as previewMove is bounded
	if err != nil {
		return err
	}
	defer leave()
	preview, err := a.h.service.PreviewMove(ctx, a.actor, enrolment, in)
	a.preview = &preview
	return err
}
