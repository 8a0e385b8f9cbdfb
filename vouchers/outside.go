package vouchers

import (
	"bytes"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// outside is what counts towards the caps of an episode beside what its own
// visits earn. Nothing is outside a nil one.
type outside struct {
	claims []claim     // sorted by date
	on     domain.Date // vouchers that are not issued yet count from here
}

// claim is a rules.Claim of which a document still has to say how near it lies.
type claim struct {
	rules.Claim
	programme        domain.ID
	funder, currency string // of the version under which it was earned
}

// under is what counts in a document of a programme.
func (o *outside) under(doc rules.Document, programme domain.ID) (out rules.Outside) {
	if o == nil {
		return out
	}
	out.IssueOn = o.on
	for _, c := range o.claims {
		switch {
		case c.Milestone > 0 || c.Given: // of the episode itself
		case c.currency != doc.Currency:
			continue
		case c.programme == programme:
			c.Scope = rules.Programme
		case c.funder != "" && c.funder == doc.Funder:
			c.Scope = rules.Funder
		default:
			continue
		}
		out.Claims = append(out.Claims, c.Claim)
	}
	return out
}

// mark is when an episode was evaluated with what the citizen had elsewhere.
type mark struct {
	to domain.ID   // an ID made then: what is younger was not counted
	on domain.Date // the site's date
}

// marked is the mark of an episode; the zero one when nothing is outside it.
func (ep episode) marked() mark {
	c := ep.last()
	if c.CountedTo == nil {
		return mark{}
	}
	return mark{*c.CountedTo, c.CountedOn}
}

// outsideOf reads what counts beside an episode, as it was at the mark; nil for
// the zero mark, without any query.
func (s *Service) outsideOf(tx *store.Tx, ep episode, m mark) (*outside, error) {
	if m == (mark{}) {
		return nil, nil //nolint:nilnil // nothing is outside
	}
	g := gathering{Service: s, tx: tx, ep: ep, mark: m, out: &outside{on: m.on}}
	return g.gather()
}

// outsideNow reads what counts beside an episode at this moment, and marks it.
func (s *Service) outsideNow(tx *store.Tx, ep episode) (*outside, mark, error) {
	today, err := s.today(tx)
	if err != nil {
		return nil, mark{}, err
	}
	g := gathering{Service: s, tx: tx, ep: ep, mark: mark{store.NewID(), today}, now: true, out: &outside{on: today}}
	out, err := g.gather()
	return out, g.mark, err
}

// beside reads what counts at this moment beside the episode of an enrolment;
// nil, without any query, where nothing does.
func (s *Service) beside(tx *store.Tx, e domain.Enrolment) (*outside, error) {
	if e.CountedTo == nil {
		return nil, nil //nolint:nilnil // nothing is outside
	}
	ep, err := episodeOf(tx, e)
	if err != nil {
		return nil, err
	}
	out, _, err := s.outsideNow(tx, ep)
	return out, err
}

func (g *gathering) gather() (*outside, error) {
	tx, ep := g.tx, g.ep
	plan, err := store.Get[domain.Plan](tx, ep.last().PlanID)
	if err != nil {
		return nil, err
	}
	all, err := enrolmentsOf(tx, plan.CitizenID)
	if err != nil {
		return nil, err
	}
	ids := make([]domain.ID, len(all))
	for i, e := range all {
		ids[i] = e.ID
	}
	awards, err := store.All[domain.Award](tx, "enrolment_id, milestone", store.In("enrolment_id", ids))
	if err != nil {
		return nil, err
	}
	if err := g.earned(awards); err != nil {
		return nil, err
	}
	if err := g.issued(awards); err != nil {
		return nil, err
	}
	slices.SortStableFunc(g.out.claims, func(a, b claim) int { return b.Date.Days(a.Date) })
	return g.out, nil
}

// gathering is the making of an outside.
type gathering struct {
	now bool // the mark is being made: nothing is younger, whatever other servers' clocks say
	*Service
	tx   *store.Tx
	ep   episode
	mark mark
	out  *outside
	then map[domain.ID]int64 // what others' awards, and those by hand, were worth at the mark, where that has changed
}

// later reports whether a row is younger than the mark.
func (g *gathering) later(id domain.ID) bool {
	after := bytes.Compare(id[:], g.mark.to[:]) > 0
	if after && g.now {
		g.mark.to = id
	}
	return after && !g.now
}

func (g *gathering) own(a domain.Award) bool { return slices.Contains(g.ep.ids(), a.EnrolmentID) }

// visited reports whether an award is of the episode's own visits.
func (g *gathering) visited(a domain.Award) bool { return g.own(a) && !a.ByHand() }

// worth is what an award was worth at the mark.
func (g *gathering) worth(a domain.Award) int64 {
	if amount, changed := g.then[a.ID]; changed {
		return amount
	}
	return a.Amount
}

// claim adds what an award is good for.
func (g *gathering) claim(a domain.Award, c rules.Claim) error {
	doc, err := g.document(g.tx, a.VersionID)
	if err == nil {
		g.out.claims = append(g.out.claims, claim{c, a.ProgrammeID, doc.Funder, doc.Currency})
	}
	return err
}

// earned adds what other enrolments had earned at the mark, and what was given
// by hand.
func (g *gathering) earned(awards []domain.Award) error {
	var others []domain.ID
	for _, a := range awards {
		if !g.visited(a) && !g.later(a.ID) {
			others = append(others, a.ID)
		}
	}
	if len(others) == 0 {
		return nil
	}
	since, err := store.All[domain.AwardAdjustment](g.tx, "id DESC", store.In("award_id", others), store.From("id", g.mark.to))
	if err != nil {
		return err
	}
	g.then = map[domain.ID]int64{}
	for _, adjustment := range since {
		if g.later(adjustment.ID) {
			g.then[adjustment.AwardID] = adjustment.AmountBefore
		}
	}
	for _, a := range awards {
		amount := g.worth(a)
		if amount == 0 || !slices.Contains(others, a.ID) {
			continue
		}
		if err := g.claim(a, rules.Claim{Date: a.ReachedOn, Count: 1, Amount: amount, Earned: true, Given: g.own(a)}); err != nil {
			return err
		}
	}
	return nil
}

// anyVersion reports whether a document that an episode has been under says so.
func (s *Service) anyVersion(tx *store.Tx, ep episode, says func(rules.Document) bool) (bool, error) {
	for _, id := range ep.versions() {
		doc, err := s.document(tx, id)
		if err != nil || says(doc) {
			return true, err
		}
	}
	return false, nil
}
