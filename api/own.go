package api

import (
	"bytes"
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

func showOwnVoucher(v vouchers.OwnVoucher) OwnVoucher {
	same := func(word string) string { return word }
	return OwnVoucher{
		ID: VoucherID(v.ID), Serial: v.Serial, Amount: v.Amount, Balance: v.Balance, Currency: v.Currency, State: v.State, Usable: v.Usable, ValidTo: v.ValidTo,
		Partial: v.Partial, Categories: each(v.Categories, same), Excluded: each(v.Excluded, same), Shops: each(v.Shops, same),
	}
}

// showCourse leaves out the programme's title, its rules and the kinds of visits:
// what is told is told in whatever company the citizen reads it.
func showCourse(x vouchers.Explanations) OwnCourse {
	shown := OwnCourse{Currency: x.Standing.Currency, Received: x.Received, Awards: each(x.Awards, showOwnAward)}
	if x.Next != nil {
		met, missed := x.Next.Ahead.Text(x.Next.Currency)
		next := OwnNext{MetText: Sentence(met), MissedText: Sentence(missed)}
		if x.Next.SessionID != nil {
			next.At = x.Next.At
		}
		shown.Next = &next
	}
	return shown
}

func showOwnAward(t vouchers.Told) OwnAward {
	shown := OwnAward{ReachedOn: t.Award.ReachedOn, Amount: web.Worth(t), State: t.State, Why: each(t.Why, func(s rules.Text) Sentence { return Sentence(s) })}
	if t.Note != (rules.Text{}) {
		note := Sentence(t.Note)
		shown.Note = &note
	}
	return shown
}

// GetOwnPage answers getOwnPage.
func (h *handlers) GetOwnPage(ctx context.Context, _ GetOwnPageRequestObject) (GetOwnPageResponseObject, error) {
	own, err := h.service.OwnPage(ctx, auth.Actor(ctx), false)
	if err != nil {
		return nil, err
	}
	return GetOwnPage200JSONResponse{
		Municipality: own.Municipality, PINSet: own.PIN, Vouchers: each(own.Vouchers, showOwnVoucher), Courses: each(own.Courses, showCourse),
	}, nil
}

// GetOwnVoucherCode answers getOwnVoucherCode.
func (h *handlers) GetOwnVoucherCode(ctx context.Context, r GetOwnVoucherCodeRequestObject) (GetOwnVoucherCodeResponseObject, error) {
	v, secret, err := h.service.RevealOwn(ctx, auth.Actor(ctx), "getOwnVoucherCode", domain.ID(r.VoucherID))
	if err != nil {
		return nil, err
	}
	return GetOwnVoucherCode200JSONResponse{VoucherID: VoucherID(v.ID), Code: secret.Reveal()}, nil
}

// GetOwnVoucherQRSVG answers getOwnVoucherQRSVG.
func (h *handlers) GetOwnVoucherQRSVG(ctx context.Context, r GetOwnVoucherQRSVGRequestObject) (GetOwnVoucherQRSVGResponseObject, error) {
	_, secret, err := h.service.RevealOwn(ctx, auth.Actor(ctx), "getOwnVoucherQRSVG", domain.ID(r.VoucherID))
	if err != nil {
		return nil, err
	}
	picture, err := secret.SVG()
	if err != nil {
		return nil, err
	}
	return GetOwnVoucherQRSVG200ImageSVGXMLResponse{Body: bytes.NewReader(picture), ContentLength: int64(len(picture))}, nil
}

// BlockOwnVoucher answers blockOwnVoucher.
func (h *handlers) BlockOwnVoucher(ctx context.Context, r BlockOwnVoucherRequestObject) (BlockOwnVoucherResponseObject, error) {
	v, err := h.service.BlockOwn(ctx, auth.Actor(ctx), domain.ID(r.VoucherID))
	if err != nil {
		return nil, err
	}
	return BlockOwnVoucher200JSONResponse(showOwnVoucher(vouchers.OwnVoucher{Voucher: v})), nil
}

// SetOwnPIN answers setOwnPIN.
func (h *handlers) SetOwnPIN(ctx context.Context, r SetOwnPINRequestObject) (SetOwnPINResponseObject, error) {
	if err := h.access.SetOwnPIN(ctx, auth.Actor(ctx), r.Body.PIN, r.Body.CurrentPIN); err != nil {
		return nil, err
	}
	return SetOwnPIN200JSONResponse{PINSet: true}, nil
}

// RemoveOwnPIN answers removeOwnPIN.
func (h *handlers) RemoveOwnPIN(ctx context.Context, r RemoveOwnPINRequestObject) (RemoveOwnPINResponseObject, error) {
	if err := h.access.RemoveOwnPIN(ctx, auth.Actor(ctx), r.Body.PIN); err != nil {
		return nil, err
	}
	return RemoveOwnPIN200JSONResponse{PINSet: false}, nil
}

// UnlockOwnPage answers unlockOwnPage.
func (h *handlers) UnlockOwnPage(ctx context.Context, r UnlockOwnPageRequestObject) (UnlockOwnPageResponseObject, error) {
	set, err := h.access.Unlock(ctx, auth.Actor(ctx), r.Body.PIN)
	if err != nil {
		return nil, err
	}
	return UnlockOwnPage200JSONResponse{PINSet: set}, nil
}

// LeaveOwnPage answers leaveOwnPage.
func (h *handlers) LeaveOwnPage(ctx context.Context, _ LeaveOwnPageRequestObject) (LeaveOwnPageResponseObject, error) {
	if err := h.access.LeaveOwnPage(ctx, auth.Actor(ctx)); err != nil {
		return nil, err
	}
	return LeaveOwnPage200JSONResponse{Ended{Ended: 1}, LeaveOwnPage200ResponseHeaders{auth.NoCookie(auth.CitizenCookie).String()}}, nil
}
