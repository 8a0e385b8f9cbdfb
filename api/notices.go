package api

import (
	"context"
	"net/url"
	"strconv"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showNotice(n vouchers.NoticeNow) Notice {
	return Notice{
		ID: NoticeID(n.ID), Kind: n.Kind, Text: n.Text, URL: noticeURL(n), Object: n.Object, ObjectID: show(prefixes[n.Object], n.ObjectID), UnitID: optional[unt](n.UnitID),
		Percent: n.Percent, ProgrammeID: optional[prg](n.ProgrammeID), Currency: n.Currency, Left: n.Left, Missing: n.Missing.Short, AwardsWaiting: n.Missing.Awards,
		CreatedAt: n.CreatedAt, SeenAt: instant(n.SeenAt), SeenBy: n.SeenBy,
	}
}

// noticeURL is where what a notice is about can be read.
func noticeURL(n vouchers.NoticeNow) string {
	switch n.Kind {
	case domain.EmergencyUsed, domain.EmergencyReviewed:
		return base + "/emergency-accesses"
	case domain.DeputyNamed:
		return base + "/deputies"
	case domain.LongWaiting:
		return base + "/waiting"
	}
	query := url.Values{"programme_id": {show("prg", *n.ProgrammeID)}}
	if n.Year > 0 {
		query.Set("year", strconv.Itoa(n.Year))
	}
	return base + "/budget-figures?" + query.Encode()
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
	data, more, next := listed(l, func(n vouchers.NoticeNow) domain.ID { return n.ID }, showNotice)
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
