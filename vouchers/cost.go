package vouchers

import (
	"context"
	"encoding/json"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// VersionCost is what a version may come to cost, in minor units.
type VersionCost struct {
	Currency string
	Person   rules.Cost // one who starts today and meets every opportunity
	Enrolled int        // active enrolments in the version
	Expected int64      // what they can still earn, if they meet every opportunity: on average
	Worst    int64      // and at most
}

// VersionCost works out what a version may come to cost: for one person, and for
// all who are enrolled in it, from today on.
func (s *Service) VersionCost(ctx context.Context, actor domain.Actor, version domain.ID) (c VersionCost, err error) {
	err = s.read(ctx, actor, "getVersionCost", func(tx *store.Tx) error {
		doc, err := s.document(tx, version)
		if err != nil {
			return err
		}
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		c = VersionCost{Currency: doc.Currency, Person: doc.Cost(rules.Start(doc, today), today)}
		return store.Each(tx, func(e domain.Enrolment) error {
			var state rules.State
			if err := json.Unmarshal(e.RuleState, &state); err != nil {
				return err
			}
			left := doc.Cost(state, today)
			c.Enrolled, c.Expected, c.Worst = c.Enrolled+1, c.Expected+left.Expected, c.Worst+left.Worst
			return nil
		}, store.Is("version_id", version), store.Is("state", "active"))
	})
	return c, err
}
