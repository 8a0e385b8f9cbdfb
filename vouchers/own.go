package vouchers

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/code"
)

// OwnPage is what a citizen sees of what is theirs: nothing of a unit, a plan or
// what the visits are for.
type OwnPage struct {
	Municipality string
	PIN          bool // one is set
	Vouchers     []OwnVoucher
	Courses      []Explanations // one for each enrolment, with those that it goes on from; the newest first
	Site         *time.Location
	AsOf         domain.Date // today at the site
}

// OwnVoucher is a voucher as its holder sees it.
type OwnVoucher struct {
	domain.Voucher
	Usable bool        // now
	Code   code.Secret // "" unless it is usable and the codes were asked for
	Shops  []string    // the partners that take it, by name; none unless it is usable
	Uses   []Use       // where and when it was used, the oldest first
}

// OwnPage gives the page of the citizen who is signed in. With codes, the audit
// log says how many were shown.
func (s *Service) OwnPage(ctx context.Context, actor domain.Actor, codes bool) (page OwnPage, err error) {
	err = s.own(ctx, actor, "getOwnPage", func(tx *store.Tx) error {
		if page, err = s.holding(tx, actor.CitizenID, codes); err != nil {
			return err
		}
		pin, err := store.First[domain.CitizenPIN](tx, store.Is("citizen_id", actor.CitizenID))
		if err != nil && domain.KindOf(err) != domain.NotFound {
			return err
		}
		page.PIN = pin.Hash != ""
		shown := 0
		for _, v := range page.Vouchers {
			if v.Code != "" {
				shown++
			}
		}
		return tx.Audit("getOwnPage", "citizen", actor.CitizenID, s.now(), domain.Detail(map[string]any{"codes": shown}))
	})
	if err != nil {
		return OwnPage{}, err
	}
	return page, nil
}

// holding reads what a citizen has within the actor's reach.
func (s *Service) holding(tx *store.Tx, citizen domain.ID, codes bool) (page OwnPage, err error) {
	m, err := store.First[domain.Municipality](tx)
	if err != nil {
		return page, err
	}
	page.Municipality = m.Name
	if page.Site, err = tx.Zone(); err != nil {
		return page, err
	}
	page.AsOf = domain.DateOf(s.now(), page.Site)
	enrolments, err := enrolmentsOf(tx, citizen, store.Eq("unit_id", tx.Actor().UnitID))
	if err != nil {
		return page, err
	}
	slices.Reverse(enrolments)
	if page.Courses, err = s.ownCourses(tx, enrolments); err != nil {
		return page, err
	}
	page.Vouchers, err = s.ownVouchers(tx, enrolments, codes)
	return page, err
}

// own runs fn in a transaction for a citizen on their own page.
func (s *Service) own(ctx context.Context, actor domain.Actor, action domain.Action, fn func(tx *store.Tx) error) error {
	return access.OnOwnPage(ctx, s.store, actor, action, s.now(), fn)
}

// ids are the IDs of rows.
func ids[T any](rows []T, of func(T) domain.ID) []domain.ID {
	list := make([]domain.ID, len(rows))
	for i, row := range rows {
		list[i] = of(row)
	}
	return list
}

// ownCourses explains the citizen's enrolments, each with those that it goes on
// from.
func (s *Service) ownCourses(tx *store.Tx, enrolments []domain.Enrolment) (courses []Explanations, err error) {
	continued := map[domain.ID]bool{}
	for _, e := range enrolments {
		if e.ContinuesID != nil {
			continued[*e.ContinuesID] = true
		}
	}
	for _, e := range enrolments {
		if continued[e.ID] {
			continue
		}
		x, err := s.explain(tx, tx.Actor(), e.ID)
		if err != nil {
			return nil, err
		}
		courses = append(courses, x)
	}
	return courses, nil
}

// ownVouchers are the citizen's vouchers: first those that can be used, by their
// last day, then the others, the newest first.
func (s *Service) ownVouchers(tx *store.Tx, enrolments []domain.Enrolment, codes bool) ([]OwnVoucher, error) {
	awards, err := store.All[domain.Award](tx, "id", store.In("enrolment_id", ids(enrolments, func(e domain.Enrolment) domain.ID { return e.ID })))
	if err != nil {
		return nil, err
	}
	rows, err := store.All[domain.Voucher](tx, "id DESC", store.In("award_id", ids(awards, func(a domain.Award) domain.ID { return a.ID })))
	if err != nil {
		return nil, err
	}
	partners, err := store.All[domain.Partner](tx, "name", store.Is("state", partnerActive))
	if err != nil {
		return nil, err
	}
	list := make([]OwnVoucher, len(rows))
	for i, v := range rows {
		if list[i], err = s.ownVoucher(v, partners, codes); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(list, func(a, b OwnVoucher) int {
		if a.Usable != b.Usable {
			return map[bool]int{true: -1, false: 1}[a.Usable]
		}
		if a.Usable {
			return cmp.Or(a.ValidTo.Compare(b.ValidTo), slices.Compare(a.ID[:], b.ID[:]))
		}
		return 0
	})
	return list, used(tx, list)
}

// ownVoucher is a voucher as its holder sees it.
func (s *Service) ownVoucher(v domain.Voucher, partners []domain.Partner, codes bool) (own OwnVoucher, err error) {
	now := s.now()
	own = OwnVoucher{Voucher: v, Usable: v.Spendable() && !now.Before(v.ValidFrom) && now.Before(v.ValidTo)}
	if !own.Usable {
		return own, nil
	}
	for _, p := range partners {
		if accepts(p, v) {
			own.Shops = append(own.Shops, p.Name)
		}
	}
	if codes {
		own.Code, err = s.codes.Remake(v.ID, v.KeyID)
	}
	return own, err
}

// RevealOwn is Reveal for a voucher of the citizen who is signed in.
func (s *Service) RevealOwn(ctx context.Context, actor domain.Actor, action domain.Action, id domain.ID) (v domain.Voucher, secret code.Secret, err error) {
	err = s.own(ctx, actor, action, func(tx *store.Tx) error {
		if err := ownsVoucher(tx, id); err != nil {
			return err
		}
		v, secret, err = s.reveal(tx, action, id)
		return err
	})
	return v, secret, err
}

// lostByHolder is the reason that is kept when a citizen blocks a voucher.
const lostByHolder = "Spærret af borgeren selv."

// BlockOwn stops a voucher of the citizen who is signed in, at once. Only staff
// can unblock it. Conflict unless it can be spent.
func (s *Service) BlockOwn(ctx context.Context, actor domain.Actor, id domain.ID) (v domain.Voucher, err error) {
	err = s.own(ctx, actor, "blockOwnVoucher", func(tx *store.Tx) error {
		if err := ownsVoucher(tx, id); err != nil {
			return err
		}
		v, err = s.block(tx, "blockOwnVoucher", id, lostByHolder)
		return err
	})
	return v, err
}

// ownsVoucher answers for another's voucher as for one that does not exist.
func ownsVoucher(tx *store.Tx, id domain.ID) error {
	v, err := store.Get[domain.Voucher](tx, id)
	if err != nil {
		return err
	}
	award, err := store.Get[domain.Award](tx, v.AwardID)
	if err != nil {
		return err
	}
	enrolment, err := store.Get[domain.Enrolment](tx, award.EnrolmentID)
	if err != nil {
		return err
	}
	plan, err := store.Get[domain.Plan](tx, enrolment.PlanID)
	if err == nil && plan.CitizenID != tx.Actor().CitizenID {
		err = domain.OutOfReach()
	}
	return err
}
