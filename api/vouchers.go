package api

import (
	"bytes"
	"context"
	"time"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// usualPixels is how wide a QR picture is when the caller does not say.
const usualPixels = 512

func showVoucher(v domain.Voucher) Voucher {
	same := func(word string) Category { return word }
	return Voucher{
		ID: VoucherID(v.ID), Serial: v.Serial, AwardID: AwardID(v.AwardID), UnitID: UnitID(v.UnitID), ProgrammeID: ProgrammeID(v.ProgrammeID),
		Amount: v.Amount, Balance: v.Balance, Currency: v.Currency, State: v.State, ValidFrom: v.ValidFrom, ValidTo: v.ValidTo,
		Partial: v.Partial, Categories: each(v.Categories, same), Excluded: each(v.Excluded, same),
		ReplacesID: optional[vch](v.ReplacesID), ReplacedByID: optional[vch](v.ReplacedByID), Reason: v.Reason.Reveal(), IssuedBy: v.IssuedBy, CreatedAt: v.CreatedAt,
	}
}

// GetVoucher answers getVoucher.
func (h *handlers) GetVoucher(ctx context.Context, r GetVoucherRequestObject) (GetVoucherResponseObject, error) {
	v, err := h.service.Voucher(ctx, auth.Actor(ctx), domain.ID(r.VoucherID))
	if err != nil {
		return nil, err
	}
	return GetVoucher200JSONResponse(showVoucher(v)), nil
}

// ListVouchers answers listVouchers.
func (h *handlers) ListVouchers(ctx context.Context, r ListVouchersRequestObject) (ListVouchersResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Vouchers(ctx, auth.Actor(ctx), p, vouchers.VoucherFilter{
		AwardID: domain.ID(r.Params.AwardID), UnitID: domain.ID(r.Params.UnitID), ProgrammeID: domain.ID(r.Params.ProgrammeID),
		State: r.Params.State, Serial: r.Params.Serial, Issued: vouchers.Period{From: r.Params.IssuedFrom.UTC(), Until: r.Params.IssuedUntil.UTC()},
	})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(v domain.Voucher) domain.ID { return v.ID }, showVoucher)
	return ListVouchers200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetVoucherCode answers getVoucherCode.
func (h *handlers) GetVoucherCode(ctx context.Context, r GetVoucherCodeRequestObject) (GetVoucherCodeResponseObject, error) {
	v, secret, err := h.service.Reveal(ctx, auth.Actor(ctx), "getVoucherCode", domain.ID(r.VoucherID))
	if err != nil {
		return nil, err
	}
	return GetVoucherCode200JSONResponse{VoucherID: VoucherID(v.ID), Code: secret.Reveal()}, nil
}

// GetVoucherQRPNG answers getVoucherQRPNG.
func (h *handlers) GetVoucherQRPNG(ctx context.Context, r GetVoucherQRPNGRequestObject) (GetVoucherQRPNGResponseObject, error) {
	_, secret, err := h.service.Reveal(ctx, auth.Actor(ctx), "getVoucherQRPNG", domain.ID(r.VoucherID))
	if err != nil {
		return nil, err
	}
	if r.Params.Size == 0 {
		r.Params.Size = usualPixels
	}
	picture, err := secret.PNG(r.Params.Size)
	if err != nil {
		return nil, err
	}
	return GetVoucherQRPNG200ImagePNGResponse{Body: bytes.NewReader(picture), ContentLength: int64(len(picture))}, nil
}

// GetVoucherQRSVG answers getVoucherQRSVG.
func (h *handlers) GetVoucherQRSVG(ctx context.Context, r GetVoucherQRSVGRequestObject) (GetVoucherQRSVGResponseObject, error) {
	_, secret, err := h.service.Reveal(ctx, auth.Actor(ctx), "getVoucherQRSVG", domain.ID(r.VoucherID))
	if err != nil {
		return nil, err
	}
	picture, err := secret.SVG()
	if err != nil {
		return nil, err
	}
	return GetVoucherQRSVG200ImageSVGXMLResponse{Body: bytes.NewReader(picture), ContentLength: int64(len(picture))}, nil
}

// GetVoucherCard answers getVoucherCard.
func (h *handlers) GetVoucherCard(ctx context.Context, r GetVoucherCardRequestObject) (GetVoucherCardResponseObject, error) {
	v, secret, err := h.service.Reveal(ctx, auth.Actor(ctx), "getVoucherCard", domain.ID(r.VoucherID))
	if err != nil {
		return nil, err
	}
	m, err := h.service.Municipality(ctx, auth.Actor(ctx))
	if err != nil {
		return nil, err
	}
	site, err := time.LoadLocation(m.TimeZone)
	if err != nil {
		return nil, err
	}
	html, err := web.Card(v, secret, site)
	if err != nil {
		return nil, err
	}
	return GetVoucherCard200TextHTMLCharsetUTF8Response{
		Body: bytes.NewReader(html), ContentLength: int64(len(html)), Headers: GetVoucherCard200ResponseHeaders{web.CardPolicy},
	}, nil
}

// BlockVoucher answers blockVoucher.
func (h *handlers) BlockVoucher(ctx context.Context, r BlockVoucherRequestObject) (BlockVoucherResponseObject, error) {
	v, err := h.service.Block(ctx, auth.Actor(ctx), domain.ID(r.VoucherID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return BlockVoucher200JSONResponse(showVoucher(v)), nil
}

// UnblockVoucher answers unblockVoucher.
func (h *handlers) UnblockVoucher(ctx context.Context, r UnblockVoucherRequestObject) (UnblockVoucherResponseObject, error) {
	v, err := h.service.Unblock(ctx, auth.Actor(ctx), domain.ID(r.VoucherID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return UnblockVoucher200JSONResponse(showVoucher(v)), nil
}

// ReissueVoucher answers reissueVoucher.
func (h *handlers) ReissueVoucher(ctx context.Context, r ReissueVoucherRequestObject) (ReissueVoucherResponseObject, error) {
	a, err := h.service.Reissue(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.VoucherID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return ReissueVoucher201JSONResponse{showVoucher(a.Value.New), ReissueVoucher201ResponseHeaders{replayed(a.Replayed)}}, nil
}

// VoidVoucher answers voidVoucher.
func (h *handlers) VoidVoucher(ctx context.Context, r VoidVoucherRequestObject) (VoidVoucherResponseObject, error) {
	a, err := h.service.Void(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.VoucherID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return VoidVoucher200JSONResponse{showVoucher(a.Value), VoidVoucher200ResponseHeaders{replayed(a.Replayed)}}, nil
}
