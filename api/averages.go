package api

import (
	"cmp"
	"context"
	"strconv"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// GetVoucherFigures answers getVoucherFigures.
func (h *handlers) GetVoucherFigures(ctx context.Context, r GetVoucherFiguresRequestObject) (GetVoucherFiguresResponseObject, error) {
	q := vouchers.VoucherQuery{
		GroupBy: cmp.Or(r.Params.GroupBy, "programme"), Currency: cmp.Or(r.Params.Currency, "DKK"),
		IssuedFilter: vouchers.IssuedFilter{From: r.Params.From, To: r.Params.To, ProgrammeID: domain.ID(r.Params.ProgrammeID), UnitID: domain.ID(r.Params.UnitID)},
	}
	all, err := h.service.VoucherFigures(ctx, auth.Actor(ctx), q)
	if err != nil {
		return nil, err
	}
	report := VoucherFiguresReport{GroupBy: q.GroupBy, From: q.From, To: q.To, Currency: q.Currency, Rows: each(all, func(f vouchers.VoucherFigures) VoucherFigures {
		return VoucherFigures{
			Key: vouchers.GroupKey(q.GroupBy, f.Key), Label: f.Label, Vouchers: f.Vouchers, Amount: f.Amount, AverageAmount: f.AverageAmount,
			AwardToVoucherSeconds: f.AwardToIssue, VoucherToRedemptionSeconds: f.IssueToUse, Suppressed: f.Suppressed,
			LapsedVouchers: f.Lapsed, LapsedAmount: f.LapsedAmount, LapsedVouchersPer10000: f.LapsedParts, LapsedAmountPer10000: f.LapsedMoney,
			PostingsURL: postings(f.Postings), LapsedPostingsURL: postings(f.Lapsing),
		}
	})}
	if r.Params.Format == "csv" {
		return voucherTable(report), nil
	}
	return GetVoucherFigures200JSONResponse(report), nil
}

// voucherTable leaves empty what is withheld.
func voucherTable(r VoucherFiguresReport) table {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	time := func(seconds *int64) string {
		if seconds == nil {
			return ""
		}
		return number(*seconds)
	}
	return table{
		heading: []string{
			r.GroupBy, "label", "vouchers", "amount", "currency", "average_amount", "award_to_voucher_seconds", "voucher_to_redemption_seconds", "suppressed",
			"lapsed_vouchers", "lapsed_amount", "lapsed_vouchers_per_10000", "lapsed_amount_per_10000",
		},
		rows: func(row func(...string) error) error {
			for _, x := range r.Rows {
				if err := row(x.Key, domain.SafeCell(x.Label), number(x.Vouchers), number(x.Amount), r.Currency, number(x.AverageAmount),
					time(x.AwardToVoucherSeconds), time(x.VoucherToRedemptionSeconds), strconv.FormatBool(x.Suppressed),
					number(x.LapsedVouchers), number(x.LapsedAmount), number(x.LapsedVouchersPer10000), number(x.LapsedAmountPer10000)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
