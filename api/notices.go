package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
)

func showNotice(n domain.Notice) Notice {
	return Notice{
		ID: NoticeID(n.ID), Kind: n.Kind, Object: n.Object, ObjectID: show(prefixes[n.Object], n.ObjectID), UnitID: optional[unt](n.UnitID),
		CreatedAt: n.CreatedAt, SeenAt: instant(n.SeenAt), SeenBy: n.SeenBy,
	}
}

// ListNotices answers listNotices.
func (h *handlers) ListNotices(ctx context.Context, r ListNoticesRequestObject) (ListNoticesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Notices(ctx, auth.Actor(ctx), p, r.Params.State == "unseen")
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(n domain.Notice) domain.ID { return n.ID }, showNotice)
	return ListNotices200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// MarkNoticeSeen answers markNoticeSeen.
func (h *handlers) MarkNoticeSeen(ctx context.Context, r MarkNoticeSeenRequestObject) (MarkNoticeSeenResponseObject, error) {
	n, err := h.service.MarkNoticeSeen(ctx, auth.Actor(ctx), domain.ID(r.NoticeID))
	if err != nil {
		return nil, err
	}
	return MarkNoticeSeen200JSONResponse(showNotice(n)), nil
}
