package vouchers

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// lockSharers makes others who change an enrolment of the same citizen wait,
// where a cap may count them together. The plan is locked before, always.
func lockSharers(tx *store.Tx, enrolments ...domain.Enrolment) error {
	for _, e := range enrolments {
		if e.CountedTo != nil {
			plan, err := store.Get[domain.Plan](tx, e.PlanID)
			if err == nil {
				_, err = store.GetLocked[domain.Citizen](tx, plan.CitizenID)
			}
			return err
		}
	}
	return nil
}

// lockedSharer is lockSharers for one enrolment, which it reads again.
func lockedSharer(tx *store.Tx, e domain.Enrolment) (domain.Enrolment, error) {
	if e.CountedTo == nil {
		return e, nil
	}
	if err := lockSharers(tx, e); err != nil {
		return e, err
	}
	return store.Get[domain.Enrolment](tx, e.ID)
}

// counts reports whether a cap of one episode counts what another earns.
func (s *Service) counts(tx *store.Tx, ep, other episode) (bool, error) {
	for _, mine := range ep.versions() {
		doc, err := s.document(tx, mine)
		if err != nil {
			return false, err
		}
		programme, funder := doc.CountsElsewhere()
		if programme && ep[0].ProgrammeID == other[0].ProgrammeID {
			return true, nil
		}
		for _, theirs := range other.versions() {
			there, err := s.document(tx, theirs)
			if err != nil {
				return false, err
			}
			if funder && doc.Funder == there.Funder && doc.Currency == there.Currency {
				return true, nil
			}
		}
	}
	return false, nil
}

// episodesOf gives all episodes of a citizen but one.
func episodesOf(tx *store.Tx, ep episode) (others []episode, err error) {
	plan, err := store.Get[domain.Plan](tx, ep.last().PlanID)
	if err != nil {
		return nil, err
	}
	enrolments, err := enrolmentsOf(tx, plan.CitizenID)
	if err != nil {
		return nil, err
	}
	known := ep.ids()
	for _, e := range enrolments {
		if slices.Contains(known, e.ID) {
			continue
		}
		other, err := episodeOf(tx, e)
		if err != nil {
			return nil, err
		}
		others, known = append(others, other), append(known, other.ids()...)
	}
	return others, nil
}

// link marks an episode, and those of the same citizen that a cap counts together
// with it, for being evaluated with each other in mind. The citizen is locked.
func (s *Service) link(tx *store.Tx, ep episode) error {
	others, err := episodesOf(tx, ep)
	if err != nil {
		return err
	}
	linked, err := s.countsMore(tx, ep)
	if err != nil {
		return err
	}
	for _, other := range others {
		together, err := s.together(tx, ep, other)
		if err != nil {
			return err
		}
		if linked = linked || together; !together || other.last().CountedTo != nil {
			continue
		}
		if err := s.count(tx, other); err != nil {
			return err
		}
		if err := s.again(tx, other.last().Enrolment, settlement{cause: causeEnrolment, result: &Earned{}, alone: true}); err != nil {
			return err
		}
	}
	if linked {
		return s.count(tx, ep)
	}
	return nil
}

// together reports whether a cap of either counts the other.
func (s *Service) together(tx *store.Tx, a, b episode) (bool, error) {
	if counts, err := s.counts(tx, a, b); counts || err != nil {
		return counts, err
	}
	return s.counts(tx, b, a)
}

// shares reports whether more than an episode's own visits counts for its caps, or
// it counts for others'.
func (s *Service) shares(tx *store.Tx, ep episode) (bool, error) {
	others, err := episodesOf(tx, ep)
	if err != nil {
		return false, err
	}
	for _, other := range others {
		if together, err := s.together(tx, ep, other); together || err != nil {
			return together, err
		}
	}
	return s.countsMore(tx, ep)
}

// countsMore reports whether caps count more of an episode than its visits: by
// what is issued, or what was given by hand.
func (s *Service) countsMore(tx *store.Tx, ep episode) (bool, error) {
	if issued, err := s.anyVersion(tx, ep, rules.Document.CountsIssued); issued || err != nil {
		return issued, err
	}
	n, err := store.Count[domain.Award](tx, store.In("enrolment_id", ep.ids()), store.Before("milestone", 1))
	return n > 0, err
}

// linked links an enrolment that is new, or in a new version, and reads it again.
func (s *Service) linked(tx *store.Tx, e domain.Enrolment) (domain.Enrolment, error) {
	plan, err := store.Get[domain.Plan](tx, e.PlanID)
	if err != nil {
		return e, err
	}
	if _, err := store.GetLocked[domain.Citizen](tx, plan.CitizenID); err != nil {
		return e, err
	}
	ep, err := episodeOf(tx, e)
	if err != nil {
		return e, err
	}
	if err := s.link(tx, ep); err != nil {
		return e, err
	}
	return store.Get[domain.Enrolment](tx, e.ID)
}

// count marks an episode, so that it is evaluated with what is outside.
func (s *Service) count(tx *store.Tx, ep episode) error {
	today, err := s.today(tx)
	if err != nil {
		return err
	}
	return ep.save(tx, mark{store.NewID(), today})
}

// save stores an episode's mark with each of its enrolments.
func (ep episode) save(tx *store.Tx, m mark) error {
	for i := range ep {
		e := &ep[i].Enrolment
		if err := store.Set[domain.Enrolment](tx, e.ID, e.Version, map[string]any{"counted_to": m.to, "counted_on": m.on}); err != nil {
			return err
		}
		e.CountedTo, e.CountedOn, e.Version = &m.to, m.on, e.Version+1
	}
	return nil
}

// share evaluates again those whose caps count an episode that is now worth less
// than before, and pays what that leaves room for. Of what comes of it only what
// is within the actor's reach is told.
func (s *Service) share(tx *store.Tx, ep episode, st settlement) error {
	others, err := episodesOf(tx, ep)
	if err != nil {
		return err
	}
	for _, other := range others {
		if counts, err := s.counts(tx, other, ep); err != nil {
			return err
		} else if !counts {
			continue
		}
		var there Earned
		if err := s.again(tx, other.last().Enrolment, settlement{cause: st.cause, result: &there, alone: true}); err != nil {
			return err
		}
		for _, a := range there.Awards {
			if tx.Actor().Reaches(a.UnitID) {
				st.result.tell(a)
			}
		}
		for _, v := range there.Vouchers {
			if tx.Actor().Reaches(v.UnitID) {
				st.result.Vouchers = append(st.result.Vouchers, v)
			}
		}
	}
	return nil
}

// sank reports whether an award is worth less than it was, in some period.
func sank(before, now []domain.Award) bool {
	return slices.ContainsFunc(before, func(b domain.Award) bool {
		i := slices.IndexFunc(now, func(a domain.Award) bool { return a.ID == b.ID })
		return i < 0 || now[i].Amount < b.Amount || now[i].Granted < b.Granted || now[i].ReachedOn != b.ReachedOn
	})
}
