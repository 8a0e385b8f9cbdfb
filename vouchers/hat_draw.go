package vouchers

import (
	"bytes"
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// DrawHat draws the winners among those in the hat who were met, each with as
// many slips as the rules give, and issues their vouchers in the same
// transaction. A hat is drawn once: drawn again it gives what there is.
func (s *Service) DrawHat(ctx context.Context, actor domain.Actor, key Key, id domain.ID) (Answer[Hat], error) {
	return once(ctx, s, actor, "drawHat", key, func(tx *store.Tx) (Hat, error) {
		hat, err := lockHat(tx, id)
		if err != nil {
			return Hat{}, err
		}
		now := s.now()
		if hat.DrawnAt != nil {
			if err := tx.Audit("drawHat", "hat", hat.ID, now, domain.Detail(map[string]any{"already_drawn": true})); err != nil {
				return Hat{}, err
			}
			return showHat(tx, hat)
		}
		if now.Before(hat.HeldAt) {
			return Hat{}, domain.Errorf(domain.Conflict, "hat_not_held", "the group meets at %s: draw when everyone who came is recorded", hat.HeldAt)
		}
		entries, enrolments, err := lockEntries(tx, hat)
		if err == nil {
			err = s.fillHat(tx, entries, enrolments)
		}
		if err == nil {
			err = pick(tx, &hat, entries)
		}
		if err != nil {
			return Hat{}, err
		}
		hat.DrawnBy, hat.DrawnAt = tx.Actor().Person, &now
		if err := store.Change[domain.Hat](tx, map[string]any{"drawn_by": hat.DrawnBy, "drawn_at": now}, store.Is("id", hat.ID)); err != nil {
			return Hat{}, err
		}
		if err := tx.Audit("drawHat", "hat", hat.ID, now, domain.Detail(map[string]any{"names": len(entries), "slips": slipsIn(entries)})); err != nil {
			return Hat{}, err
		}
		return s.settleHat(tx, hat, enrolments)
	})
}

// lockEntries reads who is in a hat, with their enrolments, and makes other
// changes of their plans wait. Plans are locked in the order of their IDs.
func lockEntries(tx *store.Tx, hat domain.Hat) ([]domain.HatEntry, []domain.Enrolment, error) {
	entries, err := store.All[domain.HatEntry](tx, "hat_id, attendance_id", store.Is("hat_id", hat.ID))
	if err != nil {
		return nil, nil, err
	}
	var ids []domain.ID
	for _, entry := range entries {
		ids = append(ids, entry.EnrolmentID)
	}
	enrolments, err := store.All[domain.Enrolment](tx, "plan_id", store.In("id", ids))
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(enrolments, func(a, b domain.Enrolment) int { return bytes.Compare(a.PlanID[:], b.PlanID[:]) })
	for i := range enrolments {
		if _, err := store.GetLocked[domain.Plan](tx, enrolments[i].PlanID); err != nil {
			return nil, nil, err
		}
		// Read again under the lock: a visit may have been recorded meanwhile.
		if enrolments[i], err = store.Get[domain.Enrolment](tx, enrolments[i].ID); err != nil {
			return nil, nil, err
		}
	}
	return entries, enrolments, lockAllSharers(tx, enrolments)
}

// lockAllSharers is lockSharers for the enrolments of many citizens, which it
// reads again. Citizens are locked in the order of their IDs: two hats may hold
// the same ones under other plans.
func lockAllSharers(tx *store.Tx, enrolments []domain.Enrolment) error {
	var plans []domain.ID
	for _, e := range enrolments {
		if e.CountedTo != nil {
			plans = append(plans, e.PlanID)
		}
	}
	if len(plans) == 0 {
		return nil
	}
	counted, err := store.All[domain.Plan](tx, "", store.In("id", plans))
	if err != nil {
		return err
	}
	slices.SortFunc(counted, func(a, b domain.Plan) int { return bytes.Compare(a.CitizenID[:], b.CitizenID[:]) })
	for _, plan := range counted {
		if _, err := store.GetLocked[domain.Citizen](tx, plan.CitizenID); err != nil {
			return err
		}
	}
	for i := range enrolments {
		if enrolments[i], err = store.Get[domain.Enrolment](tx, enrolments[i].ID); err != nil {
			return err
		}
	}
	return nil
}

// fillHat counts the slips that each entry's visit has earned; none where the
// visit was not met.
func (s *Service) fillHat(tx *store.Tx, entries []domain.HatEntry, enrolments []domain.Enrolment) error {
	earned := map[string]int{}
	for _, e := range enrolments {
		ep, err := episodeOf(tx, e)
		if err != nil {
			return err
		}
		out, err := s.outsideOf(tx, ep, ep.marked())
		if err != nil {
			return err
		}
		tale, err := s.drawnTale(tx, ep, out)
		if err != nil {
			return err
		}
		for _, d := range tale.due {
			if drawn := d.Explanation.Draws; drawn != nil {
				earned[d.Explanation.Visited()] = drawn.Tickets
			}
		}
	}
	for i := range entries {
		tickets := earned[entries[i].AttendanceID.String()]
		entries[i].Tickets = &tickets
	}
	return nil
}

// pick draws the winners and stores every entry.
func pick(tx *store.Tx, hat *domain.Hat, entries []domain.HatEntry) error {
	winners, err := drawNames(*hat, entries)
	if err != nil {
		return err
	}
	for i := range entries {
		place := 1 + slices.Index(winners, entries[i].AttendanceID.String())
		entries[i].Place = &place
		set := map[string]any{"tickets": *entries[i].Tickets, "place": place}
		if err := store.Change[domain.HatEntry](tx, set, store.Is("hat_id", hat.ID), store.Is("attendance_id", entries[i].AttendanceID)); err != nil {
			return err
		}
	}
	return nil
}

// slipsIn counts the slips of a drawn hat.
func slipsIn(entries []domain.HatEntry) (n int) {
	for _, entry := range entries {
		n += value(entry.Tickets)
	}
	return n
}

// drawNames draws a hat from its seed and its entries' tickets.
func drawNames(hat domain.Hat, entries []domain.HatEntry) ([]string, error) {
	slips := make([]rules.Entry, 0, len(entries))
	for _, entry := range entries {
		slips = append(slips, rules.Entry{Visit: entry.AttendanceID.String(), Tickets: *entry.Tickets})
	}
	return rules.Hat{Names: hat.Names}.Draw(hat.Seed, hat.ID.String(), slips)
}

// settleHat evaluates everyone in a drawn hat again, so that winners have their
// vouchers.
func (s *Service) settleHat(tx *store.Tx, hat domain.Hat, enrolments []domain.Enrolment) (Hat, error) {
	var result Earned
	for _, e := range enrolments {
		if result.tells(e) { // in the episode of one before
			continue
		}
		e, err := store.Get[domain.Enrolment](tx, e.ID)
		if err != nil {
			return Hat{}, err
		}
		if err := s.again(tx, e, settlement{cause: "hat:" + hat.ID.String(), result: &result}); err != nil {
			return Hat{}, err
		}
	}
	shown, err := showHat(tx, hat)
	shown.Awards, shown.Vouchers = result.Awards, result.Vouchers
	return shown, err
}
