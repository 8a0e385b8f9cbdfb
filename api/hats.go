package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showHat(h vouchers.Hat) Hat {
	shown := Hat{
		ID: HatID(h.ID), ProgrammeID: ProgrammeID(h.ProgrammeID), UnitID: UnitID(h.UnitID), Title: h.Title, HeldAt: h.HeldAt, Names: h.Names,
		Commitment: h.Commitment, Seed: h.Revealed, DrawnBy: h.DrawnBy, Entries: each(h.Entries, showHatEntry), CreatedAt: h.CreatedAt,
	}
	if h.DrawnAt != nil {
		shown.DrawnAt = *h.DrawnAt
	}
	return shown
}

func showHatEntry(e domain.HatEntry) HatEntry {
	shown := HatEntry{AttendanceID: AttendanceID(e.AttendanceID)}
	if e.Tickets != nil {
		shown.Tickets, shown.Won, shown.Place = *e.Tickets, *e.Place > 0, *e.Place
	}
	return shown
}

// CreateHat answers createHat.
func (h *handlers) CreateHat(ctx context.Context, r CreateHatRequestObject) (CreateHatResponseObject, error) {
	a, err := h.service.CreateHat(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), vouchers.HatInput{
		ProgrammeID: domain.ID(r.Body.ProgrammeID), UnitID: domain.ID(r.Body.UnitID), HeldAt: r.Body.HeldAt, Title: r.Body.Title,
	})
	if err != nil {
		return nil, err
	}
	return CreateHat201JSONResponse{showHat(a.Value), CreateHat201ResponseHeaders{replayed(a.Replayed)}}, nil
}

// DrawHat answers drawHat.
func (h *handlers) DrawHat(ctx context.Context, r DrawHatRequestObject) (DrawHatResponseObject, error) {
	a, err := h.service.DrawHat(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.HatID))
	if err != nil {
		return nil, err
	}
	result := HatResult{Hat: showHat(a.Value), Awards: each(a.Value.Awards, showAward), Vouchers: each(a.Value.Vouchers, showVoucher)}
	return DrawHat201JSONResponse{result, DrawHat201ResponseHeaders{replayed(a.Replayed)}}, nil
}

// GetHat answers getHat.
func (h *handlers) GetHat(ctx context.Context, r GetHatRequestObject) (GetHatResponseObject, error) {
	hat, err := h.service.GetHat(ctx, auth.Actor(ctx), domain.ID(r.HatID))
	if err != nil {
		return nil, err
	}
	return GetHat200JSONResponse(showHat(hat)), nil
}

// ListHats answers listHats.
func (h *handlers) ListHats(ctx context.Context, r ListHatsRequestObject) (ListHatsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Hats(ctx, auth.Actor(ctx), p, vouchers.HatFilter{ProgrammeID: domain.ID(r.Params.ProgrammeID), UnitID: domain.ID(r.Params.UnitID)})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(h vouchers.Hat) domain.ID { return h.ID }, showHat)
	return ListHats200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
