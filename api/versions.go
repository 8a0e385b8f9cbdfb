package api

import (
	"context"
	"encoding/json"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showVersion(v domain.ProgrammeVersion) ProgrammeVersion {
	return ProgrammeVersion{
		ID: VersionID(v.ID), ProgrammeID: ProgrammeID(v.ProgrammeID), Number: v.Number, State: v.State, Document: json.RawMessage(v.Document),
		AdoptedBy: v.AdoptedBy, AdoptedOn: v.AdoptedOn, InForceFrom: v.InForceFrom, InForceTo: v.InForceTo, RecordedBy: v.RecordedBy, WrittenBy: v.WrittenBy, CreatedAt: v.CreatedAt,
	}
}

// document is the text that was sent: either field holds one, and rules.Parse
// reads both.
func (d VersionDocument) document() []byte {
	if d.DocumentYaml != "" {
		return []byte(d.DocumentYaml)
	}
	return d.Document
}

// DraftVersion answers draftVersion.
func (h *handlers) DraftVersion(ctx context.Context, r DraftVersionRequestObject) (DraftVersionResponseObject, error) {
	v, err := h.service.DraftVersion(ctx, auth.Actor(ctx), domain.ID(r.ProgrammeID), r.Body.document())
	if err != nil {
		return nil, err
	}
	return DraftVersion201JSONResponse{showVersion(v), DraftVersion201ResponseHeaders{etag(v.Version)}}, nil
}

// GetVersion answers getVersion.
func (h *handlers) GetVersion(ctx context.Context, r GetVersionRequestObject) (GetVersionResponseObject, error) {
	v, err := h.service.Version(ctx, auth.Actor(ctx), domain.ID(r.VersionID))
	if err != nil {
		return nil, err
	}
	return GetVersion200JSONResponse{showVersion(v), GetVersion200ResponseHeaders{etag(v.Version)}}, nil
}

// UpdateVersion answers updateVersion.
func (h *handlers) UpdateVersion(ctx context.Context, r UpdateVersionRequestObject) (UpdateVersionResponseObject, error) {
	v, err := h.service.UpdateVersion(ctx, auth.Actor(ctx), domain.ID(r.VersionID), version(r.Params.IfMatch), r.Body.document())
	if err != nil {
		return nil, err
	}
	return UpdateVersion200JSONResponse{showVersion(v), UpdateVersion200ResponseHeaders{etag(v.Version)}}, nil
}

// AdoptVersion answers adoptVersion.
func (h *handlers) AdoptVersion(ctx context.Context, r AdoptVersionRequestObject) (AdoptVersionResponseObject, error) {
	v, err := h.service.AdoptVersion(ctx, auth.Actor(ctx), domain.ID(r.VersionID), version(r.Params.IfMatch), vouchers.Adoption{
		AdoptedBy: r.Body.AdoptedBy, AdoptedOn: r.Body.AdoptedOn, InForceFrom: r.Body.InForceFrom, InForceTo: r.Body.InForceTo,
	})
	if err != nil {
		return nil, err
	}
	return AdoptVersion200JSONResponse{showVersion(v), AdoptVersion200ResponseHeaders{etag(v.Version)}}, nil
}

// EndVersion answers endVersion.
func (h *handlers) EndVersion(ctx context.Context, r EndVersionRequestObject) (EndVersionResponseObject, error) {
	v, err := h.service.EndVersion(ctx, auth.Actor(ctx), domain.ID(r.VersionID), r.Body.InForceTo)
	if err != nil {
		return nil, err
	}
	return EndVersion200JSONResponse{showVersion(v), EndVersion200ResponseHeaders{etag(v.Version)}}, nil
}

// ListVersions answers listVersions.
func (h *handlers) ListVersions(ctx context.Context, r ListVersionsRequestObject) (ListVersionsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Versions(ctx, auth.Actor(ctx), domain.ID(r.ProgrammeID), p, r.Params.State)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(v domain.ProgrammeVersion) domain.ID { return v.ID }, showVersion)
	return ListVersions200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
