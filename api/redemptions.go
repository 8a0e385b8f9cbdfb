package api

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showRecord(to domain.Actor, r vouchers.RedemptionRecord) Redemption {
	shown := showRedemption(to, r.Redemption)
	if r.Reversal != nil {
		shown.Reversal = showReversal(to, *r.Reversal)
	}
	shown.PaymentState = r.Payment.State
	if row := r.Payment.Settlement; row != nil {
		shown.SettlementID, shown.SettlementNumber = SettlementID(row.ID), row.Number
	}
	return shown
}

// showReversal shows a partner who reversed and why only when that was a
// terminal: its own, for it sees no other partner's redemptions. Who of the
// staff it was, what they wrote of the citizen, and which voucher it was
// (showRedemption) is no business of a shop's.
func showReversal(to domain.Actor, r domain.Reversal) Reversal {
	shown := Reversal{
		ID: ReversalID(r.ID), RedemptionID: RedemptionID(r.RedemptionID), Amount: r.Amount,
		Reason: r.Reason, ReversedBy: person(r.ReversedBy), CreatedAt: r.CreatedAt,
	}
	if to.Role != domain.PartnerRole {
		shown.VoucherID = VoucherID(r.VoucherID)
	}
	if to.Role == domain.PartnerRole && !strings.HasPrefix(r.ReversedBy, domain.TerminalPerson) {
		shown.Reason, shown.ReversedBy = "", ""
	}
	return shown
}

// showRedemption shows a partner all but the voucher's ID: it says, to the
// millisecond, when the voucher was made, and that is when somebody was where.
func showRedemption(to domain.Actor, r domain.Redemption) Redemption {
	shown := Redemption{
		ID: RedemptionID(r.ID), PartnerID: PartnerID(r.PartnerID), TerminalID: TerminalID(r.TerminalID),
		ClientRedemptionID: r.ClientRedemptionID, Amount: r.Amount, Currency: r.Currency, BalanceAfter: r.BalanceAfter, CreatedAt: r.CreatedAt,
	}
	if to.Role != domain.PartnerRole {
		shown.VoucherID = VoucherID(r.VoucherID)
	}
	return shown
}

// CheckVoucher answers checkVoucher. The shop learns what it needs and nothing
// of the citizen, the unit or the programme.
func (h *handlers) CheckVoucher(ctx context.Context, r CheckVoucherRequestObject) (CheckVoucherResponseObject, error) {
	v, err := h.service.Check(ctx, auth.Actor(ctx), r.Body.Code)
	if err != nil {
		return nil, err
	}
	same := func(word string) Category { return word }
	return CheckVoucher200JSONResponse{
		Valid: true, Available: v.Balance, Most: v.Most, Currency: v.Currency, ValidTo: v.ValidTo, Partial: v.Partial,
		Categories: each(v.Categories, same), Excluded: each(v.Excluded, same),
	}, nil
}

// RedeemVoucher answers redeemVoucher.
func (h *handlers) RedeemVoucher(ctx context.Context, r RedeemVoucherRequestObject) (RedeemVoucherResponseObject, error) {
	a, err := h.service.Redeem(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), vouchers.Redeem{
		Code: r.Body.Code, Amount: r.Body.Amount, ClientRedemptionID: r.Body.ClientRedemptionID,
	})
	if err != nil {
		return nil, err
	}
	return RedeemVoucher201JSONResponse{showRedemption(auth.Actor(ctx), a.Value), RedeemVoucher201ResponseHeaders{replayed(a.Replayed)}}, nil
}

// ReverseRedemption answers reverseRedemption.
func (h *handlers) ReverseRedemption(ctx context.Context, r ReverseRedemptionRequestObject) (ReverseRedemptionResponseObject, error) {
	a, err := h.service.Reverse(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.RedemptionID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return ReverseRedemption201JSONResponse{showReversal(auth.Actor(ctx), a.Value), ReverseRedemption201ResponseHeaders{replayed(a.Replayed)}}, nil
}

// GetRedemption answers getRedemption.
func (h *handlers) GetRedemption(ctx context.Context, r GetRedemptionRequestObject) (GetRedemptionResponseObject, error) {
	v, err := h.service.Redemption(ctx, auth.Actor(ctx), domain.ID(r.RedemptionID))
	if err != nil {
		return nil, err
	}
	return GetRedemption200JSONResponse(showRecord(auth.Actor(ctx), v)), nil
}

// ListRedemptions answers listRedemptions.
func (h *handlers) ListRedemptions(ctx context.Context, r ListRedemptionsRequestObject) (ListRedemptionsResponseObject, error) {
	f := vouchers.RedemptionFilter{
		PartnerID: domain.ID(r.Params.PartnerID), BranchID: domain.ID(r.Params.BranchID), TerminalID: domain.ID(r.Params.TerminalID), VoucherID: domain.ID(r.Params.VoucherID),
		Period: vouchers.Period{From: r.Params.From.UTC(), Until: r.Params.Until.UTC()},
	}
	if r.Params.Format == "csv" {
		return h.redemptionTable(ctx, f), nil
	}
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Redemptions(ctx, auth.Actor(ctx), p, f)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(r vouchers.RedemptionRecord) domain.ID { return r.ID }, func(r vouchers.RedemptionRecord) Redemption { return showRecord(auth.Actor(ctx), r) })
	return ListRedemptions200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// redemptionTable is redemptions as CSV, with what the caller may see of each.
func (h *handlers) redemptionTable(ctx context.Context, f vouchers.RedemptionFilter) table {
	return table{
		heading: []string{"id", "created_at", "partner_id", "terminal_id", "client_redemption_id", "amount", "currency", "balance_after", "voucher_id", "reversal_id", "reversed_at", "reversed_by", "payment_state", "settlement_id", "settlement_number"},
		rows: func(row func(...string) error) error {
			return h.service.EachRedemption(ctx, auth.Actor(ctx), f, func(r vouchers.RedemptionRecord) error {
				s := showRecord(auth.Actor(ctx), r)
				reversed := ""
				if r.Reversal != nil {
					reversed = s.Reversal.CreatedAt.UTC().Format(time.RFC3339Nano)
				}
				return row(s.ID.String(), s.CreatedAt.UTC().Format(time.RFC3339Nano), s.PartnerID.String(), s.TerminalID.String(), domain.SafeCell(s.ClientRedemptionID),
					strconv.FormatInt(s.Amount, 10), s.Currency, strconv.FormatInt(s.BalanceAfter, 10), shown[vch](domain.ID(s.VoucherID)),
					shown[rev](domain.ID(s.Reversal.ID)), reversed, domain.SafeCell(s.Reversal.ReversedBy),
					s.PaymentState, shown[stl](domain.ID(s.SettlementID)), s.SettlementNumber)
			})
		},
	}
}
