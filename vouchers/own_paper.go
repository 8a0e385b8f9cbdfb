package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// OwnPaper gives a year of the page of the citizen who is signed in, without
// codes, to print; 0: the current year, with what can be used and what comes next.
func (s *Service) OwnPaper(ctx context.Context, actor domain.Actor, year int) (page OwnPage, err error) {
	err = s.own(ctx, actor, "getOwnPage", func(tx *store.Tx) error {
		h, err := s.holder(tx, actor.CitizenID)
		if err != nil {
			return err
		}
		if page, err = h.paper(year); err != nil {
			return err
		}
		return tx.Audit("getOwnPage", "citizen", actor.CitizenID, s.now(), domain.Detail(map[string]any{"year": page.Year}))
	})
	return page, err
}

// Paper is OwnPaper of a citizen within reach, for staff to print for who has no
// phone.
func (s *Service) Paper(ctx context.Context, actor domain.Actor, citizen domain.ID, year int) (page OwnPage, err error) {
	err = s.read(ctx, actor, "getExplanationsPage", func(tx *store.Tx) error {
		c, err := store.Get[domain.Citizen](tx, citizen)
		if err == nil && !actor.Reaches(c.UnitID) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		h, err := s.holder(tx, citizen)
		if err != nil {
			return err
		}
		page, err = h.paper(year)
		return err
	})
	return page, err
}

// paper reads one year; the current one has all that can be used, too.
func (h holder) paper(year int) (page OwnPage, err error) {
	page = OwnPage{Municipality: h.municipality, Site: h.site, AsOf: domain.DateOf(h.now(), h.site)}
	if year == 0 || year == page.AsOf.Year {
		year = page.AsOf.Year
		if page, err = h.page(store.Place{}, paperMost, false); err != nil {
			return page, err
		}
	}
	page.Year, page.Years = year, h.years(page.AsOf.Year)
	from, to := store.From("reached_on", domain.Date{Year: year, Month: 1, Day: 1}), store.To("reached_on", domain.Date{Year: year, Month: 12, Day: 31})
	if page.Had, err = h.had(store.Page{Limit: paperMost}, from, to); err != nil {
		return page, err
	}
	page.Received, err = h.received(from, to)
	return page, err
}

// years are those in which something can have been had, the newest first.
func (h holder) years(now int) (years []int) {
	first := now
	for _, e := range h.enrolments {
		first = min(first, e.StartDate.Year)
	}
	for year := now; year >= first; year-- {
		years = append(years, year)
	}
	return years
}
