package access

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// The states of a terminal.
const (
	terminalActive  = "active"
	terminalRevoked = "revoked"
)

// CreateTerminal enrols a till of a partner and makes its token, whose text is
// given here and never again. Conflict if the partner has a till with that label.
func (s *Service) CreateTerminal(ctx context.Context, actor domain.Actor, partnerID domain.ID, label string) (terminal domain.Terminal, text string, err error) {
	err = s.write(ctx, actor, "createTerminal", func(tx *store.Tx) error {
		if _, err := store.Get[domain.Partner](tx, partnerID); err != nil {
			return err
		}
		var f domain.Fields
		label = f.Clean("label", label, 100, false)
		if err := f.Err(); err != nil {
			return err
		}
		terminal = domain.Terminal{MunicipalityID: actor.MunicipalityID, ID: store.NewID(), PartnerID: partnerID, Label: label, State: terminalActive, CreatedAt: s.now()}
		token := domain.Token{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), Kind: domain.ByTerminal, Person: domain.TerminalPerson + terminal.ID.String(), Role: domain.PartnerRole,
			PartnerID: &partnerID, TerminalID: &terminal.ID, CreatedAt: terminal.CreatedAt,
		}
		text, token.Hash = newSecret(token.Kind, actor.MunicipalityID)
		if err := store.Insert(tx, &terminal); err != nil {
			return err
		}
		if err := store.Insert(tx, &token); err != nil {
			return err
		}
		return tx.Audit("createTerminal", "terminal", terminal.ID, terminal.CreatedAt, domain.Detail(map[string]any{"partner": partnerID, "token": token.ID}))
	})
	if err != nil {
		return domain.Terminal{}, "", err
	}
	return terminal, text, nil
}

// RevokeTerminal takes a lost or retired till out of service, with its tokens.
// Conflict if it is already. Another till can have a new label, and redemptions
// of this one can still be reversed.
func (s *Service) RevokeTerminal(ctx context.Context, actor domain.Actor, id domain.ID) (terminal domain.Terminal, err error) {
	err = s.write(ctx, actor, "revokeTerminal", func(tx *store.Tx) error {
		if terminal, err = store.GetLocked[domain.Terminal](tx, id); err != nil {
			return err
		}
		if terminal.State == terminalRevoked {
			return domain.Errorf(domain.Conflict, "already_revoked", "the terminal is revoked already")
		}
		terminal.State = terminalRevoked
		if err := store.Change[domain.Terminal](tx, map[string]any{"state": terminalRevoked}, store.Is("id", id)); err != nil {
			return err
		}
		now := s.now()
		tokens, err := store.All[domain.Token](tx, "id", store.Is("terminal_id", id))
		if err != nil {
			return err
		}
		for _, token := range tokens {
			if token.RevokedAt != nil {
				continue
			}
			if err := store.Change[domain.Token](tx, map[string]any{"revoked_at": now}, store.Is("id", token.ID)); err != nil {
				return err
			}
		}
		return tx.Audit("revokeTerminal", "terminal", id, now, domain.Detail(map[string]any{"partner": terminal.PartnerID}))
	})
	s.store.Forget()
	return terminal, err
}

// Terminal gives one terminal; to a partner only its own.
func (s *Service) Terminal(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Terminal, error) {
	return get(ctx, s, actor, "getTerminal", id, func(t domain.Terminal) bool { return actor.Serves(t.PartnerID) })
}

// Terminals lists a partner's terminals, newest first, in any state when state
// is empty; to a partner only its own.
func (s *Service) Terminals(ctx context.Context, actor domain.Actor, partnerID domain.ID, page store.Page, state string) (l store.Listed[domain.Terminal], err error) {
	err = s.read(ctx, actor, "listTerminals", func(tx *store.Tx) error {
		if !actor.Serves(partnerID) {
			return domain.OutOfReach()
		}
		if _, err := store.Get[domain.Partner](tx, partnerID); err != nil {
			return err
		}
		l.Rows, l.More, err = store.List[domain.Terminal](tx, page, store.Is("partner_id", partnerID), store.Eq("state", state))
		return err
	})
	return l, err
}
