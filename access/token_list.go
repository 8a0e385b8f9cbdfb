package access

import (
	"context"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// listed are the kinds of credential that are looked at and revoked as tokens.
var listed = []domain.Credential{domain.ByToken, domain.ByTerminal}

// mayManage reports whether a token is within the actor's reach: one's own, and
// to an administrator every one.
func mayManage(actor domain.Actor, token domain.Token) bool {
	if token.Kind != domain.ByToken && token.Kind != domain.ByTerminal {
		return false
	}
	return token.Person == actor.Person || actor.Role == domain.Administrator || actor.Role == domain.System
}

// RevokeToken makes a token worthless at once: one's own, and for an
// administrator any. Conflict if it is revoked already.
func (s *Service) RevokeToken(ctx context.Context, actor domain.Actor, id domain.ID) (token domain.Token, err error) {
	err = s.write(ctx, actor, "revokeToken", func(tx *store.Tx) error {
		if token, err = store.GetLocked[domain.Token](tx, id); err != nil {
			return err
		}
		if !mayManage(actor, token) {
			return domain.OutOfReach()
		}
		if token.RevokedAt != nil {
			return domain.Errorf(domain.Conflict, "already_revoked", "the token is revoked already")
		}
		now := s.now()
		token.RevokedAt = &now
		if err := store.Change[domain.Token](tx, map[string]any{"revoked_at": now}, store.Is("id", id)); err != nil {
			return err
		}
		return tx.Audit("revokeToken", "token", id, now, nil)
	})
	s.store.Forget()
	return token, err
}

// Token gives one token, without its text, which nobody has.
func (s *Service) Token(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Token, error) {
	return store.One(ctx, s.store, s.call(actor, "getToken"), id, func(t domain.Token) bool { return mayManage(actor, t) })
}

// TokenFilter narrows a list of tokens; zero fields narrow nothing.
type TokenFilter struct {
	Person    string
	Role      domain.Role
	UnitID    domain.ID
	PartnerID domain.ID
}

// Tokens lists tokens, newest first: one's own, and to an administrator all.
func (s *Service) Tokens(ctx context.Context, actor domain.Actor, page store.Page, f TokenFilter) (store.Listed[domain.Token], error) {
	return store.Several[domain.Token](ctx, s.store, s.call(actor, "listTokens"), page, own(actor), store.Eq("person", strings.ToLower(f.Person)), store.In("kind", listed),
		store.Eq("role", f.Role), store.Eq("unit_id", f.UnitID), store.Eq("partner_id", f.PartnerID))
}

// own narrows a list to what is the actor's own; not for an administrator.
func own(actor domain.Actor) store.Cond {
	if actor.Role == domain.Administrator || actor.Role == domain.System {
		return store.Cond{}
	}
	return store.Is("person", actor.Person)
}
