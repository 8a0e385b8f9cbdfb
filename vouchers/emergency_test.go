package vouchers

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

const whyNeeded = "Borgeren er indlagt og kan ikke svare."

// leaderOf is a team leader bound to a unit.
func (d desk) leaderOf(unit domain.ID) domain.Actor {
	actor := d.as(domain.TeamLeader)
	actor.UnitID, actor.TokenID, actor.Person = unit, store.NewID(), "leder-"+unit.String()+"@varde.dk"
	return actor
}

// An emergency access opens one citizen's record to one person, for some hours,
// and leaves it with the leaders and in the log.
func TestEmergency(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		l := d.written(t)
		ctx, nurse := t.Context(), d.elsewhere(t)
		_, err := d.Citizen(ctx, nurse, l.citizen.ID)
		refused(t, err, domain.NotFound)
		e := must(d.TakeEmergencyAccess(ctx, nurse, EmergencyInput{CPR: marked.CPR, Reason: whyNeeded}))
		require.Equal(t, e.CreatedAt.Add(8*time.Hour), e.ExpiresAt)
		record := must(d.EmergencyRecord(ctx, nurse, e.ID))
		require.Equal(t, marked.Name, record.Citizen.Name.Reveal())
		require.Equal(t, "Mærkemål", record.Goals[0].Wording.Reveal())
		require.True(t, len(record.Plans) == 1 && len(record.Events) == 6 && len(record.Vouchers) == 3)
		require.Empty(t, record.Citizen.CPR.Reveal())
		for _, mark := range []string{"Mærkerettelse", "Mærkefejl", "Mærkesletning"} {
			require.NotContains(t, fmt.Sprintf("%v", revealedTexts(record)), mark)
		}
		for _, other := range []domain.Actor{d.elsewhere(t), d.as(domain.Caseworker), d.as(domain.TeamLeader)} {
			other.Person = "another@varde.dk"
			_, err := d.EmergencyRecord(ctx, other, e.ID)
			refused(t, err, domain.NotFound)
		}
		var marks []domain.Access
		for _, a := range d.trail(t, l.citizen.ID) {
			if a.EmergencyID != nil {
				require.Equal(t, []any{e.ID, domain.ForEmergency, nurse.Person}, []any{*a.EmergencyID, a.Purpose, a.Person})
				marks = append(marks, a)
			}
		}
		require.Len(t, marks, 2, "taken and read")
		_, err = d.Citizen(ctx, nurse, l.citizen.ID)
		refused(t, err, domain.NotFound) // it opens the record and nothing else

		d.time.add(EmergencyLasts)
		_, err = d.EmergencyRecord(ctx, nurse, e.ID)
		because(t, err, "emergency_over")
	})
}

// revealedTexts are all private texts of a dossier.
func revealedTexts(d Dossier) (texts []string) {
	for _, row := range append(append(append(pointers(d.Events), pointers(d.Vouchers)...), pointers(d.Pauses)...), pointers(d.Goals)...) {
		for _, text := range row.(domain.Personal).Personal() {
			texts = append(texts, text.Text.Reveal())
		}
	}
	return texts
}

