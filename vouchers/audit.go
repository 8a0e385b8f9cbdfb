package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// AuditFilter narrows a list of audit entries; zero fields narrow nothing.
type AuditFilter struct {
	Object   string // the kind of thing: "voucher"
	ObjectID domain.ID
	Person   string
	Action   string
	Period
}

// AuditEntries lists who did what, newest first.
func (s *Service) AuditEntries(ctx context.Context, actor domain.Actor, page store.Page, f AuditFilter) (Listed[domain.AuditEntry], error) {
	return list[domain.AuditEntry](ctx, s, actor, "listAuditEntries", page, store.Eq("object", f.Object), store.Eq("object_id", f.ObjectID),
		store.Eq("person", f.Person), store.Eq("action", f.Action), store.From("created_at", f.From.UTC()), store.Before("created_at", f.Until.UTC()))
}

// AuditEntry gives one audit entry.
func (s *Service) AuditEntry(ctx context.Context, actor domain.Actor, id domain.ID) (domain.AuditEntry, error) {
	return get(ctx, s, actor, "getAuditEntry", id, store.Everyone[domain.AuditEntry])
}
