package access

import (
	"context"
	"errors"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// How long a citizen's sign-in lasts: unused, and in all.
const (
	visitIdle = 30 * 24 * time.Hour
	visitMost = 180 * 24 * time.Hour
)

// Visit is a citizen's sign-in on the moment that it is made.
type Visit struct {
	Actor domain.Actor
	Text  string // what the cookie holds, given here and never again
	Until time.Time
	PIN   bool // the citizen has set one
}

// ExchangeCitizenLink signs a citizen in for a link's text, or the code of a
// letter, which is used up by it: of any number of callers at once, one gets in.
// Where a PIN is set it is wanted too, and a wrong one uses nothing up, but the
// fifth ends the link. A link that opens nothing is refused in the same words
// whatever the reason (Forbidden link_unusable); other errors are Forbidden
// pin_required and pin_wrong.
func (s *Service) ExchangeCitizenLink(ctx context.Context, text, pin string) (Visit, error) {
	place, hash, ok := readLinkText(text)
	if !ok {
		return Visit{}, linkUnusable()
	}
	link, err := s.findLink(ctx, place, hash)
	if err != nil {
		return Visit{}, err
	}
	proof, err := s.provePIN(ctx, link.MunicipalityID, link.CitizenID, "link "+link.ID.String(), pin)
	if errors.Is(err, errPINsSpent) {
		return Visit{}, errors.Join(linkUnusable(), s.endLink(ctx, link))
	}
	if err != nil {
		return Visit{}, err
	}
	visit := Visit{Actor: visitor(link), PIN: proof != ""}
	err = s.store.Write(ctx, visit.Actor, func(tx *store.Tx) error {
		if err := useLink(tx, link.ID, s.now()); err != nil {
			return err
		}
		if _, err := unchangedPIN(tx, link.CitizenID, proof); err != nil {
			return err
		}
		return s.openVisit(tx, link, &visit)
	})
	if err != nil {
		return Visit{}, err
	}
	return visit, nil
}

// visitor is the citizen as who their link is for.
func visitor(link domain.CitizenLink) domain.Actor {
	return domain.Actor{
		MunicipalityID: link.MunicipalityID, Kind: domain.ByCitizen, Person: domain.CitizenPerson + link.CitizenID.String(), Role: domain.CitizenRole, CitizenID: link.CitizenID, Method: methodLink,
	}
}

// methodLink is how a citizen got in.
const methodLink = "link"

// findLink finds a link that can be used. It looks in each municipality that its
// first letters may mean: mostly one.
func (s *Service) findLink(ctx context.Context, place string, hash []byte) (domain.CitizenLink, error) {
	page := store.Page{Limit: 100}
	for {
		municipalities, more, err := s.store.Municipalities(ctx, page)
		if err != nil {
			return domain.CitizenLink{}, err
		}
		for _, m := range municipalities {
			if page.After = m.MunicipalityID; placeOf(m.MunicipalityID) != place {
				continue
			}
			link, err := s.linkIn(ctx, m.MunicipalityID, hash)
			if domain.KindOf(err) != domain.NotFound {
				return link, err
			}
		}
		if !more {
			return domain.CitizenLink{}, linkUnusable()
		}
	}
}

// linkIn finds a link that can be used in a municipality. NotFound when it is not
// there.
func (s *Service) linkIn(ctx context.Context, municipality domain.ID, hash []byte) (link domain.CitizenLink, err error) {
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		link, err = store.First[domain.CitizenLink](tx, store.Is("hash", hash))
		if err == nil && link.State(s.now()) != domain.LinkOpen {
			err = linkUnusable()
		}
		return err
	})
	return link, err
}

// useLink uses a link up, unless somebody has.
func useLink(tx *store.Tx, id domain.ID, now time.Time) error {
	link, err := store.GetLocked[domain.CitizenLink](tx, id)
	if err != nil {
		return err
	}
	if link.State(now) != domain.LinkOpen {
		return linkUnusable()
	}
	return store.Change[domain.CitizenLink](tx, map[string]any{"used_at": now}, store.Is("id", id), store.None("used_at"), store.None("revoked_at"))
}

// openVisit makes the sign-in that a link is exchanged for.
func (s *Service) openVisit(tx *store.Tx, link domain.CitizenLink, visit *Visit) error {
	now := s.now()
	visit.Until = now.Add(visitMost)
	open := now.Add(openFor)
	token := domain.Token{
		MunicipalityID: link.MunicipalityID, ID: store.NewID(), Kind: domain.ByCitizen, Person: visit.Actor.Person, Role: domain.CitizenRole, CitizenID: &link.CitizenID,
		CreatedAt: now, ExpiresAt: &visit.Until, IdleMinutes: int(visitIdle / time.Minute), LastUsedAt: &now, ProvedAt: &now, Method: methodLink, OpenUntil: &open,
	}
	visit.Text, token.Hash = newSecret(domain.ByCitizen, link.MunicipalityID)
	visit.Actor.TokenID, visit.Actor.ProvedAt = token.ID, now
	if err := store.Insert(tx, &token); err != nil {
		return err
	}
	tx.Become(domain.CitizenRole, token.ID)
	return tx.Audit("exchangeCitizenLink", "citizen", link.CitizenID, now, domain.Detail(map[string]any{"link": link.ID}))
}

// endLink ends a link for which too many PINs were wrong.
func (s *Service) endLink(ctx context.Context, link domain.CitizenLink) error {
	err := s.store.Write(ctx, visitor(link), func(tx *store.Tx) error {
		now := s.now()
		if err := store.Change[domain.CitizenLink](tx, map[string]any{"revoked_at": now}, store.Is("id", link.ID), store.None("used_at"), store.None("revoked_at")); err != nil {
			return err
		}
		return tx.Audit("exchangeCitizenLink", "citizen", link.CitizenID, now, domain.Detail(map[string]any{"link": link.ID, "ended": "wrong_pins"}))
	})
	if domain.KindOf(err) == domain.Conflict { // somebody has ended it meanwhile
		return nil
	}
	return err
}

func linkUnusable() error {
	return domain.Errorf(domain.Forbidden, "link_unusable", "this link or code opens nothing: it may have been used, be too old, or be typed wrongly; ask those who gave it to you for a new one")
}
