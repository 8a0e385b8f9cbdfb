package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// mostBranches is how many of a partner's branches are shown.
const mostBranches = 200

// PartnerStory is a partner with its branches and tills.
type PartnerStory struct {
	domain.Partner
	Branches  []domain.Branch // the newest mostBranches
	Terminals Listed[domain.Terminal]
	Revoked   int64 // tills that are closed for good
	Today     domain.Date
	Site      *time.Location
}

// PartnerStory tells of a partner, with a page of its tills: those that are closed
// for good, or the others.
func (s *Service) PartnerStory(ctx context.Context, actor domain.Actor, id domain.ID, page store.Page, closed bool) (p PartnerStory, err error) {
	err = s.read(ctx, actor, "listTerminals", func(tx *store.Tx) error {
		if !actor.Serves(id) {
			return domain.OutOfReach()
		}
		if p.Partner, err = store.Get[domain.Partner](tx, id); err != nil {
			return err
		}
		if p.Branches, _, err = store.List[domain.Branch](tx, store.Page{Limit: mostBranches}, store.Is("partner_id", id)); err != nil {
			return err
		}
		state := store.Not("state", domain.TerminalRevoked)
		if closed {
			state = store.Is("state", domain.TerminalRevoked)
		}
		if p.Terminals.Rows, p.Terminals.More, err = store.List[domain.Terminal](tx, page, store.Is("partner_id", id), state); err != nil {
			return err
		}
		if p.Revoked, err = store.Count[domain.Terminal](tx, store.Is("partner_id", id), store.Is("state", domain.TerminalRevoked)); err != nil {
			return err
		}
		if p.Site, err = tx.Zone(); err == nil {
			p.Today = domain.DateOf(s.now(), p.Site)
		}
		return err
	})
	return p, err
}

// PartnerList is a page of partners, and the day at the site, which says whose
// contract is in force.
type PartnerList struct {
	Listed[domain.Partner]
	Today domain.Date
}

// PartnerList lists partners, newest first, or those with a CVR number.
func (s *Service) PartnerList(ctx context.Context, actor domain.Actor, page store.Page, cvr string) (l PartnerList, err error) {
	err = s.read(ctx, actor, "listTerminals", func(tx *store.Tx) error {
		if actor.Role == domain.PartnerRole {
			return domain.OutOfReach()
		}
		if l.Rows, l.More, err = store.List[domain.Partner](tx, page, store.Eq("cvr", cvr)); err == nil {
			l.Today, err = s.today(tx)
		}
		return err
	})
	return l, err
}