// Taking access tells nothing of whether there is such a citizen: not the answer,
// the row, the limit, nor what one's own leader is told. The log has both alike.
func TestEmergencyTellsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		in := marked
		in.UnitID = d.unit.ID
		c := must(d.CreateCitizen(t.Context(), d.as(domain.Caseworker), in))
		nurse := d.elsewhere(t)
		own := d.leaderOf(nurse.UnitID)
		taken := map[string]domain.EmergencyAccess{}
		told := map[string]int{}
		for _, said := range []EmergencyInput{{CPR: marked.CPR}, {CPR: "010190-0001"}, {Reference: marked.Reference}, {Reference: "B-0"}, {CitizenID: c.ID}, {CitizenID: store.NewID()}} {
			said.Reason = whyNeeded
			name := said.CPR + said.Reference + said.CitizenID.String()
			before := len(must(d.Notices(t.Context(), own, ten, false)).Rows)
			taken[name] = must(d.TakeEmergencyAccess(t.Context(), nurse, said))
			told[name] = len(must(d.Notices(t.Context(), own, ten, false)).Rows) - before
		}
		for name, e := range taken {
			require.Equal(t, 1, told[name], name)
			require.Equal(t, domain.ID{}, e.CitizenID, name)
			require.Nil(t, e.CitizenUnitID, name)
			e.ID, e.Number, e.Reason = domain.ID{}, 0, domain.Private{}
			first := taken[marked.CPR+domain.ID{}.String()]
			first.ID, first.Number, first.Reason = domain.ID{}, 0, domain.Private{}
			require.Equal(t, first, e, name)
			for _, shown := range must(d.EmergencyAccesses(t.Context(), own, ten)).Rows {
				require.Equal(t, domain.ID{}, shown.CitizenID, "nor does their own leader learn it")
				require.Equal(t, whyNeeded, shown.Reason.Reveal())
			}
		}
		for name, known := range map[string]bool{marked.CPR + domain.ID{}.String(): true, "010190-0001" + domain.ID{}.String(): false} {
			_, err := d.EmergencyRecord(t.Context(), nurse, taken[name].ID)
			require.Equal(t, known, err == nil, "%s: %v", name, err)
			var logged int
			for _, shown := range must(d.EmergencyAccesses(t.Context(), d.as(domain.Auditor), ten)).Rows {
				if shown.ID == taken[name].ID {
					require.NotEqual(t, domain.ID{}, shown.CitizenID)
					require.Empty(t, shown.Reason.Reveal(), "an auditor reads no reasons")
					for _, a := range d.trail(t, shown.CitizenID) {
						if a.EmergencyID != nil && *a.EmergencyID == shown.ID {
							logged++
						}
					}
				}
			}
			require.Equal(t, 2, logged, name)
		}
	})
}

// The citizen's own leaders see whom it was about, end it, and review it; who took
// it does not review it, and learns that it was reviewed.
func TestEmergencyReview(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		c := d.citizen(t, "B-60")
		ctx, leader, nurse := t.Context(), d.leaderOf(d.unit.ID), d.leaderOf(d.elsewhere(t).UnitID)
		take := func(by domain.Actor) domain.EmergencyAccess {
			return must(d.TakeEmergencyAccess(ctx, by, EmergencyInput{CitizenID: c.ID, Reason: whyNeeded}))
		}
		e, mine := take(nurse), take(leader)
		notices := must(d.Notices(ctx, leader, ten, true)).Rows
		require.Equal(t, []domain.ID{mine.ID, e.ID}, []domain.ID{notices[0].ObjectID, notices[1].ObjectID})
		require.Empty(t, found(fmt.Sprintf("%+v", notices)))
		shown := must(d.EmergencyAccesses(ctx, leader, ten)).Rows
		require.Equal(t, []domain.ID{{}, c.ID}, []domain.ID{shown[0].CitizenID, shown[1].CitizenID})
		require.Empty(t, must(d.EmergencyAccesses(ctx, d.leaderOf(d.elsewhere(t).UnitID), ten)).Rows, "a third unit's")
		require.Len(t, must(d.EmergencyAccesses(ctx, nurse, ten)).Rows, 1)

		_, err := d.ReviewEmergencyAccess(ctx, leader, mine.ID, "Fint.")
		because(t, err, "own_record")
		_, err = d.ReviewEmergencyAccess(ctx, leader, e.ID, " ")
		refused(t, err, domain.Invalid, "comment")
		reviewed := must(d.ReviewEmergencyAccess(ctx, leader, e.ID, "Talt med vagten."))
		require.Equal(t, []string{leader.Person, "Talt med vagten."}, []string{reviewed.ReviewedBy, reviewed.Comment.Reveal()})
		_, err = d.ReviewEmergencyAccess(ctx, leader, e.ID, "Igen.")
		because(t, err, "wrong_state")
		told := must(d.Notices(ctx, nurse, store.Page{Limit: 1}, true)).Rows[0]
		require.Equal(t, domain.EmergencyReviewed, told.Kind)
		require.Equal(t, "Talt med vagten.", must(d.EmergencyAccesses(ctx, nurse, ten)).Rows[0].Comment.Reveal())

		must(d.EmergencyRecord(ctx, nurse, e.ID))
		require.Equal(t, leader.Person, must(d.RevokeEmergencyAccess(ctx, leader, e.ID)).RevokedBy)
		_, err = d.EmergencyRecord(ctx, nurse, e.ID)
		because(t, err, "emergency_over")
		_, err = d.RevokeEmergencyAccess(ctx, leader, e.ID)
		because(t, err, "emergency_over")
		_, err = d.RevokeEmergencyAccess(ctx, d.leaderOf(d.elsewhere(t).UnitID), e.ID)
		refused(t, err, domain.NotFound)
	})
}

