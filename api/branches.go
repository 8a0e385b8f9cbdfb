package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showBranch(b domain.Branch) Branch {
	return Branch{ID: BranchID(b.ID), PartnerID: PartnerID(b.PartnerID), Name: b.Name, PNumber: b.PNumber, Address: b.Address, CreatedAt: b.CreatedAt}
}

// CreateBranch answers createBranch.
func (h *handlers) CreateBranch(ctx context.Context, r CreateBranchRequestObject) (CreateBranchResponseObject, error) {
	b, err := h.service.CreateBranch(ctx, auth.Actor(ctx), domain.ID(r.PartnerID), vouchers.BranchInput{Name: r.Body.Name, PNumber: r.Body.PNumber, Address: r.Body.Address})
	if err != nil {
		return nil, err
	}
	return CreateBranch201JSONResponse{showBranch(b), CreateBranch201ResponseHeaders{etag(b.Version)}}, nil
}

// GetBranch answers getBranch.
func (h *handlers) GetBranch(ctx context.Context, r GetBranchRequestObject) (GetBranchResponseObject, error) {
	b, err := h.service.Branch(ctx, auth.Actor(ctx), domain.ID(r.BranchID))
	if err != nil {
		return nil, err
	}
	return GetBranch200JSONResponse{showBranch(b), GetBranch200ResponseHeaders{etag(b.Version)}}, nil
}

// UpdateBranch answers updateBranch.
func (h *handlers) UpdateBranch(ctx context.Context, r UpdateBranchRequestObject) (UpdateBranchResponseObject, error) {
	b, err := h.service.UpdateBranch(ctx, auth.Actor(ctx), domain.ID(r.BranchID), version(r.Params.IfMatch), vouchers.BranchChange{
		Name: given(r.Body.Name), PNumber: r.Body.PNumber, Address: r.Body.Address,
	})
	if err != nil {
		return nil, err
	}
	return UpdateBranch200JSONResponse{showBranch(b), UpdateBranch200ResponseHeaders{etag(b.Version)}}, nil
}

// ListBranches answers listBranches.
func (h *handlers) ListBranches(ctx context.Context, r ListBranchesRequestObject) (ListBranchesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Branches(ctx, auth.Actor(ctx), domain.ID(r.PartnerID), p)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(b domain.Branch) domain.ID { return b.ID }, showBranch)
	return ListBranches200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
