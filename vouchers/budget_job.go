package vouchers

import (
	"context"
	"errors"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Fund reserves money for the awards that wait for it, oldest first in each
// programme and unit, and issues those that need nobody's approval: as many as
// there is money for. Then it tells finance which budgets are nearly or wholly
// used. It counts what it funded. Several jobs at once do no harm.
func (s *Service) Fund(ctx context.Context, municipality domain.ID) (funded int, err error) {
	var lines []store.Line
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		lines, err = tx.Unfunded()
		return err
	})
	if err != nil {
		return 0, err
	}
	var dry []store.Line
	var failed error // one line that fails does not keep the others waiting
	for _, line := range lines {
		n, err := s.fundLine(ctx, municipality, line)
		funded += n
		if errors.Is(err, errNoMoney) {
			dry = append(dry, line)
		} else {
			failed = errors.Join(failed, err)
		}
	}
	return funded, errors.Join(failed, s.tellBudgets(ctx, municipality, dry))
}

// errNoMoney ends a transaction that changed nothing, because a budget is used up.
var errNoMoney = errors.New("no money")

// errNotWaiting ends one in which somebody else was faster.
var errNotWaiting = errors.New("the award does not wait for money")

// fundLine funds what waits in one programme and unit until there is no more
// money, which is errNoMoney, or nothing waits.
func (s *Service) fundLine(ctx context.Context, municipality domain.ID, line store.Line) (funded int, err error) {
	actor := domain.Actor{MunicipalityID: municipality, Role: domain.System, Person: domain.SystemPerson + "fund"}
	var last domain.ID
	for {
		var next []domain.Award
		err := s.store.Read(ctx, municipality, func(tx *store.Tx) error {
			next, err = tx.NextUnfunded(line, last)
			return err
		})
		if err != nil || len(next) == 0 {
			return funded, err
		}
		last = next[0].ID
		err = s.store.Write(ctx, actor, func(tx *store.Tx) error { return s.fundLate(tx, last) })
		if err == nil {
			funded++
		} else if !errors.Is(err, errNotWaiting) {
			return funded, err
		}
	}
}

// fundLate funds an award that waited, and issues it unless somebody must approve.
func (s *Service) fundLate(tx *store.Tx, id domain.ID) error {
	a, err := lockAward(tx, id)
	if err != nil {
		return err
	}
	if !a.WaitsForBudget() {
		return errNotWaiting
	}
	if a, err = s.counted(tx, a, false); err != nil {
		return err
	}
	if a.WaitsForBudget() { // it may have become worth less
		if a, err = s.fundNow(tx, a); err != nil {
			return err
		}
		if a, err = s.counted(tx, a, false); err != nil {
			return err
		}
	}
	return tx.Audit("fundAward", "award", a.ID, s.now(), domain.Detail(map[string]any{"amount": a.Amount, "state": a.State}))
}

// fundNow is fundLate for an award that is locked and still waits.
func (s *Service) fundNow(tx *store.Tx, a domain.Award) (domain.Award, error) {
	doc, err := s.document(tx, a.VersionID)
	if err != nil {
		return a, err
	}
	if automatic(a) {
		st := settlement{cause: Fact{AwardFact, a.ID}.String(), result: &Earned{}}
		if err := s.bring(tx, st, doc, a, a); err != nil {
			return a, err
		}
		if a, err = store.Get[domain.Award](tx, a.ID); err == nil && a.WaitsForBudget() {
			err = errNoMoney
		}
		return a, err
	}
	enough, err := s.fund(tx, &a)
	if err == nil && !enough {
		err = errNoMoney
	}
	if err != nil {
		return a, err
	}
	return a, saveFunds(tx, a)
}

// automatic reports whether an award that waits would be issued if there were
// money for it: nobody has to approve it.
func automatic(a domain.Award) bool {
	return !a.ByHand() && laterState(a) == domain.AwardIssued
}
