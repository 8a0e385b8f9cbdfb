package api

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
)

func showAccess(a domain.Access) Access {
	return Access{
		At: a.CreatedAt, Act: string(a.Act), Purpose: string(a.Purpose), EmergencyAccessID: optional[emg](a.EmergencyID),
		Person: person(a.Person), Role: a.Role, Action: string(a.Action), RequestID: a.RequestID,
	}
}

// ListAccesses answers listAccesses.
func (h *handlers) ListAccesses(ctx context.Context, r ListAccessesRequestObject) (ListAccessesResponseObject, error) {
	actor, citizen := auth.Actor(ctx), domain.ID(r.CitizenID)
	if r.Params.Format == "csv" {
		all, err := h.service.AllAccesses(ctx, actor, citizen)
		if err != nil {
			return nil, err
		}
		return accessTable(all), nil
	}
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Accesses(ctx, actor, citizen, p)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(a domain.Access) domain.ID { return a.ID }, showAccess)
	return ListAccesses200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

func accessTable(all []domain.Access) table {
	return table{
		heading: []string{"at", "act", "purpose", "emergency_access_id", "person", "role", "action", "request_id"},
		rows: func(row func(...string) error) error {
			for _, a := range each(all, showAccess) {
				emergency := shown[emg](domain.ID(a.EmergencyAccessID))
				if err := row(a.At.Format(time.RFC3339Nano), a.Act, a.Purpose, emergency, domain.SafeCell(a.Person), string(a.Role), a.Action, a.RequestID); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
