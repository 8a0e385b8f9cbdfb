package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
)

// GetVersionCost answers getVersionCost.
func (h *handlers) GetVersionCost(ctx context.Context, r GetVersionCostRequestObject) (GetVersionCostResponseObject, error) {
	c, err := h.service.VersionCost(ctx, auth.Actor(ctx), domain.ID(r.VersionID))
	if err != nil {
		return nil, err
	}
	shown := VersionCost{Currency: c.Currency}
	shown.Person.Certain, shown.Person.Expected, shown.Person.Worst = c.Person.Certain, c.Person.Expected, c.Person.Worst
	shown.Enrolled.People, shown.Enrolled.Expected, shown.Enrolled.Worst = c.Enrolled, c.Expected, c.Worst
	return GetVersionCost200JSONResponse(shown), nil
}
