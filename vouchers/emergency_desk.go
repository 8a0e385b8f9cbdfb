package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// EmergencyDesk are emergency accesses as they are looked at: by a leader who reviews
// them, and by who took them.
type EmergencyDesk struct {
	Listed[domain.EmergencyAccess] // newest first
	Site                           *time.Location
	Now                            time.Time
	Units                          map[string]string         // name by ID
	Read                           map[domain.ID][]time.Time // when the record was read, the newest first
}

// mostReadings is how many readings of the accesses of one page are told of.
const mostReadings = 200

// EmergencyDesk gives a page of the emergency accesses that the actor may know of
// (EmergencyAccesses): those that were reviewed, or those that were not.
func (s *Service) EmergencyDesk(ctx context.Context, actor domain.Actor, page store.Page, reviewed bool) (d EmergencyDesk, err error) {
	which := store.None("reviewed_at")
	if reviewed {
		which = store.Some("reviewed_at")
	}
	return s.emergencyDesk(ctx, actor, page, store.EmergenciesOf(actor), which)
}

// OwnEmergencies gives those that the actor took last.
func (s *Service) OwnEmergencies(ctx context.Context, actor domain.Actor) (d EmergencyDesk, err error) {
	return s.emergencyDesk(ctx, actor, store.Page{Limit: EmergenciesADay}, store.Is("person", actor.Person))
}

func (s *Service) emergencyDesk(ctx context.Context, actor domain.Actor, page store.Page, conds ...store.Cond) (d EmergencyDesk, err error) {
	err = s.read(ctx, actor, "listEmergencyAccesses", func(tx *store.Tx) error {
		d = EmergencyDesk{Now: s.now(), Read: map[domain.ID][]time.Time{}}
		if d.Site, err = tx.Zone(); err != nil {
			return err
		}
		if d.Rows, d.More, err = store.List[domain.EmergencyAccess](tx, page, conds...); err != nil {
			return err
		}
		if err := s.open(tx, pointers(d.Rows)...); err != nil {
			return err
		}
		all := make([]domain.ID, len(d.Rows))
		for i, e := range d.Rows {
			all[i], d.Rows[i] = e.ID, concealed(actor, e)
		}
		readings, err := store.Latest[domain.AuditEntry](tx, "id", mostReadings, store.In("object_id", all), store.Is("action", "getEmergencyRecord"))
		for _, r := range readings {
			d.Read[r.ObjectID] = append(d.Read[r.ObjectID], r.CreatedAt)
		}
		if err == nil {
			d.Units, err = store.Names[domain.Unit](tx, "name")
		}
		return err
	})
	return d, err
}

// unreviewed counts the emergency accesses that wait for the actor's review.
func unreviewed(tx *store.Tx, actor domain.Actor) (int64, error) {
	if actor.Role != domain.TeamLeader {
		return 0, nil
	}
	return store.Count[domain.EmergencyAccess](tx, store.EmergenciesOf(actor), store.None("reviewed_at"), store.Not("person", actor.Person))
}