// Nobody takes more in a day than there may be, not even at the same moment, and
// nothing is taken without a reason.
func TestEmergencyLimits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		c := d.citizen(t, "B-61")
		nurse := d.elsewhere(t)
		for field, in := range map[string]EmergencyInput{
			"reason":     {CitizenID: c.ID, Reason: "Akut!"},
			"citizen_id": {CitizenID: c.ID, Reference: "B-61", Reason: whyNeeded},
			"cpr":        {CPR: "990190-0001", Reason: whyNeeded},
		} {
			_, err := d.TakeEmergencyAccess(t.Context(), nurse, in)
			refused(t, err, domain.Invalid, field)
		}
		var all []func()
		for range 3 * EmergenciesADay {
			all = append(all, func() {
				_, err := d.TakeEmergencyAccess(context.WithoutCancel(t.Context()), nurse, EmergencyInput{CitizenID: c.ID, Reason: whyNeeded})
				require.Contains(t, []string{"", "rate_limited"}, domain.CodeOf(err))
			})
		}
		atOnce(all...)
		for range EmergenciesADay {
			_, _ = d.TakeEmergencyAccess(t.Context(), nurse, EmergencyInput{CitizenID: c.ID, Reason: whyNeeded})
		}
		_, err := d.TakeEmergencyAccess(t.Context(), nurse, EmergencyInput{CitizenID: c.ID, Reason: whyNeeded})
		because(t, err, "rate_limited")
		require.Len(t, must(d.EmergencyAccesses(t.Context(), nurse, store.Page{Limit: 99})).Rows, EmergenciesADay)
		must(d.TakeEmergencyAccess(t.Context(), d.as(domain.Caseworker), EmergencyInput{CitizenID: c.ID, Reason: whyNeeded}))
		d.time.add(24 * time.Hour)
		must(d.TakeEmergencyAccess(t.Context(), nurse, EmergencyInput{CitizenID: c.ID, Reason: whyNeeded}))
	})
}

// What was written about an emergency goes with the citizen who is erased.
func TestEmergencyErased(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		c := d.citizen(t, "B-62")
		nurse, leader := d.elsewhere(t), d.leaderOf(d.unit.ID)
		e := must(d.TakeEmergencyAccess(t.Context(), nurse, EmergencyInput{CitizenID: c.ID, Reason: whyNeeded}))
		require.NoError(t, d.Erase(t.Context(), keyJob(d.home.MunicipalityID), c.ID))
		require.True(t, must(d.EmergencyAccesses(t.Context(), leader, ten)).Rows[0].Reason.Erased())
		reviewed := must(d.ReviewEmergencyAccess(t.Context(), leader, e.ID, "Set."))
		require.True(t, reviewed.ReviewedBy == leader.Person && reviewed.Comment.IsZero())
		again := must(d.TakeEmergencyAccess(t.Context(), nurse, EmergencyInput{CitizenID: c.ID, Reason: whyNeeded}))
		_, err := d.EmergencyRecord(t.Context(), nurse, again.ID)
		refused(t, err, domain.NotFound)
	})
}
