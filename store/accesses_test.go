package store_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// logged are the entries that the access log has of w's citizen.
func (w *town) logged(t testing.TB, s *store.Store) (list []domain.Access) {
	t.Helper()
	require.NoError(t, s.Read(t.Context(), w.id(), func(tx *store.Tx) (err error) {
		list, err = store.All[domain.Access](tx, "id", store.Is("citizen_id", w.citizen.ID))
		return err
	}))
	return list
}

// Whatever row about a citizen is read, the access log says so: one entry for
// each citizen, however many rows and however far from the citizen they are.
func TestShow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		for name, read := range map[string]func(*store.Tx) error{
			"citizen": func(tx *store.Tx) error { _, err := store.Get[domain.Citizen](tx, w.citizen.ID); return err },
			"plan":    func(tx *store.Tx) error { _, err := store.First[domain.Plan](tx); return err },
			"goal":    func(tx *store.Tx) error { _, err := store.Get[domain.Goal](tx, w.goal.ID); return err },
			"pause":   func(tx *store.Tx) error { _, err := store.All[domain.Pause](tx, ""); return err },
			"session": func(tx *store.Tx) error {
				_, _, err := store.List[domain.Session](tx, store.Page{Limit: 1})
				return err
			},
			"enrolment":  func(tx *store.Tx) error { _, err := store.All[domain.Enrolment](tx, ""); return err },
			"move":       func(tx *store.Tx) error { _, err := store.All[domain.EnrolmentMove](tx, ""); return err },
			"events":     func(tx *store.Tx) error { _, err := store.All[domain.AttendanceEvent](tx, ""); return err },
			"attendance": func(tx *store.Tx) error { return store.Each(tx, func(domain.Attendance) error { return nil }) },
			"entry":      func(tx *store.Tx) error { _, err := store.First[domain.HatEntry](tx); return err },
			"award":      func(tx *store.Tx) error { _, err := store.AllLocked[domain.Award](tx, "id"); return err },
			"voucher":    func(tx *store.Tx) error { _, err := store.GetLocked[domain.Voucher](tx, w.voucher.ID); return err },
			"named":      func(tx *store.Tx) error { tx.Concern(domain.OfCitizen(w.citizen.ID)); return nil },
			"emergency": func(tx *store.Tx) error {
				tx.UnderEmergency(w.access.ID)
				_, err := store.First[domain.Plan](tx)
				return err
			},
			"everything": func(tx *store.Tx) error {
				if _, err := store.First[domain.Voucher](tx); err != nil {
					return err
				}
				if _, err := store.First[domain.Goal](tx); err != nil {
					return err
				}
				_, err := store.First[domain.Award](tx)
				return err
			},
		} {
			before := len(w.logged(t, s))
			actor := w.actor()
			actor.RequestID = name
			if name == "award" || name == "voucher" { // in one moment
				require.NoError(t, s.ShowMoment(t.Context(), actor, "listPlans", noon, func(tx *store.Tx) error {
					_, err := store.First[domain.Award](tx)
					return err
				}), name)
			} else {
				require.NoError(t, s.Show(t.Context(), actor, "listPlans", noon, read), name)
			}
			log := w.logged(t, s)
			require.Len(t, log, before+1, name)
			last, want := log[before], domain.Access{MunicipalityID: w.id(), CitizenID: w.citizen.ID, Person: actor.Person, Role: actor.Role, Action: "listPlans", Act: domain.LookedUp, Purpose: domain.ForTreatment, RequestID: name, CreatedAt: noon}
			if want.ID = last.ID; name == "emergency" {
				want.Purpose, want.EmergencyID = domain.ForEmergency, &w.access.ID
			}
			require.Equal(t, want, last, name)
		}
	})
}

// Beside lets a read go on to its answer, and says when the entries are there, or why
// they are not.
func TestBeside(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		before := len(w.logged(t, s))
		for range 2 {
			ctx, entered := store.Beside(t.Context())
			for range 3 {
				require.NoError(t, s.Show(ctx, w.actor(), "listPlans", noon, func(tx *store.Tx) error { _, err := store.First[domain.Plan](tx); return err }))
			}
			require.NoError(t, entered())
			require.Len(t, w.logged(t, s), before+3, "all that was shown under it")
			before += 3
		}

		cancelled, cancel := context.WithCancel(t.Context())
		ctx, entered := store.Beside(cancelled)
		require.NoError(t, s.Show(ctx, w.actor(), "listPlans", noon, func(tx *store.Tx) error {
			_, err := store.First[domain.Plan](tx)
			return err
		}))
		cancel()
		if err := entered(); err == nil { // it was quicker
			before++
		}
		require.Len(t, w.logged(t, s), before, "it says what has become of it")
		_, entered = store.Beside(t.Context())
		require.NoError(t, entered(), "nobody was shown")
	})
}

// What is written is logged in the same transaction, and for what it was said to
// be; what reads or writes nobody's data, or by reference only, or fails, is not.
func TestWritesAreLogged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		audit := func(action domain.Action, object string, id domain.ID) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.Audit(action, object, id, noon, nil) }
		}
		for _, c := range []struct {
			name string
			do   func(tx *store.Tx) error
			want domain.Action
		}{
			{"by the thing audited", audit("voidVoucher", "voucher", w.voucher.ID), "voidVoucher"},
			{"by the attendance audited", audit("correctAttendance", "attendance", w.event.ID), "correctAttendance"},
			{"as it was said", func(tx *store.Tx) error {
				tx.For("approveAward")
				return audit("issueVoucher", "voucher", w.voucher.ID)(tx)
			}, "approveAward"},
			{"a row appended", func(tx *store.Tx) error {
				session := w.session
				session.ID, session.StartsAt = store.NewID(), noon.AddDate(0, 0, 1)
				if err := tx.Append(&session); err != nil {
					return err
				}
				return audit("planSessions", "nothing", w.plan.ID)(tx)
			}, "planSessions"},
			{"a row inserted", func(tx *store.Tx) error {
				session := w.session
				session.ID, session.StartsAt = store.NewID(), noon.AddDate(0, 0, 2)
				if err := store.Insert(tx, &session); err != nil {
					return err
				}
				return audit("planSessions", "nothing", w.plan.ID)(tx)
			}, "planSessions"},
			{"nobody's", audit("updateUnit", "unit", w.unit.ID), ""},
			{"a job's", audit("expireVoucher", "voucher", w.voucher.ID), ""},
			{"none found", audit("lookUpCitizens", "citizen", domain.ID{}), ""},
		} {
			before := w.logged(t, s)
			require.NoError(t, s.Write(t.Context(), w.actor(), c.do), c.name)
			after := w.logged(t, s)
			if c.want == "" {
				require.Len(t, after, len(before), c.name)
				continue
			}
			require.Len(t, after, len(before)+1, c.name)
			require.Equal(t, c.want, after[len(before)].Action, c.name)
		}
		before, finance := w.logged(t, s), w.actor()
		finance.Role = domain.Finance
		read := func(tx *store.Tx) error { _, err := store.First[domain.Voucher](tx); return err }
		require.NoError(t, s.Show(t.Context(), finance, "getVoucher", noon, read))
		require.NoError(t, s.Show(t.Context(), w.actor(), "getUnit", noon, read))
		require.ErrorIs(t, s.Show(t.Context(), w.actor(), "getVoucher", noon, func(tx *store.Tx) error { _ = read(tx); return errUndo }), errUndo)
		require.Equal(t, before, w.logged(t, s))
	})
}
