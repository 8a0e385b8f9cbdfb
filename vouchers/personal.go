package vouchers

import (
	"fmt"
	"slices"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// open lets the private texts of rows be read, by whoever the use case has let
// through, but never by who sees money only by reference. Rows without private
// texts are left alone, and cost nothing.
func (s *Service) open(tx *store.Tx, rows ...any) error {
	if !tx.Actor().ReadsReasons() {
		return nil
	}
	var texts []domain.PersonalText
	for _, row := range rows {
		if personal, ok := row.(domain.Personal); ok {
			texts = append(texts, personal.Personal()...)
		}
	}
	texts = slices.DeleteFunc(texts, func(t domain.PersonalText) bool { return t.Text.Unopened() == "" })
	for batch := range slices.Chunk(texts, together) {
		if err := s.openTexts(tx, batch); err != nil {
			return err
		}
	}
	return nil
}

// openTexts opens sealed texts, whose keys are read with one query.
func (s *Service) openTexts(tx *store.Tx, texts []domain.PersonalText) error {
	of := make([]domain.ID, len(texts))
	for i, t := range texts {
		var err error
		if of[i], err = vault.KeyOf(t.Text.Unopened()); err != nil {
			return err
		}
	}
	ids := slices.Clone(of)
	slices.SortFunc(ids, func(a, b domain.ID) int { return slices.Compare(a[:], b[:]) })
	keys, destroyed := map[domain.ID]vault.Key{}, map[domain.ID]bool{}
	err := store.Sweep(tx, func(row domain.DataKey) (err error) {
		if destroyed[row.ID] = row.Wrapped == nil; !destroyed[row.ID] {
			keys[row.ID], err = s.vault.Unwrap(row)
		}
		return err
	}, store.In("id", slices.Compact(ids)))
	if err != nil {
		return err
	}
	for i, t := range texts {
		key, there := keys[of[i]]
		switch {
		case destroyed[of[i]]:
			t.Text.Erase()
		case !there:
			return fmt.Errorf("open %s of %s: there is no key %s", t.Column, t.Row, of[i])
		default:
			if err := key.Open(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// seal seals what is new in rows about a citizen, before they are stored. Rows
// that say nothing new cost nothing, and need no key.
func (s *Service) seal(tx *store.Tx, citizen domain.ID, rows ...domain.Personal) error {
	var texts []domain.PersonalText
	for _, row := range rows {
		texts = append(texts, row.Personal()...)
	}
	texts = slices.DeleteFunc(texts, func(t domain.PersonalText) bool { return !t.Text.Unsealed() })
	if len(texts) == 0 {
		return nil
	}
	key, err := s.citizenKey(tx, citizen)
	if err != nil {
		return err
	}
	for _, t := range texts {
		if err := key.Seal(t); err != nil {
			return err
		}
	}
	return nil
}

// sealFor is seal for a row about whoever has the plan.
func (s *Service) sealFor(tx *store.Tx, plan domain.ID, row domain.Personal) error {
	p, err := store.Get[domain.Plan](tx, plan)
	if err != nil {
		return err
	}
	return s.seal(tx, p.CitizenID, row)
}

// sealAward is seal for a row about whoever earned the award.
func (s *Service) sealAward(tx *store.Tx, award domain.ID, row domain.Personal) error {
	a, err := store.Get[domain.Award](tx, award)
	if err != nil {
		return err
	}
	e, err := store.Get[domain.Enrolment](tx, a.EnrolmentID)
	if err != nil {
		return err
	}
	return s.sealFor(tx, e.PlanID, row)
}

// sealVoucher is seal for a voucher. One of somebody who was erased can be stopped
// and replaced like any other, but why is not kept.
func (s *Service) sealVoucher(tx *store.Tx, v *domain.Voucher) error {
	err := s.sealAward(tx, v.AwardID, v)
	if domain.CodeOf(err) == "erased" {
		v.Reason = domain.Private{}
		return nil
	}
	return err
}

// citizenKey gives a citizen's key, made if there is none. Conflict when it is
// destroyed: nothing more is written about somebody who was erased.
func (s *Service) citizenKey(tx *store.Tx, citizen domain.ID) (vault.Key, error) {
	row, err := s.dataKey(tx, domain.KeyOfCitizen, &citizen)
	if err != nil {
		return vault.Key{}, err
	}
	if row.Wrapped == nil {
		return vault.Key{}, erasedAlready()
	}
	return s.vault.Unwrap(row)
}

func erasedAlready() error {
	return domain.Errorf(domain.Conflict, "erased", "what was personal about this citizen is erased: nothing can be added to it")
}

// dataKey gives the key of a purpose, made if there is none.
func (s *Service) dataKey(tx *store.Tx, purpose string, citizen *domain.ID) (domain.DataKey, error) {
	return access.DataKey(tx, s.vault, s.now(), purpose, citizen)
}

// hashCPR gives the keyed hash of a CPR number; nil for none.
func (s *Service) hashCPR(tx *store.Tx, cpr domain.CPR) ([]byte, error) {
	if cpr.IsZero() {
		return nil, nil
	}
	row, err := s.dataKey(tx, domain.KeyOfLookup, nil)
	if err != nil {
		return nil, err
	}
	return s.vault.Hash(row, cpr)
}

// Personal gives the private texts of the awards and vouchers.
func (e *Earned) Personal() []domain.PersonalText {
	return slices.Concat(personal[*domain.Award](e.Awards), personal[*domain.Voucher](e.Vouchers))
}

// Personal gives the private texts of the visit and of what it led to.
func (a *Attended) Personal() []domain.PersonalText {
	return append(a.Earned.Personal(), a.Attendance.Personal()...)
}

// Personal gives the private texts of the goal and of what its change led to.
func (c *ChangedGoal) Personal() []domain.PersonalText {
	return append(c.Earned.Personal(), c.Goal.Personal()...)
}

// Personal gives the private texts of the pause and of what it led to.
func (p *PauseResult) Personal() []domain.PersonalText {
	return append(p.Earned.Personal(), p.Pause.Personal()...)
}

// Personal gives the private texts of the move, its awards and its vouchers.
func (m *Moved) Personal() []domain.PersonalText {
	return append(slices.Concat(personal[*domain.Award](m.Awards), personal[*domain.Voucher](m.Vouchers)), m.Move.Personal()...)
}

// Personal gives the private texts of the awards and vouchers.
func (e *Enrolled) Personal() []domain.PersonalText {
	return slices.Concat(personal[*domain.Award](e.Awards), personal[*domain.Voucher](e.Vouchers))
}

// Personal gives the private texts of the awards and vouchers.
func (h *Hat) Personal() []domain.PersonalText {
	return slices.Concat(personal[*domain.Award](h.Awards), personal[*domain.Voucher](h.Vouchers))
}

// Personal gives the private texts of the award and its voucher.
func (d *Decided) Personal() []domain.PersonalText {
	if d.Voucher == nil {
		return d.Award.Personal()
	}
	return append(d.Award.Personal(), d.Voucher.Personal()...)
}

// Personal gives the private texts of both vouchers.
func (r *Reissued) Personal() []domain.PersonalText {
	return append(r.Old.Personal(), r.New.Personal()...)
}

// personal gives the private texts of the rows of a list.
func personal[P interface {
	*T
	domain.Personal
}, T any](rows []T) (texts []domain.PersonalText) {
	for i := range rows {
		texts = append(texts, P(&rows[i]).Personal()...)
	}
	return texts
}
