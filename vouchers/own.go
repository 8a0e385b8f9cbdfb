package vouchers

import (
	"context"
	"slices"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/code"
)

// How much of what grows with the years a page of a citizen's own has.
const (
	heldShown   = 6   // vouchers that can be used or are blocked, each with its code
	latestShown = 6   // of what was had
	paperMost   = 400 // of either, of a year, on paper
)

// OwnPage is what a citizen sees of what is theirs: nothing of a unit, a plan or
// what the visits are for. It costs the same after five years as on the first day.
type OwnPage struct {
	Municipality string
	PIN          bool               // one is set
	Vouchers     Listed[OwnVoucher] // that can be used or are blocked: those that lapse first come first
	Courses      []Explanations     // that run, the newest first, or the newest of all; without awards
	Received     map[string]int64   // in all, or in the year of a paper: minor units by currency
	Had          Listed[Had]        // the latest, newest first; on paper those of the year
	Year         int                // of a paper; 0: of none
	Years        []int              // of which there can be a paper, the newest first
	Site         *time.Location
	AsOf         domain.Date // today at the site
}

// OwnVoucher is a voucher as its holder sees it.
type OwnVoucher struct {
	domain.Voucher
	Usable bool        // now
	Code   code.Secret // "" unless it is usable and the codes were asked for
	Shops  []string    // the partners that take it, by name; none unless it is usable, and none of one that was had
	Uses   []Use       // where and when it was used, the oldest first
}

// OwnAsked says what of a page is wanted.
type OwnAsked struct {
	After store.Place // vouchers behind this place; zero: the first
	Codes bool        // with the codes of those that can be used: the audit log says how many
}

// OwnPage gives the page of the citizen who is signed in.
func (s *Service) OwnPage(ctx context.Context, actor domain.Actor, in OwnAsked) (page OwnPage, err error) {
	err = s.own(ctx, actor, "getOwnPage", func(tx *store.Tx) error {
		h, err := s.holder(tx, actor.CitizenID)
		if err != nil {
			return err
		}
		if page, err = h.page(in.After, heldShown, in.Codes); err != nil {
			return err
		}
		if page.Had, err = h.had(store.Page{Limit: latestShown}); err != nil {
			return err
		}
		if page.Received, err = h.received(); err != nil {
			return err
		}
		if page.PIN, err = hasPIN(tx, actor.CitizenID); err != nil {
			return err
		}
		return tx.Audit("getOwnPage", "citizen", actor.CitizenID, s.now(), domain.Detail(map[string]any{"codes": page.codes()}))
	})
	if err != nil {
		return OwnPage{}, err
	}
	return page, nil
}

// codes is how many codes the page shows.
func (p OwnPage) codes() (n int) {
	for _, v := range p.Vouchers.Rows {
		if v.Code != "" {
			n++
		}
	}
	return n
}

func hasPIN(tx *store.Tx, citizen domain.ID) (bool, error) {
	pin, err := store.First[domain.CitizenPIN](tx, store.Is("citizen_id", citizen))
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return false, err
	}
	return pin.Hash != "", nil
}

// holder is a citizen whose own page is made.
type holder struct {
	*Service
	tx           *store.Tx
	municipality string
	site         *time.Location
	enrolments   []domain.Enrolment // within the actor's reach, the oldest first
}

func (s *Service) holder(tx *store.Tx, citizen domain.ID) (h holder, err error) {
	h = holder{Service: s, tx: tx}
	m, err := store.First[domain.Municipality](tx)
	if err != nil {
		return h, err
	}
	h.municipality = m.Name
	if h.site, err = tx.Zone(); err != nil {
		return h, err
	}
	h.enrolments, err = enrolmentsOf(tx, citizen, store.Eq("unit_id", tx.Actor().UnitID))
	return h, err
}

// of are the IDs of the enrolments.
func (h holder) of() []domain.ID {
	return ids(h.enrolments, func(e domain.Enrolment) domain.ID { return e.ID })
}

// page reads what can be used and what comes next.
func (h holder) page(after store.Place, most int, codes bool) (page OwnPage, err error) {
	page = OwnPage{Municipality: h.municipality, Site: h.site, AsOf: domain.DateOf(h.now(), h.site)}
	if page.Courses, err = h.courses(page.AsOf); err != nil {
		return page, err
	}
	page.Vouchers, err = h.vouchers(after, most, codes)
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

// courses tells what comes next in the enrolments that run, the newest first; where
// none does, in the newest.
func (h holder) courses(today domain.Date) (courses []Explanations, err error) {
	for i, e := range slices.Backward(h.enrolments) {
		if e.State != "active" && (i > 0 || len(courses) > 0) {
			continue
		}
		x := Explanations{Enrolment: e, Site: h.site, AsOf: today}
		if x.Standing, err = h.standing(h.tx, e); err != nil {
			return nil, err
		}
		if err := h.lookAhead(h.tx, &x); err != nil {
			return nil, err
		}
		courses = append(courses, x)
	}
	return courses, nil
}

// vouchers are those that can be used or are blocked, in the order of their last
// days. All of them are read: what has lapsed is not among them.
func (h holder) vouchers(after store.Place, most int, codes bool) (l Listed[OwnVoucher], err error) {
	live := []domain.VoucherState{domain.Issued, domain.PartlyRedeemed, domain.Blocked}
	rows, err := store.All[domain.Voucher](h.tx, "", store.EarnedIn(h.of()), store.In("state", live))
	if err != nil {
		return l, err
	}
	rows = slices.DeleteFunc(rows, func(v domain.Voucher) bool { return !h.now().Before(v.ValidTo) || lapsing(v).Compare(after) <= 0 })
	slices.SortFunc(rows, func(a, b domain.Voucher) int { return lapsing(a).Compare(lapsing(b)) })
	if l.More = len(rows) > most; l.More {
		rows = rows[:most]
	}
	partners, err := store.All[domain.Partner](h.tx, "name", store.Is("state", partnerActive))
	if err != nil {
		return l, err
	}
	l.Rows = make([]OwnVoucher, len(rows))
	for i, v := range rows {
		if l.Rows[i], err = h.ownVoucher(v, partners, codes); err != nil {
			return l, err
		}
	}
	return l, used(h.tx, l.Rows)
}

// lapsing is a voucher's place among those that can be used.
func lapsing(v domain.Voucher) store.Place { return store.Place{Since: v.ValidTo, ID: v.ID} }

// Place is where the next page of vouchers begins, behind this one.
func (v OwnVoucher) Place() store.Place { return lapsing(v.Voucher) }

// usable reports whether a voucher can be spent now.
func (s *Service) usable(v domain.Voucher) bool {
	now := s.now()
	return v.Spendable() && !now.Before(v.ValidFrom) && now.Before(v.ValidTo)
}

// ownVoucher is a voucher as its holder sees it.
func (s *Service) ownVoucher(v domain.Voucher, partners []domain.Partner, codes bool) (own OwnVoucher, err error) {
	own = OwnVoucher{Voucher: v, Usable: s.usable(v)}
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
