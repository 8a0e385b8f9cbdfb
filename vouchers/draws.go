package vouchers

import (
	"context"
	"encoding/json"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// Draw is one seed of an enrolment with what was drawn from it. A seed that no
// visit has taken is not in it: only its commitment is.
type Draw struct {
	domain.DrawSeed
	Taker    Fact   // what took it: a visit, or a goal or plan; zero before
	Revealed string // the seed, once a visit has taken it; "" before
	Slips    []Slip // in the order drawn; empty when a correction has taken the draws back
}

// Slip is one slip that was drawn.
type Slip struct {
	Entry int    // of the bowl, from 0
	Label string // of a kind word
	Value int64  // minor units
}

// Draws lists an enrolment's draws, oldest first, and the one that comes next.
func (s *Service) Draws(ctx context.Context, actor domain.Actor, enrolment domain.ID) (draws []Draw, err error) {
	err = s.read(ctx, actor, "listDraws", func(tx *store.Tx) error {
		e, err := store.Get[domain.Enrolment](tx, enrolment)
		if err != nil {
			return err
		}
		if !actor.Reaches(e.UnitID) {
			return domain.OutOfReach()
		}
		slips, err := s.drawnSlips(tx, e)
		if err != nil {
			return err
		}
		seeds, err := store.All[domain.DrawSeed](tx, "enrolment_id, number", store.Is("enrolment_id", e.ID))
		if err != nil {
			return err
		}
		takers, err := takersOf(tx, e, seeds)
		for _, seed := range seeds {
			d := Draw{DrawSeed: seed}
			if d.Seed = ""; seed.AttendanceID != nil {
				d.Taker = takers[*seed.AttendanceID]
				d.Revealed, d.Slips = seed.Seed, slips[drawn{*seed.AttendanceID, seed.Commitment}]
			}
			draws = append(draws, d)
		}
		return err
	})
	return draws, err
}

// takersOf says what kind of fact has taken each of an enrolment's seeds.
func takersOf(tx *store.Tx, e domain.Enrolment, seeds []domain.DrawSeed) (map[domain.ID]Fact, error) {
	takers, ids := map[domain.ID]Fact{}, []domain.ID(nil)
	for _, seed := range seeds {
		if id := seed.AttendanceID; id != nil {
			takers[*id], ids = Fact{AttendanceFact, *id}, append(ids, *id)
		}
	}
	err := each(tx, "id", ids, func(g domain.Goal) { takers[g.ID] = Fact{GoalFact, g.ID} })
	if _, there := takers[e.PlanID]; there {
		takers[e.PlanID] = Fact{PlanFact, e.PlanID}
	}
	return takers, err
}

// drawnSlips gives the slips of the awards of an enrolment's episode.
func (s *Service) drawnSlips(tx *store.Tx, e domain.Enrolment) (map[drawn][]Slip, error) {
	ep, err := episodeOf(tx, e)
	if err != nil {
		return nil, err
	}
	awards, err := awardsOf(tx, ep)
	if err != nil {
		return nil, err
	}
	slips := map[drawn][]Slip{}
	for _, a := range awards {
		var ex rules.Explanation
		if err := json.Unmarshal(a.Explanation, &ex); err != nil {
			return nil, err
		}
		if ex.Draws == nil {
			continue
		}
		doc, err := s.document(tx, a.VersionID)
		if err != nil {
			return nil, err
		}
		bowl, of := doc.Bowl(ex.Phase), drawn{factID(ex.Visited()), ex.Draws.Commitment}
		for i, entry := range ex.Draws.Picks {
			slips[of] = append(slips[of], Slip{Entry: entry, Label: bowl[entry].Label, Value: ex.Draws.Values[i]})
		}
	}
	return slips, nil
}
