package access

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// linkLasts is how long a link can be used.
const linkLasts = 30 * 24 * time.Hour

// NewLink is a citizen's link on the day it is made.
type NewLink struct {
	Link         domain.CitizenLink
	Text         string // the secret, given here and never again
	Municipality string // its name, for who reads the link
	Site         *time.Location
}

// CreateCitizenLink makes a link to the page of a citizen within reach, for an SMS
// or a letter (the action). It can be used once, within 30 days. Older ones that
// nobody used end with it, so that a letter that was lost opens nothing. Conflict
// when the citizen is erased.
func (s *Service) CreateCitizenLink(ctx context.Context, actor domain.Actor, action domain.Action, citizen domain.ID) (made NewLink, err error) {
	err = s.write(ctx, actor, action, func(tx *store.Tx) error {
		if err := reached(tx, citizen); err != nil {
			return err
		}
		if err := notErased(tx, citizen); err != nil {
			return err
		}
		if made, err = atHome(tx); err != nil {
			return err
		}
		now := s.now()
		if _, err := endLinks(tx, citizen, now); err != nil {
			return err
		}
		made.Link = domain.CitizenLink{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), CitizenID: citizen, CreatedBy: actor.Person, CreatedAt: now, ExpiresAt: now.Add(linkLasts),
		}
		made.Text, made.Link.Hash = newLinkText(actor.MunicipalityID)
		if err := store.Insert(tx, &made.Link); err != nil {
			return err
		}
		return tx.Audit(action, "citizen", citizen, now, domain.Detail(map[string]any{"link": made.Link.ID}))
	})
	if err != nil {
		return NewLink{}, err
	}
	return made, nil
}

// atHome is what a link says of its municipality.
func atHome(tx *store.Tx) (made NewLink, err error) {
	m, err := store.First[domain.Municipality](tx)
	if err == nil {
		made.Municipality = m.Name
		made.Site, err = time.LoadLocation(m.TimeZone)
	}
	return made, err
}

// ListedLink is a citizen's link with its state now.
type ListedLink struct {
	domain.CitizenLink
	Now string // domain.LinkOpen, …
}

// CitizenLinks lists the links of a citizen within reach, newest first, without
// their secrets, which nobody has.
func (s *Service) CitizenLinks(ctx context.Context, actor domain.Actor, citizen domain.ID, page store.Page) (l store.Listed[ListedLink], err error) {
	err = s.read(ctx, actor, "listCitizenLinks", func(tx *store.Tx) error {
		c, err := store.Get[domain.Citizen](tx, citizen)
		if err == nil && !actor.Reaches(c.UnitID) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		rows, more, err := store.List[domain.CitizenLink](tx, page, store.Is("citizen_id", citizen))
		now := s.now()
		for _, link := range rows {
			l.Rows = append(l.Rows, ListedLink{link, link.State(now)})
		}
		l.More = more
		return err
	})
	return l, err
}

// Ended counts what was ended of a citizen's access.
type Ended struct {
	Links   int // that could still be used
	SignIns int // that were open
}

// RevokeCitizenAccess ends every link that is not used and every open sign-in of a
// citizen within reach, at once. The PIN stays.
func (s *Service) RevokeCitizenAccess(ctx context.Context, actor domain.Actor, citizen domain.ID) (ended Ended, err error) {
	err = s.write(ctx, actor, "revokeCitizenAccess", func(tx *store.Tx) error {
		if err := reached(tx, citizen); err != nil {
			return err
		}
		now := s.now()
		if ended, err = EndCitizen(tx, citizen, now); err != nil {
			return err
		}
		return tx.Audit("revokeCitizenAccess", "citizen", citizen, now, domain.Detail(map[string]any{"links": ended.Links, "sign_ins": ended.SignIns}))
	})
	s.store.Forget()
	return ended, err
}

// EndCitizen ends every link that is not used and every open sign-in of a citizen,
// in the caller's transaction; afterwards the caller makes the store forget who
// is known. Links first: who is using one meanwhile is let in before and then put
// out, or finds it ended.
func EndCitizen(tx *store.Tx, citizen domain.ID, now time.Time) (ended Ended, err error) {
	if ended.Links, err = endLinks(tx, citizen, now); err != nil {
		return ended, err
	}
	ended.SignIns, err = revokeAll(tx, now, store.Is("citizen_id", citizen), store.From("expires_at", now))
	return ended, err
}

// endLinks revokes the links of a citizen that were not used, and counts those
// that could have been.
func endLinks(tx *store.Tx, citizen domain.ID, now time.Time) (n int, err error) {
	links, err := store.AllLocked[domain.CitizenLink](tx, "id", store.Is("citizen_id", citizen), store.None("used_at"), store.None("revoked_at"))
	for _, link := range links {
		if err == nil {
			err = store.Change[domain.CitizenLink](tx, map[string]any{"revoked_at": now}, store.Is("id", link.ID))
		}
		if link.State(now) == domain.LinkOpen {
			n++
		}
	}
	return n, err
}

// reached gives an error unless the citizen is within reach, and makes others who
// change something about their access wait.
func reached(tx *store.Tx, citizen domain.ID) error {
	c, err := store.GetLocked[domain.Citizen](tx, citizen)
	if err == nil && !tx.Actor().Reaches(c.UnitID) {
		err = domain.OutOfReach()
	}
	return err
}

// notErased gives a Conflict when the citizen's key is destroyed.
func notErased(tx *store.Tx, citizen domain.ID) error {
	key, err := store.First[domain.DataKey](tx, store.Is("citizen_id", citizen))
	switch {
	case domain.KindOf(err) == domain.NotFound: // nothing personal was written yet
		return nil
	case err == nil && key.Wrapped == nil:
		return domain.Errorf(domain.Conflict, "erased", "the citizen is erased: there is no page to open")
	}
	return err
}
