package api

import (
	"context"
	"net/url"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/vouchers"
	files "github.com/fasthold/fasthold/vouchers/table"
)

// postings is where the postings are that a figure is the sum of, and no others.
func postings(f vouchers.PostingFilter) string {
	if f == (vouchers.PostingFilter{}) {
		return ""
	}
	return base + "/postings?" + postingQuery(f).Encode()
}

// postingQuery is a filter as addresses have it.
func postingQuery(f vouchers.PostingFilter) url.Values {
	query := url.Values{}
	for name, value := range map[string]string{
		"figure": f.Figure, "account": string(f.Account), "event": string(f.Event), "from": f.From.String(), "to": f.To.String(), "currency": f.Currency,
		"budgeted": f.Budgeted, "budget_id": shown[bdg](f.BudgetID), "programme_id": shown[prg](f.ProgrammeID), "unit_id": shown[unt](f.UnitID), "partner_id": shown[prt](f.PartnerID),
		"voucher_id": shown[vch](f.VoucherID), "award_id": shown[awd](f.AwardID), "settlement_id": shown[stl](f.SettlementID),
		"issued_from": f.IssuedFrom.String(), "issued_to": f.IssuedTo.String(), "first_issued_from": f.FirstFrom.String(), "first_issued_to": f.FirstTo.String(),
		"lapses_from": f.LapsesFrom.String(), "lapses_to": f.LapsesTo.String(),
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// readPostingQuery is the reverse of postingQuery.
func readPostingQuery(values url.Values) (vouchers.PostingFilter, error) {
	r := formReader{values: values}
	f := vouchers.PostingFilter{
		Figure: r.text("figure"), Account: ledger.Account(r.text("account")), Event: ledger.Event(r.text("event")), From: r.date("from"), To: r.date("to"), Currency: r.text("currency"),
		Budgeted: r.text("budgeted"), BudgetID: r.id("bdg", "budget_id"), ProgrammeID: r.id("prg", "programme_id"), UnitID: r.id("unt", "unit_id"), PartnerID: r.id("prt", "partner_id"),
		VoucherID: r.id("vch", "voucher_id"), AwardID: r.id("awd", "award_id"), SettlementID: r.id("stl", "settlement_id"),
		IssuedFrom: r.date("issued_from"), IssuedTo: r.date("issued_to"), FirstFrom: r.date("first_issued_from"), FirstTo: r.date("first_issued_to"),
		LapsesFrom: r.date("lapses_from"), LapsesTo: r.date("lapses_to"),
	}
	return f, r.faults.Err()
}

func showPosting(p ledger.Posting) Posting {
	return Posting{
		ID: PostingID(p.ID), EntryID: EntryID(p.EntryID), Event: string(p.Event), ReferenceID: vouchers.PostingReference(p), Account: string(p.Account), Amount: p.Amount,
		Currency: p.Currency, AwardID: optional[awd](p.AwardID), VoucherID: optional[vch](p.VoucherID), SettlementID: optional[stl](p.SettlementID),
		BudgetID: optional[bdg](p.BudgetID), ProgrammeID: ProgrammeID(p.ProgrammeID), UnitID: UnitID(p.UnitID),
		PartnerID: optional[prt](p.PartnerID), BookedOn: p.BookedOn, CreatedAt: p.CreatedAt,
	}
}

// ListPostings answers listPostings.
func (h *handlers) ListPostings(ctx context.Context, r ListPostingsRequestObject) (ListPostingsResponseObject, error) {
	f := vouchers.PostingFilter{
		Figure: r.Params.Figure, LapsesFrom: r.Params.LapsesFrom, LapsesTo: r.Params.LapsesTo, Account: ledger.Account(r.Params.Account), Event: ledger.Event(r.Params.Event), EntryID: domain.ID(r.Params.EntryID),
		VoucherID: domain.ID(r.Params.VoucherID), ProgrammeID: domain.ID(r.Params.ProgrammeID), UnitID: domain.ID(r.Params.UnitID),
		PartnerID: domain.ID(r.Params.PartnerID), Currency: r.Params.Currency, From: r.Params.From, To: r.Params.To,
		IssuedFrom: r.Params.IssuedFrom, IssuedTo: r.Params.IssuedTo, BudgetID: domain.ID(r.Params.BudgetID), Budgeted: r.Params.Budgeted,
		AwardID: domain.ID(r.Params.AwardID), SettlementID: domain.ID(r.Params.SettlementID), FirstFrom: r.Params.FirstIssuedFrom, FirstTo: r.Params.FirstIssuedTo,
	}
	if r.Params.Format == "csv" {
		return h.journal(ctx, f), nil
	}
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Postings(ctx, auth.Actor(ctx), p, f)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(p ledger.Posting) domain.ID { return p.ID }, showPosting)
	return ListPostings200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

func (h *handlers) journal(ctx context.Context, f vouchers.PostingFilter) table {
	return table{
		heading: vouchers.PostingHeading,
		rows: func(row func(...string) error) error {
			cells := make([]string, len(vouchers.PostingHeading))
			return h.service.EachPosting(ctx, auth.Actor(ctx), f, func(p ledger.Posting) error {
				var err error
				for i, cell := range vouchers.PostingCells(p) {
					if cells[i], err = files.Text(cell); err != nil {
						return err
					}
				}
				return row(cells...)
			})
		},
	}
}

// GetPosting answers getPosting.
func (h *handlers) GetPosting(ctx context.Context, r GetPostingRequestObject) (GetPostingResponseObject, error) {
	p, err := h.service.Posting(ctx, auth.Actor(ctx), domain.ID(r.PostingID))
	if err != nil {
		return nil, err
	}
	return GetPosting200JSONResponse(showPosting(p)), nil
}

// GetBalances answers getBalances.
func (h *handlers) GetBalances(ctx context.Context, r GetBalancesRequestObject) (GetBalancesResponseObject, error) {
	balances, err := h.service.Balances(ctx, auth.Actor(ctx), r.Params.At)
	if err != nil {
		return nil, err
	}
	return GetBalances200JSONResponse{At: r.Params.At, Accounts: each(balances, func(b vouchers.Balance) Balance {
		return Balance{Account: string(b.Account), Amount: b.Amount, Currency: b.Currency, Vouchers: b.Vouchers, PostingsURL: postings(b.Postings)}
	})}, nil
}
