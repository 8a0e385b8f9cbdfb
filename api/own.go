package api

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"

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
	shown := OwnCourse{Currency: x.Standing.Currency}
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

func showOwnAward(t vouchers.Had) OwnAward {
	shown := OwnAward{
		ReachedOn: t.Award.ReachedOn, Amount: web.Worth(t.Told), Currency: t.Award.Currency, State: t.State,
		Why: each(t.Why, func(s rules.Text) Sentence { return Sentence(s) }), Vouchers: each(t.Vouchers, showIssued),
	}
	if t.Note != (rules.Text{}) {
		note := Sentence(t.Note)
		shown.Note = &note
	}
	return shown
}

func showIssued(v vouchers.OwnVoucher) OwnIssued {
	return OwnIssued{
		ID: VoucherID(v.ID), Serial: v.Serial, Amount: v.Amount, Balance: v.Balance, State: v.State, Usable: v.Usable,
		Uses: each(v.Uses, func(u vouchers.Use) OwnUse {
			return OwnUse{At: u.At, Shop: u.Shop, Amount: u.Amount, Left: u.Left, Returned: u.Returned}
		}),
	}
}

// GetOwnPage answers getOwnPage.
func (h *handlers) GetOwnPage(ctx context.Context, _ GetOwnPageRequestObject) (GetOwnPageResponseObject, error) {
	own, err := h.service.OwnPage(ctx, auth.Actor(ctx), vouchers.OwnAsked{})
	if err != nil {
		return nil, err
	}
	shown := GetOwnPage200JSONResponse{
		Municipality: own.Municipality, PINSet: own.PIN, Courses: each(own.Courses, showCourse), Received: []OwnReceived{},
		Vouchers: each(own.Vouchers.Rows, showOwnVoucher), MoreVouchers: own.Vouchers.More, Awards: each(own.Had.Rows, showOwnAward), MoreAwards: own.Had.More,
	}
	for _, currency := range slices.Sorted(maps.Keys(own.Received)) {
		shown.Received = append(shown.Received, OwnReceived{Currency: currency, Amount: own.Received[currency]})
	}
	return shown, nil
}

// ListOwnVouchers answers listOwnVouchers.
func (h *handlers) ListOwnVouchers(ctx context.Context, r ListOwnVouchersRequestObject) (ListOwnVouchersResponseObject, error) {
	after, err := placeOf(r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.OwnVouchers(ctx, auth.Actor(ctx), after, cmp.Or(r.Params.Limit, usualLimit))
	if err != nil {
		return nil, err
	}
	return ListOwnVouchers200JSONResponse{Data: each(l.Rows, showOwnVoucher), HasMore: l.More, NextCursor: nextOwn(l)}, nil
}

// nextOwn is the cursor to the next page of a citizen's vouchers; "": there is none.
func nextOwn(l vouchers.Listed[vouchers.OwnVoucher]) string {
	if !l.More {
		return ""
	}
	return cursorOf(l.Rows[len(l.Rows)-1].Place())
}

// ListOwnAwards answers listOwnAwards.
func (h *handlers) ListOwnAwards(ctx context.Context, r ListOwnAwardsRequestObject) (ListOwnAwardsResponseObject, error) {
	place, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.OwnHistory(ctx, auth.Actor(ctx), place)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l.Listed, hadID, showOwnAward)
	return ListOwnAwards200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

func hadID(t vouchers.Had) domain.ID { return t.Award.ID }

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
