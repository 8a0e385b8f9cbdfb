package vouchers

import (
	"crypto/rand"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// randomSeed makes a seed that nobody can guess, and the commitment to it.
func randomSeed() (seed, commitment string, err error) {
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails: without randomness the program ends
	seed = rules.NewSeed(random)
	commitment, err = rules.Commit(seed)
	return seed, commitment, err
}

// newSeed makes an enrolment's seed with this number, which nobody has taken.
func newSeed(e domain.Enrolment, number int, now time.Time) (domain.DrawSeed, error) {
	seed, commitment, err := randomSeed()
	return domain.DrawSeed{MunicipalityID: e.MunicipalityID, EnrolmentID: e.ID, Number: number, Seed: seed, Commitment: commitment, CommittedAt: now}, err
}

// commitFirst commits to the seed of an enrolment's first draw, unless there is
// one already or its rules draw nothing.
func (s *Service) commitFirst(tx *store.Tx, e domain.Enrolment, doc rules.Document) error {
	if !doc.Draws() {
		return nil
	}
	_, err := s.nextSeed(tx, e)
	return err
}

// nextSeed gives the seed that the enrolment's next draw will take, and makes the
// first one.
func (s *Service) nextSeed(tx *store.Tx, e domain.Enrolment) (domain.DrawSeed, error) {
	next, err := store.First[domain.DrawSeed](tx, store.Is("enrolment_id", e.ID), store.None("attendance_id"))
	if domain.KindOf(err) != domain.NotFound {
		return next, err
	}
	if next, err = newSeed(e, 1, s.now()); err == nil {
		err = store.Insert(tx, &next)
	}
	return next, err
}

// nextCommitment is what is known of the seed that the enrolment's next draw
// will take; "" when there is none.
func nextCommitment(tx *store.Tx, e domain.Enrolment) (string, error) {
	next, err := store.First[domain.DrawSeed](tx, store.Is("enrolment_id", e.ID), store.None("attendance_id"))
	if domain.KindOf(err) == domain.NotFound {
		return "", nil
	}
	return next.Commitment, err
}

// takeSeeds lets each visit whose draws are still to be made take its enrolment's
// next seed, in the order of the awards. It reports whether any did: the visits
// are then to be evaluated again, with their seeds.
func (s *Service) takeSeeds(tx *store.Tx, awards []due) (took bool, err error) {
	undrawn := slices.DeleteFunc(slices.Clone(awards), func(d due) bool { return d.Undrawn() == "" })
	for len(undrawn) > 0 {
		e, n := undrawn[0].enrolment, 0
		var visits []domain.ID
		for ; n < len(undrawn) && undrawn[n].enrolment.ID == e.ID; n++ {
			visits = append(visits, factID(undrawn[n].Undrawn()))
		}
		if err := s.giveSeeds(tx, e, visits); err != nil {
			return false, err
		}
		undrawn, took = undrawn[n:], true
	}
	return took, nil
}

// giveSeeds gives an enrolment's visits the next seed and those after it, and
// commits to the one that follows.
func (s *Service) giveSeeds(tx *store.Tx, e domain.Enrolment, visits []domain.ID) error {
	next, err := s.nextSeed(tx, e)
	if err != nil {
		return err
	}
	now := s.now()
	taken := map[string]any{"attendance_id": visits[0], "taken_at": now}
	if err := store.Change[domain.DrawSeed](tx, taken, store.Is("enrolment_id", e.ID), store.Is("number", next.Number)); err != nil {
		return err
	}
	seeds := make([]domain.DrawSeed, len(visits)) // those of the other visits, and the one that follows
	for i := range seeds {
		if seeds[i], err = newSeed(e, next.Number+1+i, now); err != nil {
			return err
		}
		if i+1 < len(visits) {
			seeds[i].AttendanceID, seeds[i].TakenAt = &visits[i+1], &now
		}
	}
	for batch := range slices.Chunk(seeds, together) {
		if err := store.Insert(tx, &batch); err != nil {
			return err
		}
	}
	return nil
}

// drawnTale tells an episode with the seeds of all its draws. Visits that draw
// for the first time take theirs.
func (s *Service) drawnTale(tx *store.Tx, ep episode, out *outside) (t tale, err error) {
	for _, c := range ep {
		doc, err := s.document(tx, c.VersionID)
		if err == nil {
			err = s.commitFirst(tx, c.Enrolment, doc)
		}
		if err != nil {
			return t, err
		}
	}
	for took := true; took && err == nil; {
		if t, err = s.tell(tx, ep, out, domain.Date{}); err == nil {
			took, err = s.takeSeeds(tx, t.due)
		}
	}
	return t, err
}

// lived is a chapter's history, with the seeds that its visits have taken.
func (s *Service) lived(tx *store.Tx, c chapter) ([]rules.Opportunity, error) {
	first, err := s.document(tx, c.first())
	if err != nil {
		return nil, err
	}
	facts, err := history(tx, c.Enrolment, first)
	bowl, hat := false, false
	for _, version := range (episode{c}).versions() {
		var doc rules.Document
		if err == nil {
			doc, err = s.document(tx, version)
		}
		bowl, hat = bowl || doc.Draws(), hat || doc.Hat() != nil
	}
	if err == nil && bowl {
		err = seeded(tx, c.Enrolment, facts)
	}
	if err == nil && hat {
		err = names(tx, c.Enrolment, facts)
	}
	return facts, err
}

// seeded gives visits the seeds that they have taken.
func seeded(tx *store.Tx, e domain.Enrolment, visits []rules.Opportunity) error {
	var only domain.ID // of one visit there is no need to read all seeds
	if len(visits) == 1 {
		only = factID(visits[0].ID)
	}
	seeds, err := store.All[domain.DrawSeed](tx, "", store.Is("enrolment_id", e.ID), store.Eq("attendance_id", only))
	if err != nil {
		return err
	}
	taken := make(map[domain.ID]string, len(seeds))
	for _, seed := range seeds {
		if seed.AttendanceID != nil {
			taken[*seed.AttendanceID] = seed.Seed
		}
	}
	for i := range visits {
		visits[i].Seed = taken[factID(visits[i].ID)]
	}
	return nil
}
